"""What of a card lies at a point: the same places that `card` and `fan_card` paint."""

from __future__ import annotations

from typing import Literal, NamedTuple

from rlm_desktop.gui.map.fan_card import list_top
from rlm_desktop.present.folding import CARD, FAN
from rlm_desktop.present.layout import FAN_FAILURE, HEADER, LIST_LONGEST, LIST_ROW, META, ROW, WIDTH, Layout, OpenList

_PAGE_ARROW_FROM, _PAGE_ARROW_TO = 40.0, 80.0
_CLOSE_WIDTH = 34.0


class Hit(NamedTuple):
    """`number`: of a row its place in the card, of a member its place on the page, of a page -1 or 1."""

    part: Literal["node", "row", "failure", "member", "page", "filter", "close"]
    number: int = 0


def hit(layout: Layout, node: int, x: float, y: float, opened: OpenList | None) -> Hit:
    """`x` and `y` count from the node's upper left corner, in scene pixels."""
    if layout.kind[node] == CARD:
        row = int((y - HEADER - META) // ROW)
        bottom = float(layout.height[node])
        return Hit("row", row) if y >= HEADER + META and HEADER + META + ROW * (row + 1) <= bottom else Hit("node")
    top = list_top(int(layout.expected[node]))
    if layout.kind[node] != FAN or y < top:
        return Hit("node")
    if opened is None:
        return Hit("failure") if layout.failed[node] and y < top + FAN_FAILURE else Hit("node")
    shown = min(LIST_LONGEST, int(layout.failed[node]) if opened.failed_only else int(layout.expected[node]))
    place = int((y - top) // LIST_ROW)
    if place < shown:
        return Hit("member", place)
    if x > WIDTH - _CLOSE_WIDTH:
        return Hit("close")
    if _PAGE_ARROW_FROM <= abs(x - WIDTH / 2) <= _PAGE_ARROW_TO:
        return Hit("page", -1 if x < WIDTH / 2 else 1)
    return Hit("filter") if x < WIDTH / 2 else Hit("node")
