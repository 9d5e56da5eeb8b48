"""The calls of a fan as a list: any number of them, drawn as they come into view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from rlm_desktop.errors import UserError
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.glyphs import paint_status
from rlm_desktop.gui.look.paint import RIGHT, text, text_width
from rlm_desktop.gui.look.row_ground import paint_row_ground
from rlm_desktop.gui.look.tabs import Segments
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.present import numbers
from rlm_desktop.present.first_lines import FirstLines
from rlm_desktop.present.inspected import call_cost, call_time, failed_calls
from rlm_desktop.present.now import Calls, Now

CALL = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NONE: Calls = np.zeros(0, np.int64)


class FanModel(QAbstractListModel):
    """`restyled`: how the calls stand has changed, which calls they are has not. `dataChanged` over 100,000 rows costs half a second."""

    restyled = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.calls: Calls = _NONE
        self.now: Now | None = None
        self.lines: FirstLines | None = None

    def show(self, calls: Calls, now: Now, lines: FirstLines) -> None:
        """Show these calls as they stand now. Where only their state changed, the view keeps its place."""
        is_grown = len(calls) >= len(self.calls) > 0 and np.array_equal(calls[: len(self.calls)], self.calls)
        self.now, self.lines = now, lines
        if not is_grown:
            self.beginResetModel()
            self.calls = calls
            self.endResetModel()
            return
        if len(calls) > len(self.calls):
            self.beginInsertRows(_NOWHERE, len(self.calls), len(calls) - 1)
            self.calls = calls
            self.endInsertRows()
        self.restyled.emit()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.calls)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.calls):
            return None
        call = int(self.calls[index.row()])
        if role == CALL:
            return call
        if role == Qt.ItemDataRole.DisplayRole:
            return f"#{call}"
        if role == Qt.ItemDataRole.AccessibleTextRole and self.now is not None:
            return in_line(
                f"#{call}, {self.now.status(call)}, {self.words(call)}, {call_cost(self.now, call)}, {call_time(self.now, call)}"
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.words(call))
        return None

    def words(self, call: int) -> str:
        """Return the first words of the prompt; of a call that failed, why."""
        if self.now is None or self.lines is None or self.now.status(call) == "future":
            return ""
        try:
            why = self.lines.error(call) if self.now.status(call) in ("error", "limit") else ""
            return why or self.lines.prompt(call)
        except UserError as error:
            return str(error)


class FanList(QWidget):
    """`call_chosen` carries the call of the row that was clicked, or on which Enter was pressed."""

    call_chosen = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._all: Calls = _NONE
        self._failed: Calls = _NONE
        self.fan = FanModel(self)
        self.which = Segments(themes, (self.tr("All"), self.tr("Failed only")), parent=self)
        self.which.chosen.connect(lambda _index: self._fill())
        self.view = _FanView(self.call_chosen.emit, self)
        self.view.setModel(self.fan)
        self.fan.restyled.connect(self.view.viewport().update)
        self.view.setItemDelegate(_FanDelegate(themes, self.fan, self.view))
        self.view.setAccessibleName(self.tr("Calls of the fan"))
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._bar = QHBoxLayout()
        self._bar.addWidget(self.which)
        self._bar.addStretch(1)
        self._column.addLayout(self._bar)
        self.none = Words(themes, self.tr("No call of this fan has failed"), size="small", role="text_3")
        self.none.hide()
        self._column.addWidget(self.none)
        self._column.addWidget(self.view, 1)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def _measure(self) -> None:
        t = self._themes.current
        self._bar.setContentsMargins(t.space("xl"), t.space("m"), 0, t.space("s"))
        self.none.setContentsMargins(t.space("xl"), t.space("s"), t.space("xl"), 0)
        self.view.verticalHeader().setDefaultSectionSize(t.height("row"))

    def show_calls(self, calls: Calls, now: Now, lines: FirstLines) -> None:
        self._all, self._failed = calls, failed_calls(now, calls)
        self.fan.now, self.fan.lines = now, lines
        self._fill()

    def _fill(self) -> None:
        if self.fan.now is not None and self.fan.lines is not None:
            shows_failed = self.which.current == 1
            self.fan.show(self._failed if shows_failed else self._all, self.fan.now, self.fan.lines)
            self.none.setVisible(shows_failed and not len(self._failed))

    def note(self) -> str:
        """Return how many calls the list holds, and how many failed."""
        words = self.tr("{0} calls").format(numbers.count(len(self._all)))
        return self.tr("{0}, {1} failed").format(words, numbers.count(len(self._failed))) if len(self._failed) else words


class _FanView(QTableView):
    def __init__(self, choose: Callable[[int], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._choose = choose
        # A table with rows of one height finds its place among 100,000 at once; a list lays all of them out.
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.clicked.connect(lambda index: choose(int(index.data(CALL))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen.isValid():
            self._choose(int(chosen.data(CALL)))
            return
        super().keyPressEvent(event)


class _FanDelegate(QStyledItemDelegate):
    def __init__(self, themes: Themes, model: FanModel, view: QTableView) -> None:
        super().__init__(view)
        self._themes, self._model, self._view = themes, model, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        t = self._themes.current
        return QSize(t.px(120), t.height("row"))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, now = self._themes.current, self._model.now
        if now is None:
            return
        call = int(index.data(CALL))
        state: QStyle.StateFlag = option.state
        rect: QRect = option.rect
        box = QRectF(rect)
        status = now.status(call)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(p, box, t, state, is_chosen=False, view_has_focus=self._view.hasFocus(), corner="chip")
        left, right = box.left() + t.space("xl"), box.right() - t.space("xl")
        if status != "future":
            paint_status(p, status, QPointF(left + t.px(5), box.center().y()), t, size=t.px(10))
        left += t.px(18)
        number = f"#{call}"
        wide = max(t.px(40), text_width(t.ui("small", "medium"), number) + t.px(8))
        text(
            p, QRectF(left, box.top(), wide, box.height()), number, t.ui("small", "medium"), t.c("text" if status != "future" else "text_3")
        )
        left += wide
        time_px, cost_px = t.px(48), t.px(62)
        text(p, QRectF(right - time_px, box.top(), time_px, box.height()), call_time(now, call), t.ui("small"), t.c("text_3"), RIGHT)
        right -= time_px
        text(p, QRectF(right - cost_px, box.top(), cost_px, box.height()), call_cost(now, call), t.ui("small"), t.c("text_2"), RIGHT)
        right -= cost_px + t.px(8)
        role = "fail_text" if status in ("error", "limit") else "text_2"
        text(p, QRectF(left, box.top(), max(0.0, right - left), box.height()), self._model.words(call), t.ui("small"), t.c(role))
        p.restore()
