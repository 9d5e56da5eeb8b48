"""The outline of a PDF document: its bookmarks, each at its line where that can be found; without, what is set larger, or its pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.pdf_file import Bookmark
from rlm_desktop.documents.readers.pdf_headings import SizedHeadings
from rlm_desktop.documents.readers.pdf_lines import Lines

MAX_PAGES_NAMED: Final = 200
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
_MAX_FIRST_LINE: Final = 60


class Outline:
    """Learns of the pages in their order, and writes the marks of the whole document at the end."""

    def __init__(self, bookmarks: Sequence[Bookmark], pages: int) -> None:
        self._bookmarks = [bookmark for bookmark in bookmarks if bookmark.page < pages]
        self._on_page: defaultdict[int, list[int]] = defaultdict(list)
        for number, bookmark in enumerate(self._bookmarks):
            self._on_page[bookmark.page].append(number)
        self._at: dict[int, int] = {}
        self._step = next((step for step in _STEPS if pages <= step * MAX_PAGES_NAMED), _STEPS[-1])
        self._sized = SizedHeadings()
        self._first_line = ""
        self._pages: list[tuple[int, str]] = []

    def page_at(self, number: int, at: int) -> None:
        """Say at which offset the mark of a page stands."""
        for bookmark in self._on_page[number]:
            self._at[bookmark] = at
        if not self._bookmarks and number % self._step == 0:
            self._pages.append((at, f"Page {number + 1}"))

    def page(self, number: int, lines: Lines, text: str, *, at: int) -> None:
        """Learn of a page's `text`, which is to stand at the offset `at`."""
        after = 0
        for bookmark in self._on_page.get(number, ()):
            place = lines.titled(self._bookmarks[bookmark].title, after)
            top = self._bookmarks[bookmark].top
            if place is None and top is not None:
                place = lines.below(top)
            if place is not None:
                self._at[bookmark] = at + place
                after = max(after, place)
        if not self._bookmarks:
            self._sized.page(lines, at)
            if number % self._step == 0:
                self._name_page(text)

    def finish(self, draft: Draft) -> None:
        """Write the marks: of the bookmarks, else of what is set in larger letters, else of the pages."""
        if self._bookmarks:
            found = [(one.level, one.title, self._at[number]) for number, one in enumerate(self._bookmarks) if number in self._at]
        else:
            found = self._sized.headings() or [(1, title, at) for at, title in self._pages]
        for level, title, at in found:
            draft.mark(level, title, at=at)

    def _name_page(self, text: str) -> None:
        first = text.lstrip().split("\n", 1)[0].strip()
        # A running head says nothing of its page.
        if first and first != self._first_line and len(first) <= _MAX_FIRST_LINE:
            at, title = self._pages[-1]
            self._pages[-1] = at, f"{title}: {first}"
        self._first_line = first
