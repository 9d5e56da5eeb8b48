"""The head of the page: how the run is confined in one line, and what that means. A run that is not is boxed, as its mark is."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import fill, outline
from rlm_desktop.gui.look.theme import Themes


class StandingHead(QWidget):
    def __init__(self, themes: Themes, icon: str, title: str, sentence: str, *, is_warning: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._icon, self._is_warning = themes, icon, is_warning
        t = themes.current
        self._title = Words(themes, title, weight="strong", wraps=True, role="fail_text" if is_warning else "text")
        column = QVBoxLayout(self)
        column.setContentsMargins(t.px(42), t.px(10), t.px(12), t.px(11))
        column.setSpacing(t.space("xs"))
        column.addWidget(self._title)
        column.addWidget(Words(themes, sentence, size="small", role="text_2", wraps=True))

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        box = QRectF(self.rect())
        fill(p, box, t.c("fail_tint" if self._is_warning else "sunken"), t.radius("card"))
        outline(p, box, t.c("fail_soft" if self._is_warning else "edge"), t.radius("card"))
        side = t.icon_px()
        top = self._title.geometry().top() + t.px(1)
        paint_icon(p, self._icon, QRectF(t.px(14), top, side, side), t.c("fail" if self._is_warning else "text_2"))
        p.end()
