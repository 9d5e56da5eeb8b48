"""Ranges of a text that lie on a ground of their own: found by position among many."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple


class Highlight(NamedTuple):
    """A range of the whole text, the colour role of its ground, and a key that a click on it tells."""

    start: int
    end: int
    role: str = "quote"
    key: str = ""


class Highlights:
    """Highlights in order of their start; they may overlap."""

    def __init__(self, highlights: Sequence[Highlight] = ()) -> None:
        self._all = sorted(highlights)
        self._furthest_ends = list(accumulate((h.end for h in self._all), max))

    def within(self, start: int, end: int) -> list[Highlight]:
        """Return what touches a range."""
        found = []
        for i in range(bisect_right(self._furthest_ends, start), len(self._all)):
            if self._all[i].start >= end:
                break
            if self._all[i].end > start:
                found.append(self._all[i])
        return found

    def at(self, char: int) -> Highlight | None:
        """Return the last highlight that holds a position."""
        return next(iter(reversed(self.within(char, char + 1))), None)
