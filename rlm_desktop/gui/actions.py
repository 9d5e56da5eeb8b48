"""Every action of the window, once: menus, shortcut help and the test for clashing shortcuts are made from this."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from rlm_desktop.gui.look.foreign import plain_tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An action and where it stands: its menu, perhaps a menu within that, and whether a line comes before it."""

    key: str
    menu: str
    submenu: str
    action: QAction
    meaning: str
    has_line_before: bool
    is_on_canvas: bool
    """Its keys act where a canvas has the focus, and type a letter elsewhere."""


class Actions(QObject):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._registered: dict[str, Registered] = {}
        self._is_line_due = False

    def add(
        self,
        key: str,
        menu: str,
        words: str,
        act: Callable[[], None],
        *,
        keys: tuple[str, ...] = (),
        meaning: str = "",
        submenu: str = "",
        is_on_canvas: bool = False,
    ) -> QAction:
        """Register an action. `keys` are as `QKeySequence` reads them; the first is shown. `meaning` is its tip while it is on."""
        if key in self._registered:
            raise ValueError(f"{key} is registered twice")
        action = QAction(words, self)
        action.setObjectName(key)
        action.setShortcuts([QKeySequence(sequence) for sequence in keys])
        if is_on_canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _is_checked=False: act())
        self._registered[key] = Registered(
            key=key,
            menu=menu,
            submenu=submenu,
            action=action,
            meaning=meaning,
            has_line_before=self._is_line_due,
            is_on_canvas=is_on_canvas,
        )
        self._is_line_due = False
        return action

    def line(self) -> None:
        """Put a line before the next action."""
        self._is_line_due = True

    def __getitem__(self, key: str) -> QAction:
        return self._registered[key].action

    def __iter__(self) -> Iterator[Registered]:
        return iter(self._registered.values())

    def allow(self, key: str, is_allowed: bool, *, reason: str = "") -> None:
        """Switch an action on or off; a switched-off one says why in its tip."""
        action = self[key]
        action.setEnabled(is_allowed)
        action.setToolTip(plain_tip(self._registered[key].meaning if is_allowed else reason))

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Make the menus, in the order in which their first actions were registered."""
        menus: dict[str, QMenu] = {}
        for registered in self:
            menu = menus.get(registered.menu)
            if menu is None:
                menu = menus[registered.menu] = bar.addMenu(registered.menu)
                menu.setToolTipsVisible(True)
            if registered.has_line_before:
                menu.addSeparator()
            if registered.submenu:
                name = f"{registered.menu}/{registered.submenu}"
                menu = menus[name] = menus.get(name) or menu.addMenu(registered.submenu)
            menu.addAction(registered.action)
        return menus

    def add_to_window(self, window: QWidget) -> None:
        """Let the keys of all but the canvas actions act in the whole window."""
        for registered in self:
            if not registered.is_on_canvas:
                window.addAction(registered.action)

    def add_to_canvas(self, canvas: QWidget) -> None:
        """Let the single keys act where `canvas` has the focus."""
        for registered in self:
            if registered.is_on_canvas:
                canvas.addAction(registered.action)
