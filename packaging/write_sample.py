"""Writes the sample of the first start into `resources/samples`: the papers of an expedition that never was, the same ones each time.

`python packaging/write_sample.py`. Four documents of some 500,000 characters; what the question asks for is said once, in one letter.
"""

from __future__ import annotations

import json
import random
import textwrap
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "resources" / "samples"
TITLE = "The papers of the Aurelia expedition"
QUESTION = "Where did Ingrid Sollie hide the spare chronometer before the Aurelia was abandoned?"
ANSWER = "Beneath the hearthstone of the whalers' hut at Cape Annika, three paces from the door."
FACT = (
    "I could not bear to leave it to the sea, so on the last night I wrapped the spare chronometer in my red scarf "
    "and hid it beneath the hearthstone of the whalers' hut at Cape Annika, three paces from the door."
)

LEFT = date(1891, 6, 14)
BESET = date(1891, 10, 2)
ABANDONED = date(1892, 8, 21)
RESCUED = date(1892, 11, 9)

CREW = {
    "Captain Aksel Thorne": "captain",
    "Ingrid Sollie": "surveyor and keeper of the chronometers",
    "Dr. Matteo Verani": "surgeon",
    "Jonas Brekke": "first mate",
    "Elias Quist": "second engineer",
    "Old Halvard": "ice pilot",
    "Samuel Okoro": "photographer",
    "Nils Tangen": "cook",
    "Wenzel Hruby": "carpenter",
    "Pekka Laine": "dog driver",
    "Margit Dahl": "naturalist",
    "Tomas Reyes": "boatswain",
}
WITNESSES = list(CREW)
OTHERS = [name for name in CREW if name != "Ingrid Sollie"]
SHORT = ["Thorne", "Miss Sollie", "Dr. Verani", "Brekke", "Quist", "Old Halvard", "Okoro", "Tangen", "Hruby", "Laine", "Miss Dahl", "Reyes"]
PLACES = [
    "Cape Annika",
    "Ferry Sound",
    "the Teeth",
    "Lantern Island",
    "Grey Widow Bay",
    "Mount Ambrose",
    "the Long Lead",
    "Sollie Glacier",
    "Port Verity",
]
WINDS = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"]
FORCES = [
    "light airs from the",
    "a steady breeze from the",
    "fresh wind from the",
    "half a gale from the",
    "a bitter wind from the",
    "a dying wind from the",
]


