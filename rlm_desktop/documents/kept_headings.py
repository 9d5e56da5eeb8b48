"""The headings of a long text that are still wanted: a bounded number, whatever the text holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rlm_desktop.trace.events import Heading

MAX_HEADINGS = 400
MAX_TITLE = 120


class KeptHeadings:
    """Takes headings in the order of the text; of too many, the deepest levels are thinned out first."""

    _ROOM = 8_000

    def __init__(self) -> None:
        self._found: list[tuple[int, int, str]] = []
        self._seen: Counter[int] = Counter()
        self._strides: dict[int, int] = {}

    def add(self, level: int, title: str, at: int) -> None:
        number = self._seen[level]
        self._seen[level] += 1
        if number % self._strides.get(level, 1):
            return
        self._found.append((at, level, title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1].rstrip() + "…"))
        if len(self._found) > self._ROOM:
            self._thin()

    def headings(self) -> tuple[Heading, ...]:
        room, wanted = MAX_HEADINGS, []
        for level in sorted(self._seen):
            here = [found for found in self._found if found[1] == level]
            if len(here) > room:
                here = [here[i * len(here) // room] for i in range(room)]
            wanted += here
            room -= len(here)
        return tuple(Heading(level=level, title=title, at=at) for at, level, title in sorted(wanted))

    def _thin(self) -> None:
        """Keep every second heading of the deepest level that has many."""
        counts = Counter(level for _, level, _ in self._found)
        deepest = max(level for level, count in counts.items() if count > self._ROOM // 10)
        self._strides[deepest] = self._strides.get(deepest, 1) * 2
        kept, number = [], 0
        for found in self._found:
            if found[1] == deepest:
                number += 1
                if number % 2 == 0:
                    continue
            kept.append(found)
        self._found = kept


def thinned(marks: Iterable[Heading]) -> tuple[Heading, ...]:
    """Return the marks in the order of the text, which they need not come in, as many as an outline has."""
    kept = KeptHeadings()
    for mark in sorted(marks, key=lambda mark: mark.at):
        kept.add(mark.level, mark.title, mark.at)
    return kept.headings()
