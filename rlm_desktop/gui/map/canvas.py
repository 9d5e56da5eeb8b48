"""The map as a widget. What the mouse does is in `pointer`, the part that is seen in `travel`, what is painted in `stage`."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.theme import Theme, Themes
from rlm_desktop.gui.map import tips
from rlm_desktop.gui.map.crumbs import Crumb, crumbs_of
from rlm_desktop.gui.map.hits import Hit
from rlm_desktop.gui.map.keys import act_of
from rlm_desktop.gui.map.menu import fill_menu
from rlm_desktop.gui.map.minimap import REST_S
from rlm_desktop.gui.map.moves import Way, step
from rlm_desktop.gui.map.pointer import Pointer
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.map.stage import Looks, Stage
from rlm_desktop.gui.map.travel import STEP, Travel
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.selection import Chosen, Selection
from rlm_desktop.present.folding import CARD, FAN
from rlm_desktop.present.layout import LIST_LONGEST, WIDTH, OpenList
from rlm_desktop.trace.commands import TextStreamed

FRAME_MS = 24
"""The first event after a rest is shown at once, those that follow are gathered: no eye sees figures change faster."""
NEW_PICTURES_S = 0.004
"""Of a frame, what may go into painting nodes that were not painted before; the rest of them come in the frames after."""
_PAN_PX = 90.0
_TWICE_S = 0.6


class MapCanvas(QWidget):
    """The recursion tree of the current run. `call_activated`: a call was double-clicked; `cancel_asked`: it is to be stopped."""

    call_activated = Signal(int)
    cancel_asked = Signal(int)

    def __init__(
        self,
        current_run: CurrentRun,
        selection: Selection,
        themes: Themes,
        parent: QWidget | None = None,
        *,
        turning: Turning | None = None,
    ) -> None:
        super().__init__(parent)
        self._current_run = current_run
        self._selection = selection
        self._themes = themes
        self._theme = _unscaled(themes.current)
        self._turning = Turning(self) if turning is None else turning
        self._run: RunModel | None = None
        self._scene: Scene | None = None
        self._stage = Stage()
        self._travel = Travel(self)
        self._has_focus_ring = False
        self._focused_before: list[int | None] = []
        self._centred_at_s = self._shown_at_s = -math.inf
        self.new_pictures_s = NEW_PICTURES_S
        """`math.inf` paints everything in one frame, for pictures of the window."""
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._show_changes)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self.update)
        self._pointer = Pointer(self, self._travel, self._stage)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 160)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Map of the calls"))
        self._travel.moved.connect(self.update)
        current_run.changed.connect(self._take_run)
        selection.changed.connect(self._selection_changed)
        themes.changed.connect(self._theme_changed)
        self._take_run()

    def sizeHint(self) -> QSize:
        return QSize(940, 640)

    @property
    def scene(self) -> Scene | None:
        """What is shown; None without a run."""
        return self._scene

    @property
    def travel(self) -> Travel:
        """The part of the map that is seen."""
        return self._travel

    @property
    def is_complete(self) -> bool:
        """True when the last frame held all that can be seen and nothing is waiting to be painted."""
        return self._stage.pictures.is_complete and not self._frame.isActive()

    # The run

    def _take_run(self) -> None:
        if self._run is not None:
            for signal in (self._run.grown, self._run.cursor_moved, self._run.status_changed):
                signal.disconnect(self._changes_are_due)
            self._run.streamed.disconnect(self._piece_came)
        self._run = self._current_run.run
        self._focused_before.clear()
        self._stage.clear()
        self._scene = None
        if self._run is not None:
            self._scene = Scene(self._run)
            for signal in (self._run.grown, self._run.cursor_moved, self._run.status_changed):
                signal.connect(self._changes_are_due)
            self._run.streamed.connect(self._piece_came)
        self._travel.go_home()
        self._describe()
        self.update()

    def _changes_are_due(self) -> None:
        # Events come in hundreds a second; one frame shows all that came since the last.
        if not self._frame.isActive():
            self._frame.start(round(max(0.0, FRAME_MS - (time.monotonic() - self._shown_at_s) * 1e3)))

    def _piece_came(self, piece: TextStreamed) -> None:
        if self._scene is not None:
            self._scene.take_piece(piece)
            self._changes_are_due()

    def _show_changes(self) -> None:
        self._shown_at_s = time.monotonic()
        if self._scene is not None:
            self._keeping_place(self._scene.refresh)
            if self._scene.needs_layout:
                self._frame.start(FRAME_MS)
            self._describe()
        self.update()

    def _keeping_place(self, change: Callable[[], object]) -> None:
        """Change the layout with the chosen node, or the first that is seen, left where it is on the screen."""
        scene = self._scene
        if scene is None:
            return
        anchor = self._anchor(scene)
        before = None if anchor is None else scene.layout.box(scene.node_of(anchor))
        change()
        node = -1 if anchor is None else scene.node_of(anchor)
        if before is not None and node >= 0:
            after, view = scene.layout.box(node), self._travel.view
            self._travel.follow(view.x(before.x) - view.x(after.x), view.y(before.y) - view.y(after.y))

    def _anchor(self, scene: Scene) -> int | None:
        """Return the call whose node keeps its place: the chosen one if it is in sight, else the uppermost that is."""
        view, layout = self._travel.view, scene.layout
        node = scene.chosen_node(self._selection.chosen)
        if node >= 0 and view.rect(layout.box(node)).intersects(self._seen()):
            return int(layout.first[node])
        top, bottom = view.scene_y(0.0), view.scene_y(self._travel.height)
        for column in range(len(layout.columns) - 1):
            first, end = layout.within(column, top, bottom)
            if first < end and view.x(layout.box(first).x) + WIDTH * view.zoom > 0:
                return int(layout.first[first])
        return None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        p.fillRect(self.rect(), self._theme.c("canvas"))
        if self._scene is not None:
            # The canvas is laid out at 100 % of the type size; a larger type enlarges all of it.
            p.scale(self.unit, self.unit)
            self._stage.pictures.begin_frame(self.new_pictures_s)
            looks = Looks(
                chosen=self._selection.chosen, hovered=self._pointer.hovered, has_focus_ring=self._has_focus_ring and self.hasFocus(),
                pointed_at=self._pointer.button,
            )  # fmt: skip
            self._stage.paint(
                p, self._scene, self._travel.view, self._theme, looks, width=self._travel.width, height=self._travel.height,
                angle_deg=self._turning.angle_deg(),
            )  # fmt: skip
        p.end()
        self._turning.keep(self, self._scene is not None and self._stage.has_running and self.isVisible())
        if not self._stage.pictures.is_complete:
            self._late.start(0)
        elif self._stage.is_behind and not self._late.isActive():
            self._late.start(round(REST_S * 1e3))

    @property
    def unit(self) -> float:
        """How much larger than at 100 % type is."""
        return self._themes.current.unit

    @property
    def unscaled_theme(self) -> Theme:
        """The theme at 100 %, with which everything here is measured."""
        return self._theme

    def _seen(self) -> QRectF:
        return QRectF(0, 0, self._travel.width, self._travel.height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._travel.resize(self.width() / self.unit, self.height() / self.unit)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._turning.keep(self, False)

    def _theme_changed(self) -> None:
        self._theme = _unscaled(self._themes.current)
        self._stage.clear()
        self._travel.resize(self.width() / self.unit, self.height() / self.unit)
        self.update()

    # What is chosen

    def _selection_changed(self) -> None:
        self._describe()
        self.update()

    def _describe(self) -> None:
        """Say to a screen reader what is chosen, and how it stands."""
        words = self.tr("No call is chosen.")
        scene = self._scene
        if scene is not None:
            node = scene.chosen_node(self._selection.chosen)
            if node >= 0 and not scene.tree.is_future(node):
                words = tips.words_of(scene.facts.of(scene.tree, node, scene.opened(node)), Hit("node"))
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def chosen_node(self) -> int:
        """Return the node that shows what is chosen, -1 if there is none."""
        return -1 if self._scene is None else self._scene.chosen_node(self._selection.chosen)

    @property
    def chosen(self) -> Chosen:
        return self._selection.chosen

    def choose(self, chosen: Chosen) -> None:
        self._selection.choose(chosen)

    def go(self, way: Way) -> None:
        """Choose the parent, the first child, or a neighbour of the chosen node, and bring it into sight."""
        scene = self._scene
        if scene is None:
            return
        node = self.chosen_node()
        member = self._selection.chosen.call_id if self._selection.chosen.fan is None else None
        if node >= 0 and way in ("sibling_before", "sibling_after") and scene.layout.kind[node] == FAN and member is not None:
            self._go_in_fan(scene, node, member, -1 if way == "sibling_before" else 1)
            return
        target = step(scene.layout, node, way)
        if target >= 0:
            self.choose(scene.choice_of(target))
            self._travel.reveal(scene.layout.box(target))

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
        self._travel.zoom_by(STEP)

    def zoom_out(self) -> None:
        self._travel.zoom_by(1 / STEP)

    def zoom_to_hundred(self) -> None:
        self._travel.zoom_to(1.0)

    def fit(self) -> None:
        """Show the whole tree."""
        if self._scene is not None:
            self._travel.fit(self._scene.layout)

    def centre_selection(self) -> None:
        """Bring the chosen node into the middle; asked for twice in a row, show the whole tree."""
        now_s = time.monotonic()
        if now_s - self._centred_at_s < _TWICE_S:
            self._centred_at_s = -math.inf
            self.fit()
            return
        self._centred_at_s = now_s
        node = self.chosen_node()
        if self._scene is not None and len(self._scene.layout):
            self._travel.centre(self._scene.layout.box(max(0, node)))

    def pan_left(self) -> None:
        self._travel.pan(_PAN_PX, 0)

    def pan_right(self) -> None:
        self._travel.pan(-_PAN_PX, 0)

    def pan_up(self) -> None:
        self._travel.pan(0, _PAN_PX)

    def pan_down(self) -> None:
        self._travel.pan(0, -_PAN_PX)

    def toggle_expanded(self) -> None:
        """Open or close the list of a chosen fan; show or hide what hangs on a chosen card."""
        scene, node = self._scene, self.chosen_node()
        if scene is None or node < 0:
            return
        if scene.layout.kind[node] == FAN:
            self.open_list(node, None if scene.opened(node) is not None else OpenList(failed_only=False))
        elif scene.layout.kind[node] == CARD:
            self._keeping_place(lambda: scene.toggle_children(node))
            self.update()

    def toggle_all_below(self) -> None:
        """Show everything below the chosen node, or hide it."""
        scene, node = self._scene, self.chosen_node()
        if scene is not None and node >= 0:
            self._keeping_place(lambda: scene.toggle_all_below(node))
            self.update()

    def open_list(self, node: int, opened: OpenList | None) -> None:
        scene = self._scene
        if scene is not None:
            self._keeping_place(lambda: scene.open_list(node, opened))
            self.update()

    def turn_page(self, node: int, by: int) -> None:
        if self._scene is not None:
            self._scene.turn_page(node, by)
            self.update()

    def focus_subtree(self) -> None:
        """Show only the chosen call and what is below it."""
        chosen, scene = self._selection.chosen, self._scene
        if scene is None or chosen.call_id is None or chosen.fan is not None or chosen.call_id == scene.shape.root:
            return
        self._focused_before.append(scene.shape.root)
        scene.focus(chosen.call_id)
        self._travel.go_home()

    def focus_back(self) -> None:
        """Show again what was shown before the last `focus_subtree`."""
        if self._scene is not None and self._focused_before:
            self._scene.focus(self._focused_before.pop())
            self._travel.go_home()
            node = self.chosen_node()
            if node >= 0:
                self._travel.reveal(self._scene.layout.box(node))

    def menu_of_chosen(self) -> QMenu:
        """Return the menu of what is chosen, to be shown by whoever asked for it."""
        menu = QMenu(self)
        if self._scene is not None and self.chosen_node() >= 0:
            fill_menu(menu, self, self._scene, self.chosen_node())
        return menu

    def crumbs(self) -> list[Crumb]:
        """Return where the chosen call stands, from the root down."""
        return [] if self._scene is None else crumbs_of(self._scene, self._selection.chosen)

    def forget_pictures(self) -> None:
        """Paint everything anew."""
        self._stage.clear()
        self.update()

    @property
    def turning(self) -> Turning:
        """The clock of the marks that turn."""
        return self._turning

    def can_cancel(self, call: int) -> bool:
        """True while an engine of this window runs the call."""
        run, scene = self._run, self._scene
        return run is not None and scene is not None and run.is_live and int(run.columns.calls["ended_seq"][call]) < 0

    # Keys and focus

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = act_of(event)
        if act is None:
            super().keyPressEvent(event)
            return
        self._has_focus_ring = True
        act(self)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._has_focus_ring = event.reason() in (
            Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
        )  # fmt: skip
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _unscaled(theme: Theme) -> Theme:
    return replace(theme, unit=1.0)
