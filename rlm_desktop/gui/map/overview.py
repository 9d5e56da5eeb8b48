"""The tree as dots: what would touch is merged into a bar that says how many; what failed or goes on keeps a mark of its own."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from rlm_desktop.gui.look.paint import fill, outline
from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.gui.map.view import View, across
from rlm_desktop.present import numbers
from rlm_desktop.present.folding import FAN
from rlm_desktop.present.layout import PITCH_X
from rlm_desktop.present.tree import Tree
from rlm_desktop.trace.codes import LLM

CELL_PX = 12.0
DOT_PX = 7.0
_LABEL_FROM_PITCH_PX = 60.0
CENTRE_PX = 4.0
"""Where a dot's middle is, counted from its node's upper left corner."""


class _Column(NamedTuple):
    """Merged nodes of one column, from top to bottom; `y` in pixels from the scene's top."""

    y: NDArray[np.float64]
    first_node: NDArray[np.int64]
    nodes: NDArray[np.int64]
    calls: NDArray[np.int64]
    failed: NDArray[np.int64]
    active: NDArray[np.int64]
    started: NDArray[np.int64]
    is_plain: NDArray[np.bool_]
    edge_from: NDArray[np.float64]
    edge_to: NDArray[np.float64]


class Overview:
    """The merged tree at one zoom. Made once a zoom and state; panning only draws another part of it."""

    def __init__(self, tree: Tree, zoom: float) -> None:
        self.tree = tree
        self.zoom = zoom
        self._pitch = PITCH_X * across(zoom)
        self._columns: list[_Column] = []
        cell_of_node = np.zeros(len(tree.layout), np.float64)
        for column in range(len(tree.layout.columns) - 1):
            self._columns.append(self._merge(column, cell_of_node))

    def _merge(self, column: int, y_of_node: NDArray[np.float64]) -> _Column:
        tree, layout = self.tree, self.tree.layout
        lo, hi = int(layout.columns[column]), int(layout.columns[column + 1])
        y = layout.y[lo:hi] * self.zoom
        cell = np.floor(y / CELL_PX)
        is_new = np.r_[True, cell[1:] != cell[:-1]]
        starts = np.flatnonzero(is_new)
        sizes = np.diff(np.r_[starts, hi - lo])
        middle = np.where(sizes == 1, y[starts] + CENTRE_PX, cell[starts] * CELL_PX + CELL_PX / 2)
        y_of_node[lo:hi] = np.repeat(middle, sizes)
        first = layout.first[lo:hi]
        edge_from, edge_to = np.zeros(0), np.zeros(0)
        if column:
            edge_to = y_of_node[lo:hi]
            edge_from = y_of_node[layout.parent[lo:hi]]
            differs = np.r_[True, (edge_to[1:] != edge_to[:-1]) | (edge_from[1:] != edge_from[:-1])]
            edge_from, edge_to = edge_from[differs], edge_to[differs]

        def summed(values: NDArray[Any]) -> NDArray[np.int64]:
            return np.add.reduceat(values.astype(np.int64), starts)

        return _Column(
            y=middle, first_node=lo + starts, nodes=sizes, calls=summed(layout.expected[lo:hi]), failed=summed(tree.counts.failed[lo:hi]),
            active=summed(tree.counts.active[lo:hi]), started=summed(tree.counts.started[lo:hi]),
            is_plain=np.minimum.reduceat(tree.columns.calls["kind"][first] == LLM, starts), edge_from=edge_from, edge_to=edge_to,
        )  # fmt: skip

    def paint(self, p: QPainter, view: View, theme: Theme, *, width: float, height: float) -> None:
        top, bottom = -view.top - CELL_PX, height - view.top + CELL_PX
        seen = [
            (column, view.left + number * self._pitch)
            for number, column in enumerate(self._columns)
            if -self._pitch <= view.left + number * self._pitch <= width + self._pitch
        ]
        self._paint_edges(p, seen, view, theme, top, bottom)
        p.setFont(theme.ui("caption", "medium"))
        for column, x in seen:
            first, end = np.searchsorted(column.y, (top, bottom)).tolist()
            for i in range(first, end):
                self._paint_cell(p, column, i, x, view.top + float(column.y[i]), theme)

    def _paint_edges(self, p: QPainter, seen: list[tuple[_Column, float]], view: View, theme: Theme, top: float, bottom: float) -> None:
        lines: list[QLineF] = []
        for column, x in seen:
            from_x, to_x = x - self._pitch + CENTRE_PX, x + CENTRE_PX
            trunk = to_x - min(14.0, 0.4 * self._pitch)
            start_y, end_y = column.edge_from, column.edge_to
            inside = np.flatnonzero((np.minimum(start_y, end_y) < bottom) & (np.maximum(start_y, end_y) > top))
            # Edges that only pass by lie on one another: one of them each way is enough.
            passes = (end_y[inside] < top) | (end_y[inside] > bottom)
            passing = inside[passes]
            for i in [*inside[~passes].tolist(), *passing[:1].tolist(), *passing[-1:].tolist()]:
                start, end = (view.top + max(top, min(bottom, float(edge[i]))) for edge in (start_y, end_y))
                lines.append(QLineF(from_x, start, trunk, start))
                lines.append(QLineF(trunk, start, trunk, end))
                lines.append(QLineF(trunk, end, to_x, end))
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.setPen(QPen(theme.c("wire", 0.6), 1))
        p.drawLines(lines)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_cell(self, p: QPainter, column: _Column, i: int, x: float, y: float, theme: Theme) -> None:
        layout = self.tree.layout
        calls, nodes = int(column.calls[i]), int(column.nodes[i])
        is_fan = nodes == 1 and layout.kind[column.first_node[i]] == FAN
        role = "llm" if column.is_plain[i] else "rlm"
        centre = QPointF(x + CENTRE_PX, y)
        if not column.started[i]:
            outline(p, QRectF(x + 0.5, y - 3.5, DOT_PX, DOT_PX), theme.c("wire"), 2)
            return
        right = x + DOT_PX
        if nodes > 1 or is_fan:
            right = x + min(0.5 * self._pitch, max(DOT_PX, 4 + 7 * math.log2(1 + calls)))
            bar = QRectF(x, y - 4, right - x, 8)
            fill(p, bar, theme.c(f"{role}_soft"), 2)
            outline(p, bar, theme.c(role), 2)
            if self._pitch >= _LABEL_FROM_PITCH_PX:
                self._paint_label(p, f"×{numbers.count(calls)}", right, y, theme)
        elif not column.failed[i] and not column.active[i]:
            fill(p, QRectF(x + 0.5, y - 3.5, DOT_PX, DOT_PX), theme.c(role), 3.5 if column.is_plain[i] else 2)
        if column.active[i]:
            p.setPen(QPen(theme.c(role), 1.75))
            p.setBrush(theme.c("canvas"))
            p.drawEllipse(centre if right <= x + DOT_PX else QPointF(right - 4, y), 3.6, 3.6)
        if column.failed[i]:
            at = centre if right <= x + DOT_PX else QPointF(x + (right - x) * 0.5, y)
            p.setPen(QPen(theme.c("canvas"), 1))
            p.setBrush(theme.c("fail"))
            p.drawPolygon(QPolygonF([at + QPointF(0, -5), at + QPointF(5, 0), at + QPointF(0, 5), at + QPointF(-5, 0)]))

    def _paint_label(self, p: QPainter, words: str, right: float, y: float, theme: Theme) -> None:
        metrics = QFontMetricsF(p.font())
        room = QRectF(right + 4, y - 6, metrics.horizontalAdvance(words) + 4, 12)
        p.fillRect(room, theme.c("canvas"))
        p.setPen(theme.c("text_2"))
        p.drawText(QPointF(room.left() + 2, round(y + metrics.capHeight() / 2)), words)

    def centre_of(self, node: int, view: View) -> QPointF:
        """Return where a node's dot, or the bar that holds it, is on the screen."""
        number = int(self.tree.layout.column[node])
        column = self._columns[number]
        i = int(np.searchsorted(column.first_node, node, side="right")) - 1
        return QPointF(view.left + number * self._pitch + CENTRE_PX, view.top + float(column.y[i]))

    def node_at(self, x: float, y: float, view: View) -> int:
        """Return the first node of the dot or bar at a point of the screen, -1 if there is none."""
        number = math.floor((x - view.left) / self._pitch)
        if not 0 <= number < len(self._columns):
            return -1
        column = self._columns[number]
        if x - view.left - number * self._pitch > max(12.0, 0.5 * self._pitch) or not len(column.y):
            return -1
        i = int(np.argmin(np.abs(column.y + view.top - y)))
        return int(column.first_node[i]) if abs(float(column.y[i]) + view.top - y) <= CELL_PX / 2 + 1 else -1
