"""A choice with its name above its value, opening a menu: models, limits, speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from rlm_desktop.gui.look.button import PaintedButton
from rlm_desktop.gui.look.foreign import in_line, in_menu, plain_tip
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import fill, outline, text, text_width
from rlm_desktop.gui.look.theme import Themes

MOST_VALUE_PX = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One entry of a picker. A `command` does something ("Manage models…") and is never the current one."""

    key: str
    words: str
    detail: str = ""
    is_command: bool = False
    is_enabled: bool = True


class Picker(PaintedButton):
    """Two lines, 40 px tall: the label, the current option with its detail. `picked` carries the key of what the person chose."""

    picked = Signal(str)

    def __init__(self, themes: Themes, label: str, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self._label = label
        self._options: tuple[Option, ...] = ()
        self._current = ""
        self.menu = QMenu(self)
        self.menu.setAccessibleName(in_line(label))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)
        self._tell()

    def set_options(self, options: Sequence[Option], *, current: str) -> None:
        """Show these options; `current` is a key. Nothing is emitted."""
        if tuple(options) == self._options and current == self._current:
            return
        self._options, self._current = tuple(options), current
        self._fill_menu()
        self._tell()

    def set_current(self, key: str) -> None:
        """Show another option as the chosen one. Nothing is emitted."""
        self.set_options(self._options, current=key)

    @property
    def current(self) -> str:
        """The key of the chosen option."""
        return self._current

    def current_option(self) -> Option | None:
        """Return the chosen option, if it is among the options."""
        return next((option for option in self._options if option.key == self._current), None)

    def open(self) -> None:
        """Open the menu below (above, where there is no room) and choose by arrows, Enter or pointer."""
        if self._options:
            self.menu.setMinimumWidth(self.width())
            self.menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def sizeHint(self) -> QSize:
        t = self.theme
        option = self.current_option()
        words, detail = (option.words, option.detail) if option else ("", "")
        value = min(text_width(t.ui("body", "medium"), words), t.px(MOST_VALUE_PX))
        if detail:
            value += text_width(t.ui("caption"), detail) + t.px(6)
        return QSize(round(max(text_width(t.ui("caption"), self._label), value)) + t.px(42), t.height("tall_control"))

    def paint(self, p: QPainter, box: QRectF) -> None:
        t, state = self.theme, self.state()
        fill(p, box, t.c({"off": "sunken", "pressed": "pressed", "hover": "hover", "rest": "card"}[state]), t.radius("control"))
        edge = {"off": "hair", "hover": "wire"}.get(state, "edge")
        outline(p, box, t.c("focus" if self.hasFocus() else edge), t.radius("control"), 2.0 if self.hasFocus() else 1.0)
        room = box.width() - t.px(40)
        label, value = ("text_off", "text_off") if state == "off" else ("text_3", "text")
        text(p, QRectF(t.px(10), t.px(5), room, t.px(14)), self._label, t.ui("caption"), t.c(label))
        option = self.current_option()
        if option is not None:
            width = text_width(t.ui("caption"), option.detail) + t.px(6) if option.detail else 0
            row = QRectF(t.px(10), t.px(18), room - width, t.px(18))
            used = text(p, row, option.words, t.ui("body", "medium"), t.c(value))
            row = QRectF(row.left() + used + t.px(6), row.top() + 0.5, width, row.height())
            text(p, row, option.detail, t.ui("caption"), t.c(label))
        side = t.icon_px("small")
        paint_icon(p, "chevron-down", QRectF(box.right() - t.px(22), box.center().y() - side / 2, side, side), t.c(label))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F4):
            self.open()
            return
        super().keyPressEvent(event)

    def _fill_menu(self) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        has_choice = False
        for option in self._options:
            words, detail = in_menu(option.words), in_menu(option.detail)
            action = QAction(f"{words}\t{detail}" if detail else words, self.menu)
            action.setEnabled(option.is_enabled)
            action.setData(option.key)
            if option.is_command:
                if has_choice:
                    self.menu.addSeparator()
                has_choice = False
            else:
                action.setCheckable(True)
                action.setChecked(option.key == self._current)
                group.addAction(action)
                has_choice = True
            action.triggered.connect(self._chosen)
            self.menu.addAction(action)

    def _chosen(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction):
            return
        key = str(action.data())
        option = next(option for option in self._options if option.key == key)
        if not option.is_command:
            self._current = key
            self._tell()
        self.picked.emit(key)

    def _tell(self) -> None:
        option = self.current_option()
        self.setAccessibleName(in_line(f"{self._label}: {option.words}" if option else self._label))
        self.setAccessibleDescription(in_line(option.detail if option else ""))
        self.setToolTip(plain_tip(f"{self._label}: {option.words}") if option and len(option.words) > 24 else "")
        self.updateGeometry()
        self.update()
