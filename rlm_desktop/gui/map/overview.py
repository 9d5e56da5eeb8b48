"""The tree as dots: what would touch is merged into a bar that says how many; what failed or goes on keeps a mark of its own."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from rlm_desktop.gui.look.paint import fill, outline, text, text_width
from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.gui.map.drawing import Drawing
from rlm_desktop.gui.map.pictures import Pictures, draw
from rlm_desktop.gui.map.view import View, across
from rlm_desktop.present import numbers
from rlm_desktop.present.layout import PITCH_X
from rlm_desktop.present.tree import Tree
from rlm_desktop.trace.codes import LLM

CELL_PX = 10.0
DOT_PX = 7.0
_LABEL_FROM_PITCH_PX = 60.0
CENTRE_PX = 4.0
"""Where a dot's middle is, counted from its node's upper left corner."""


class Cell(NamedTuple):
    """What is drawn at one place: a call, a fan, or all that would touch here."""

    calls: int
    has_failed: bool
    is_active: bool
    has_started: bool
    is_plain: bool


class _Column(NamedTuple):
    """Merged nodes of one column, from top to bottom; `y` in pixels from the scene's top."""

    y: NDArray[np.float64]
    first_node: NDArray[np.int64]
    calls: NDArray[np.int64]
    failed: NDArray[np.int64]
    active: NDArray[np.int64]
    started: NDArray[np.int64]
    is_plain: NDArray[np.bool_]
    edge_from: NDArray[np.float64]
    edge_to: NDArray[np.float64]

    def cells(self, first: int, end: int) -> list[Cell]:
        part = slice(first, end)
        parts = (self.calls[part], self.failed[part] > 0, self.active[part] > 0, self.started[part] > 0, self.is_plain[part])
        return [Cell(*values) for values in zip(*(column.tolist() for column in parts), strict=True)]


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
        middle = cell[starts] * CELL_PX + CELL_PX / 2
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
            y=middle, first_node=lo + starts, calls=summed(layout.expected[lo:hi]), failed=summed(tree.counts.failed[lo:hi]),
            active=summed(tree.counts.active[lo:hi]), started=summed(tree.counts.started[lo:hi]),
            is_plain=np.minimum.reduceat(tree.columns.calls["kind"][first] == LLM, starts), edge_from=edge_from, edge_to=edge_to,
        )  # fmt: skip

    def paint(self, p: QPainter, view: View, theme: Theme, pictures: Pictures, *, width: float, height: float) -> None:
        ratio = p.deviceTransform().m11()
        top, bottom = -view.top - CELL_PX, height - view.top + CELL_PX
        seen = [
            (column, view.left + number * self._pitch)
            for number, column in enumerate(self._columns)
            if -self._pitch <= view.left + number * self._pitch <= width + self._pitch
        ]
        self._paint_edges(p, seen, view, theme, top, bottom)
        ground = (self._pitch, ratio, theme.name, theme.hexes["edge"])
        for column, x in seen:
            first, end = np.searchsorted(column.y, (top, bottom)).tolist()
            for y, cell in zip((column.y[first:end] + view.top).tolist(), column.cells(first, end), strict=True):
                picture = pictures.known((ground, cell))
                if picture is None and pictures.has_time:
                    paint = partial(_paint_cell, cell=cell, pitch=self._pitch)
                    picture = pictures.paint((ground, cell), "cell", self._pitch, CELL_PX, ratio, theme, paint)
                if picture is not None:
                    draw(p, picture, QPointF(x, y - CELL_PX / 2))

    def _paint_edges(self, p: QPainter, seen: list[tuple[_Column, float]], view: View, theme: Theme, top: float, bottom: float) -> None:
        lines: list[QLineF] = []
        for column, x in seen:
            high, low = np.minimum(column.edge_from, column.edge_to), np.maximum(column.edge_from, column.edge_to)
            inside = np.flatnonzero((high < bottom) & (low > top))
            if not len(inside):
                continue
            from_x, to_x = x - self._pitch + CENTRE_PX, x + CENTRE_PX
            trunk = to_x - min(14.0, 0.4 * self._pitch)
            start = column.edge_from[inside]
            end = np.clip(column.edge_to[inside], top, bottom)
            first = np.flatnonzero(np.r_[True, start[1:] != start[:-1]])
            start = start[first]
            high, low = np.minimum(start, np.minimum.reduceat(end, first)), np.maximum(start, np.maximum.reduceat(end, first))
            for at, y1, y2 in (np.stack((start, np.maximum(high, top), np.minimum(low, bottom)), 1) + view.top).tolist():
                lines.append(QLineF(from_x, at, trunk, at))
                lines.append(QLineF(trunk, y1, trunk, y2))
            differs = np.r_[True, end[1:] != end[:-1]]
            lines.extend(QLineF(trunk, y, to_x, y) for y in (end[differs] + view.top).tolist())
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.setPen(QPen(_mixed(theme.c("wire"), theme.c("canvas"), 0.6), 1))
        p.drawLines(lines)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)

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
        if x - view.left - number * self._pitch > max(12.0, 0.75 * self._pitch) or not len(column.y):
            return -1
        i = int(np.argmin(np.abs(column.y + view.top - y)))
        return int(column.first_node[i]) if abs(float(column.y[i]) + view.top - y) <= CELL_PX / 2 + 1 else -1


