"""PowerPoint presentations and slide shows (`.pptx`, `.pptm`, `.ppsx`, `.potx`): a heading for each slide, its title first.

Then follow its shapes in the order of reading, and what the speaker noted under `Notes:`. Dates, page numbers and footers of slides are
left out, since they stand on each alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.drawing import write_drawing
from rlm_desktop.documents.readers.openxml import Package, Relation
from rlm_desktop.documents.readers.slides import Placed, in_reading_order, say_slides, write_below, write_slide_heading
from rlm_desktop.documents.readers.unpacking import broken, without_text
from rlm_desktop.documents.readers.xml_tree import Element, attribute, child, inside, local, number

_TITLE: Final = READERS["pptx"].title
_HEIGHT: Final = 6_858_000
"""Of a slide, in the units of PowerPoint, where a presentation does not say its own."""
_ON_EVERY_SLIDE: Final = frozenset({"dt", "ftr", "hdr", "sldNum"})
_TITLES: Final = frozenset({"title", "ctrTitle"})
_SHAPES: Final = frozenset({"sp", "grpSp", "graphicFrame", "pic", "cxnSp", "AlternateContent", "contentPart"})


def read(file: BinaryIO, draft: Draft) -> None:
    """Write a presentation. Raises RefusedError."""
    package = Package(file, _TITLE)
    main = package.main()
    root = package.tree(main)
    slides = child(root, "sldIdLst")
    size = child(root, "sldSz")
    height = number(attribute(size, "cy"), _HEIGHT) if size is not None else _HEIGHT
    relations = package.relations(main)
    # No slide stands in a presentation twice.
    parts = list(dict.fromkeys(_related(slide, relations) for slide in slides)) if slides is not None else []
    if local(root) != "presentation":
        raise broken(_TITLE)
    writer = _Slides(package, draft, max(1, height))
    for at, part in enumerate(parts, 1):
        writer.write(at, part)
        draft.share(at / len(parts))
    say_slides(draft, len(parts), hidden=writer.hidden, pictures=writer.pictures)
    if not writer.has_words:
        raise without_text(_TITLE)


def _related(element: Element, relations: dict[str, Relation]) -> str:
    """Return the name of the part that an element's `r:id` leads to. Raises RefusedError where it leads nowhere."""
    key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
    if key not in relations:
        raise broken(_TITLE)
    return relations[key].part


class _Slides:
    def __init__(self, package: Package, draft: Draft, height: int) -> None:
        self._package, self._draft, self._height = package, draft, height
        self._layouts: dict[str, dict[str, tuple[int, int]]] = {}
        self._relations: dict[str, Relation] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self.hidden = self.pictures = 0
        self.has_words = False

    def write(self, count: int, part: str) -> None:
        slide = self._package.tree(part)
        relations = self._relations = self._package.relations(part)
        self._places = self._layout_places(relations)
        tree = child(slide, "cSld", "spTree")
        shapes = list(_shapes(tree)) if tree is not None else []
        title = next((shape for shape in shapes if _placeholder(shape)[0] in _TITLES), None)
        is_hidden = attribute(slide, "show") in ("0", "false")
        self.hidden += is_hidden
        words = " ".join(_plain_lines(title)) if title is not None else ""
        write_slide_heading(self._draft, count, words, is_hidden=is_hidden)
        before = self._draft.chars
        self._write_shapes([shape for shape in shapes if shape is not title])
        write_below(self._draft, "Notes:", self._notes(relations))
        write_below(self._draft, "Comments:", self._comments(relations))
        self.has_words = self.has_words or bool(words.strip()) or self._draft.chars > before

    def _write_shapes(self, shapes: list[Element]) -> None:
        for shape in in_reading_order((self._placed(shape) for shape in shapes), self._height):
            name = local(shape)
            if name == "grpSp":
                self._write_shapes(list(_shapes(shape)))
            elif name == "pic":
                self.pictures += 1
            elif name == "graphicFrame":
                self._write_frame(shape)
            elif _placeholder(shape)[0] not in _ON_EVERY_SLIDE:
                self._draft.paragraph("\n".join(_lines(shape)))

    def _write_frame(self, frame: Element) -> None:
        for element in inside(frame, "tbl", "chart", "relIds"):
            if local(element) == "tbl":
                self._draft.table(_row(row) for row in element if local(row) == "tr")
            else:
                write_drawing(element, self._relations, self._package, self._draft)

    def _placed(self, shape: Element) -> Placed:
        offset = _offset(shape)
        if offset is None:
            kind, index = _placeholder(shape)
            offset = self._places.get(f"#{index}") or self._places.get(kind) or (0, 0)
        return Placed(offset[0], offset[1], shape)

    def _layout_places(self, relations: dict[str, Relation], kind: str = "slideLayout") -> dict[str, tuple[int, int]]:
        """Return where the placeholders of a slide's layout stand: kind, and `#` with their index → (top, left)."""
        part = next((relation.part for relation in relations.values() if relation.kind == kind), "")
        if part not in self._package:
            return {}
        if part not in self._layouts:
            places: dict[str, tuple[int, int]] = {}
            if kind == "slideLayout":
                # What a layout does not place stands where its master has it, whose indices are its own.
                master = self._layout_places(self._package.relations(part), "slideMaster")
                places = {key: place for key, place in master.items() if not key.startswith("#")}
            for shape in inside(self._package.tree(part), "sp"):
                offset = _offset(shape)
                mark, index = _placeholder(shape)
                if offset is not None and mark:
                    places[mark] = places[f"#{index}"] = offset
                elif mark in places:
                    places[f"#{index}"] = places[mark]
            self._layouts[part] = places
        return self._layouts[part]

    def _notes(self, relations: dict[str, Relation]) -> list[str]:
        part = next((relation.part for relation in relations.values() if relation.kind == "notesSlide"), None)
        if part is None or part not in self._package:
            return []
        shapes = inside(self._package.tree(part), "sp")
        return [line for shape in shapes if _placeholder(shape)[0] == "body" for line in _plain_lines(shape)]

    def _comments(self, relations: dict[str, Relation]) -> list[str]:
        lines = []
        for relation in relations.values():
            if relation.kind == "comments" and relation.part in self._package:
                for comment in inside(self._package.tree(relation.part), "cm", "reply"):
                    text, body = child(comment, "text"), child(comment, "txBody")
                    lines += _plain_lines(body) if body is not None else [(text.text if text is not None else None) or ""]
        return [" ".join(line.split()) for line in lines]


