"""`research`: a hundred short papers in which one says who did something, and another what that person's life was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rlm_desktop.samples import research_phrases as ph
from rlm_desktop.samples import world
from rlm_desktop.samples.chance import Chance
from rlm_desktop.samples.made import Made

DOCUMENTS: Final = 100
_FIRST_DAY: Final = date(1868, 3, 2)
_FOLDERS: Final = {"letter": "letters", "minutes": "minutes", "note": "notebook", "cutting": "newspaper"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    name: str
    deed: str
    place: str
    ship: str
    thing: str


def research(*, seed: int) -> Made:
    """Return a hundred papers, and a question that no single one of them answers."""
    chance = Chance(seed, "research")
    people = _people(chance)
    asked, life = chance.one(people), chance.one(tuple(ph.LIVES))
    answer = {"birth": asked.place, "ship": f"The {asked.ship}", "will": asked.thing[0].upper() + asked.thing[1:]}[life]
    facts: list[tuple[str, Person | None]] = [(what, person) for person in people for what in ph.TOLD]
    facts += [("", None)] * (DOCUMENTS - len(facts))
    chance.shuffle(facts)
    papers = list(_papers(chance, facts))
    steps = [name for (what, person), (name, _) in zip(facts, papers, strict=True) if person is asked and what in ("deed", life)]
    return Made(
        documents=((name, (text,)) for name, text in papers),
        question=ph.LIVES[life].format(deed=asked.deed),
        answer={"answer": f"{answer}.", "person": asked.name, "stands_in": steps},
    )


def _people(chance: Chance) -> list[Person]:
    count = len(ph.DEEDS)
    families, first = chance.some(world.FAMILIES, count), chance.some(world.MEN + world.WOMEN, count)
    places, ships, things = chance.some(world.PORTS, count), chance.some(world.SHIPS, count), chance.some(world.BEQUESTS, count)
    # Nobody comes from the town itself.
    places = [place if place != "Hallmere" else "Holm" for place in places]
    return [
        Person(name=f"{first[i]} {families[i]}", deed=ph.DEEDS[i], place=places[i], ship=ships[i], thing=things[i]) for i in range(count)
    ]


def _papers(chance: Chance, facts: list[tuple[str, Person | None]]) -> Iterator[tuple[str, str]]:
    known = {person.name for _, person in facts if person is not None}
    # Those in passing are never those of whom something is told.
    others = [name for name in (f"{man} {family}" for man in world.MEN for family in world.FAMILIES) if name not in known]
    passing, committee = chance.some(others, 24), chance.some(others, 4)
    day = _FIRST_DAY
    for number, (what, person) in enumerate(facts, 1):
        day += timedelta(days=chance.number(2, 13))
        kind = chance.one(tuple(ph.AROUND))
        around = chance.some(ph.AROUND[kind], chance.number(5, 8))
        if kind == "minutes":
            # A meeting begins with who is there and ends with nothing else.
            first, *between, last = ph.AROUND[kind]
            around = [first, *(sentence for sentence in around if sentence in between), last]
        sentences = [_filled(chance, sentence, passing) for sentence in around]
        if person is not None:
            told = ph.TOLD[what][kind].format(
                name=person.name,
                deed=person.deed,
                place=person.place,
                ship=person.ship,
                thing=person.thing,
                weekday=chance.one(world.WEEKDAYS),
            )
            sentences.insert(chance.number(1, len(sentences) - 1), told)
        title = f"{number:03} {day.isoformat()}"
        yield f"{_FOLDERS[kind]}/{title}.txt", _page(chance, kind, day, sentences, passing, committee)


def _page(chance: Chance, kind: str, day: date, sentences: list[str], passing: list[str], committee: list[str]) -> str:
    written = f"{day.day} {world.MONTHS[day.month - 1]} {day.year}"
    half = len(sentences) // 2
    body = f"{' '.join(sentences[:half])}\n\n{' '.join(sentences[half:])}\n"
    writer, reader = chance.some(passing, 2)
    if kind == "letter":
        return f"Hallmere, {written}\n\nDear {reader.partition(' ')[0]},\n\n{body}\nYours, {writer}\n"
    if kind == "minutes":
        lines = "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1))
        return f"Canal committee of Hallmere. Minutes of {written}\n\n{lines}\n\nTaken down by {committee[0]}, secretary\n"
    if kind == "note":
        return f"Notebook of {committee[1]}, resident engineer\n{written}\n\n" + "\n".join(f"- {sentence}" for sentence in sentences) + "\n"
    return f"The Hallmere Courier, {world.WEEKDAYS[day.weekday()]}, {written}\n\n{body}"


def _filled(chance: Chance, sentence: str, passing: list[str]) -> str:
    return sentence.format(
        number=chance.number(12, 240),
        few=chance.number(5, 19),
        other=chance.one(passing),
        port=chance.one([port for port in world.PORTS if port != "Hallmere"]),
        street=chance.one(world.STREETS),
        weekday=chance.one(world.WEEKDAYS),
        month=chance.one(world.MONTHS),
    )