def _paint_cell(d: Drawing, cell: Cell, pitch: float) -> None:
    """A dot, or a bar that says how many, with its middle on the left edge's half height."""
    p, t = d.p, d.theme
    role, y = "llm" if cell.is_plain else "rlm", CELL_PX / 2
    centre = QPointF(CENTRE_PX, y)
    if not cell.has_started:
        outline(p, QRectF(0.5, y - 3.5, DOT_PX, DOT_PX), t.c("wire"), 2)
        return
    right = DOT_PX
    if cell.calls > 1:
        right = min(0.5 * pitch, max(DOT_PX, 4 + 7 * math.log2(1 + cell.calls)))
        bar = QRectF(0, y - 4, right, 8)
        fill(p, bar, t.c(f"{role}_soft"), 2)
        outline(p, bar, t.c(role), 2)
        if pitch >= _LABEL_FROM_PITCH_PX:
            words, font = f"×{numbers.count(cell.calls)}", t.ui("caption", "medium")
            room = QRectF(right + 4, 0, text_width(font, words) + 4, CELL_PX)
            p.fillRect(room, t.c("canvas"))
            text(p, room.adjusted(2, 0, 2, 0), words, font, t.c("text_2"))
    elif not cell.has_failed and not cell.is_active:
        fill(p, QRectF(0.5, y - 3.5, DOT_PX, DOT_PX), t.c(role), 3.5 if cell.is_plain else 2)
    if cell.is_active:
        p.setPen(QPen(t.c(role), 1.75))
        p.setBrush(t.c("canvas"))
        p.drawEllipse(centre if right <= DOT_PX else QPointF(right - 4, y), 3.6, 3.6)
    if cell.has_failed:
        at = centre if right <= DOT_PX else QPointF(right * 0.5, y)
        p.setPen(QPen(t.c("canvas"), 1))
        p.setBrush(t.c("fail"))
        p.drawPolygon(QPolygonF([at + QPointF(0, -5), at + QPointF(5, 0), at + QPointF(0, 5), at + QPointF(-5, 0)]))


def _mixed(over: QColor, under: QColor, share: float) -> QColor:
    """Return an opaque colour: lines that lie on one another must not grow darker."""
    channels = zip((over.redF(), over.greenF(), over.blueF()), (under.redF(), under.greenF(), under.blueF()), strict=True)
    return QColor.fromRgbF(*(a * share + b * (1 - share) for a, b in channels))
