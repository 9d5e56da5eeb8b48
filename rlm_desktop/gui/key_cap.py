"""A keyboard key, as it stands beside the action that it does."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from rlm_desktop.gui.look.paint import CENTRE, fill, outline, text, text_width
from rlm_desktop.gui.look.theme import Theme


def key_cap_width(words: str, theme: Theme) -> float:
    return max(theme.px(18), text_width(theme.ui("caption", "medium"), words) + theme.px(10))


def paint_key_cap(p: QPainter, at: QPointF, words: str, theme: Theme) -> float:
    """Draw a key whose left edge is at `at.x()`, centred on `at.y()`; return its right edge."""
    t = theme
    height = t.px(18)
    box = QRectF(at.x(), at.y() - height / 2, key_cap_width(words, t), height)
    fill(p, box, t.c("sunken"), t.radius("chip"))
    outline(p, box, t.c("edge"), t.radius("chip"))
    text(p, box, words, t.ui("caption", "medium"), t.c("text_2"), CENTRE)
    return box.right()
