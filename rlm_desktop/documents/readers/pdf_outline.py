"""The outline of a PDF document: its bookmarks, each at its line where that can be found; without bookmarks, its pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.pdf_file import Bookmark, Handle, heights

MAX_PAGES_NAMED: Final = 200
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
_MAX_FIRST_LINE: Final = 60
_SEARCHED: Final = 200
"""Titles longer than this are looked for by their beginning."""


class Outline:
    """Learns of the pages in their order, and writes the marks of the whole document at the end."""

    def __init__(self, bookmarks: Sequence[Bookmark], pages: int) -> None:
        self._bookmarks = [bookmark for bookmark in bookmarks if bookmark.page < pages]
        self._on_page: defaultdict[int, list[int]] = defaultdict(list)
        for number, bookmark in enumerate(self._bookmarks):
            self._on_page[bookmark.page].append(number)
        self._at: dict[int, int] = {}
        self._step = next((step for step in _STEPS if pages <= step * MAX_PAGES_NAMED), _STEPS[-1])
        self._first_line = ""
        self._pages: list[tuple[int, str]] = []

    def page_at(self, number: int, at: int) -> None:
        """Say at which offset the mark of a page stands."""
        for bookmark in self._on_page[number]:
            self._at[bookmark] = at
        if not self._bookmarks and number % self._step == 0:
            self._pages.append((at, f"Page {number + 1}"))

    def page(self, number: int, raw: str, text: str, found: Handle, *, draft: Draft) -> None:
        """Find the bookmarks of a page in its `text`, which is about to be written; `raw` is what pdfium said of it in `found`."""
        after = 0
        for bookmark in self._on_page.get(number, ()):
            place = _title_at(text, self._bookmarks[bookmark].title, after)
            top = self._bookmarks[bookmark].top
            if place is None and top is not None and found:
                place = _line_below(text, raw, found, top)
            if place is not None:
                self._at[bookmark] = draft.chars + place
                after = max(after, place)
        if self._pages and not self._bookmarks and number % self._step == 0:
            first = text.lstrip().split("\n", 1)[0].strip()
            # A running head says nothing of its page.
            if first and first != self._first_line and len(first) <= _MAX_FIRST_LINE:
                at, title = self._pages[-1]
                self._pages[-1] = at, f"{title}: {first}"
            self._first_line = first

    def finish(self, draft: Draft) -> None:
        for number, bookmark in enumerate(self._bookmarks):
            if number in self._at:
                draft.mark(bookmark.level, bookmark.title, at=self._at[number])
        for at, title in self._pages:
            draft.mark(1, title, at=at)


def _title_at(text: str, title: str, after: int) -> int | None:
    """Return where the line begins that the title stands on, with or without a number before it; the first from `after` on."""
    words = title[:_SEARCHED].split()
    wanted = r"\s+".join(re.escape(word) for word in words)
    match = re.compile(rf"^[^\S\n]*(?:\S{{1,12}}[^\S\n]+){{0,2}}{wanted}", re.IGNORECASE | re.MULTILINE).search(text, after)
    if match is None and after:
        return _title_at(text, title, 0)
    return match.start() if match else None


def _line_below(text: str, raw: str, found: Handle, top: float) -> int | None:
    """Return where the first line begins that lies below a height on the page."""
    lines = raw.split("\n")
    units, unit = [], 0
    for line in lines:
        units.append(unit + len(line) - len(line.lstrip()))
        unit += len(line.encode("utf-16-le")) // 2 + 1
    below = next((number for number, (bottom, _) in enumerate(heights(found, units)) if 0 < bottom < top), None)
    if below is None:
        return None
    first = lines[below].strip().split("\ufffe")[0][:_MAX_FIRST_LINE]
    place = text.find(first) if first else -1
    return text.rfind("\n", 0, place) + 1 if place >= 0 else None
