"""The numbers and bullets of OpenDocument lists, which stand nowhere in the text of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rlm_desktop.documents.readers.list_numbers import written_number
from rlm_desktop.documents.readers.opendocument_parts import OpenDocument
from rlm_desktop.documents.readers.xml_tree import Element, attribute, inside, local, number

_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_MAX_LEVEL = 10
_MAX_NUMBER = 100_000
_MAX_AROUND = 50


class ListItem(NamedTuple):
    """`marker` is empty for what follows in an item; `other` is what stands in the item in the place of a paragraph."""

    paragraph: Element | None
    other: Element
    marker: str
    indent: str


class _Level(NamedTuple):
    format: str | None
    before: str
    after: str
    start: int


class ListCounts:
    def __init__(self, document: OpenDocument) -> None:
        self._levels: dict[tuple[str, int], _Level] = {}
        self._last: dict[tuple[str, int], int] = {}
        for root in (document.content, document.styles):
            for style in inside(root, "list-style") if root is not None else ():
                name = attribute(style, "name") or ""
                for inner in style:
                    if local(inner).startswith("list-level-style"):
                        self._levels.setdefault((name, number(attribute(inner, "level"), 1)), _level(inner))

    def items(self, element: Element, style: str = "", level: int = 1) -> Iterator[ListItem]:
        """Yield the items of a list and of those in it, in order."""
        style = attribute(element, "style-name") or style
        key = (style, level)
        here = self._levels.get(key, _Level(None, "", "", 1))
        continues = attribute(element, "continue-numbering") == "true" or attribute(element, "continue-list") is not None
        count = self._last.get(key, here.start - 1) if continues else here.start - 1
        indent = "  " * min(level - 1, _MAX_LEVEL)
        for item in element:
            if local(item) not in ("list-item", "list-header"):
                continue
            is_first = local(item) == "list-item"
            if is_first and any(local(inner) in ("p", "h") for inner in item):
                count = min(number(attribute(item, "start-value"), count + 1), _MAX_NUMBER)
            for inner in item:
                if local(inner) == "list":
                    yield from self.items(inner, style, level + 1)
                elif local(inner) in ("p", "h"):
                    yield ListItem(inner, inner, _marker(here, count) if is_first else "", indent)
                    is_first = False
                elif local(inner) != "number":
                    yield ListItem(None, inner, "", indent)
        self._last[key] = count


def _level(element: Element) -> _Level:
    form = attribute(element, "num-format") if local(element) == "list-level-style-number" else None
    before, after = (attribute(element, "num-prefix") or "")[:_MAX_AROUND], (attribute(element, "num-suffix") or "")[:_MAX_AROUND]
    return _Level(form, before, after, max(0, min(number(attribute(element, "start-value"), 1), _MAX_NUMBER)))


def _marker(level: _Level, count: int) -> str:
    if not level.format:
        return "-"
    return f"{level.before}{written_number(count, _FORMATS.get(level.format, 'decimal'))}{level.after}".strip() or "-"
