"""Where notices stand: between the bars and the panes, out of the way while there are none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rlm_desktop.gui.look.notice import NoticeBar
from rlm_desktop.gui.look.theme import Themes


class NoticePlace(QWidget):
    """Takes room only while one of its notices is shown: a layout keeps its margins for children that are hidden."""

    def __init__(self, themes: Themes, *notices: NoticeBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notices = notices
        t = themes.current
        column = QVBoxLayout(self)
        column.setContentsMargins(t.space("m"), t.space("s"), t.space("m"), t.space("s"))
        column.setSpacing(t.space("s"))
        for notice in notices:
            column.addWidget(notice)
            notice.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(any(not notice.isHidden() for notice in self._notices))
        return False
