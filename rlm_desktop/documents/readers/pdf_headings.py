"""The headings of a PDF document without bookmarks, told by the size of their letters."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

from rlm_desktop.documents.readers.pdf_lines import Lines

_LARGER: Final = 1.12
_SAME: Final = 1.04
_MAX_CHARS: Final = 120
_MAX_TITLE: Final = 200
_MAX_ON_PAGE: Final = 12
_MAX_CANDIDATES: Final = 20_000
_MAX_LEVELS: Final = 4
_FEWEST: Final = 3
_RUNNING_SHARE: Final = 0.1
"""What stands on more pages than this is the head of each page."""
_PAGE_NUMBER: Final = re.compile(r"^\d+\s+|\s+\d+$")


class _Candidate(NamedTuple):
    page: int
    line: int
    at: int
    size: float
    title: str


class SizedHeadings:
    """Learns of page after page; what size the text itself has is known at the end only."""

    def __init__(self) -> None:
        self._chars_of_size: Counter[float] = Counter()
        self._candidates: list[_Candidate] = []
        self._pages = 0

    def page(self, lines: Lines, at: int) -> None:
        """Take note of a page whose text begins at the offset `at`."""
        self._pages += 1
        if len(self._candidates) > _MAX_CANDIDATES:
            return
        sizes = lines.letter_sizes
        for line, size in zip(lines.all, sizes, strict=False):
            self._chars_of_size[size] += len(line.text)
        body = self._body()
        larger = [
            _Candidate(self._pages, number, at + line.at, size, line.text)
            for number, (line, size) in enumerate(zip(lines.all, sizes, strict=False))
            if (size > _LARGER * body or self._pages <= _FEWEST) and 1 < len(line.text) <= _MAX_CHARS and any(map(str.isalpha, line.text))
        ]
        self._candidates += larger

    def headings(self) -> list[tuple[int, str, int]]:
        """Return (level, title, offset) in the order of the text; nothing where the sizes tell too little."""
        body = self._body()
        on_page = Counter(one.page for one in self._candidates if one.size > _LARGER * body)
        seen = Counter(_without_page(one.title) for one in self._candidates)
        running = max(_FEWEST, _RUNNING_SHARE * self._pages)
        chosen = [
            one
            for one in self._candidates
            if one.size > _LARGER * body and on_page[one.page] <= _MAX_ON_PAGE and seen[_without_page(one.title)] <= running
        ]
        joined = _joined(chosen)
        if len(joined) < _FEWEST:
            return []
        levels = _levels({one.size for one in joined})
        return [(levels[one.size], one.title, one.at) for one in joined]

    def _body(self) -> float:
        return max(self._chars_of_size, key=self._chars_of_size.__getitem__, default=0.0)


def _joined(lines: list[_Candidate]) -> list[_Candidate]:
    """Put the lines of one title together."""
    joined: list[_Candidate] = []
    last_line = -2
    for one in lines:
        before = joined[-1] if joined else None
        is_next = before is not None and before.page == one.page and last_line + 1 == one.line
        if is_next and before is not None and before.size == one.size and len(before.title) + len(one.title) < _MAX_TITLE:
            joined[-1] = before._replace(title=f"{before.title} {one.title}")
        else:
            joined.append(one)
        last_line = one.line
    return joined


def _levels(sizes: set[float]) -> dict[float, int]:
    levels: dict[float, int] = {}
    level, largest = 0, float("inf")
    for size in sorted(sizes, reverse=True):
        if size * _SAME < largest:
            level, largest = min(_MAX_LEVELS, level + 1), size
        levels[size] = level
    return levels


def _without_page(text: str) -> str:
    return _PAGE_NUMBER.sub("", text).casefold()
