"""The slides of an OpenDocument presentation (`.odp`) and the pages of a drawing (`.odg`), as those of PowerPoint are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.opendocument_lists import ListCounts
from rlm_desktop.documents.readers.opendocument_parts import OpenDocument, OpenText
from rlm_desktop.documents.readers.slides import Placed, in_reading_order, say_slides, write_below, write_slide_heading
from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local

_LENGTH: Final = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)?")
_IN_CM: Final = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}
_HEIGHT_CM: Final = 15.75
_ON_EVERY_SLIDE: Final = frozenset({"header", "footer", "date-time", "page-number", "page"})


def write_slides(document: OpenDocument, body: Element, draft: Draft) -> None:
    """Write the pages in `body`. Nothing is written where there are no words in any."""
    pages = [page for page in body if local(page) == "page"]
    written = _Pages(document, draft)
    described = [written.described(page) for page in pages]
    if not any(title or blocks or notes for title, blocks, notes in described):
        return
    hidden = 0
    for at, (page, (title, blocks, notes)) in enumerate(zip(pages, described, strict=True), 1):
        is_hidden = document.style_says(attribute(page, "style-name"), "drawing-page-properties", "visibility") == "hidden"
        hidden += is_hidden
        write_slide_heading(draft, at, title, is_hidden=is_hidden)
        for block in blocks:
            if isinstance(block, str):
                draft.paragraph(block)
            else:
                draft.table(block)
        write_below(draft, "Notes:", notes)
    say_slides(draft, len(pages), hidden=hidden, pictures=written.pictures)


Block = str | list[list[str]]


class _Pages:
    def __init__(self, document: OpenDocument, draft: Draft) -> None:
        self._lists = ListCounts(document)
        self._texts = OpenText()
        self.pictures = 0

    def described(self, page: Element) -> tuple[str, list[Block], list[str]]:
        """Return the title of a page, its other shapes in the order of reading, and the lines of its notes."""
        shapes = [shape for shape in page if local(shape) not in ("notes", "forms", "annotation")]
        title = next((shape for shape in shapes if attribute(shape, "class") == "title"), None)
        blocks = list(self._blocks([shape for shape in shapes if shape is not title]))
        notes = child(page, "notes")
        lines: list[str] = []
        for frame in notes if notes is not None else ():
            if attribute(frame, "class") == "notes":
                lines += self._lines(frame)
        return " ".join(self._lines(title)) if title is not None else "", blocks, lines

    def _blocks(self, shapes: list[Element]) -> Iterator[Block]:
        for shape in in_reading_order((_placed(shape) for shape in shapes), _HEIGHT_CM):
            if local(shape) == "g":
                yield from self._blocks(list(shape))
                continue
            if attribute(shape, "class") in _ON_EVERY_SLIDE:
                continue
            table = child(shape, "table")
            if table is not None:
                yield [[" ".join(self._lines(cell)) for cell in row if local(cell) == "table-cell"] for row in inside(table, "table-row")]
                continue
            self.pictures += child(shape, "image") is not None
            text = "\n".join(self._lines(shape))
            if text.strip():
                yield text

    def _lines(self, container: Element) -> Iterator[str]:
        for element in container:
            name = local(element)
            if name in ("p", "h"):
                text = self._texts.read(element)
                if text:
                    yield text
            elif name == "list":
                for item in self._lists.items(element):
                    text = self._texts.read(item.paragraph) if item.paragraph is not None else ""
                    if text:
                        yield f"{item.indent}{item.marker} {text}" if item.marker else text
            elif name in ("text-box", "list-item", "section", "table-cell", "a"):
                yield from self._lines(element)


def _placed(shape: Element) -> Placed:
    return Placed(_length(attribute(shape, "y")), _length(attribute(shape, "x")), shape)


def _length(text: str | None) -> float:
    """Return a length in cm, 0 where it is none."""
    match = _LENGTH.fullmatch(text or "")
    return float(match[1]) * _IN_CM[match[2] or "cm"] if match else 0.0
