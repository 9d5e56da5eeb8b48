"""What slides have in common, whatever program they are from: a heading each, shapes in the order of reading, notes after them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.xml_tree import Element

_LINES_A_SLIDE: Final = 12


class Placed(NamedTuple):
    """A shape with the place of its upper left corner, in any unit."""

    top: float
    left: float
    shape: Element


def in_reading_order(shapes: Iterable[Placed], height: float) -> list[Element]:
    """Return shapes from above to below, and from left to right where they begin at about the same height of a slide `height` high."""
    ordered: list[Element] = []
    line: list[Placed] = []
    for placed in sorted(shapes, key=lambda each: each.top):
        if line and placed.top - line[0].top > height / _LINES_A_SLIDE:
            ordered += [each.shape for each in sorted(line, key=lambda each: each.left)]
            line = []
        line.append(placed)
    return ordered + [each.shape for each in sorted(line, key=lambda each: each.left)]


def write_slide_heading(draft: Draft, count: int, title: str, *, is_hidden: bool) -> None:
    hidden = " (hidden)" if is_hidden else ""
    draft.heading(1, f"Slide {count}{hidden}: {title}" if title.strip() else f"Slide {count}{hidden}")


def write_below(draft: Draft, title: str, lines: Iterable[str]) -> None:
    """Write lines under a line such as `Notes:`, nothing where there are none."""
    kept = [line.strip() for line in lines if line.strip()]
    if kept:
        draft.paragraph(title)
        for line in kept:
            draft.line(line)


def say_slides(draft: Draft, count: int, *, hidden: int, pictures: int) -> None:
    draft.extent = f"{count:,} slide{'s' * (count != 1)}"
    if hidden:
        draft.note("A slide is hidden. It is in the text." if hidden == 1 else f"{hidden:,} slides are hidden. They are in the text.")
    if pictures:
        draft.note("A picture is not read." if pictures == 1 else f"{pictures:,} pictures are not read.")
