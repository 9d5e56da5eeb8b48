"""A viewer for plain text of any length. It is never interpreted: no rich text, no links; what is invisible is written out."""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from rlm_desktop.gui.clipboard import copy_as_it_is, copy_words
from rlm_desktop.gui.look.text_canvas import TextCanvas
from rlm_desktop.gui.look.text_scroll import Face
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.trace.invisible import written_out

AUTOSCROLL_MS = 40

_WORD = re.compile(r"\w+|[^\w\s]+|\s+")


class _Drag(NamedTuple):
    """Where the button went down, and what a move extends by: characters, words or lines."""

    start: int
    end: int
    unit: str


class TextView(TextCanvas):
    """Read, choose, copy. `highlight_clicked` carries the key of a highlight, `line_clicked` the index of a line."""

    highlight_clicked = Signal(str)
    line_clicked = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None, *, face: Face = "code") -> None:
        super().__init__(themes, parent, face=face)
        self._drag: _Drag | None = None
        self._drag_at = QPointF()
        self._autoscroll = QTimer(self)
        self._autoscroll.setInterval(AUTOSCROLL_MS)
        self._autoscroll.timeout.connect(self._drag_on)
        self._triple = QTimer(self)
        self._triple.setSingleShot(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    def selected_text(self) -> str:
        """Return the chosen text as it is in the source, invisible characters included."""
        start, end = self.selection
        return self.source.text(start, end)

    def copy(self) -> None:
        """Put the chosen text on the clipboard, as it is seen."""
        if self.selection[0] < self.selection[1]:
            copy_words(self.selected_text())

    def select_all(self) -> None:
        """Choose the whole text."""
        self.select(0, self.source.char_count)

    def char_at(self, point: QPointF) -> int:
        """Return the position in the text nearest to a point of the viewport."""
        index, top = self._places.line_at(point.y() - self._pad())
        laid = self._lines.laid(index)
        within = laid.char_at(point.x() - self._text_left(), point.y() - self._pad() - top)
        return self.source.line_start(index) + within

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        char = self.char_at(event.position())
        if self._triple.isActive():
            self._triple.stop()
            self._begin(*self._line_of(char), "line")
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._begin(self._anchor, self._anchor, "char")
            self._extend(char)
        else:
            self._begin(char, char, "char")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(*self._word_of(self.char_at(event.position())), "word")
            self._triple.start(QGuiApplication.styleHints().mouseDoubleClickInterval())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            has_key = bool(self._key_at(event.position()))
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if has_key else Qt.CursorShape.IBeamCursor)
            return
        self._drag_at = event.position()
        self._extend(self.char_at(event.position()))
        is_outside = not 0 <= event.position().y() < self.viewport().height()
        if is_outside != self._autoscroll.isActive():
            if is_outside:
                self._autoscroll.start()
            else:
                self._autoscroll.stop()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._drag is None:
            return
        was_click = self.selection[0] == self.selection[1]
        self._drag = None
        self._autoscroll.stop()
        if was_click:
            key = self._key_at(event.position())
            if key:
                self.highlight_clicked.emit(key)
            self.line_clicked.emit(self._places.line_at(event.position().y() - self._pad())[0])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu(event.globalPos())

    def _begin(self, start: int, end: int, unit: str) -> None:
        self._drag = _Drag(start, end, unit)
        self.select(start, end)

    def _extend(self, char: int) -> None:
        if self._drag is None:
            return
        start, end = char, char
        if self._drag.unit == "word":
            start, end = self._word_of(char)
        elif self._drag.unit == "line":
            start, end = self._line_of(char)
        if char < self._drag.start:
            self.select(self._drag.end, start)
        else:
            self.select(self._drag.start, max(end, self._drag.end))

    def _drag_on(self) -> None:
        """Scroll while the pointer is held outside the view, faster the farther it is."""
        y, height = self._drag_at.y(), self.viewport().height()
        self.scroll_by(y if y < 0 else y - height)
        self._extend(self.char_at(QPointF(self._drag_at.x(), min(max(0.0, y), height - 1.0))))

    def _key_at(self, point: QPointF) -> str:
        found = self._highlights.at(self.char_at(point))
        return found.key if found else ""

    def _word_of(self, char: int) -> tuple[int, int]:
        start, end = self._line_of(char)
        within = char - start
        for found in _WORD.finditer(self.source.text(start, end)):
            if found.start() <= within < found.end():
                return start + found.start(), start + found.end()
        return char, char

    def _line_of(self, char: int) -> tuple[int, int]:
        index = self.source.line_at(char)
        start = self.source.line_start(index)
        return start, start + len(self.source.line(index))

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, page = self._lines.setting.row_px, self._view_px() * 0.9
        across = self.horizontalScrollBar()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.scroll_by(row if event.key() == Qt.Key.Key_Down else -row)
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.scroll_by(page if event.key() == Qt.Key.Key_PageDown else -page)
        elif event.key() == Qt.Key.Key_Home:
            self.scroll_to_start()
        elif event.key() == Qt.Key.Key_End:
            self.scroll_to_end()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and across.maximum():
            across.setValue(across.value() + (row if event.key() == Qt.Key.Key_Right else -row))
        elif event.key() == Qt.Key.Key_Menu:
            self._open_menu(self.viewport().mapToGlobal(QPoint(self._pad(), self._pad())))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # A window may hold Ctrl+C and Home for itself; while the text has the focus they are the text's.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
            if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll) or event.key() in keys:
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._has_ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.viewport().update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._has_ring = False
        self.viewport().update()
        super().focusOutEvent(event)

    def _open_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy"), self.copy)
        copy.setEnabled(self.selection[0] < self.selection[1])
        chosen = self.selected_text()
        if written_out(chosen) != chosen:
            menu.addAction(self.tr("Copy with what cannot be seen"), lambda: copy_as_it_is(chosen))
        menu.addAction(self.tr("Select all"), self.select_all)
        menu.popup(where)
