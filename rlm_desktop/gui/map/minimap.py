"""The whole tree in a corner with the part that is seen, and the zoom buttons beside it."""

from __future__ import annotations

import time
from typing import Literal, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import CENTRE, fill, outline, shadow, text, text_width
from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.gui.map.view import View
from rlm_desktop.present.layout import PITCH_X, WIDTH
from rlm_desktop.present.numbers import NARROW
from rlm_desktop.present.tree import Tree
from rlm_desktop.trace.codes import LLM

WIDTH_PX, HEIGHT_PX, EDGE_PX = 168.0, 104.0, 16.0
FOLDS_UNDER_PX = 700.0
_EACH_UP_TO = 300
_INSET = 12.0
_STRETCH = 0.85
REST_S = 0.25

Button = Literal["out", "in", "fit", "hundred"]


class Fit(NamedTuple):
    """Minimap = left + scene x * x_scale, top + scene y * y_scale."""

    left: float
    top: float
    x_scale: float
    y_scale: float


def frame_of(height: float) -> QRectF:
    return QRectF(EDGE_PX, height - EDGE_PX - HEIGHT_PX, WIDTH_PX, HEIGHT_PX)


def fit_of(tree: Tree, frame: QRectF) -> Fit:
    """A tree that is not far from the frame's shape keeps its own; a long one is pressed together, else it would be a line."""
    width, height = tree.layout.size()
    x_scale = (frame.width() - 2 * _INSET) / max(1.0, width)
    y_scale = (frame.height() - 2 * _INSET) / max(1.0, height)
    least = min(x_scale, y_scale)
    x_scale, y_scale = (min(0.2, least * (scale / least) ** _STRETCH) for scale in (x_scale, y_scale))
    left = frame.left() + (frame.width() - width * x_scale) / 2
    return Fit(left, frame.top() + (frame.height() - height * y_scale) / 2, x_scale, y_scale)


class Minimap:
    """Keeps its picture until the tree or the theme is another."""

    def __init__(self) -> None:
        self._key: object = None
        self._seq = -2
        self._painted_at_s = 0.0
        self._pixmap = QPixmap()
        self.is_behind = False
        """True while the picture shows an earlier state of the run: while it goes on, a few times a second are enough."""

    def paint(self, p: QPainter, tree: Tree, view: View, theme: Theme, *, width: float, height: float, key: object, ratio: float) -> None:
        """`key` names the boxes of the tree; with another key the picture is painted anew at once."""
        frame = frame_of(height)
        fit = fit_of(tree, frame)
        is_other = (key, theme.name, ratio, height) != self._key
        has_rested = time.monotonic() >= self._painted_at_s + REST_S
        self.is_behind = self._seq != tree.seq and not is_other and not has_rested
        if is_other or (self._seq != tree.seq and has_rested):
            self._key, self._seq, self._painted_at_s = (key, theme.name, ratio, height), tree.seq, time.monotonic()
            self._pixmap = QPixmap(QSize(round(frame.width() * ratio), round(frame.height() * ratio)))
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._pixmap)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.translate(-frame.left(), -frame.top())
            _paint_tree(inner, tree, fit, theme)
            inner.end()
        shadow(p, frame, 8, theme, strength=1.2)
        fill(p, frame, theme.c("panel"), 8)
        outline(p, frame, theme.c("edge"), 8)
        p.drawPixmap(frame.topLeft(), self._pixmap)
        seen = QRectF(
            QPointF(fit.left + view.scene_x(0) * fit.x_scale, fit.top + view.scene_y(0) * fit.y_scale),
            QPointF(fit.left + view.scene_x(width) * fit.x_scale, fit.top + view.scene_y(height) * fit.y_scale),
        )
        inside = frame.adjusted(4, 4, -4, -4)
        seen = seen.intersected(inside)
        if seen.width() < 6 or seen.height() < 6:
            # However small the part is, its frame can be seen and taken hold of.
            centre = seen.center() if not seen.isEmpty() else inside.center()
            seen = QRectF(
                centre.x() - max(6, seen.width()) / 2, centre.y() - max(6, seen.height()) / 2, max(6, seen.width()), max(6, seen.height())
            )
        outline(p, seen, theme.c("ink"), 3, 1.5)


