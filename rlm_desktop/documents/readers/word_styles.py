"""Which paragraph styles of a Word document are headings, whatever the person's language calls them."""

from __future__ import annotations

import re

from rlm_desktop.documents.readers.word_numbering import ListPlace
from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local, number

_HEADING = re.compile(r"heading (\d)")
_MAX_CHAIN = 20
"""Word itself gives up after eleven; a circle ends here too."""
_BODY_LEVEL = 9
"""The outline level that says: no heading."""


class Styles:
    """What the styles say of a paragraph: the level of a heading, and its place in a list."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default = ""
        for style in inside(root, "style") if root is not None else ():
            key = attribute(style, "styleId")
            if key and attribute(style, "type") in ("paragraph", None):
                self._styles.setdefault(key, style)
                if attribute(style, "default") in ("1", "true", "on"):
                    self._default = key
        self._levels: dict[str, int] = {}
        self._places: dict[str, ListPlace | None] = {}

    def level(self, paragraph: Element) -> int:
        """Return a paragraph's level as a heading, counting from 1; 0 for any other."""
        properties = child(paragraph, "pPr")
        own = child(properties, "outlineLvl")
        if own is not None:
            return _level(own)
        key = self._key(properties)
        if key not in self._levels:
            self._levels[key] = self._style_level(key)
        return self._levels[key]

    def place(self, paragraph: Element) -> ListPlace | None:
        """Return the list that a paragraph stands in, and how deep."""
        properties = child(paragraph, "pPr")
        key = self._key(properties)
        if key not in self._places:
            self._places[key] = self._style_place(key)
        inherited = self._places[key]
        numbering = child(properties, "numPr")
        if numbering is None:
            return inherited
        own = _place(numbering)
        if own.list_id is None and inherited is not None:
            return ListPlace(inherited.list_id, own.level)
        return own

    def _key(self, properties: Element | None) -> str:
        style = child(properties, "pStyle")
        return (attribute(style, "val") if style is not None else None) or self._default

    def _chain(self, key: str) -> list[Element]:
        chain: list[Element] = []
        while key in self._styles and len(chain) < _MAX_CHAIN:
            chain.append(self._styles[key])
            based_on = child(self._styles[key], "basedOn")
            key = (attribute(based_on, "val") if based_on is not None else None) or ""
        return chain

    def _style_level(self, key: str) -> int:
        for style in self._chain(key):
            outline = child(style, "pPr", "outlineLvl")
            if outline is not None:
                return _level(outline)
            name = child(style, "name")
            title = ((attribute(name, "val") if name is not None else None) or "").lower()
            match = _HEADING.fullmatch(title)
            if match:
                return max(1, int(match[1]))
            if title == "title":
                return 1
        return 0

    def _style_place(self, key: str) -> ListPlace | None:
        for style in self._chain(key):
            numbering = child(style, "pPr", "numPr")
            if numbering is not None:
                place = _place(numbering)
                if place.list_id is not None:
                    return place
        return None


def _level(outline: Element) -> int:
    level = number(attribute(outline, "val"), _BODY_LEVEL)
    return level + 1 if 0 <= level < _BODY_LEVEL else 0


def _place(numbering: Element) -> ListPlace:
    values = {local(inner): attribute(inner, "val") for inner in numbering}
    return ListPlace(values.get("numId"), number(values.get("ilvl")))
