"""What can be done with the chosen node, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from rlm_desktop.gui.look.foreign import plain_tip
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.menus import interrupt_meaning
from rlm_desktop.present.folding import CARD, FAN

if TYPE_CHECKING:
    from rlm_desktop.gui.map.canvas import MapCanvas


def fill_menu(menu: QMenu, canvas: MapCanvas, scene: Scene, node: int) -> None:
    """Add all that can be done with `node`, which is chosen. What cannot be done now is switched off."""
    call = scene.chosen_call(canvas.chosen)
    first = int(scene.layout.first[node])

    def add(words: str, act: Callable[[], object], *, is_possible: bool = True, meaning: str = "") -> None:
        action = QAction(words, menu)
        action.setToolTip(plain_tip(meaning))
        action.setEnabled(is_possible)
        action.triggered.connect(lambda: act())
        menu.addAction(action)

    if scene.layout.kind[node] == FAN:
        add(canvas.tr("Close the list") if scene.opened(node) else canvas.tr("List the calls"), canvas.toggle_expanded)
    else:
        words = canvas.tr("Show what it called") if first in scene.shape.collapsed else canvas.tr("Hide what it called")
        add(words, canvas.toggle_expanded, is_possible=bool(scene.layout.kind[node] == CARD))
    add(canvas.tr("Show only this and below"), canvas.focus_subtree, is_possible=call is not None and call != scene.shape.root)
    add(canvas.tr("Show everything"), canvas.focus_back, is_possible=scene.shape.root is not None)
    add(canvas.tr("Centre"), canvas.centre_selection)
    menu.addSeparator()
    can_cancel = call is not None and canvas.can_cancel(call)
    add(canvas.tr("Stop this call"), lambda: canvas.cancel_asked.emit(call), is_possible=can_cancel)
    can_interrupt = call is not None and canvas.can_interrupt(call)
    interrupt = canvas.tr("Interrupt its block")
    add(interrupt, lambda: canvas.interrupt_asked.emit(call), is_possible=can_interrupt, meaning=interrupt_meaning())
    menu.setToolTipsVisible(True)
