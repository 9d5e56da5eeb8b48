"""Quotations in an answer, and the places in documents that they name.

The form, which our prompts ask for and the built-in model keeps: the quotation in double quotes, then in square brackets the name of
the document and the range of characters (`str` indices, end not included), as in `"quoted words" [report.txt 120–161]`. A hyphen may
stand for the dash, `:` or `,` after the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

OPENING = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", "”": "”"}
"""Opening mark -> the marks that may close it."""
CLOSING = frozenset("".join(OPENING.values()))
BARE_CHARS = 12
"""A quotation without a place shorter than this is too common to be searched for."""
MOST_BARE_CHARS = 2_000

_NUMBER = r"\d[\d,_\u202f]{0,19}"
_RANGE = re.compile(rf"[\s:,;]+(?:(?:chars?|characters)\.?\s+)?(?P<at>{_NUMBER})\s*(?:–|—|-|\.\.|to|:)\s*(?P<to>{_NUMBER})\]")


class Quote(NamedTuple):
    """A quotation in an answer. `start` and `end` enclose it there with marks and reference; `at` and `to` are its place in `document`."""

    start: int
    end: int
    text: str
    document: str
    at: int
    to: int


class BareQuote(NamedTuple):
    """A quotation without a place. `start` and `end` enclose `text` in the answer, without its marks."""

    start: int
    end: int
    text: str


def find_quotes(answer: str, names: Iterable[str]) -> list[Quote]:
    """Return the quotations with a place, in order. A name that is none of `names` (the run's documents) is no place.

    The quotation is as long as its range where the marks allow it, so quotation marks inside it do no harm.
    """
    longest_first = sorted(set(names), key=len, reverse=True)
    found: list[Quote] = []
    floor = 0
    for match in _RANGE.finditer(answer):
        at, to = (int(re.sub(r"\D", "", match[part])) for part in ("at", "to"))
        bracket, document = _named(answer, match.start(), longest_first)
        if bracket < floor or to <= at:
            continue
        start, text = _before(answer, bracket, to - at, floor=floor)
        if text:
            found.append(Quote(start, match.end(), text, document, at, to))
            floor = match.end()
    return found


def find_bare_quotes(answer: str, names: Iterable[str] = ()) -> list[BareQuote]:
    """Return the quotations of at least `BARE_CHARS` characters that name no place, in order: something to search the documents for."""
    taken = [(quote.start, quote.end) for quote in find_quotes(answer, names)]
    return [
        quote
        for quote in _marked(answer)
        if len(quote.text.strip()) >= BARE_CHARS and not any(start < quote.end and quote.start < end for start, end in taken)
    ]


def _named(answer: str, end: int, names: list[str]) -> tuple[int, str]:
    """Return where the bracket of the name that ends at `end` opens, and the name; -1 where there is none."""
    for name in names:
        for written in (name, f"`{name}`", f'"{name}"', f"'{name}'"):
            begin = end - len(written)
            if begin > 0 and answer.startswith(written, begin) and answer[begin - 1] == "[":
                return begin - 1, name
    return -1, ""


def _before(answer: str, bracket: int, size: int, *, floor: int) -> tuple[int, str]:
    """Return where the quotation that ends before `bracket` opens, and its text; the text is empty where there is none."""
    close = len(answer[:bracket].rstrip()) - 1
    if close > floor and answer[close] in ".,;:":
        close -= 1
    if close <= floor or answer[close] not in CLOSING:
        return -1, ""
    exact = close - size - 1
    if exact >= floor and answer[close] in OPENING.get(answer[exact], ""):
        return exact, answer[exact + 1 : close]
    for opens in range(close - 1, max(floor, close - MOST_BARE_CHARS) - 1, -1):
        if answer[close] in OPENING.get(answer[opens], "") and answer[opens + 1 : close].strip():
            return opens, answer[opens + 1 : close]
    return -1, ""


def _marked(answer: str) -> Iterator[BareQuote]:
    at = 0
    while at < len(answer):
        closing = OPENING.get(answer[at])
        if closing is None or (answer[at] == '"' and at and answer[at - 1].isalnum()):
            at += 1
            continue
        end = min((i for mark in closing if (i := answer.find(mark, at + 1, at + MOST_BARE_CHARS)) > 0), default=-1)
        if end < 0 or answer.find("\n\n", at, end) >= 0:
            at += 1
            continue
        yield BareQuote(at + 1, end, answer[at + 1 : end])
        at = end + 1
