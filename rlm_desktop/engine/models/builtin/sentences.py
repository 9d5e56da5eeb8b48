"""A text cut into sentences, list items and lines, in any script."""

from __future__ import annotations

import re
from typing import NamedTuple

_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nos|Nr|vol|pp?|cf|vs|etc|e\.g|i\.e|z\.B|bzw|ca|approx|Capt|Lt|Col|Gen|Sgt|Rev|Hon|Jr|Sr|Mme|Mlle|M|Inc|Ltd|Co|fig|art|Art|Abs|Str)|\b[A-Z])\.$"
)
_END = re.compile(r"[.!?…]+[\"”’»)\]*_]*(?=\s)|[。！？][」』”）]*")
_NEW_LINE_ITEM = re.compile(
    r"\s*(?:[-*•·–|#>{]|\[?\d{4}-\d\d-\d\d[ T]|[^\s,;]{1,40}[,;\t](?=[^\s,;])|\d{1,3}[.)]\s|\(?[a-z][.)]\s"
    r"|[^\s:]{1,24}(?: [^\s:]{1,24}){0,3}:\s)"
)
_MONTH_AFTER = re.compile(r"\s+(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|janv|févr|mars|avril|juin|juil|août)")
SHORT_LINE = 0.62
"""A line this much shorter than the longest near it was ended by its writer, not by the margin."""


class Span(NamedTuple):
    """A stretch of a text, without the spaces around it; `is_heading` when it stands alone, short and without an end mark."""

    start: int
    end: int
    is_heading: bool = False


def sentences(text: str) -> list[Span]:
    """Return the sentences of `text` in order."""
    spans: list[Span] = []
    for start, end in _paragraphs(text):
        spans += _in_paragraph(text, start, end)
    return spans


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Return stretches that no sentence crosses: blank lines part them, and line ends that the margin did not make."""
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        lines.append((at, at + len(line)))
        at += len(line)
    widest = max((len(text[a:b].rstrip()) for a, b in lines), default=0)
    found: list[tuple[int, int]] = []
    begin = -1
    for number, (start, end) in enumerate(lines):
        line = text[start:end].strip()
        if begin < 0:
            begin = start
        following = text[lines[number + 1][0] : lines[number + 1][1]] if number + 1 < len(lines) else ""
        is_last = (
            not line or not following.strip() or widest > 200 or len(line) < widest * SHORT_LINE or bool(_NEW_LINE_ITEM.match(following))
        )
        if is_last:
            found.append((begin, end))
            begin = -1
    return found


def _in_paragraph(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    at = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if match[0][0] == "." and (_ABBREVIATION.search(text, max(at, stop - 8), stop) or _goes_on(text, stop, end)):
            continue
        _add(spans, text, at, stop, is_heading=False)
        at = stop
    rest = text[at:end].strip()
    _add(spans, text, at, end, is_heading=not spans and len(rest) < 90 and bool(rest) and rest[-1] not in ".!?:;,。！？|")
    return spans


def _goes_on(text: str, stop: int, end: int) -> bool:
    """True when a full stop ends no sentence: a lower-case word follows, or it is a German day (`3. Mai`)."""
    following = text[stop : stop + 40].lstrip()[:1] if stop < end else ""
    if following.islower():
        return True
    return text[stop - 2].isdigit() and bool(_MONTH_AFTER.match(text, stop))


def _add(spans: list[Span], text: str, start: int, end: int, *, is_heading: bool) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left and any(char.isalnum() for char in piece):
        spans.append(Span(start + left, start + right, is_heading))
