"""Rows of exclusive choices: the views with icon and key, the inspector's words, small segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from rlm_desktop.gui.look.button import PaintedButton
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import CENTRE, fill, hline, outline, text, text_width
from rlm_desktop.gui.look.theme import Themes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A name; before it an icon, after it a small hint (a key, a count)."""

    name: str
    icon: str = ""
    hint: str = ""


class _TabButton(PaintedButton):
    def __init__(self, themes: Themes, tab: Tab, *, is_large: bool, parent: QWidget) -> None:
        super().__init__(themes, parent)
        self.tab, self._is_large, self.is_compact = tab, is_large, False
        self.setText(tab.name)
        self.setAccessibleName(in_line(tab.name))
        self.setCheckable(True)

    def width_of(self, *, is_compact: bool) -> int:
        t = self.theme
        width = text_width(t.ui("body" if self._is_large else "small", "medium"), self.tab.name)
        if not is_compact:
            width += t.px(23) if self.tab.icon else 0
            width += t.px(6) + text_width(t.ui("caption"), self.tab.hint) if self.tab.hint else 0
        return round(width) + t.px(22 if self._is_large else 20)

    def sizeHint(self) -> QSize:
        t = self.theme
        return QSize(self.width_of(is_compact=self.is_compact), t.height("view_tabs") - 1 if self._is_large else t.px(32))

    def paint(self, p: QPainter, box: QRectF) -> None:
        t = self.theme
        on = self.isChecked()
        inset = t.px(11 if self._is_large else 10)
        shade = "text_off" if not self.isEnabled() else "text" if on or self.underMouse() else "text_2"
        x = float(inset)
        if self.tab.icon and not self.is_compact:
            side = t.icon_px()
            paint_icon(p, self.tab.icon, QRectF(x, box.center().y() - side / 2, side, side), t.c(shade if on else "text_3"))
            x += t.px(23)
        font = t.ui("body" if self._is_large else "small", "medium" if on else "regular")
        x += text(p, QRectF(x, 0, box.width() - x + 4, box.height()), self.tab.name, font, t.c(shade))
        if self.tab.hint and not self.is_compact:
            hint = QRectF(x + t.px(6), 0.5, box.width(), box.height())
            x += t.px(6) + text(p, hint, self.tab.hint, t.ui("caption"), t.c("text_3"))
        if on:
            fill(p, QRectF(inset, box.height() - 2, x - inset, 2), t.c("ink"), 1)
        if self.hasFocus():
            outline(p, box.adjusted(t.px(4), t.px(4), -t.px(4), -t.px(4)), t.c("focus"), t.radius("chip"), 2.0)


class TabRow(QWidget):
    """Names in a row, the current one underlined. Left and Right move, Home and End go to the ends; `chosen` carries the index."""

    chosen = Signal(int)

    def __init__(self, themes: Themes, tabs: Sequence[Tab], *, is_large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._is_large = themes, is_large
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 1)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self._buttons: list[_TabButton] = []
        for tab in tabs:
            self._add(tab)
        self._group.idClicked.connect(self.chosen)
        self.set_current(0)

    def set_tabs(self, tabs: Sequence[Tab], *, current: int = 0) -> None:
        """Show other tabs: what a chosen call has decides which there are. Nothing is emitted."""
        if [button.tab for button in self._buttons] != list(tabs):
            for button in self._buttons:
                self._group.removeButton(button)
                self._row.removeWidget(button)
                button.hide()
                button.deleteLater()
            self._buttons = []
            for tab in tabs:
                self._add(tab)
        self.set_current(current)

    @property
    def current(self) -> int:
        """The index of the current tab."""
        return self._group.checkedId()

    def set_current(self, index: int) -> None:
        """Make another tab the current one. Nothing is emitted."""
        if 0 <= index < len(self._buttons):
            self._buttons[index].setChecked(True)
            for i, button in enumerate(self._buttons):
                # One stop for Tab, arrows within: as everywhere.
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus if i == index else Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(self._width(is_compact=False), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(is_compact=True), self._height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._buttons) - 1
        to = {
            Qt.Key.Key_Left: max(0, self.current - 1),
            Qt.Key.Key_Right: min(last, self.current + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
        elif to != self.current:
            self.set_current(to)
            self._buttons[to].setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(to)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_compact = event.size().width() < self._width(is_compact=False)
        for button in self._buttons:
            if button.is_compact != is_compact:
                button.is_compact = is_compact
                button.updateGeometry()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_large:
            p = QPainter(self)
            hline(p, 0, self.width(), self.height() - 1, self._themes.current.c("hair"))
            p.end()

    def _add(self, tab: Tab) -> None:
        button = _TabButton(self._themes, tab, is_large=self._is_large, parent=self)
        self._group.addButton(button, len(self._buttons))
        self._row.insertWidget(len(self._buttons), button)
        self._buttons.append(button)

    def _width(self, *, is_compact: bool) -> int:
        return sum(button.width_of(is_compact=is_compact) for button in self._buttons)

    def _height(self) -> int:
        t = self._themes.current
        return t.height("view_tabs") if self._is_large else t.px(33)


class _Segment(PaintedButton):
    def __init__(self, themes: Themes, name: str, *, parent: QWidget) -> None:
        super().__init__(themes, parent)
        self.setText(name)
        self.setAccessibleName(in_line(name))
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        t = self.theme
        return QSize(round(text_width(t.ui("small", "medium"), self.text())) + t.px(20), t.px(20))

    def paint(self, p: QPainter, box: QRectF) -> None:
        t = self.theme
        on = self.isChecked()
        if on:
            fill(p, box, t.c("card"), t.radius("chip"))
            outline(p, box, t.c("edge"), t.radius("chip"))
        if self.hasFocus():
            outline(p, box, t.c("focus"), t.radius("chip"), 2.0)
        shade = "text_off" if not self.isEnabled() else "text" if on or self.underMouse() else "text_2"
        text(p, box, self.text(), t.ui("small", "medium" if on else "regular"), t.c(shade), CENTRE)


class Segments(QWidget):
    """A small set of exclusive choices in one frame, 24 px high; `chosen` carries the index."""

    chosen = Signal(int)

    def __init__(self, themes: Themes, names: Sequence[str], *, current: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        for i, name in enumerate(names):
            button = _Segment(themes, name, parent=self)
            self._group.addButton(button, i)
            row.addWidget(button)
        self.set_current(current)
        self._group.idClicked.connect(self.chosen)

    @property
    def current(self) -> int:
        """The index of the current choice."""
        return self._group.checkedId()

    def set_current(self, index: int) -> None:
        """Make another choice the current one. Nothing is emitted."""
        button = self._group.button(index)
        if button is not None:
            button.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        fill(p, QRectF(self.rect()), t.c("sunken"), t.radius("control"))
        outline(p, QRectF(self.rect()), t.c("hair"), t.radius("control"))
        p.end()
