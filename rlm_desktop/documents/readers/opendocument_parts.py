"""What OpenDocument files of every kind have in common: their XML, and how text is written in it."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from rlm_desktop.documents.readers.unpacking import Unpacking, broken, protected, without_text
from rlm_desktop.documents.readers.xml_tree import Element, attribute, inside, local, number, parsed

_SPACES: Final = re.compile(r"[ \t\r\n]+")
_MAX_SPACES: Final = 32
_MAX_CHAIN: Final = 20
_NOT_TEXT: Final = frozenset({"ruby-text", "forms", "object", "title", "desc", "script", "tracked-changes", "bibliography-mark-source"})


class OpenDocument:
    def __init__(self, file: BinaryIO, title: str) -> None:
        """Raises RefusedError where the file is damaged, protected or too large."""
        unpacking = Unpacking(file, title)
        manifest = "META-INF/manifest.xml"
        if manifest in unpacking and b"encryption-data" in unpacking.read(manifest):
            raise protected(title)
        if "content.xml" not in unpacking:
            # Templates of nothing but styles have none.
            raise without_text(title) if "styles.xml" in unpacking else broken(title)
        self.content = parsed(unpacking.read("content.xml"), title)
        self.styles = parsed(unpacking.read("styles.xml"), title) if "styles.xml" in unpacking else None
        self.style_elements: dict[str, Element] = {}
        for root in (self.content, self.styles):
            for style in inside(root, "style") if root is not None else ():
                self.style_elements.setdefault(attribute(style, "name") or "", style)

    def style_names(self, name: str | None) -> list[str]:
        """Return the name of a style and of those that it inherits from."""
        names: list[str] = []
        while name and len(names) < _MAX_CHAIN:
            names.append(name)
            style = self.style_elements.get(name)
            name = attribute(style, "parent-style-name") if style is not None else None
        return names

    def style_says(self, name: str | None, properties: str, key: str) -> str | None:
        """Return what the style of that name says under `key` in the element `properties`."""
        style = self.style_elements.get(name or "")
        if style is None:
            return None
        return next((attribute(inner, key) for inner in style if local(inner) == properties), None)


class OpenText:
    """Takes paragraphs in the order of the document, and keeps what hangs on them."""

    def __init__(self) -> None:
        self.notes: list[Element] = []
        """Footnotes and endnotes; the first is marked `[^1]`."""
        self.comments: list[Element] = []
        """The first is marked `[comment 1]`."""
        self.boxes: list[Element] = []
        """Text boxes and tables that hang on paragraphs, not yet fetched."""
        self.pictures = 0
        self._pieces: list[str] = []

    def read(self, paragraph: Element) -> str:
        """Return a paragraph's text as it is shown."""
        self._pieces = []
        self._walk(paragraph)
        return "".join(self._pieces).strip()

    def boxes_taken(self) -> list[Element]:
        """Return the boxes that hang on what was read since this was asked last."""
        boxes, self.boxes = self.boxes, []
        return boxes

    def _walk(self, element: Element) -> None:
        self._add(element.text)
        for inner in element:
            name = local(inner)
            if name == "s":
                self._pieces.append(" " * max(0, min(number(attribute(inner, "c"), 1), _MAX_SPACES)))
            elif name == "tab":
                self._pieces.append("\t")
            elif name == "line-break":
                self._pieces.append("\n")
            elif name == "number":
                # What a heading was numbered with when the file was saved.
                self._pieces.append(f"{inner.text or ''} ")
            elif name == "note":
                self.notes.append(inner)
                self._pieces.append(f"[^{len(self.notes)}]")
            elif name == "annotation":
                self.comments.append(inner)
                self._pieces.append(f"[comment {len(self.comments)}]")
            elif name in ("text-box", "custom-shape", "table"):
                self.boxes.append(inner)
            elif name == "image":
                self.pictures += 1
            elif name and name not in _NOT_TEXT:
                self._walk(inner)
            self._add(inner.tail)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        text = _SPACES.sub(" ", text)
        # White space counts once, even across the elements that it stands in.
        before = self._pieces[-1][-1:] if self._pieces and self._pieces[-1] else ""
        self._pieces.append(text[1:] if text[0] == " " and before in (" ", "\n", "\t") else text)