class Writer:
    """Draws phrases so that none comes twice in a row; the lists they are drawn from live as long as the program."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)
        self._last: dict[int, str] = {}

    def one(self, phrases: list[str]) -> str:
        key = id(phrases)
        drawn = self._chance.choice([phrase for phrase in phrases if phrase != self._last.get(key)])
        self._last[key] = drawn
        return drawn

    def number(self, low: int, high: int) -> int:
        return self._chance.randint(low, high)

    def happens(self, share: float) -> bool:
        return self._chance.random() < share

    def fill(self, phrase: str) -> str:
        """Put people, places and figures where a phrase has `{a}`, `{b}`, `{place}`, `{n}`, `{m}`."""
        first = self.one(SHORT)
        second = self._chance.choice([name for name in SHORT if name != first])
        return phrase.format(a=first, b=second, place=self.one(PLACES), n=self.number(3, 40), m=self.number(41, 190))


OUTWARD = [
    "Made {m} miles since yesterday noon, the best run this week, and the engine was not needed at all.",
    "{a} sighted a barque hull down to leeward, but she did not answer our flags.",
    "Shipped a green sea over the waist; {n} sacks of ship's biscuit are wet and must be dried on the boiler casing.",
    "{a} and {b} quarrelled over the stowing of the sledges and were set to picking oakum side by side until they laughed.",
    "The first ice today: a single floe, quite rotten, with a seal on it that looked at us like a customs officer.",
    "Halted under {place} to take water; the barrels hold {m} gallons again.",
    "Soundings every two hours. {n} fathoms, grey mud, and a starfish which Miss Dahl carried off in her hat.",
    "Stopped the engine for {n} hours to repack the stern gland. {a} came up from the bilge black to the eyes.",
]
BESET_DAYS = [
    "The ice screamed all night along the port side. {a} says one grows used to it; {b} says one does not.",
    "Cut {n} yards of channel with the long saws, and lost it all again by the evening, when the floe closed.",
    "Laine took two teams towards {place} and turned back after {n} miles, for the surface was all knives.",
    "Trimmed the lamps to one in each cabin. We have oil for {m} days at this rate.",
    "A bear came to the meat rack at the change of the watch. {a} fired and missed; the dogs have not forgiven him.",
    "Measured the ice at the stern: {n} inches of new growth in a week.",
    "{a} read aloud from the almanac, which is the only book nobody has yet finished.",
    "The pumps were manned for {n} minutes in each watch. The leak at the sternpost is no worse.",
    "Aurora of great beauty. Okoro exposed {n} plates and believes that two may have taken.",
    "Hruby has doubled the deck beams abreast of the mainmast with timber from the fore hold.",
    "Lost the dog Kaiser in a crack near {place}. He was the worst thief on board and is much missed.",
    "Football on the floe, officers against the forecastle; {a} kept goal in a fur coat. Nobody agrees upon the score.",
]
RETREAT = [
    "Marched {n} miles and made good perhaps a third of that, the floe drifting back under us as we went.",
    "Shared out the last of the tinned mutton; {a} gave half of his portion to {b} and denied it.",
    "Camped in the lee of a hummock near {place}. Boiled {n} pints of pemmican soup on one cake of spirit.",
    "Ferried both boats over a lead of {n} yards. {a} went in to the waist and was rubbed with snow.",
    "{a} is snow-blind and walks with a hand upon the sledge rope. He tells stories to pay for his passage.",
    "Open water seen from the ridge above {place}, blue as a slate, and a long way off.",
]
SEA = [
    "The sextant gave a poor horizon, so the position is by dead reckoning.",
    "The standard chronometer was wound at eight and compared; it loses {n} tenths of a second a day.",
    "Barometer falling slowly, then steady at a figure I do not like.",
    "Thermometer at midnight {n} degrees below freezing.",
    "The compass wanders by {n} degrees and is no use to anyone.",
    "Ration of lime juice served, with the usual faces.",
    "Inspected the bread room with {a}; {m} pounds of biscuit remain sound.",
    "Tangen made a pudding of what he would not name, and it was all eaten.",
    "{a} has a bad tooth. The surgeon offers to pull it, and {a} offers to wait.",
    "Wrote up the meteorological tables, {n} columns behind.",
    "The cat brought a lemming to the captain's berth and expected thanks.",
    "Spoke with {a} about the coal: {m} tons, if the bunker is honest.",
    "Rigged a new windsail to the main hatch, the old one having been made into mittens.",
    "{a} mended {n} pairs of boots and asks for thread in the next life.",
]


def logbook() -> str:
    """Return the ship's log, a few paragraphs a day."""
    writer = Writer("logbook")
    parts = ["THE LOG OF THE AURELIA", "Kept by Jonas Brekke, first mate, from the day of sailing to the day of rescue", ""]
    phases: list[tuple[date, str, list[str]]] = [
        (LEFT, "PART ONE: OUTWARD BOUND", OUTWARD),
        (BESET, "PART TWO: BESET", BESET_DAYS),
        (ABANDONED, "PART THREE: ON THE ICE", RETREAT),
    ]
    day, events = LEFT, OUTWARD
    while day <= RESCUED:
        for begin, title, phrases in phases:
            if day == begin:
                parts += ["", title, "=" * len(title), ""]
                events = phrases
        wind = f"{writer.one(FORCES)} {writer.one(WINDS)}"
        said = [f"{wind[0].upper()}{wind[1:]}."]
        said += [writer.fill(writer.one(events)) for _ in range(writer.number(1, 2))]
        said += [writer.fill(writer.one(SEA)) for _ in range(writer.number(1, 3))]
        said += [text for when, text in LOG_FACTS if when == day]
        parts += [f"{day.day} {day:%B %Y}", textwrap.fill(" ".join(said), 78), ""]
        day += timedelta(days=1)
    return "\n".join(parts)


