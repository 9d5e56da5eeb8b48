"""The inbox of a ferry company: messages that are each of one kind, which a reader can tell and a search for words cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rlm_desktop.samples import world
from rlm_desktop.samples.chance import Chance

KINDS: Final = ("delay", "lost property", "refund", "timetable", "praise", "damage")
MEANINGS: Final = {
    "delay": "complains that a ferry was late",
    "lost property": "looks for something left on board",
    "refund": "asks for money back",
    "timetable": "asks when a ferry goes",
    "praise": "thanks or praises the crew",
    "damage": "reports damage to a vehicle or to luggage",
}
_FIRST_DAY: Final = date(2023, 1, 2)
_BOATS: Final = ("Kittiwake", "Sea Holly", "Halcyon", "Queen Thora", "Snow Bunting", "Pole Star")
_VEHICLES: Final = ("van", "estate car", "motorbike", "horse trailer", "camper", "bicycle", "hatchback")
_PLACES_HIT: Final = ("door", "rear bumper", "wing mirror", "front wheel", "tail light", "near side")
_BODIES: Final = {
    "delay": (
        "The {boat} left {port} {minutes} minutes after her time on {weekday} and nobody on the pier knew why.",
        "Stood in the rain at {port} for {minutes} minutes because the {boat} was not there. This is the third time since {month}.",
        "My connection at {port} was gone by the time the {boat} finally tied up, {minutes} minutes behind. Tell us in time.",
        "Is it now normal that the {clock} sailing from {port} goes at {late}? We waited again on {weekday}.",
        "School children missed their first lesson on {weekday}, as the {boat} came in {minutes} minutes behind her hour.",
        "Again the board at {port} said 'on time' while the {boat} was still out at sea. {minutes} minutes this morning.",
    ),
    "lost property": (
        "I believe {thing} stayed behind in the saloon of the {boat} on {weekday}. Has it been handed in?",
        "We got off at {port} and only at home noticed that {thing} was missing; it must lie under the seats by the stairs.",
        "Could somebody look on the {boat} for {thing}? I had it when we left {port}.",
        "Did the cleaners find {thing} on {weekday} evening? I can collect it at {port} any time.",
        "On the {clock} from {port} my daughter put down {thing} on the upper deck and did not take it up again.",
    ),
    "refund": (
        "I paid twice for the same crossing on {weekday}, reference {reference}. Kindly return one of the two fares.",
        "The {clock} from {port} was cancelled, so I took the bus. How do I get the {marks} marks of my ticket back?",
        "We could not travel because of a fever and hand back tickets {reference}. Please credit the {marks} marks.",
        "My pass was charged {marks} marks in {month} although I had given it up. I should like that amount on my account again.",
        "Your machine at {port} kept {marks} marks and printed nothing. It bears the number {reference}; I would like the sum repaid.",
    ),
    "timetable": (
        "At what hour does the last boat leave {port} on a {weekday}?",
        "Does the {boat} also run on the public holiday in {month}? I find nothing about it on the pier.",
        "Which is the first sailing from {port} that takes a {vehicle}?",
        "We are a party of {party}, coming on {weekday}. From when in the morning do boats go to {port}?",
        "Is the {clock} from {port} still going in winter, or has it been moved?",
        "How long before sailing must one be at {port}, and is there anything after {clock}?",
    ),
    "praise": (
        "Please tell the deckhand of the {boat} who carried my mother's bags at {port} that he made her week.",
        "In all that fog on {weekday} the {boat} came in as if on rails. My compliments to the bridge.",
        "The soup on the {boat} is better than at home. Do not tell my husband.",
        "My son lost his bear, and your people turned out half the {boat} until it sat on his lap again. We shall not forget it.",
        "{years} years I have crossed with you to {port}, and I have never been spoken to unkindly. That deserves to be written down once.",
        "Your mate at {port} held the ramp for a late ambulance without a word of fuss. Well done.",
    ),
    "damage": (
        "When we drove off at {port} the {part} of our {vehicle} was dented; on board it had been whole.",
        "The ramp of the {boat} came down too early and caught the {part} of my {vehicle}.",
        "A trolley ran loose on the car deck of the {boat} on {weekday} and scratched my {vehicle} along the {part}.",
        "My suitcase came out of the luggage cage at {port} with its lid split from end to end.",
        "A lashing was drawn so tight that the {part} of the {vehicle} is bent. Photographs under {reference}.",
    ),
}
_OPENINGS: Final = ("", "", "", "Good day. ", "Dear ferry office – ", "To whom it may concern – ", "Hello – ", "Just briefly: ")
_CLOSINGS: Final = (
    "",
    "",
    "",
    " Regards, {name}",
    " {name}, {port}",
    " Thank you, {name}",
    " Yours, {name}",
    " An answer would be welcome.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    day: date
    user: int
    kind: str
    text: str

    def line(self, *, names_kind: bool) -> str:
        kind = f" | label: {self.kind}" if names_kind else ""
        return f"{self.day.isoformat()} | user {self.user}{kind} | {self.text}\n"


def messages(chance: Chance, count: int, users: int) -> list[Message]:
    """Return `count` messages by `users` people, whose numbers start at 101, in the order of their days."""
    # Some kinds are three times as common as others.
    drawn = [kind for kind in KINDS for _ in range(chance.number(1, 3))]
    days = sorted(chance.number(0, 364) for _ in range(count))
    return [
        Message(
            day=_FIRST_DAY + timedelta(days=day),
            user=100 + chance.number(1, users),
            kind=(kind := chance.one(drawn)),
            text=_text(chance, kind),
        )
        for day in days
    ]


def _text(chance: Chance, kind: str) -> str:
    one, number = chance.one, chance.number
    hour, minute = number(6, 20), 5 * number(0, 11)
    minutes = 5 * number(4, 14)
    late = hour * 60 + minute + minutes
    text = one(_OPENINGS) + one(_BODIES[kind]) + one(_CLOSINGS)
    return text.format(
        boat=one(_BOATS),
        port=one(world.PORTS[:12]),
        minutes=minutes,
        weekday=one(world.WEEKDAYS),
        month=one(world.MONTHS),
        clock=f"{hour}:{minute:02}",
        late=f"{late // 60}:{late % 60:02}",
        thing=one(world.LEFT_ON_BOARD),
        reference=f"NS-{number(10_000, 99_999)}",
        marks=number(8, 64),
        vehicle=one(_VEHICLES),
        part=one(_PLACES_HIT),
        party=number(6, 30),
        years=number(11, 40),
        name=f"{one(world.MEN + world.WOMEN)} {one(world.FAMILIES)}",
    )
