"""Which key does what while the map has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from rlm_desktop.gui.map.canvas import MapCanvas

_K = Qt.Key
Act = Callable[["MapCanvas"], None]

PLAIN: dict[Qt.Key, Act] = {
    _K.Key_Plus: lambda c: c.zoom_in(),
    _K.Key_Equal: lambda c: c.zoom_in(),
    _K.Key_Minus: lambda c: c.zoom_out(),
    _K.Key_0: lambda c: c.zoom_to_hundred(),
    _K.Key_F: lambda c: c.centre_selection(),
    _K.Key_W: lambda c: c.pan_up(),
    _K.Key_A: lambda c: c.pan_left(),
    _K.Key_S: lambda c: c.pan_down(),
    _K.Key_D: lambda c: c.pan_right(),
    _K.Key_Left: lambda c: c.go("parent"),
    _K.Key_Right: lambda c: c.go("child"),
    _K.Key_Up: lambda c: c.go("up"),
    _K.Key_Down: lambda c: c.go("down"),
    _K.Key_BracketLeft: lambda c: c.go("sibling_before"),
    _K.Key_BracketRight: lambda c: c.go("sibling_after"),
    _K.Key_E: lambda c: c.toggle_expanded(),
    _K.Key_Return: lambda c: c.focus_subtree(),
    _K.Key_Enter: lambda c: c.focus_subtree(),
    _K.Key_Backspace: lambda c: c.focus_back(),
}
SHIFTED: dict[Qt.Key, Act] = {
    _K.Key_E: lambda c: c.toggle_all_below(),
    # On many keyboards + is a shifted key.
    _K.Key_Plus: lambda c: c.zoom_in(),
}


def act_of(event: QKeyEvent) -> Act | None:
    """Return what a key does, None if nothing: keys with Ctrl or Alt belong to the window."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    if modifiers == Qt.KeyboardModifier.NoModifier:
        return PLAIN.get(key)
    return SHIFTED.get(key) if modifiers == Qt.KeyboardModifier.ShiftModifier else None
