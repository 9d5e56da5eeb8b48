"""Which state the view is in: following, paused in view, replaying, ended. A shape and words; a click leads back to following."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from rlm_desktop.gui.look.button import PaintedButton
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.glyphs import Status, paint_status
from rlm_desktop.gui.look.paint import fill, outline, text, text_width
from rlm_desktop.gui.look.theme import Theme, Themes

Mode = Literal["live", "view", "replay", "paused", "done", "interrupted", "cancelled", "limit", "error"]

_MARKS: dict[Mode, Status] = {
    "live": "running",
    "view": "queued",
    "replay": "recorded",
    "paused": "paused",
    "done": "ok",
    "interrupted": "interrupted",
    "cancelled": "cancelled",
    "limit": "limit",
    "error": "error",
}


def pill_width(words: str, mode: Mode, theme: Theme) -> float:
    """Return the width that `paint_pill` needs."""
    return text_width(theme.ui("small", "strong" if mode in ("live", "replay") else "medium"), words) + theme.px(34)


def paint_pill(p: QPainter, box: QRectF, words: str, mode: Mode, theme: Theme) -> None:
    """Draw a mode as a mark and words in a rounded box."""
    t = theme
    font = t.ui("small", "strong" if mode in ("live", "replay") else "medium")
    radius = box.height() / 2
    mark = QPointF(box.left() + t.px(14) + 0.5, box.center().y())
    row = box.adjusted(t.px(24), 0, 0, 0)
    if mode == "live":
        fill(p, box, t.c("rlm_tint"), radius)
        outline(p, box, t.c("rlm_soft"), radius)
        dot = t.px(8)
        fill(p, QRectF(mark.x() - dot / 2, mark.y() - dot / 2, dot, dot), t.c("rlm"), dot / 2)
        text(p, row, words, font, t.c("rlm_text"))
        return
    is_strong = mode == "replay"
    if is_strong:
        fill(p, box, t.c("selected"), radius)
    outline(p, box, t.c("wire" if is_strong else "edge"), radius)
    paint_status(p, _MARKS[mode], mark, t, size=10 * t.unit, colour=t.c("text") if is_strong else None)
    text(p, row, words, font, t.c("text" if is_strong else "text_2"))


class Pill(PaintedButton):
    """The mode as a button: `clicked` asks to follow again."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self._mode: Mode = "done"
        self.hide()

    def set_mode(self, mode: Mode, words: str, *, tip: str = "") -> None:
        """Show a mode; without words the pill is hidden."""
        self._mode = mode
        self.setText(words)
        self.setAccessibleName(in_line(words))
        self.setToolTip(plain_tip(tip))
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(pill_width(self.text(), self._mode, self.theme)), self.theme.px(22))

    def paint(self, p: QPainter, box: QRectF) -> None:
        t = self.theme
        if self.state() == "hover" and self._mode in ("view", "replay"):
            fill(p, box, t.c("hover"), box.height() / 2)
        paint_pill(p, box, self.text(), self._mode, t)
        if self.hasFocus():
            outline(p, box, t.c("focus"), box.height() / 2, 2.0)
