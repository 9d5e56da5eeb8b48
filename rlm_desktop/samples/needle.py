"""`needle`: one sentence in a text of any length, and a thousand sentences like it that tell of something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rlm_desktop.samples import daybook_phrases as ph
from rlm_desktop.samples import world
from rlm_desktop.samples.chance import Chance
from rlm_desktop.samples.daybook import DayBook
from rlm_desktop.samples.made import Made

DEFAULT_TOKENS: Final = 1_000_000
CHARS_PER_TOKEN: Final = 4
"""Of plain English, about."""
_TITLE = "The day book of the harbour office at Vester Quay\n\n"


def needle(*, tokens: int, seed: int) -> Made:
    """Return a day book of about `tokens` tokens, to within a day, whose needle lies between a tenth and nine tenths of it."""
    chance = Chance(seed, "needle")
    door = chance.one(world.DOORS)
    places = dict(zip(world.DOORS, chance.some(world.PLACES, len(world.DOORS)), strict=True))
    chars = tokens * CHARS_PER_TOKEN
    at_chars = int(chars * (0.1 + 0.8 * chance.random()))
    return Made(
        documents=[("day book.txt", _text(DayBook(chance, door, places), chance, door, places[door], chars=chars, at_chars=at_chars))],
        question=f"Where is the spare key to {door} kept?",
        answer={"answer": places[door][0].upper() + places[door][1:] + ".", "stands_at_share": round(at_chars / chars, 3)},
    )


def _text(book: DayBook, chance: Chance, door: str, place: str, *, chars: int, at_chars: int) -> Iterator[str]:
    yield _TITLE
    written, is_hidden = len(_TITLE), False
    for day in book.days():
        if not is_hidden and written + len(day) >= at_chars:
            # Into the day's last paragraph, after its first sentence or two.
            hidden = book.filled(chance.one(ph.NEEDLES), door=door, place=place)
            day, is_hidden = _hidden(day, hidden), True
        yield day
        written += len(day)
        if written >= chars and is_hidden:
            return


def _hidden(day: str, sentence: str) -> str:
    head, gap, body = day.rstrip("\n").rpartition("\n\n")
    first, stop, rest = body.partition(". ")
    return f"{head}{gap}{first}{stop if rest else ' '}{sentence}{' ' + rest if rest else ''}\n\n"
