"""Word documents (`.docx`, `.docm`, `.dotx`, `.dotm`), paragraph by paragraph in the order of the text, tables in their places.

Footnotes and endnotes are marked `[^1]` where they belong and follow at the end, then comments, marked `[comment 1]`; then each different
header and footer once. Numbers that Word counts by itself are written where it shows them. Of tracked changes the insertions are in the
text and the deletions are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.drawing import write_drawing
from rlm_desktop.documents.readers.openxml import Package, Relation
from rlm_desktop.documents.readers.unpacking import broken, without_text
from rlm_desktop.documents.readers.word_numbering import Numbering
from rlm_desktop.documents.readers.word_styles import Styles
from rlm_desktop.documents.readers.word_text import TextReader
from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local, number

_TITLE: Final = READERS["docx"].title
_SHARE_EVERY: Final = 200


def read(file: BinaryIO, draft: Draft) -> None:
    """Write a Word document. Raises RefusedError."""
    package = Package(file, _TITLE)
    _Document(package, draft).write()
    if not draft.chars:
        raise without_text(_TITLE)


class _Document:
    def __init__(self, package: Package, draft: Draft) -> None:
        self._package, self._draft = package, draft
        self._main = package.main()
        self._relations = package.relations(self._main)
        styles, numbering = self._part("styles"), self._part("numbering")
        self._styles, self._numbering = Styles(styles), Numbering(numbering)
        self._texts = TextReader()
        self._paragraphs = self._tables = 0
        self._is_in_list = False
        self._has_foreign = False

    def write(self) -> None:
        body = child(self._package.tree(self._main), "body")
        if body is None:
            raise broken(_TITLE)
        self._write_blocks(body, self._relations, is_body=True)
        tables = f", {self._tables:,} table{'s' * (self._tables != 1)}" if self._tables else ""
        self._draft.extent = f"{self._paragraphs:,} paragraph{'s' * (self._paragraphs != 1)}{tables}"
        self._write_notes()
        self._write_comments()
        self._write_margins()
        self._say()

    def _part(self, kind: str) -> Element | None:
        part = next((relation.part for relation in self._relations.values() if relation.kind == kind), None)
        return self._package.tree(part) if part is not None and part in self._package else None

    def _blocks(self, container: Iterable[Element]) -> Iterator[Element]:
        """Yield the paragraphs and tables of a container in order, out of content controls and what else may wrap them."""
        for element in container:
            name = local(element)
            if name in ("p", "tbl"):
                yield element
            elif name == "altChunk":
                self._has_foreign = True
            elif name == "AlternateContent":
                yield from self._blocks(list(element)[:1])
            elif name not in ("sectPr", "sdtPr", "tblPr", "tcPr", "trPr", "tr") and not self._texts.is_deleted(element):
                yield from self._blocks(element)

    def _write_blocks(self, container: Element, relations: dict[str, Relation], *, is_body: bool = False) -> None:
        count = len(container)
        for at, block in enumerate(self._blocks(container)):
            if local(block) == "tbl":
                self._write_table(block, relations)
            else:
                self._write_paragraph(block, relations)
            if is_body and at % _SHARE_EVERY == 0:
                self._draft.share(at / count)

    def _write_paragraph(self, paragraph: Element, relations: dict[str, Relation]) -> None:
        read = self._texts.read(paragraph)
        level = self._styles.level(paragraph)
        place = self._styles.place(paragraph)
        marker = self._numbering.marker(place) if place is not None else None
        text = read.text.strip()
        if text:
            self._paragraphs += 1
            is_item = marker is not None and place is not None and not level
            if level:
                self._draft.heading(level, text if marker in (None, "-") else f"{marker} {text}")
            elif is_item and place is not None:
                if not self._is_in_list:
                    self._draft.part()
                indent = "  " * place.level
                self._draft.line(f"{indent}{marker} " + text.replace("\n", f"\n{indent}  "))
            else:
                self._draft.paragraph(text)
            self._is_in_list = is_item
        for box in read.boxes:
            self._write_blocks(box, relations)
        for drawing in read.drawings:
            write_drawing(drawing, relations, self._package, self._draft)

    def _write_table(self, table: Element, relations: dict[str, Relation]) -> None:
        self._tables += 1
        self._is_in_list = False
        rows = [list(_cells(row)) for row in _rows(table) if not self._texts.is_deleted(row)]
        if all(len(row) <= 1 for row in rows):
            # One column is a frame around text that has headings, lists and tables of its own.
            for row in rows:
                for cell in row:
                    self._write_blocks(cell, relations)
            return
        after: list[Element] = []
        self._draft.table([text for cell in row for text in self._cell(cell, after)] for row in rows)
        for drawing in after:
            write_drawing(drawing, relations, self._package, self._draft)

    def _cell(self, cell: Element, drawings: list[Element]) -> list[str]:
        """Return a cell's text, followed by the empty cells that it covers."""
        span = child(cell, "tcPr", "gridSpan")
        covered = min(number(attribute(span, "val"), 1), 64) - 1 if span is not None else 0
        return [" ".join(self._flat(cell, drawings)), *[""] * covered]

    def _flat(self, container: Element, drawings: list[Element]) -> Iterator[str]:
        """Yield the paragraphs of a container, those of the tables in it too, each as one text with its number."""
        for block in self._blocks(container):
            if local(block) == "tbl":
                for row in _rows(block):
                    if not self._texts.is_deleted(row):
                        for cell in _cells(row):
                            yield from self._flat(cell, drawings)
                continue
            read = self._texts.read(block)
            place = self._styles.place(block)
            marker = self._numbering.marker(place) if place is not None else None
            text = read.text.strip()
            if text:
                self._paragraphs += 1
                yield text if marker is None else f"{marker} {text}"
            drawings += read.drawings
            for box in read.boxes:
                yield from self._flat(box, drawings)

    def _write_notes(self) -> None:
        notes = {
            (kind, attribute(note, "id") or ""): note
            for kind in ("footnote", "endnote")
            for root in (self._part(f"{kind}s"),)
            if root is not None
            for note in inside(root, kind)
        }
        self._write_marked("Notes:", [(f"[^{at}]:", notes[key]) for key, at in self._texts.notes.items() if key in notes])

    def _write_comments(self) -> None:
        root = self._part("comments")
        comments = {attribute(comment, "id") or "": comment for comment in inside(root, "comment")} if root is not None else {}
        marked = [(f"[comment {at}]", comments[key]) for key, at in self._texts.comments.items() if key in comments]
        marked += [("[comment]", comment) for key, comment in comments.items() if key not in self._texts.comments]
        self._write_marked("Comments:", [(f"{mark} {attribute(comment, 'author') or 'Somebody'}:", comment) for mark, comment in marked])

    def _write_marked(self, title: str, parts: Iterable[tuple[str, Element]]) -> None:
        lines = [f"{mark} {text}" for mark, part in parts if (text := " ".join(self._flat(part, [])))]
        self._write_lines(title, lines)

    def _write_margins(self) -> None:
        texts: dict[str, None] = {}
        for relation in self._relations.values():
            if relation.kind in ("header", "footer") and relation.part in self._package:
                for text in self._flat(self._package.tree(relation.part), []):
                    if any(map(str.isalpha, text)):
                        texts.setdefault(" ".join(text.split()))
        self._write_lines("Headers and footers:", list(texts))

    def _write_lines(self, title: str, lines: list[str]) -> None:
        if lines:
            self._draft.paragraph(title)
            for line in lines:
                self._draft.line(" ".join(line.split()))

    def _say(self) -> None:
        draft, texts = self._draft, self._texts
        if texts.has_changes:
            draft.note("The document has tracked changes: insertions are in the text, deletions are not.")
        if texts.has_hidden:
            draft.note("Text that is formatted as hidden is left out.")
        if texts.pictures:
            draft.note("A picture is not read." if texts.pictures == 1 else f"{texts.pictures:,} pictures are not read.")
        if self._has_foreign:
            draft.note("A document of another format that is embedded in this one is left out.")


def _rows(table: Element) -> Iterator[Element]:
    return _wrapped(table, "tr")


def _cells(row: Element) -> Iterator[Element]:
    return _wrapped(row, "tc")


def _wrapped(container: Element, name: str) -> Iterator[Element]:
    """Yield the children of a name, out of content controls and what else may wrap them."""
    for element in container:
        if local(element) == name:
            yield element
        elif local(element) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _wrapped(element, name)
