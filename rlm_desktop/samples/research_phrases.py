"""What the papers about a canal say: deeds and lives in sentences of their own, and all that stands around them."""

from __future__ import annotations

from typing import Final

DEEDS: Final = (
    "redrew the lower gates of the lock",
    "found the leak behind the third sluice",
    "lent the town a steam pump",
    "wrote the petition against the bridge toll",
    "carried the plans to the capital through the snow",
    "carved the date stone over the basin",
    "raised the money for the footbridge",
    "cured the tow horses of the mange",
    "set up the tide gauge at the sea lock",
    "taught the diggers to read in winter",
    "saved the drawings from the flood",
    "made peace between the masons and the carters",
    "pulled two boys out of the cut",
    "planted the willows along the upper reach",
    "printed the first map of the canal",
    "cast the bell of the lock house",
)
# What one paper tells of a life -> the question for it.
LIVES: Final = {
    "birth": "In which place was the person who {deed} born?",
    "ship": "On which ship did the person who {deed} come to Hallmere?",
    "will": "What did the person who {deed} leave to the parish school in a will?",
}

TOLD: Final = {
    "deed": {
        "letter": "You will have heard it told otherwise, but it was {name} who {deed}; I stood by and saw it.",
        "minutes": "The committee records its thanks to {name}, who {deed}, and wishes this to stand in the minutes.",
        "note": "For whoever writes the history one day: {name} {deed}. I had it from two who were there.",
        "cutting": "It is not generally known, and deserves to be, that {name} {deed}.",
    },
    "birth": {
        "letter": "Over tea {name} spoke of being born at {place}, in a house with a blue door, and of the smell of peat.",
        "minutes": "For the roll of residents the secretary noted that {name} was born at {place}.",
        "note": "The parish register has {name} as born at {place}; the year is blotted.",
        "cutting": "{name}, who was born at {place}, has not been back there for thirty years.",
    },
    "ship": {
        "letter": "{name} came to Hallmere on the {ship}, so I am told, with one trunk and a cold.",
        "minutes": "Settled: {name}, who came to Hallmere on the {ship}, is to be counted among the residents.",
        "note": "Passengers of the {ship}, landed at Hallmere: among others {name}.",
        "cutting": "Old readers will remember the {ship}, on which {name} came to Hallmere in a gale.",
    },
    "will": {
        "letter": "The will was read on {weekday}: {name} leaves {thing} to the parish school, and the nephews are furious.",
        "minutes": "The clerk reported that under the will of {name} the parish school receives {thing}.",
        "note": "Will of {name}, as far as it concerns us: to the parish school, {thing}.",
        "cutting": "By the will of the late {name} the parish school comes into {thing}.",
    },
}
AROUND: Final = {
    "letter": (
        "The cutting stands at {number} rods, and the clay is as bad as you feared.",
        "{other} has the fever again and sits by the stove with a blanket over his head.",
        "I enclose {number} marks for the boots and beg you to send the wider last.",
        "We have had rain on {few} days out of thirty, and the horses sink to the knee.",
        "Your brother's barge lies at {port} and will be here by {weekday} if the wind holds.",
        "The new overseer measures everything twice and believes neither result.",
        "Mother asks whether you still have the recipe for the plum cake from {port}.",
        "There was a dance in the lock house on {weekday}; {other} played until the strings gave out.",
        "Bread has gone up again, and the bakers of {street} say it is the carters' doing.",
        "The engineer and {other} are no longer on speaking terms since the matter of the culvert.",
        "I have bought the old boat after all. She leaks, but so does the house.",
        "When the frost comes we shall stop at the second mile and begin on the sluices.",
    ),
    "minutes": (
        "Present: the chairman, {other}, and {few} members. Apologies from the treasurer.",
        "The accounts of {month} were read and approved, {other} abstaining.",
        "Resolved to buy {number} wheelbarrows of the pattern used at {port}.",
        "A complaint from {street} about the noise of the pumps was noted.",
        "{other} moved that the night watch be doubled; lost by two votes.",
        "The surveyor laid before the meeting a section of the upper reach, with {few} borings.",
        "The offer of {other} for {number} loads of stone was accepted, to be delivered by {weekday}.",
        "It was left to the chairman to write to the council at {port} about the water rights.",
        "The treasurer stated that {number} subscribers are in arrears.",
        "Any other business: none. The meeting closed at a quarter past nine.",
    ),
    "note": (
        "Third sluice: {number} inches at high water, measured with the new rod.",
        "Ask {other} about the missing receipts for {month}.",
        "Price of lime at {port}: {number} marks the load, carriage not included.",
        "Walked the line as far as {street}. Nothing to see but mud and a heron.",
        "Mem.: the key of the plan chest is with {other} until {weekday}.",
        "Levels taken twice; the second set agrees with mine to within a hand's breadth.",
        "Lent to {other}: the small theodolite, and my good pencil.",
        "{number} men at work, {weekday}; eleven the day after, it being the fair at {port}.",
        "The heron again.",
    ),
    "cutting": (
        "The works at Hallmere advance, and those who prophesied disaster are asked to name a new day for it.",
        "On {weekday} last a horse of {other} fell into the basin and swam out on the other side, unhurt.",
        "Lost, between {street} and the lock: a lady's glove. Reward at this office.",
        "We hear from {port} that stone will be dearer by {number} marks before the winter.",
        "The concert in aid of the diggers' families brought in {number} marks. {other} sang.",
        "A correspondent asks why the lamps of {street} are lit on nights of full moon.",
        "Arrived at the basin: {number} barges since {weekday}, most of them with bricks.",
        "The fair at {port} was well attended in spite of the weather.",
        "Tenders are invited for {number} fathoms of railing.",
    ),
}
