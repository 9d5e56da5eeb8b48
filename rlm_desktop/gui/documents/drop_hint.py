"""The quiet target at the end of the document list, which lights up while something is dragged over the window."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from rlm_desktop.gui.look.button import PaintedButton
from rlm_desktop.gui.look.paint import CENTRE, fill, outline, text
from rlm_desktop.gui.look.theme import Themes


class DropHint(PaintedButton):
    """Says what may be dropped; pressed, it asks for files as the button in the header does."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self._is_hot = False
        self._words = self.tr("Drop documents or folders")
        self.setText(self._words)
        self.setAccessibleName(self.tr("Add documents"))
        self.setToolTip(self.tr("Drop documents or folders anywhere on the window, or choose files here"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_hot(self, is_hot: bool, words: str = "") -> None:
        """Light up, and say what a drop would do."""
        if is_hot != self._is_hot or words != self.text():
            self._is_hot = is_hot
            self.setText(words or self._words)
            self.update()

    @property
    def is_hot(self) -> bool:
        return self._is_hot

    def sizeHint(self) -> QSize:
        t = self.theme
        return QSize(t.px(160), t.px(52))

    def paint(self, p: QPainter, box: QRectF) -> None:
        t = self.theme
        frame = QRectF(t.space("xl"), t.px(4), box.width() - 2 * t.space("xl"), t.px(36))
        radius = t.radius("control")
        if self._is_hot:
            fill(p, frame, t.c("rlm_tint"), radius)
            outline(p, frame, t.c("focus"), radius, 2.0)
        elif self.hasFocus():
            outline(p, frame, t.c("focus"), radius, 2.0)
        else:
            outline(p, frame, t.c("wire" if self.state() == "hover" else "edge"), radius, style=Qt.PenStyle.DashLine)
        text(p, frame.adjusted(8, 0, -8, 0), self.text(), t.ui("small"), t.c("rlm_text" if self._is_hot else "text_3"), CENTRE)
