"""What is said of a text that has a form of its own: its outline, and how large it is in its own measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rlm_desktop.trace.events import Heading

MOST_PLACES: Final = 40
"""So many places of a text without headings stand in its outline, evenly far from each other."""
_NAMES_SAID: Final = 12
_NAME_CHARS: Final = 40
_PREVIEW_CHARS: Final = 90
_PREVIEW_BYTES: Final = 400
_SPACES = re.compile(r"\s+")
_CONTINUATION = bytes(range(0x80, 0xC0))
"""Every byte of a character in UTF-8 but its first."""


class Structure(NamedTuple):
    outline: tuple[Heading, ...]
    extent: str


class Line(NamedTuple):
    """`number` counts from 1, `at` the characters before it; `text` is how it begins."""

    number: int
    at: int
    text: str


def counted(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def named(names: Sequence[str]) -> str:
    """Return the first of some names, in one line."""
    said = [cut(name, _NAME_CHARS) for name in names[:_NAMES_SAID]]
    return ", ".join(said) + (", …" if len(names) > _NAMES_SAID else "")


def cut(text: str, chars: int = _PREVIEW_CHARS) -> str:
    """Return a text as one line of at most so many characters."""
    text = _SPACES.sub(" ", text).strip()
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


def chars_in(data: bytes) -> int:
    """Return how many characters begin in a stretch of UTF-8."""
    return len(data) if data.isascii() else len(data.translate(None, _CONTINUATION))


def even_lines(data: memoryview) -> Iterator[Line]:
    """Yield lines of a text in UTF-8 that are evenly far from each other, the first among them. One pass over the bytes."""
    size = len(data)
    number, at, counted_to = 1, 0, 0
    for place in range(MOST_PLACES):
        start = place * size // MOST_PLACES
        if start < counted_to or (place and start == counted_to):
            continue
        if start:
            start = _line_after(data, start)
            if start <= counted_to or start >= size:
                continue
        for begin in range(counted_to, start, _STRETCH_BYTES):
            stretch = bytes(data[begin : min(start, begin + _STRETCH_BYTES)])
            number += stretch.count(b"\n")
            at += chars_in(stretch)
        counted_to = start
        text = bytes(data[start : start + _PREVIEW_BYTES]).decode("utf-8", "ignore").partition("\n")[0]
        if text.strip():
            yield Line(number, at, text)


_STRETCH_BYTES: Final = 1 << 20
_LOOKED_BYTES: Final = 1 << 16


def _line_after(data: memoryview, start: int) -> int:
    """Return where the next line begins, the end where there is none."""
    size = len(data)
    for begin in range(start - 1, size, _LOOKED_BYTES):
        found = bytes(data[begin : begin + _LOOKED_BYTES]).find(b"\n")
        if found >= 0:
            return begin + found + 1
    return size
