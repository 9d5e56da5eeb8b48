"""The variables of the REPL as of the cursor: name, type and size, a short repr; what changed is marked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from rlm_desktop.gui.clipboard import copy_words
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.paint import fill, text, text_width
from rlm_desktop.gui.look.row_ground import paint_row_ground
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.present import numbers
from rlm_desktop.present.first_lines import one_line
from rlm_desktop.present.variables import Variables
from rlm_desktop.trace.events import Variable

VARIABLE = Qt.ItemDataRole.UserRole
ROW_PX = 22
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class VarsModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.known = Variables()

    def show(self, known: Variables) -> bool:
        if known == self.known:
            return False
        self.beginResetModel()
        self.known = known
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.known.variables)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.known.variables):
            return None
        variable = self.known.variables[index.row()]
        if role == VARIABLE:
            return variable
        if role == Qt.ItemDataRole.DisplayRole:
            return in_line(variable.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            changed = self.tr(", changed") if variable.name in self.known.changed else ""
            return in_line(f"{variable.name}, {kind_of(variable)}{changed}, {one_line(variable.short)}")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{one_line(variable.name)} · {one_line(kind_of(variable))}\n{one_line(variable.short)}")
        return None


class VarsList(QListView):
    """A row a variable; Ctrl+C copies the chosen one's repr."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.vars = VarsModel(self)
        self.setModel(self.vars)
        self.setItemDelegate(_VarsDelegate(themes, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setViewportMargins(0, themes.current.px(4), 0, themes.current.px(4))
        self.setAccessibleName(self.tr("Variables"))

    def height_for_all(self, most_rows: int) -> int:
        """Return the height that shows all rows, or the first `most_rows`."""
        t = self._themes.current
        return t.px(ROW_PX) * min(most_rows, self.vars.rowCount()) + t.px(8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy) and chosen.isValid():
            copy_words(chosen.data(VARIABLE).short)
            return
        super().keyPressEvent(event)


class _VarsDelegate(QStyledItemDelegate):
    def __init__(self, themes: Themes, view: VarsList) -> None:
        super().__init__(view)
        self._themes, self._view = themes, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        t = self._themes.current
        return QSize(t.px(120), t.px(ROW_PX))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = self._themes.current
        variable: Variable = index.data(VARIABLE)
        state: QStyle.StateFlag = option.state
        rect: QRect = option.rect
        box = QRectF(rect)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        has_focus = self._view.hasFocus()
        is_chosen = has_focus and bool(state & QStyle.StateFlag.State_Selected)
        paint_row_ground(p, box, t, state, is_chosen=is_chosen, view_has_focus=has_focus, corner="chip")
        is_changed = variable.name in self._view.vars.known.changed
        row = box.adjusted(t.space("xl"), 0, -t.space("xl"), 0)
        if is_changed:
            dot = t.px(5)
            fill(p, QRectF(row.left(), row.center().y() - dot / 2, dot, dot), t.c("ink"), dot / 2)
        name_px, kind_px = row.width() * 0.26, row.width() * 0.24
        left = row.left() + t.px(14)
        font = t.code("code", "medium" if is_changed else "regular")
        used = text(
            p, QRectF(left, row.top(), name_px, row.height()), one_line(variable.name), font, t.c("text" if is_changed else "text_2")
        )
        left += max(name_px, used) + t.px(8)
        kind = one_line(kind_of(variable))
        wide = min(kind_px, text_width(t.ui("caption"), kind) + 1)
        text(p, QRectF(left, row.top(), wide, row.height()), kind, t.ui("caption"), t.c("text_3"))
        left += kind_px + t.px(8)
        text(p, QRectF(left, row.top(), row.right() - left, row.height()), one_line(variable.short), t.code("code_small"), t.c("text_2"))
        p.restore()


def kind_of(variable: Variable) -> str:
    """Return type and size: `list · 1,204`."""
    return variable.type if variable.size is None else f"{variable.type} · {numbers.count(variable.size)}"
