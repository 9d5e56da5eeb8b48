"""Where the chosen call stands: the names from the root down to it, above the map."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import text, text_width
from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.selection import Chosen
from rlm_desktop.present import numbers
from rlm_desktop.present.folding import FAN

HEIGHT = 40.0
_LEFT, _GAP = 24.0, 22.0


class Crumb(NamedTuple):
    words: str
    choice: Chosen | None
    """What a click on it chooses."""


def crumbs_of(scene: Scene, chosen: Chosen) -> list[Crumb]:
    """Return `root`, `iteration 3`, `×1,204 llm_query`, `#877`."""
    if chosen.call_id is None:
        return []
    calls = scene.run.columns.calls
    if not 0 <= chosen.call_id < len(calls):
        return []
    found: list[Crumb] = []
    if chosen.fan is not None and chosen.fan < len(calls):
        found.append(Crumb(_fan_name(scene, chosen.fan), chosen))
    if chosen.iteration is not None:
        found.append(Crumb(f"iteration {chosen.iteration + 1}", Chosen(call_id=chosen.call_id, iteration=chosen.iteration)))
    call = chosen.call_id
    while True:
        found.append(Crumb(scene.tree.name(call), Chosen(call_id=call)))
        parent = int(calls["parent"][call])
        if parent < 0:
            break
        node = int(scene.layout.node_of[call]) if call < len(scene.layout.node_of) else -1
        if node >= 0 and scene.layout.kind[node] == FAN:
            found.append(Crumb(_fan_name(scene, int(scene.layout.first[node])), scene.choice_of(node)))
        iteration = int(calls["site_iteration"][call])
        found.append(Crumb(f"iteration {iteration + 1}", Chosen(call_id=parent, iteration=iteration)))
        call = parent
    return found[::-1]


def _fan_name(scene: Scene, first: int) -> str:
    node = int(scene.layout.node_of[first]) if first < len(scene.layout.node_of) else -1
    if node < 0:
        return f"#{first}"
    return f"×{numbers.count(int(scene.layout.expected[node]))} {'rlm' if scene.tree.fan_is_rlm(node) else 'llm'}_query"


def paint_crumbs(p: QPainter, crumbs: list[Crumb], theme: Theme, width: float) -> list[tuple[QRectF, Crumb]]:
    """Paint them into the top of the canvas and return where each is. What has no room is left out after the first."""
    regular, medium = theme.ui("small"), theme.ui("small", "medium")
    widths = [text_width(medium if i == len(crumbs) - 1 else regular, crumb.words) for i, crumb in enumerate(crumbs)]
    shown = list(range(len(crumbs)))
    while len(shown) > 2 and _LEFT + sum(widths[i] + _GAP for i in shown) > width - 16:
        del shown[1]
    places = []
    x = _LEFT
    for i in shown:
        is_last = i == len(crumbs) - 1
        room = QRectF(x, 12, min(widths[i], max(40.0, width - 16 - x)), 24)
        text(p, room, crumbs[i].words, medium if is_last else regular, theme.c("text" if is_last else "text_3"))
        places.append((room, crumbs[i]))
        x = room.right() + 6
        if not is_last:
            paint_icon(p, "chevron-right", QRectF(x - 1, 18, 12, 12), theme.c("text_3"))
            x += 16
    return places
