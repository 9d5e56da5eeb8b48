"""PDF documents: the text of each page under a line such as `[Page 12]`, bookmarks as outline.

A page that the document itself numbers differently is marked `[Page 12, numbered viii]`. Order and lines are pdfium's. What was filled
into a form and what was remarked on a page stands below its text.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.pdf_annotations import Forms, forms_of
from rlm_desktop.documents.readers.pdf_file import (
    TITLE,
    Handle,
    attachment_names,
    bookmarks,
    characters,
    has_drawings,
    page_count,
    page_label,
    page_of,
    pdf_document,
    text_of,
)
from rlm_desktop.documents.readers.pdf_lines import Lines
from rlm_desktop.documents.readers.pdf_outline import Outline
from rlm_desktop.documents.readers.pdf_text import Mending, unreadable
from rlm_desktop.documents.readers.unpacking import broken, without_text
from rlm_desktop.documents.refused import RefusedError

MAX_PAGES: Final = 200_000
MAX_S: Final = 900.0
PAGES_AT_ONCE: Final = 500
_DAMAGED_IN_A_ROW: Final = 1_000
"""A damaged document may say that it has a million pages."""
_UNREADABLE_SHARE: Final = 0.1
_NAMED: Final = 10


def read(file: BinaryIO, draft: Draft) -> None:
    """Write the text of all pages. Raises RefusedError, and OSError where the file cannot be read."""
    with pdf_document(file) as document:
        pages = page_count(document)
        if pages <= 0:
            raise RefusedError(f"This is {TITLE} without any pages.", "no text")
        if pages > MAX_PAGES:
            raise RefusedError(f"This is {TITLE} of {pages:,} pages, and {MAX_PAGES:,} are the most that are read. Split it.", "too long")
        outline = Outline(bookmarks(document), pages)
        names = attachment_names(document, most=_NAMED)
    reading = _Reading(draft, outline, pages)
    for first in range(0, pages, PAGES_AT_ONCE):
        # pdfium keeps whatever it has read of a document until that is closed.
        with pdf_document(file) as document, forms_of(document) as forms:
            if not reading.read(document, forms, range(first, min(pages, first + PAGES_AT_ONCE))):
                break
    reading.finish()
    if names:
        draft.note(f"Files within the document are not read: {', '.join(names)}. Save them out of it and add them.")


class _Reading:
    def __init__(self, draft: Draft, outline: Outline, pages: int) -> None:
        self._draft = draft
        self._outline = outline
        self._pages = pages
        self._ends = time.monotonic() + MAX_S
        self._mending = Mending()
        self._damaged: list[int] = []
        self._waiting: list[tuple[int, str]] = []
        """Damaged pages after which no sound one has come yet, with their labels."""
        self._without_text: list[int] = []
        self._blank: list[int] = []
        self._unreadable: list[int] = []

    def read(self, document: Handle, forms: Forms, numbers: range) -> bool:
        """Read some pages. Return False where the document turns out to have no more."""
        for number in numbers:
            if time.monotonic() > self._ends:
                raise RefusedError(f"This is {TITLE} that takes more than {MAX_S / 60:.0f} minutes to read. Split it.", "takes too long")
            label = page_label(document, number).strip()
            with page_of(document, number) as page:
                if page:
                    self._leave_out_damaged()
                    self._mark(number, label)
                    self._page(page, number, forms)
                else:
                    self._waiting.append((number, label))
            if len(self._waiting) > _DAMAGED_IN_A_ROW:
                first = self._waiting[0][0]
                self._draft.note(f"The document says that it has {self._pages:,} pages, but from page {first + 1:,} on it is damaged.")
                self._pages = first
                self._waiting.clear()
                return False
            self._draft.share((number + 1) / self._pages)
        return True

    def finish(self) -> None:
        self._leave_out_damaged()
        if len(self._damaged) >= self._pages:
            raise broken(TITLE)
        if len(self._damaged) + len(self._without_text) + len(self._blank) >= self._pages:
            raise self._scanned() if self._without_text else without_text(TITLE)
        self._outline.finish(self._draft)
        self._note()
        self._draft.extent = "1 page" if self._pages == 1 else f"{self._pages:,} pages"

    def _leave_out_damaged(self) -> None:
        for number, label in self._waiting:
            self._mark(number, label)
            self._damaged.append(number)
        self._waiting.clear()

    def _page(self, page: Handle, number: int, forms: Forms) -> None:
        with text_of(page) as found:
            raw = characters(found) if found else ""
            text = self._mending.mended(raw)
            self._outline.page(number, Lines(raw, text, found), text, at=self._draft.chars)
        self._draft.write(f"{text}\n" if text else "")
        lines = forms.lines(page)
        for line in lines:
            self._draft.line(line)
        if not text.strip() and not lines:
            (self._without_text if has_drawings(page) else self._blank).append(number)
        elif unreadable(text) > _UNREADABLE_SHARE * len(text):
            self._unreadable.append(number)

    def _mark(self, number: int, label: str) -> None:
        self._draft.part()
        self._outline.page_at(number, self._draft.chars)
        self._draft.write(f"[Page {number + 1}, numbered {label}]\n" if label not in ("", str(number + 1)) else f"[Page {number + 1}]\n")

    def _note(self) -> None:
        if self._without_text:
            self._draft.note(
                f"{_pages(self._without_text)} without text, and may be scanned or drawn. Run text recognition (OCR) over the document "
                "where that matters."
            )
        if self._damaged:
            self._draft.note(f"{_pages(self._damaged)} damaged and left out.")
        if self._unreadable:
            self._draft.note(
                f"{_pages(self._unreadable)} set in fonts that do not say which letters they show, so the text is partly wrong. Run text "
                "recognition (OCR) over the document."
            )

    def _scanned(self) -> RefusedError:
        what = "its one page is a picture" if self._pages == 1 else f"its {self._pages:,} pages are pictures"
        return RefusedError(
            f"This is {TITLE} that was scanned or drawn: {what} without any text. Run text recognition (OCR) over it, and add what comes "
            "out.",
            "scanned",
        )


def _pages(numbers: Sequence[int]) -> str:
    """Return `Page 3 is`, or `3 pages (1, 4–6) are`; `numbers` count from 0 and rise."""
    if len(numbers) == 1:
        return f"Page {numbers[0] + 1} is"
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    named = [str(first + 1) if first == last else f"{first + 1}–{last + 1}" for first, last in ranges[:_NAMED]]
    return f"{len(numbers):,} pages ({', '.join(named)}{', …' if len(ranges) > _NAMED else ''}) are"
