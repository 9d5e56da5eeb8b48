"""The edges that can be seen, as three paths: at rest, going on, still to come; and the ports where they leave their rows."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from rlm_desktop.gui.look.paint import elbow
from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.gui.map.view import View
from rlm_desktop.present.layout import GAP_X, PITCH_X, WIDTH
from rlm_desktop.present.tree import Tree
from rlm_desktop.present.wires import Wires

_PORT_PX = 3.0
_FAR_PX = 400.0
TO_COME, AT_REST, GOING_ON = range(3)


class Edges:
    """Collects the edges of one frame; `paint` goes below the nodes, `paint_ports` above them."""

    def __init__(self, tree: Tree, wires: Wires, view: View, theme: Theme, *, width: float, height: float) -> None:
        self._theme = theme
        self._view = view
        self._paths = {kind: QPainterPath() for kind in (TO_COME, AT_REST, GOING_ON)}
        self._lines: dict[int, list[QLineF]] = {kind: [] for kind in self._paths}
        self._started, self._active = tree.counts.started, tree.counts.active
        self._ports: dict[tuple[float, float], QColor] = {}
        top, bottom = view.scene_y(0), view.scene_y(height)
        columns = len(tree.layout.columns) - 1
        first = max(1, int(view.scene_x(0) // PITCH_X))
        last = min(columns - 1, int(view.scene_x(width) // PITCH_X) + 1)
        for column in range(first, last + 1):
            for node in wires.visible(column, top, bottom).tolist():
                self._add(tree, wires, node, column, height)

    def _add(self, tree: Tree, wires: Wires, node: int, column: int, height: float) -> None:
        view = self._view
        left = view.x((column - 1) * PITCH_X + WIDTH)
        right = view.x(column * PITCH_X)
        start_y, end_y = view.y(float(wires.start_y[node])), view.y(float(wires.end_y[node]))
        # A header does not shrink below 20 px, nor does the middle of it.
        end_y = max(end_y, view.y(float(tree.layout.y[node])) + min(10.0, float(tree.layout.height[node]) * view.zoom / 2))
        start = QPointF(left, max(-_FAR_PX, min(height + _FAR_PX, start_y)))
        end = QPointF(right, max(-_FAR_PX, min(height + _FAR_PX, end_y)))
        turn = left + float(wires.turn[node]) / GAP_X * (right - left)
        kind = TO_COME if not self._started[node] else GOING_ON if self._active[node] else AT_REST
        if view.level == "bar":
            # Its corners would be too small to be seen as round.
            corner, last = QPointF(turn, start.y()), QPointF(turn, end.y())
            self._lines[kind] += (QLineF(start, corner), QLineF(corner, last), QLineF(last, end))
            return
        self._paths[kind].addPath(elbow(start, end, turn, radius=min(8.0, (right - left) / 3)))
        colour = "rlm" if kind == GOING_ON else "wire"
        if view.level == "card" and (colour == "rlm" or (start.x(), start.y()) not in self._ports):
            self._ports[start.x(), start.y()] = self._theme.c(colour)

    def paint(self, p: QPainter) -> None:
        t = self._theme
        p.setBrush(Qt.BrushStyle.NoBrush)
        pens = {
            TO_COME: QPen(t.c("wire"), 1.25, Qt.PenStyle.DashLine), AT_REST: QPen(t.c("wire"), 1.25), GOING_ON: QPen(t.c("rlm"), 1.75),
        }  # fmt: skip
        for kind, pen in pens.items():
            if self._lines[kind]:
                pen.setWidthF(1.0 if kind != GOING_ON else 2.0)
                p.setPen(pen)
                p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                p.drawLines(self._lines[kind])
                p.setRenderHint(QPainter.RenderHint.Antialiasing)
            elif not self._paths[kind].isEmpty():
                p.setPen(pen)
                p.drawPath(self._paths[kind])

    def paint_ports(self, p: QPainter) -> None:
        p.setBrush(self._theme.c("card"))
        for (x, y), colour in self._ports.items():
            p.setPen(QPen(colour, 1.25))
            p.drawEllipse(QPointF(x, y), _PORT_PX, _PORT_PX)
