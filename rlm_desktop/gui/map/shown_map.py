"""The map as a picture that keeps up with its run: what is seen of it, frame by frame, and what is chosen in it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rlm_desktop.gui.look.foreign import in_lines
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.theme import Theme, Themes
from rlm_desktop.gui.map import tips
from rlm_desktop.gui.map.crumbs import Crumb, crumbs_of
from rlm_desktop.gui.map.hits import Hit
from rlm_desktop.gui.map.minimap import REST_S, Button
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.map.stage import Looks, Stage
from rlm_desktop.gui.map.travel import Travel
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.selection import Chosen, Selection
from rlm_desktop.present.layout import WIDTH
from rlm_desktop.trace.commands import TextStreamed

FRAME_MS = 33
"""The first event after a rest is shown at once, those that follow are gathered: no eye sees figures change faster."""
DESCRIBED_EVERY_S = 1.0
"""While a run goes on, nobody is told more often how the chosen call stands."""
NEW_PICTURES_S = 0.004
"""Of a frame, what may go into painting nodes that were not painted before; the rest of them come in the frames after."""


class ShownMap(QWidget):
    """Shows the tree of the current run. It answers no key and no mouse."""

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
        self.has_focus_ring = False
        """Whether the keyboard is at work here, so that what it acts on is marked."""
        self.hovered = -1
        """The node under the pointer."""
        self.pointed_at: Button | None = None
        """The zoom button under the pointer."""
        self._shown_at_s = self._described_at_s = -math.inf
        self.new_pictures_s = NEW_PICTURES_S
        """`math.inf` paints everything in one frame, for pictures of the window."""
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._show_changes)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 160)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Map of the calls"))
        self._travel.moved.connect(self.update)
        current_run.changed.connect(self.take_run)
        selection.changed.connect(self._selection_changed)
        themes.changed.connect(self._theme_changed)
        self.take_run()

    def sizeHint(self) -> QSize:
        return QSize(940, 640)

    @property
    def scene(self) -> Scene | None:
        """What is shown; None without a run."""
        return self._scene

    @property
    def run(self) -> RunModel | None:
        """The run that is shown."""
        return self._run

    @property
    def stage(self) -> Stage:
        """What paints it."""
        return self._stage

    @property
    def travel(self) -> Travel:
        """The part of the map that is seen."""
        return self._travel

    @property
    def is_complete(self) -> bool:
        """True when the last frame held all that can be seen and nothing is waiting to be painted."""
        return self._stage.pictures.is_complete and not self._frame.isActive()

    # The run

    def take_run(self) -> None:
        if self._run is not None:
            for signal in (self._run.grown, self._run.cursor_moved, self._run.status_changed):
                signal.disconnect(self._changes_are_due)
            self._run.streamed.disconnect(self._piece_came)
        self._run = self._current_run.run
        self._stage.clear()
        self._scene = None
        if self._run is not None:
            self._scene = Scene(self._run)
            for signal in (self._run.grown, self._run.cursor_moved, self._run.status_changed):
                signal.connect(self._changes_are_due)
            self._run.streamed.connect(self._piece_came)
        # While a run goes on its tree may still become wider, and must not shrink then.
        is_over = self._scene is not None and self._run is not None and not self._run.is_live
        self._travel.begin(len(self._scene.layout.columns) - 1 if is_over and self._scene is not None else None)
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
            self.keeping_place(self._scene.refresh)
            if self._scene.needs_layout:
                self._frame.start(FRAME_MS)
            if self._shown_at_s >= self._described_at_s + DESCRIBED_EVERY_S:
                self._describe()
        self.update()

    def keeping_place(self, change: Callable[[], object]) -> None:
        """Change the layout with the chosen node, or the first that is seen, left where it is on the screen."""
        scene = self._scene
        if scene is None:
            return
        anchor = self._anchor(scene)
        before = None if anchor is None else scene.layout.box(scene.node_of(anchor))
        version = scene.version
        change()
        if scene.version != version:
            # Nodes have other numbers now; the next move of the mouse finds the one under it.
            self.hovered = -1
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
                chosen=self._selection.chosen, hovered=self.hovered, has_focus_ring=self.has_focus_ring and self.hasFocus(),
                pointed_at=self.pointed_at,
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
        self._described_at_s = time.monotonic()
        words = self.tr("No call is chosen.")
        scene = self._scene
        if scene is not None:
            node = scene.chosen_node(self._selection.chosen)
            if node >= 0 and not scene.tree.is_future(node):
                words = tips.words_of(scene.facts.of(scene.tree, node, scene.opened(node)), Hit("node"))
        said = in_lines(words)
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)

    def chosen_node(self) -> int:
        """Return the node that shows what is chosen, -1 if there is none."""
        return -1 if self._scene is None else self._scene.chosen_node(self._selection.chosen)

    @property
    def chosen(self) -> Chosen:
        return self._selection.chosen

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


def _unscaled(theme: Theme) -> Theme:
    return replace(theme, unit=1.0)