def _shapes(container: Element) -> Iterator[Element]:
    for element in container:
        if local(element) == "AlternateContent":
            yield from _shapes(next(iter(element), element))
        elif local(element) in _SHAPES:
            yield element


def _placeholder(shape: Element) -> tuple[str, str]:
    """Return the kind and index of a placeholder, nothing for other shapes."""
    for properties in shape:
        if local(properties).startswith("nv"):
            mark = child(properties, "nvPr", "ph")
            if mark is not None:
                return attribute(mark, "type") or "body", attribute(mark, "idx") or "0"
    return "", ""


def _offset(shape: Element) -> tuple[int, int] | None:
    """Return (top, left)."""
    frame = child(shape, "xfrm")
    for properties in ("spPr", "grpSpPr"):
        frame = child(shape, properties, "xfrm") if frame is None else frame
    offset = child(frame, "off")
    return None if offset is None else (number(attribute(offset, "y")), number(attribute(offset, "x")))


def _row(row: Element) -> list[str]:
    return [" ".join(_plain_lines(cell)) for cell in row if local(cell) == "tc"]


def _plain_lines(shape: Element) -> list[str]:
    return [text for paragraph in inside(shape, "p") if (text := _text(paragraph).strip())]


def _lines(shape: Element) -> Iterator[str]:
    """Yield the paragraphs of a shape, those of lists with a dash at their depth."""
    paragraphs = [(paragraph, text) for paragraph in inside(shape, "p") if (text := _text(paragraph).strip())]
    # What kind of list a placeholder has stands in the master; nearly all have points, and a single paragraph is rarely meant as one.
    is_list = _placeholder(shape)[0] in ("body", "obj") and len(paragraphs) > 1
    for paragraph, text in paragraphs:
        properties = child(paragraph, "pPr")
        marks = {local(mark) for mark in properties} if properties is not None else set()
        depth = min(number(attribute(properties, "lvl")), 8) if properties is not None else 0
        is_item = "buNone" not in marks and (is_list or depth > 0 or not marks.isdisjoint({"buChar", "buAutoNum", "buBlip"}))
        indent = "  " * depth
        yield f"{indent}- " + text.replace("\n", f"\n{indent}  ") if is_item else text


def _text(paragraph: Element) -> str:
    pieces = []
    for element in inside(paragraph, "t", "br"):
        pieces.append("\n" if local(element) == "br" else element.text or "")
    return "\n".join(line.strip() for line in "".join(pieces).split("\n"))
