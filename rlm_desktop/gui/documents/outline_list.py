"""The outline of a document beside its text: a row a heading, set in by its level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from rlm_desktop.gui.look.foreign import plain_tip
from rlm_desktop.gui.look.paint import text
from rlm_desktop.gui.look.row_ground import paint_row_ground
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.present.first_lines import one_line
from rlm_desktop.trace.events import Heading

HEADING = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class OutlineModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.headings: Sequence[Heading] = ()

    def show(self, headings: Sequence[Heading]) -> None:
        self.beginResetModel()
        self.headings = headings
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.headings):
            return None
        heading = self.headings[index.row()]
        if role == HEADING:
            return heading
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return one_line(heading.title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(one_line(heading.title))
        return None


class OutlineList(QListView):
    """`heading_chosen` carries the position of the heading in the text."""

    heading_chosen = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outline = OutlineModel(self)
        self.setModel(self.outline)
        self.setItemDelegate(_OutlineDelegate(themes, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Outline"))
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def _choose(self, index: QModelIndex) -> None:
        self.heading_chosen.emit(int(index.data(HEADING).at))


class _OutlineDelegate(QStyledItemDelegate):
    def __init__(self, themes: Themes, view: QListView) -> None:
        super().__init__(view)
        self._themes, self._view = themes, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        t = self._themes.current
        return QSize(t.px(120), t.height("row"))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = self._themes.current
        heading: Heading = index.data(HEADING)
        state: QStyle.StateFlag = option.state
        rect: QRect = option.rect
        box = QRectF(rect)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        paint_row_ground(p, box, t, state, is_chosen=is_chosen, view_has_focus=self._view.hasFocus(), corner="chip")
        is_top = heading.level == 1
        left = box.left() + t.space("xl") + t.px(10) * min(6, heading.level - 1)
        row = QRectF(left, box.top(), max(0.0, box.right() - t.space("xl") - left), box.height())
        text(p, row, one_line(heading.title), t.ui("small", "medium" if is_top else "regular"), t.c("text" if is_top else "text_2"))
        p.restore()
