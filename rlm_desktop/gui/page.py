"""A page in the place of the map: a title, a way back, and its content, scrolled where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from rlm_desktop.gui.look.button import IconButton
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.theme import Themes

_SCROLLS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)


class Ground(QWidget):
    """A plain ground of one role's colour."""

    def __init__(self, themes: Themes, role: str = "panel", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._role = themes, role

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.fillRect(self.rect(), self._themes.current.c(self._role))
        p.end()


class Rule(Ground):
    """A hairline between two panes."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, "hair", parent=parent)
        self.setFixedHeight(1)


class ReadingColumn(Ground):
    """The content of a page that is read: one column from the left, in `column`, no wider than a line is easy to follow."""

    def __init__(self, themes: Themes, width_px: int, *, spacing: str = "m", parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        t = themes.current
        outer = QHBoxLayout(self)
        outer.setContentsMargins(t.space("xxl"), t.space("m"), t.space("xxl"), t.space("xxl"))
        self.body = QWidget(self)
        self.body.setMaximumWidth(t.px(width_px))
        outer.addWidget(self.body, 1)
        outer.addStretch(0)
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(t.space(spacing))


class Page(Ground):
    """`closed`: Escape, or the cross."""

    closed = Signal()

    def __init__(self, themes: Themes, title: str, content: QWidget, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        self.setAccessibleName(in_line(title))
        self._title = Words(themes, title, size="title", weight="strong")
        self._close = IconButton(themes, "x", self.tr("Close (Esc)"), is_small=False, parent=self)
        self._close.clicked.connect(self.closed)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._close)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(content)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self._area, 1)
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in _SCROLLS:
            QApplication.sendEvent(self._area.verticalScrollBar(), event)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def _measure(self) -> None:
        t = self._themes.current
        self._column.setContentsMargins(0, t.px(12), 0, 0)
        self._column.setSpacing(t.px(8))
        self._head.setContentsMargins(t.space("xxl"), 0, t.space("l"), 0)