LOG_FACTS = [
    (
        date(1891, 6, 14),
        "Cast off from Havnsund at six in the morning with thirty-one souls, forty dogs, and a band on the quay playing out of tune.",
    ),
    (
        date(1891, 7, 3),
        "The spare chronometer was taken out of its case, cleaned by Miss Sollie, and put back under lock in the chart room.",
    ),
    (
        date(1891, 12, 24),
        "The spare chronometer timed a race of sledges round the ship, which Laine won in four minutes and eleven seconds.",
    ),
    (date(1892, 3, 1), "Dr. Verani took off two of Quist's toes with great neatness, and Quist asked to have them back."),
    (date(1892, 8, 20), "All instruments that cannot be carried are to be left on board, the captain says, and nobody is to argue."),
    (
        date(1892, 8, 21),
        "The Aurelia went down at ten minutes past four in the afternoon. We took off our caps. Nobody spoke for a good while.",
    ),
    (date(1892, 11, 9), "The whaler Good Intent of Dundee took us off at noon. Twenty-nine of thirty-one. God rest the two."),
]
HEARTS = [
    "You ask what one does all day in a ship that cannot move. One mends, one quarrels, and in between one listens to the ice.",
    "I have learnt {n} words of Finnish from Laine, of which I may repeat four in company.",
    "The light has gone entirely. {a} keeps a candle for reading and is begged for it by everybody, like a rich uncle.",
    "{a} has carved a set of chessmen out of walrus ivory, and the white queen is, I fear, meant for me.",
    "Do send news of the orchard. I dream of apples, whole nights of nothing but apples.",
    "Yesterday the floe opened beside us as quietly as a book, and closed again with a noise like the end of the world.",
    "We have had {n} days of fog. {b} walked out to the meat rack and was found an hour later on the wrong side of the ship.",
    "My hands are well enough. The frost took a little of the left thumb, and left the rest out of courtesy.",
    "The captain says little. He walks up and down {n} times after supper, and we all count and pretend that we do not.",
    "{a} sings. I would that {a} did not; but the dogs like it.",
    "There is talk of {place} again, and of who was there before us. Somebody was: there are old barrel staves in the shingle.",
    "Hruby made me a shelf for the tables of the moon, with a rail to it, so that they stay put when the ship is squeezed.",
    "I cannot say when this will reach you, or whether by a whaler, a bottle, or my own hand.",
    "Margit Dahl has found a moss that she believes to be new, and has named it for her aunt, who disapproves of the whole journey.",
    "We spoke last night of what each would eat first at home. It was cruel, and lasted {n} minutes by the standard chronometer.",
    "Of the instruments I am jealous as a cat. They are the only things on board that tell the truth.",
]
PEOPLE_ASHORE = ["my dear sister", "Professor Lund", "dear Father", "dear Aunt Berit", "Mr. Castell of the Society", "my dearest Anna"]


def letters() -> str:
    """Return the letters, numbered; one of them tells what the question asks for."""
    writer = Writer("letters")
    parts = ["# Letters from the Aurelia", "", "Collected by the Society from the families, and printed here as they were written.", ""]
    day = LEFT + timedelta(days=9)
    for number in range(1, 97):
        sender = "Ingrid Sollie" if number % 4 == 1 else writer.one(OTHERS)
        to = writer.one(PEOPLE_ASHORE)
        parts += [f"## Letter {number}: {sender}, {day.day} {day:%B %Y}", "", f"{to[0].upper()}{to[1:]},", ""]
        for _ in range(writer.number(3, 5)):
            parts += [" ".join(writer.fill(writer.one(HEARTS)) for _ in range(writer.number(2, 4))), ""]
        if number == 89:
            told = (
                "You will have heard by now how the Aurelia was lost, and that each of us might carry nine pounds and no more. "
                f"The captain counted me among the sensible, and he was wrong. {FACT} "
                "The captain believes that it lies at the bottom with the rest, and I have not told him."
            )
            parts += [told, ""]
        parts += [f"Yours, in all weathers, {sender.split()[-1] if writer.happens(0.5) else sender}", ""]
        day += timedelta(days=writer.number(3, 7))
    return "\n".join(parts)


GOODS = {
    "Provisions": [
        "ship's biscuit",
        "pemmican",
        "tinned mutton",
        "split peas",
        "dried apples",
        "lime juice",
        "cocoa",
        "molasses",
        "salt pork",
        "oatmeal",
        "mustard",
    ],
    "Clothing": [
        "sealskin mittens",
        "wolfskin coats",
        "woollen drawers",
        "reindeer boots",
        "snow goggles",
        "oilskins",
        "felt slippers",
        "red flannel shirts",
    ],
    "Instruments": [
        "sextants",
        "boat compasses",
        "spirit thermometers",
        "aneroid barometers",
        "sounding leads",
        "theodolites",
        "pocket watches",
        "artificial horizons",
    ],
    "Tools and timber": [
        "ice saws",
        "adzes",
        "oak planks",
        "caulking irons",
        "kegs of nails",
        "tins of white lead",
        "coils of manila",
        "blocks and sheaves",
    ],
    "Sledging": [
        "ash sledges",
        "dog harnesses",
        "primus stoves",
        "canvas tents",
        "alpine ropes",
        "bamboo poles",
        "spirit lamps",
        "fur sleeping bags",
    ],
    "Books and games": [
        "almanacs",
        "hymnals",
        "sets of dominoes",
        "volumes of sermons",
        "packs of cards",
        "violin strings",
        "song books",
        "chess boards",
    ],
}
HOLDS = ["fore hold", "after hold", "lazarette", "deckhouse", "bread room", "sail locker"]
STATES = [
    "in good order",
    "in good order",
    "damp, dried",
    "two broken",
    "one missing",
    "moth in the lining",
    "as new",
    "lid cracked",
    "smells of fish",
    "counted twice",
]


