"""The text of a paragraph of a Word document as it is shown: with insertions, without deletions, results of fields and not their codes."""

from __future__ import annotations

from itertools import islice
from typing import Final, NamedTuple

from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local

_NOT_TEXT: Final = frozenset({"pPr", "tblPr", "trPr", "tcPr", "delText", "delInstrText", "rt", "rubyPr", "posOffset", "sdtPr", "sdtEndPr"})
_DELETED: Final = frozenset({"del", "moveFrom"})
_INSERTED: Final = frozenset({"ins", "moveTo"})
_LITERAL: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PAGE_NUMBERS: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
_MAX_FIELDS: Final = 50
"""Within each other."""
_SYMBOLS: Final = {"F0FE": "☒", "F0FD": "☒", "F0A8": "☐", "F06F": "☐", "F0FC": "✓", "F0FB": "✗", "F0B7": "•", "F0E0": "→", "F0E8": "→"}
"""Of the fonts of symbols, what forms are filled in with."""


class ParagraphText(NamedTuple):
    """`boxes` are the contents of text boxes that hang on the paragraph, `drawings` its charts and diagrams."""

    text: str
    boxes: list[Element]
    drawings: list[Element]


class TextReader:
    """Takes the paragraphs in the order of the document: fields may begin in one and end in another."""

    def __init__(self) -> None:
        self.notes: dict[tuple[str, str], int] = {}
        """(`footnote` or `endnote`, id) → the number in its mark, such as `[^1]`."""
        self.comments: dict[str, int] = {}
        """Id → the number in its mark, such as `[comment 1]`."""
        self.has_changes = False
        self.has_hidden = False
        self.pictures = 0
        self._fields: list[bool] = []
        self._code = ""
        self._pieces: list[str] = []
        self._boxes: list[Element] = []
        self._drawings: list[Element] = []

    def read(self, paragraph: Element) -> ParagraphText:
        self._pieces, self._boxes, self._drawings = [], [], []
        self._walk(paragraph)
        # A code that does not end with its paragraph is damage, and must not hide the rest of the document.
        self._fields = [True for _ in self._fields]
        return ParagraphText("".join(self._pieces), self._boxes, self._drawings)

    def is_deleted(self, element: Element) -> bool:
        """Say whether a tracked change takes an element away, or a row whose properties say so."""
        properties = child(element, "trPr")
        inner = {local(element)} | ({local(each) for each in properties} if properties is not None else set())
        self.has_changes = self.has_changes or not inner.isdisjoint(_DELETED | _INSERTED)
        return not inner.isdisjoint(_DELETED)

    def _walk(self, element: Element) -> None:
        for inner in element:
            name = local(inner)
            if name == "t":
                self._add(inner.text or "")
            elif name in _LITERAL:
                self._add(_LITERAL[name])
            elif name == "r":
                if self._is_shown(inner):
                    self._walk(inner)
            elif name in _DELETED or name in _INSERTED:
                if not self.is_deleted(inner):
                    self._walk(inner)
            elif name in _SPECIAL:
                _SPECIAL[name](self, inner)
            elif name not in _NOT_TEXT:
                self._walk(inner)

    def _add(self, text: str) -> None:
        if all(self._fields):
            self._pieces.append(text)

    def _is_shown(self, run: Element) -> bool:
        vanish = child(run, "rPr", "vanish")
        if vanish is None or attribute(vanish, "val") in ("0", "false", "off"):
            return True
        self.has_hidden = self.has_hidden or any(text.text for text in inside(run, "t"))
        # The marks of fields stand in runs of their own, which may be hidden while the result is not.
        for mark in inside(run, "fldChar"):
            self._field_mark(mark)
        return False

    def _field_mark(self, mark: Element) -> None:
        kind = attribute(mark, "fldCharType")
        if kind == "begin" and len(self._fields) < _MAX_FIELDS:
            self._fields.append(False)
            self._code = ""
        elif kind == "separate" and self._fields:
            self._fields[-1] = not _is_page_number(self._code)
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _field_code(self, code: Element) -> None:
        self._code += code.text or ""

    def _simple_field(self, field: Element) -> None:
        if not _is_page_number(attribute(field, "instr") or ""):
            self._walk(field)

    def _note(self, mark: Element) -> None:
        key = (local(mark).removesuffix("Reference"), attribute(mark, "id") or "")
        self._add(f"[^{self.notes.setdefault(key, len(self.notes) + 1)}]")

    def _comment(self, mark: Element) -> None:
        self._add(f"[comment {self.comments.setdefault(attribute(mark, 'id') or '', len(self.comments) + 1)}]")

    def _symbol(self, symbol: Element) -> None:
        self._add(_SYMBOLS.get((attribute(symbol, "char") or "").upper(), ""))

    def _box(self, content: Element) -> None:
        self._boxes.append(content)

    def _drawing(self, drawing: Element) -> None:
        self._drawings.append(drawing)

    def _picture(self, picture: Element) -> None:
        self.pictures += 1
        self._walk(picture)

    def _alternatives(self, element: Element) -> None:
        """Take the first alternative only: the others say the same for older programs."""
        first = next(iter(element), None)
        if first is not None:
            self._walk(first)

    def _fraction(self, fraction: Element) -> None:
        self._in_brackets(child(fraction, "num"))
        self._add("/")
        self._in_brackets(child(fraction, "den"))

    def _raised(self, raised: Element) -> None:
        self._add("^")
        self._in_brackets(raised)

    def _lowered(self, lowered: Element) -> None:
        self._add("_")
        self._in_brackets(lowered)

    def _in_brackets(self, element: Element | None) -> None:
        if element is None:
            return
        texts = [text.text or "" for text in islice(inside(element, "t"), 2)]
        is_plain = len(texts) == 1 and texts[0].strip().isalnum()
        self._add("" if is_plain else "(")
        self._walk(element)
        self._add("" if is_plain else ")")


def _is_page_number(code: str) -> bool:
    return code.split(maxsplit=1)[:1] != [] and code.split(maxsplit=1)[0].upper() in _PAGE_NUMBERS


_SPECIAL: Final = {
    "fldChar": TextReader._field_mark,
    "instrText": TextReader._field_code,
    "fldSimple": TextReader._simple_field,
    "footnoteReference": TextReader._note,
    "endnoteReference": TextReader._note,
    "commentReference": TextReader._comment,
    "sym": TextReader._symbol,
    "txbxContent": TextReader._box,
    "chart": TextReader._drawing,
    "relIds": TextReader._drawing,
    "pic": TextReader._picture,
    "imagedata": TextReader._picture,
    "AlternateContent": TextReader._alternatives,
    "f": TextReader._fraction,
    "sup": TextReader._raised,
    "sub": TextReader._lowered,
}
