"""Painted nodes, remembered: painting a card costs more than a millisecond, drawing its picture a hundredth of that."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.gui.map.drawing import Drawing, Mark

MARGIN = 12.0
"""Room around a node for its shadow and what stands out of it."""
FOOT_PX = 8.0
"""The lower edge of a node with its round corners."""
LARGEST_PX = 3_000
"""What is taller or wider than this on the device is painted directly, the part that is seen."""
REMEMBERED_BYTES = 128 * 1024 * 1024


class Picture(NamedTuple):
    pixmap: QPixmap
    marks: tuple[Mark, ...]
    """Relative to the node's upper left corner."""


class Pictures:
    """Pictures by what they show. In a frame, new ones are painted until its time is up; `is_complete` says whether all were."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[Hashable, Picture] = OrderedDict()
        self._latest: dict[Hashable, Hashable] = {}
        self._bytes = 0
        self._until = 0.0
        self.is_complete = True

    def begin_frame(self, budget_s: float) -> None:
        self._until = time.perf_counter() + budget_s
        self.is_complete = True

    @property
    def has_time(self) -> bool:
        """Whether something new may be painted in this frame. Asking when there is none leaves the frame incomplete."""
        if time.perf_counter() < self._until:
            return True
        self.is_complete = False
        return False

    def known(self, key: Hashable) -> Picture | None:
        picture = self._pictures.get(key)
        if picture is not None:
            self._pictures.move_to_end(key)
        return picture

    def latest(self, name: Hashable) -> Picture | None:
        """Return the picture that `name` last had, at another zoom or in another state, to stand in."""
        return self._pictures.get(self._latest.get(name))

    def paint(
        self, key: Hashable, name: Hashable, width: float, height: float, ratio: float, theme: Theme, paint: Callable[[Drawing], None]
    ) -> Picture:
        pixmap = QPixmap(size_px(width, height, ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        p = QPainter(pixmap)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.translate(MARGIN, MARGIN)
        drawing = Drawing(p, theme)
        paint(drawing)
        p.end()
        picture = Picture(pixmap, tuple(mark._replace(x=mark.x - MARGIN, y=mark.y - MARGIN) for mark in drawing.marks))
        self._keep(key, name, picture)
        return picture

    def clear(self) -> None:
        self._pictures.clear()
        self._latest.clear()
        self._bytes = 0

    def _keep(self, key: Hashable, name: Hashable, picture: Picture) -> None:
        self._pictures[key] = picture
        self._latest[name] = key
        self._bytes += _bytes(picture)
        while self._bytes > REMEMBERED_BYTES and len(self._pictures) > 1:
            _, oldest = self._pictures.popitem(last=False)
            self._bytes -= _bytes(oldest)
        if len(self._latest) > 4 * len(self._pictures) + 1_000:
            self._latest = {name: key for name, key in self._latest.items() if key in self._pictures}


def size_px(width: float, height: float, ratio: float) -> QSize:
    """Return the size of a node's picture on the device."""
    return QSize(round((width + 2 * MARGIN) * ratio), round((height + 2 * MARGIN) * ratio))


def _bytes(picture: Picture) -> int:
    return 4 * picture.pixmap.width() * picture.pixmap.height()


def draw(p: QPainter, picture: Picture, at: QPointF) -> None:
    p.drawPixmap(QPointF(at.x() - MARGIN, at.y() - MARGIN), picture.pixmap)


def draw_stretched(p: QPainter, picture: Picture, box: QRectF) -> None:
    """Draw a picture that was painted for another box. Where only the height differs, what it says keeps its form."""
    pixmap, ratio = picture.pixmap, picture.pixmap.devicePixelRatio()
    inner = QRectF(pixmap.rect()).adjusted(MARGIN * ratio, MARGIN * ratio, -MARGIN * ratio, -MARGIN * ratio)
    upper = min(inner.height() / ratio, box.height()) - FOOT_PX
    if abs(inner.width() / ratio - box.width()) > 1 or upper < FOOT_PX:
        p.drawPixmap(box, pixmap, inner)
        return
    lower = QRectF(box.left(), box.bottom() - FOOT_PX, box.width(), FOOT_PX)
    between = QRectF(box.left(), box.top() + upper, box.width(), lower.top() - box.top() - upper)
    p.drawPixmap(QRectF(box.left(), box.top(), box.width(), upper), pixmap, QRectF(inner.left(), inner.top(), inner.width(), upper * ratio))
    if between.height() > 0:
        p.drawPixmap(between, pixmap, QRectF(inner.left(), inner.bottom() - FOOT_PX * ratio - 1, inner.width(), 1))
    p.drawPixmap(lower, pixmap, QRectF(inner.left(), inner.bottom() - FOOT_PX * ratio, inner.width(), FOOT_PX * ratio))