def inventory() -> str:
    """Return the list of what was on board, crate by crate."""
    writer = Writer("inventory")
    parts = ["INVENTORY OF THE AURELIA", "Taken at Havnsund in May 1891 by Tomas Reyes, boatswain, with later remarks", ""]
    crate = 100
    for number, (section, goods) in enumerate(GOODS.items(), 1):
        title = f"{number}. {section}"
        parts += [title, "-" * len(title), ""]
        for _ in range(190):
            crate += 1
            remark = (
                f" Moved to the {writer.one(['fore hold', 'after hold', 'lazarette', 'deckhouse', 'bread room', 'sail locker'])}."
                if writer.happens(0.3)
                else ""
            )
            parts.append(f"Crate {crate}: {writer.number(2, 96)} {writer.one(goods)}, {writer.one(STATES)}.{remark}")
            if crate == 517:
                parts.append(
                    "Crate 518: 1 spare chronometer by Ellery of Bristol, No. 2206, in a mahogany case, in the care of Miss Sollie."
                )
                crate += 1
        parts.append("")
    return "\n".join(parts)


ASKED = [
    "Would you tell the board how the watches were kept in that month?",
    "What was the state of the pumps, as you knew it?",
    "Did you at any time speak against the captain's orders?",
    "Who had charge of the instruments when the ship was left?",
    "How was the boat party chosen?",
    "Did you see the entry in the log before it was signed?",
    "In your opinion, could she have been saved?",
    "What became of the instruments?",
]
TOLD = [
    "Four hours on and eight off, in the worst weeks four and four; nobody was excused but the cook and the sick.",
    "They were sound. It was the men who were not. {a} was at the brake for {n} minutes at a spell and could not feel his hands.",
    "I said what I thought at table. I never said it on deck, and no more did {a}.",
    "The instruments were Miss Sollie's affair, and she kept them as other people keep bees.",
    "By lot, out of Tangen's hat; {a} drew the long straw and gave it to {b}.",
    "I saw it. It was a fair entry. I would have put in more about the sternpost.",
    "No, sir. Not by us, and not by anybody. She was squeezed for {m} days, and she was wood.",
    "I understood that they were left on board. One does not look over one's shoulder at such a time.",
]
"""What is answered to each of `ASKED`, in order."""
ADDED = [
    "I was at {place} that day with the dogs, and heard of it only in the evening.",
    "I could not swear to the hour. It was dark, and I had the tooth.",
    "There was some talk of it among the men; there was talk of everything. {a} will know better.",
    "The order was nine pounds for each, weighed on the galley scale. I saw {a} take out a Bible and put in a pair of boots.",
]


def inquiry() -> str:
    """Return the minutes of the board of inquiry, witness by witness."""
    writer = Writer("inquiry")
    parts = [
        "# Minutes of the board of inquiry into the loss of the Aurelia",
        "",
        "Held in the town hall of Havnsund, 6 to 24 February 1893.",
        "",
    ]
    for sitting in range(1, 15):
        parts += [f"## Sitting {sitting}", ""]
        for _ in range(3):
            name = writer.one(WITNESSES)
            parts += [f"### {name}, {CREW[name]}", ""]
            for _ in range(writer.number(9, 13)):
                question = writer.one(ASKED)
                said = [TOLD[ASKED.index(question)], *(writer.one(ADDED) for _ in range(writer.number(0, 2)))]
                parts += [f"The board: {question}", f"Answer: {writer.fill(' '.join(said))}", ""]
    finding = (
        "The board finds that the Aurelia was lost by pressure of the ice and by no fault of her people. The spare chronometer, entered as "
        "crate 518, is written off as sunk with the ship. The board commends Dr. Matteo Verani, and fines nobody."
    )
    parts += ["## Finding", "", finding, ""]
    return "\n".join(parts)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "expedition/logbook.txt": logbook,
    "expedition/letters.md": letters,
    "expedition/inventory.txt": inventory,
    "expedition/inquiry.md": inquiry,
}


def sample() -> dict[str, str]:
    """Return path below the samples folder -> text, the description included."""
    files = {path: write() for path, write in DOCUMENTS.items()}
    told = {"title": TITLE, "documents": list(DOCUMENTS), "question": QUESTION, "answer": ANSWER}
    files["sample.json"] = json.dumps(told, indent=2) + "\n"
    return files


if __name__ == "__main__":
    for path, text in sample().items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path}: {len(text):,} characters")
