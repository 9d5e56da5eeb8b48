"""OpenDocument texts and presentations (`.odt`, `.odp`): the marks are those of Word documents and PowerPoint presentations.

Footnotes and endnotes are marked `[^1]`, comments `[comment 1]`; they follow at the end, with each different header and footer once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.opendocument_lists import ListCounts
from rlm_desktop.documents.readers.opendocument_parts import OpenDocument, OpenText
from rlm_desktop.documents.readers.opendocument_slides import write_slides
from rlm_desktop.documents.readers.unpacking import broken, without_text
from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local, number

_TITLE: Final = READERS["opendocument"].title
_NOT_BLOCKS: Final = frozenset({"sequence-decls", "user-field-decls", "variable-decls", "forms", "tracked-changes", "index-title-template"})
_SHARE_EVERY: Final = 200
_MAX_COLUMNS: Final = 1_000
_MAX_REPEATED_CHARS: Final = 100_000


def read(file: BinaryIO, draft: Draft) -> None:
    """Write an OpenDocument text or presentation. Raises RefusedError."""
    document = OpenDocument(file, _TITLE)
    body = next(inside(document.content, "body"), None)
    if body is None:
        raise broken(_TITLE)
    slides = child(body, "presentation")
    slides = child(body, "drawing") if slides is None else slides
    if slides is not None:
        write_slides(document, slides, draft)
    else:
        _Text(document, draft).write(body)
    if not draft.chars:
        raise without_text(_TITLE)


class _Text:
    def __init__(self, document: OpenDocument, draft: Draft) -> None:
        self._document, self._draft = document, draft
        self._texts = OpenText()
        self._lists = ListCounts(document)
        self._paragraphs = self._tables = 0
        self._is_in_list = False

    def write(self, body: Element) -> None:
        container = next(iter(body), body)
        count = max(1, len(container))
        for at, block in enumerate(container):
            self._write_block(block)
            if at % _SHARE_EVERY == 0:
                self._draft.share(at / count)
        tables = f", {self._tables:,} table{'s' * (self._tables != 1)}" if self._tables else ""
        self._draft.extent = f"{self._paragraphs:,} paragraph{'s' * (self._paragraphs != 1)}{tables}"
        self._write_notes()
        self._write_margins()
        if next(inside(body, "tracked-changes"), None) is not None:
            self._draft.note("The document has tracked changes: insertions are in the text, deletions are not.")
        pictures = self._texts.pictures
        if pictures:
            self._draft.note("A picture is not read." if pictures == 1 else f"{pictures:,} pictures are not read.")

    def _write_block(self, block: Element) -> None:
        name = local(block)
        if name in ("p", "h"):
            self._write_paragraph(block)
        elif name == "list":
            self._write_list(block)
        elif name == "table":
            self._write_table(block)
        elif name and name not in _NOT_BLOCKS:
            for inner in block:
                self._write_block(inner)

    def _write_paragraph(self, paragraph: Element, *, marker: str = "", indent: str = "") -> None:
        text = self._texts.read(paragraph)
        if text:
            self._paragraphs += 1
            level = self._level(paragraph)
            if level:
                self._draft.heading(level, f"{marker} {text}" if marker not in ("", "-") else text)
            elif marker:
                if not self._is_in_list:
                    self._draft.part()
                self._draft.line(f"{indent}{marker} " + text.replace("\n", f"\n{indent}  "))
            else:
                self._draft.paragraph(text)
            self._is_in_list = bool(marker) and not level
        for box in self._texts.boxes_taken():
            self._write_block(box)

    def _level(self, paragraph: Element) -> int:
        if local(paragraph) == "h":
            return max(1, number(attribute(paragraph, "outline-level"), 1))
        return int("Title" in self._document.style_names(attribute(paragraph, "style-name")))

    def _write_list(self, element: Element) -> None:
        for item in self._lists.items(element):
            if item.paragraph is None:
                self._write_block(item.other)
            else:
                self._write_paragraph(item.paragraph, marker=item.marker, indent=item.indent)

    def _write_table(self, table: Element) -> None:
        self._tables += 1
        self._is_in_list = False
        rows = list(_rows(table))
        if all(sum(1 for _ in _cells(row)) <= 1 for row in rows):
            for row in rows:
                for cell in _cells(row):
                    for block in cell:
                        self._write_block(block)
            return
        self._draft.table(self._cell_texts(row) for row in rows)

    def _cell_texts(self, row: Element) -> list[str]:
        texts: list[str] = []
        for cell in _cells(row):
            times = max(1, min(number(attribute(cell, "number-columns-repeated"), 1), _MAX_COLUMNS))
            text = " ".join(self._flat(cell))
            texts += [text] * (times if len(text) * times <= _MAX_REPEATED_CHARS else 1)
            if len(texts) > _MAX_COLUMNS:
                break
        return texts

    def _flat(self, container: Element) -> Iterator[str]:
        """Yield the paragraphs below an element, each as one text, those of lists with their markers."""
        for block in container:
            name = local(block)
            if name in ("p", "h"):
                text = self._texts.read(block)
                if text:
                    self._paragraphs += 1
                    yield text
                for box in self._texts.boxes_taken():
                    yield from self._flat(box)
            elif name == "list":
                for item in self._lists.items(block):
                    if item.paragraph is not None:
                        text = self._texts.read(item.paragraph)
                        if text:
                            yield f"{item.marker} {text}".strip()
            elif name and name not in _NOT_BLOCKS:
                yield from self._flat(block)

    def _write_notes(self) -> None:
        lines = []
        # A note may bear notes: the list grows while it is gone through.
        for at, note in enumerate(self._texts.notes, 1):
            body = child(note, "note-body")
            lines.append(f"[^{at}]: {' '.join(self._flat(body)) if body is not None else ''}")
        self._write_lines("Notes:", lines)
        lines = []
        for at, comment in enumerate(self._texts.comments, 1):
            author = child(comment, "creator")
            lines.append(f"[comment {at}] {(author.text if author is not None else None) or 'Somebody'}: {' '.join(self._flat(comment))}")
        self._write_lines("Comments:", lines)

    def _write_margins(self) -> None:
        texts: dict[str, None] = {}
        if self._document.styles is not None:
            for margin in inside(self._document.styles, "header", "footer", "header-left", "footer-left", "header-first", "footer-first"):
                for text in self._flat(margin):
                    if any(map(str.isalpha, text)):
                        texts.setdefault(text)
        self._write_lines("Headers and footers:", texts)

    def _write_lines(self, title: str, lines: Iterable[str]) -> None:
        lines = [" ".join(line.split()) for line in lines]
        if lines:
            self._draft.paragraph(title)
            for line in lines:
                self._draft.line(line)


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        if local(element) == "table-row":
            yield element
        elif local(element) in ("table-rows", "table-header-rows", "table-row-group"):
            yield from _rows(element)


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in row if local(cell) in ("table-cell", "covered-table-cell"))
