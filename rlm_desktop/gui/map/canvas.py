"""The map as a widget: all that a person can do on it. What the mouse does is in `pointer`, which key does what in `keys`."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.map.keys import act_of
from rlm_desktop.gui.map.menu import fill_menu
from rlm_desktop.gui.map.moves import Way, step
from rlm_desktop.gui.map.pointer import Pointer
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.map.shown_map import ShownMap
from rlm_desktop.gui.map.travel import STEP
from rlm_desktop.gui.run_model import CurrentRun
from rlm_desktop.gui.selection import Chosen, Selection
from rlm_desktop.present.folding import CARD, FAN
from rlm_desktop.present.layout import LIST_LONGEST, OpenList
from rlm_desktop.present.running_code import running_code

_PAN_PX = 90.0
_TWICE_S = 0.6


class MapCanvas(ShownMap):
    """The recursion tree of the current run. `call_activated`: a call was double-clicked; `cancel_asked`: it is to be stopped;
    `interrupt_asked`: its block is to be ended.
    """

    call_activated = Signal(int)
    cancel_asked = Signal(int)
    interrupt_asked = Signal(int)

    def __init__(
        self,
        current_run: CurrentRun,
        selection: Selection,
        themes: Themes,
        parent: QWidget | None = None,
        *,
        turning: Turning | None = None,
    ) -> None:
        super().__init__(current_run, selection, themes, parent, turning=turning)
        self._focused_before: list[int | None] = []
        self._centred_at_s = -math.inf
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._pointer = Pointer(self, self.travel, self.stage)
        current_run.changed.connect(self._forget_focus)

    def choose(self, chosen: Chosen) -> None:
        self._selection.choose(chosen)

    def go(self, way: Way) -> None:
        """Choose the parent, the first child, or a neighbour of the chosen node, and bring it into sight."""
        scene = self.scene
        if scene is None:
            return
        node = self.chosen_node()
        member = self.chosen.call_id if self.chosen.fan is None else None
        if node >= 0 and way in ("sibling_before", "sibling_after") and scene.layout.kind[node] == FAN and member is not None:
            self._go_in_fan(scene, node, member, -1 if way == "sibling_before" else 1)
            return
        target = step(scene.layout, node, way)
        if target >= 0:
            self.choose(scene.choice_of(target))
            self.travel.reveal(scene.layout.box(target))

    def _go_in_fan(self, scene: Scene, node: int, member: int, by: int) -> None:
        members = scene.members(node)
        if member in members:
            place = max(0, min(len(members) - 1, members.index(member) + by))
            self.choose(Chosen(call_id=members[place]))
            opened = scene.opened(node)
            if opened is not None:
                scene.open_list(node, opened._replace(page=place // LIST_LONGEST))

    # What a person can do; each is also an action of the window

    def zoom_in(self) -> None:
        self.travel.zoom_by(STEP)

    def zoom_out(self) -> None:
        self.travel.zoom_by(1 / STEP)

    def zoom_to_hundred(self) -> None:
        self.travel.zoom_to(1.0)

    def fit(self) -> None:
        """Show the whole tree."""
        if self.scene is not None:
            self.travel.fit(self.scene.layout)

    def centre_selection(self) -> None:
        """Bring the chosen node into the middle; asked for twice in a row, show the whole tree."""
        now_s = time.monotonic()
        if now_s - self._centred_at_s < _TWICE_S:
            self._centred_at_s = -math.inf
            self.fit()
            return
        self._centred_at_s = now_s
        node = self.chosen_node()
        if self.scene is not None and len(self.scene.layout):
            self.travel.centre(self.scene.layout.box(max(0, node)))

    def pan_left(self) -> None:
        self.travel.pan(_PAN_PX, 0)

    def pan_right(self) -> None:
        self.travel.pan(-_PAN_PX, 0)

    def pan_up(self) -> None:
        self.travel.pan(0, _PAN_PX)

    def pan_down(self) -> None:
        self.travel.pan(0, -_PAN_PX)

    def toggle_expanded(self) -> None:
        """Open or close the list of a chosen fan; show or hide what hangs on a chosen card."""
        scene, node = self.scene, self.chosen_node()
        if scene is None or node < 0:
            return
        if scene.layout.kind[node] == FAN:
            self.open_list(node, None if scene.opened(node) is not None else OpenList(failed_only=False))
        elif scene.layout.kind[node] == CARD:
            self.keeping_place(lambda: scene.toggle_children(node))
            self.update()

    def toggle_all_below(self) -> None:
        """Show everything below the chosen node, or hide it."""
        scene, node = self.scene, self.chosen_node()
        if scene is not None and node >= 0:
            self.keeping_place(lambda: scene.toggle_all_below(node))
            self.update()

    def open_list(self, node: int, opened: OpenList | None) -> None:
        scene = self.scene
        if scene is not None:
            self.keeping_place(lambda: scene.open_list(node, opened))
            self.update()

    def turn_page(self, node: int, by: int) -> None:
        if self.scene is not None:
            self.scene.turn_page(node, by)
            self.update()

    def focus_subtree(self) -> None:
        """Show only the chosen call and what is below it."""
        chosen, scene = self.chosen, self.scene
        if scene is None or chosen.call_id is None or chosen.fan is not None or chosen.call_id == scene.shape.root:
            return
        self._focused_before.append(scene.shape.root)
        scene.focus(chosen.call_id)
        self.travel.go_home()

    def focus_back(self) -> None:
        """Show again what was shown before the last `focus_subtree`."""
        if self.scene is not None and self._focused_before:
            self.scene.focus(self._focused_before.pop())
            self.travel.go_home()
            node = self.chosen_node()
            if node >= 0:
                self.travel.reveal(self.scene.layout.box(node))

    def menu_of_chosen(self) -> QMenu:
        """Return the menu of what is chosen, to be shown by whoever asked for it."""
        menu = QMenu(self)
        if self.scene is not None and self.chosen_node() >= 0:
            fill_menu(menu, self, self.scene, self.chosen_node())
        return menu

    def _forget_focus(self) -> None:
        self._focused_before.clear()

    def can_cancel(self, call: int) -> bool:
        """True while an engine of this window runs the call."""
        run, scene = self.run, self.scene
        return run is not None and scene is not None and run.is_live and int(run.columns.calls["ended_seq"][call]) < 0

    def can_interrupt(self, call: int) -> bool:
        """True while an engine of this window runs a block of the call's code that nobody has asked to end."""
        return self.can_cancel(call) and self.run is not None and running_code(self.run.columns, call) == "runs"

    # Keys and focus

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = act_of(event)
        if act is None:
            super().keyPressEvent(event)
            return
        self.has_focus_ring = True
        act(self)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.has_focus_ring = event.reason() in (
            Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
        )  # fmt: skip
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