def _paint_tree(p: QPainter, tree: Tree, fit: Fit, theme: Theme) -> None:
    layout = tree.layout
    if len(layout) <= _EACH_UP_TO:
        for node in range(len(layout)):
            box = layout.box(node)
            part = QRectF(fit.left + box.x * fit.x_scale, fit.top + box.y * fit.y_scale, WIDTH * fit.x_scale, max(1.5, box.h * fit.y_scale))
            if not tree.counts.started[node]:
                outline(p, part, theme.c("edge"), 2, 1.0)
                continue
            fill(p, part, theme.c("llm_soft" if tree.columns.calls["kind"][layout.first[node]] == LLM else "rlm_soft"), 2)
            if tree.counts.failed[node] and tree.tally(node).status == "error":
                outline(p, part, theme.c("fail"), 2, 1.25)
            elif tree.counts.active[node]:
                outline(p, part, theme.c("rlm"), 2, 1.25)
        return
    for column in range(len(layout.columns) - 1):
        lo, hi = int(layout.columns[column]), int(layout.columns[column + 1])
        x = fit.left + column * PITCH_X * fit.x_scale
        width = max(1.0, min(WIDTH * fit.x_scale, PITCH_X * fit.x_scale - 1))
        line = np.floor(layout.y[lo:hi] * fit.y_scale / 2).astype(np.int64)
        starts = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
        is_plain = np.minimum.reduceat(tree.columns.calls["kind"][layout.first[lo:hi]] == LLM, starts)
        failed = np.add.reduceat(tree.counts.failed[lo:hi], starts)
        active = np.add.reduceat(tree.counts.active[lo:hi], starts)
        for at, plain, n_failed, n_active in zip(line[starts].tolist(), is_plain.tolist(), failed.tolist(), active.tolist(), strict=True):
            role = "fail" if n_failed else "rlm" if n_active else "llm_soft" if plain else "rlm_soft"
            p.fillRect(QRectF(x, fit.top + at * 2, width, 1.5), theme.c(role))


def buttons_of(width: float, height: float, theme: Theme) -> dict[Button, QRectF]:
    """Return where the zoom buttons are: beside the minimap, or in the corner when it is folded away."""
    left = frame_of(height).right() + 8 if width >= FOLDS_UNDER_PX else EDGE_PX
    top = height - EDGE_PX - 28
    number = text_width(theme.ui("caption", "medium"), f"100{NARROW}%") + 8
    return {
        "out": QRectF(left, top, 28, 28),
        "hundred": QRectF(left + 28, top, number, 28),
        "in": QRectF(left + 28 + number, top, 28, 28),
        "fit": QRectF(left + 56 + number, top, 28, 28),
    }


def paint_buttons(p: QPainter, zoom: float, theme: Theme, *, width: float, height: float, pointed_at: Button | None) -> None:
    places = buttons_of(width, height, theme)
    frame = places["out"].united(places["fit"])
    shadow(p, frame, 8, theme, strength=1.2)
    fill(p, frame, theme.c("panel"), 8)
    if pointed_at is not None:
        fill(p, places[pointed_at].adjusted(2, 2, -2, -2), theme.c("hover"), 6)
    outline(p, frame, theme.c("edge"), 8)
    percent = f"{zoom * 100:.0f}{NARROW}%" if zoom >= 0.01 else f"<1{NARROW}%"
    text(p, places["hundred"], percent, theme.ui("caption", "medium"), theme.c("text_2"), CENTRE)
    icons: tuple[tuple[Button, str], ...] = (("out", "minus"), ("in", "plus"), ("fit", "scan"))
    for button, icon in icons:
        place = places[button]
        paint_icon(p, icon, QRectF(place.left() + 7, place.top() + 7, 14, 14), theme.c("text_2"))
