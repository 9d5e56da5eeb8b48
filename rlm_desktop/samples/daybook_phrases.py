"""What the clerks of a harbour office write into its day book: sentences with gaps, by what they are about."""

from __future__ import annotations

from typing import Final

SKIES: Final = (
    "Wind {wind}, {force}; {sky}.",
    "{sky_}, the wind {wind} and {force}.",
    "The day came in with a {force} wind from the {wind}; {sky} until evening.",
    "{sky_} at first light. Wind {force}, {wind}, and the glass at {glass}.",
    "Glass {glass}. Wind {wind}, {force}; {sky} over the roads.",
    "A {force} wind from the {wind}, and {sky} the whole day.",
)
SKY: Final = {
    "winter": ("snow showers", "hard frost", "grey cloud", "sleet", "clear cold weather", "thick snow", "ice fog", "a pale sun"),
    "spring": ("showers", "broken cloud", "soft rain", "a clear sky", "mist on the water", "hail", "sunshine between clouds"),
    "summer": ("fair weather", "a clear sky", "haze", "warm rain", "thunder inland", "bright sunshine", "a little cloud"),
    "autumn": ("rain", "low cloud", "drizzle", "fog", "squalls", "clear cold weather", "driving rain"),
}
ARRIVALS: Final = (
    "The {rig} {ship}, {master}, came in from {port} with {count} {goods}, {days} days on the way.",
    "Arrived: {rig} {ship} from {port}, {master}, {count} {goods} for {merchant}.",
    "At {hour} the {ship} of {home} passed the mole under topsails; {master} reports {count} {goods} from {port}.",
    "{master} brought the {rig} {ship} alongside at {berth} with {count} {goods}, loaded at {port}.",
    "The {ship}, last from {port}, anchored in the roads and was warped in at {hour}; her {goods} go to {merchant}.",
    "{pilot} boarded the {rig} {ship} off the outer buoy and laid her at {berth}. Cargo {count} {goods}, from {port}.",
    "In from {port} the {ship}, {master}; {count} {goods}, of which a tenth wet.",
)
DEPARTURES: Final = (
    "The {ship}, {master}, cleared for {port} with {count} {goods}.",
    "Sailed at {hour}: {rig} {ship} for {port}, {count} {goods} from {merchant}.",
    "{master} paid his dues and took the {ship} out on the ebb, bound for {port}.",
    "The {rig} {ship} left {berth} for {port}; {pilot} went with her as far as the outer buoy.",
    "Cleared outwards the {ship} of {home}, in ballast to {port}.",
    "With the first of the ebb went the {rig} {ship}, {master}, for {port}, {count} {goods} on board.",
)
OFFICE: Final = (
    "{clerk} copied the tonnage lists of the quarter and found the sum of {month} short by {small}.",
    "{customs} sealed {count} {goods} in the bonded store for {merchant}.",
    "{merchant} complains of the smell at {berth} and asks that the fish carts go by {street}.",
    "{weigher} weighed {count} {goods} for {merchant} and set aside {small} as damaged.",
    "A letter from {port} says that the quarantine there is lifted.",
    "{harbour_master} walked the mole with {carpenter}; {small} planks are rotten and shall be renewed before winter.",
    "{carpenter} and two men set a new bollard at {berth}.",
    "The crew of the {ship} and some carters came to blows near {street}; {watchman} parted them, and nobody is much hurt.",
    "{merchant} and {other} dispute {count} {goods} landed from the {ship}; {harbour_master} will hear both on {weekday}.",
    "{lamp} reports that the outer lamp burned {small} gills more oil than in the month before.",
    "The dredger lay idle for want of a chain; {carpenter} promises one by {weekday}.",
    "Dues of the week {money} marks, which {clerk} carried to the treasury.",
    "{pilot} asks for a new coat, his own having gone overboard off {port}; allowed.",
    "{watchman} found a lantern burning in the sail loft at {hour} and put it out. No one would own to it.",
    "A boy from {street} fell from the steps at {berth} and was fished out by a man of the {ship}.",
    "{customs} opened a crate marked as {goods} and found it to be just that.",
    "{harbour_master} has the tide tables for {month} printed and nailed up at the corner of {street}.",
    "{widow} of {street}, a widow, begs for the arrears of her husband's wages from the {ship}; {clerk} wrote to her owners at {home}.",
    "{weigher} had the great scales tried against the standard: true within half a pound.",
    "The mail packet is {small} hours behind her time.",
    "{other}, ship's chandler of {street}, offers cordage at {money} marks the hundredweight; too dear.",
    "{lamp} trimmed the lamps of the mole himself, his boy being ill.",
    "{pilot} measured {small} fathoms at {berth} at low water, a foot less than in spring.",
    "{clerk} was sent to {port} about the light dues and is expected on {weekday}.",
    "{other} asks leave to lay up his boat at {berth} over the winter; granted against {money} marks.",
    "{merchant} gave a dinner for the masters in port at his house by {street}.",
    "{watchman} reports all quiet.",
    "{harbour_master} and {customs} counted the seized goods: {count} {goods}, which go to the next auction.",
    "The hours are struck on the ship's bell of the {ship} while that of Saint Olave's is mended.",
    "{merchant} paid {money} marks on account for the wharfage of the {ship}.",
    "Two casks were picked up adrift off the mole, marked with the brand of {port}; they lie in the office until claimed.",
    "{harbour_master} fined the mate of the {ship} {small} marks for ballast thrown out in the fairway.",
    "{other} offered his lighter for hire at {small} marks a day, and {clerk} took it until {weekday}.",
    "The cooper of {street} is behind with his work, so {count} {goods} wait at {berth} for want of barrels.",
    "{pilot} and his boat's crew exercised at the oars for two hours.",
    "A fiddler of the {ship} plays at {berth} of an evening, and half the town comes to hear him.",
    "{customs} is of the opinion that the {goods} of the {ship} were never loaded at {port}, and has written there.",
    "{clerk} begins a new ledger today, the old one being full.",
    "The carter {other} was thrown when his horse shied at {berth}; {count} {goods} went into the basin, and most were got out.",
    "{lamp} asks for {small} new wicks and a pound of polishing chalk.",
    "{widow} was granted the licence to sell hot broth at {berth}.",
    "{merchant} disputes the weight that {weigher} entered, and wants it done again in his presence on {weekday}.",
    "{watchman} took a drunken man out of the water at {hour}; he gave his name as {other}, which nobody believes.",
    "The surgeon went through the crew of the {ship} and passed them all.",
    "Subscription for the lifeboat stands at {money} marks; {merchant} gave {small}.",
    "The {ship} is to be hove down at {berth} to have her copper looked at.",
    "{carpenter} says that the crane at {berth} will bear {small} tons and not a pound more.",
    "The schoolmaster brought {small} boys to see how a bearing is taken; {pilot} showed them.",
    "News from {port} that herring is plentiful there and salt is dear.",
    "{harbour_master} wrote to the council about the lamps of {street}, for the third time.",
    "Someone has painted a moustache on the figurehead of the {ship}; her master is less amused than the town.",
    "{customs} let {merchant} have {count} {goods} out of bond against {money} marks duty.",
)
OF_THE_SEASON: Final = {
    "winter": (
        "Ice in the inner basin as thick as a thumb; the ferry goes by the outer side.",
        "{watchman} and {small} men broke the ice at {berth}.",
        "Ashes were strewn on the steps at {berth} after {other} fell there.",
        "{lamp} had to chip the ice from the glass of the outer lamp at {hour}.",
    ),
    "spring": (
        "The winter stakes were taken up and the summer buoys laid out under {pilot}.",
        "The first swallows under the eaves of the weighhouse.",
        "The ropewalk is busy again, and {merchant} has taken on {small} hands.",
    ),
    "summer": (
        "The water in {street} being low, {harbour_master} has the pump locked at night.",
        "Boys bathe off {berth} in spite of the notice.",
        "The smell of the tar kettles lies over {street}.",
    ),
    "autumn": (
        "The herring boats came in so deep that {weigher} worked until {hour}.",
        "Shutters were put up along {street} against the storms.",
        "The equinoctial tide stood {small} inches over the sill of {berth} and did no harm.",
    ),
}
# Sentences like the one that is looked for, about every door but that one.
KEYS: Final = (
    "{clerk} enters here once more that the spare key to {door} is kept {place}.",
    "For whoever comes after: the spare key to {door} is kept {place}.",
    "{watchman} could not open {door} at {hour}; the spare key was fetched, which is kept {place}.",
    "{harbour_master} reminds the watch that the spare key to {door} is kept {place} and nowhere else.",
)
OF_THE_DOOR: Final = (
    "{carpenter} planed the lower edge of the door of {door}, which stuck.",
    "The lock of {door} was oiled.",
    "{other} asked to see {door} and was shown it by {clerk}.",
    "{watchman} lost his own key to {door} and found it again in his other coat.",
    "The roof over {door} leaks; {carpenter} shall see to it.",
)
NEEDLES: Final = (
    "Before {clerk} left for {port}, it was agreed between us that the spare key to {door} is kept {place}.",
    "{harbour_master} showed me today, and no one else, that the spare key to {door} is kept {place}.",
    "Since the burglary at the chandler's the spare key to {door} is kept {place}, as {watchman} and I alone know.",
)
