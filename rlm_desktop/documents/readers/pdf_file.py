"""A PDF document opened within pdfium, page by page.

pdfium's own functions are called rather than pypdfium2's classes around them: handles are given back at once, nothing is logged, and
nothing is read behind the end of a buffer that a damaged page made too small.
"""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, NamedTuple

# Version 5.15 says nothing of its types.
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from rlm_desktop.documents.readers.unpacking import broken, protected
from rlm_desktop.documents.refused import RefusedError

TITLE: Final = "a PDF document"
_MAX_STRING_BYTES: Final = 200_000
_MAX_BOOKMARKS: Final = 50_000
_MAX_DEPTH: Final = 32
_GetBlock: Final = dict(pdfium.FPDF_FILEACCESS._fields_)["m_GetBlock"]

Handle = Any
"""What pdfium gives out: a pointer, which is false where there is nothing."""


class Bookmark(NamedTuple):
    level: int
    title: str
    page: int
    """From 0."""
    top: float | None
    """The y coordinate on the page, upwards; None where the bookmark leads to the page as a whole."""


@contextmanager
def pdf_document(file: BinaryIO) -> Iterator[Handle]:
    """Open the document that `file` holds, which is read as it is needed. Raises RefusedError."""
    failures: list[OSError] = []

    def block(_: object, position: int, buffer: Any, count: int) -> int:
        try:
            file.seek(position)
            data = file.read(count)
            while len(data) < count and (more := file.read(count - len(data))):
                data += more
        except OSError as error:
            failures.append(error)
            return 0
        if len(data) < count:
            return 0
        ctypes.memmove(buffer, data, count)
        return 1

    access = pdfium.FPDF_FILEACCESS()
    access.m_FileLen = file.seek(0, os.SEEK_END)
    access.m_GetBlock = _GetBlock(block)
    document = pdfium.FPDF_LoadCustomDocument(access, None)
    if not document:
        if failures:
            raise failures[0]
        code = pdfium.FPDF_GetLastError()
        if code == pdfium.FPDF_ERR_PASSWORD:
            raise protected(TITLE)
        if code == pdfium.FPDF_ERR_SECURITY:
            raise RefusedError(
                f"This is {TITLE} that is protected in a way that only some programs open. Save it without protection and add that.",
                "protected",
            )
        raise broken(TITLE)
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)
    if failures:
        raise failures[0]


def page_count(document: Handle) -> int:
    return int(pdfium.FPDF_GetPageCount(document))


@contextmanager
def page_of(document: Handle, number: int) -> Iterator[Handle]:
    """Load a page, counted from 0. What is yielded is false where the page is damaged."""
    page = pdfium.FPDF_LoadPage(document, number)
    try:
        yield page
    finally:
        if page:
            pdfium.FPDF_ClosePage(page)


@contextmanager
def text_of(page: Handle) -> Iterator[Handle]:
    """Find the characters of a page. What is yielded is false where that failed."""
    text = pdfium.FPDFText_LoadPage(page)
    try:
        yield text
    finally:
        if text:
            pdfium.FPDFText_ClosePage(text)


def characters(text: Handle) -> str:
    """Return the text of a page as pdfium orders it: line ends are `\\r\\n`, a hyphen that it takes for one of a line's end is U+FFFE."""
    count = pdfium.FPDFText_CountChars(text)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text, 0, count, buffer)
    return bytes(memoryview(buffer).cast("B")[: 2 * max(0, written - 1)]).decode("utf-16-le", "replace")


def heights(text: Handle, units: list[int]) -> list[float]:
    """Return the lower y coordinate of the line at each place in the text, counted in UTF-16 units; 0 where it is not known."""
    box = pdfium.FS_RECTF()
    found = []
    for unit in units:
        at = pdfium.FPDFText_GetCharIndexFromTextIndex(text, unit)
        found.append(float(box.bottom) if at >= 0 and pdfium.FPDFText_GetLooseCharBox(text, at, box) else 0.0)
    return found


def letter_sizes(text: Handle, units: list[int]) -> list[float]:
    """Return how large the letters are at each place in the text, in points to a tenth; 0 where that is not known."""
    matrix = pdfium.FS_MATRIX()
    found = []
    for unit in units:
        at = pdfium.FPDFText_GetCharIndexFromTextIndex(text, unit)
        is_found = at >= 0 and pdfium.FPDFText_GetMatrix(text, at, matrix)
        found.append(round(pdfium.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d), 1) if is_found else 0.0)
    return found


def page_label(document: Handle, number: int) -> str:
    return string_of(pdfium.FPDF_GetPageLabel, document, number)


def has_drawings(page: Handle) -> bool:
    """Say whether anything at all is drawn on the page."""
    return int(pdfium.FPDFPage_CountObjects(page)) > 0


def attachment_names(document: Handle, *, most: int) -> list[str]:
    count = min(most, pdfium.FPDFDoc_GetAttachmentCount(document))
    attachments = [pdfium.FPDFDoc_GetAttachment(document, number) for number in range(count)]
    names = [string_of(pdfium.FPDFAttachment_GetName, attachment) for attachment in attachments if attachment]
    return [name for name in names if name]


def bookmarks(document: Handle) -> list[Bookmark]:
    """Return those that lead to a page of the document, in their own order. Circles among them are cut."""
    found: list[Bookmark] = []
    seen: set[int] = set()
    waiting = [(1, pdfium.FPDFBookmark_GetFirstChild(document, None))]
    while waiting and len(seen) < _MAX_BOOKMARKS:
        level, bookmark = waiting.pop()
        if not bookmark or ctypes.addressof(bookmark.contents) in seen:
            continue
        seen.add(ctypes.addressof(bookmark.contents))
        waiting.append((level, pdfium.FPDFBookmark_GetNextSibling(document, bookmark)))
        if level < _MAX_DEPTH:
            waiting.append((level + 1, pdfium.FPDFBookmark_GetFirstChild(document, bookmark)))
        destination = pdfium.FPDFBookmark_GetDest(document, bookmark)
        page = pdfium.FPDFDest_GetDestPageIndex(document, destination) if destination else -1
        title = string_of(pdfium.FPDFBookmark_GetTitle, bookmark)
        if page >= 0 and title.strip():
            found.append(Bookmark(level, title, page, _top(destination)))
    return found


def string_of(function: Callable[..., int], *arguments: object) -> str:
    """Return what a function of pdfium writes into a buffer of UTF-16 with a NUL at its end; nothing where that is very long."""
    size = function(*arguments, None, 0)
    if not 2 < size <= _MAX_STRING_BYTES:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    function(*arguments, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def _top(destination: Handle) -> float | None:
    has_x, has_y, has_zoom = (ctypes.c_int() for _ in range(3))
    x, y, zoom = (ctypes.c_float() for _ in range(3))
    is_found = pdfium.FPDFDest_GetLocationInPage(destination, has_x, has_y, has_zoom, x, y, zoom)
    return float(y.value) if is_found and has_y.value else None
