"""One frame of the map: ground, edges, nodes, rings, marks, and what floats above."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from rlm_desktop.gui.look.glyphs import paint_status
from rlm_desktop.gui.look.paint import CENTRE, fill, outline, text, text_width
from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.gui.map.crumbs import Crumb, crumbs_of, paint_crumbs
from rlm_desktop.gui.map.drawing import NOTHING, Mark
from rlm_desktop.gui.map.edges import Edges
from rlm_desktop.gui.map.minimap import FOLDS_UNDER_PX, Button, Minimap, paint_buttons
from rlm_desktop.gui.map.nodes import RADII, Nodes
from rlm_desktop.gui.map.overview import Overview
from rlm_desktop.gui.map.pictures import Pictures
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.map.view import View
from rlm_desktop.gui.selection import Chosen
from rlm_desktop.present import numbers
from rlm_desktop.present.layout import PITCH_X


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What the canvas adds to the tree: where the person is in it."""

    chosen: Chosen
    hovered: int = -1
    has_focus_ring: bool = False
    pointed_at: Button | None = None


class Stage:
    """Paints a scene and keeps what can be used again: pictures of nodes, the merged overview, the minimap."""

    def __init__(self) -> None:
        self.pictures = Pictures()
        self.has_running = False
        """Whether the last frame held a mark that turns."""
        self.crumb_places: list[tuple[QRectF, Crumb]] = []
        self._minimap = Minimap()
        self._overview: Overview | None = None
        self._turn = 0

    @property
    def is_behind(self) -> bool:
        """True when something was left as it was, to be painted a little later."""
        return self._minimap.is_behind

    def clear(self) -> None:
        self.pictures.clear()
        self._overview = None

    def overview(self, scene: Scene, zoom: float) -> Overview:
        if self._overview is None or self._overview.tree is not scene.tree or self._overview.zoom != zoom:
            self._overview = Overview(scene.tree, zoom)
        return self._overview

    def paint(
        self, p: QPainter, scene: Scene, view: View, theme: Theme, looks: Looks, *, width: float, height: float, angle_deg: float
    ) -> None:
        ratio = p.deviceTransform().m11()
        view = View(view.zoom, round(view.left * ratio) / ratio, round(view.top * ratio) / ratio)
        self.has_running = bool(scene.tree.counts.active.any())
        if len(scene.layout):
            if view.level == "dot":
                self._paint_overview(p, scene, view, theme, looks, width=width, height=height)
            else:
                marks = self._paint_boxes(p, scene, view, theme, looks, width=width, height=height, ratio=ratio)
                p.setBrush(Qt.BrushStyle.NoBrush)
                for mark in marks:
                    paint_status(
                        p, "running", QPointF(mark.x, mark.y), theme, size=mark.size, turn_deg=angle_deg or 300.0, colour=mark.colour
                    )
        else:
            text(p, QRectF(0, 0, width, height), "No call yet", theme.ui("body"), theme.c("text_3"), CENTRE)
        self._paint_floating(p, scene, view, theme, looks, width=width, height=height, ratio=ratio)

    def _paint_boxes(
        self, p: QPainter, scene: Scene, view: View, theme: Theme, looks: Looks, *, width: float, height: float, ratio: float
    ) -> list[Mark]:
        layout = scene.layout
        edges = Edges(scene.tree, scene.wires, view, theme, width=width, height=height)
        edges.paint(p)
        nodes = Nodes(self.pictures, scene.facts, scene.tree, view, theme, ratio)
        seen = QRectF(0, 0, width, height)
        chosen_node = scene.chosen_node(looks.chosen)
        part = scene.chosen_part(looks.chosen, chosen_node) if chosen_node >= 0 else NOTHING
        radius = RADII[view.level]
        top, bottom = view.scene_y(-20), view.scene_y(height + 20)
        first = max(0, int(view.scene_x(0) // PITCH_X))
        last = min(len(layout.columns) - 2, int(view.scene_x(width) // PITCH_X))
        shown = [node for column in range(first, last + 1) for node in range(*layout.within(column, top, bottom))]
        # While a run changes more nodes than a frame has time for, each frame begins with another one.
        self._turn = (self._turn + 1) % max(1, len(shown))
        for node in shown[self._turn :] + shown[: self._turn]:
            box = view.rect(layout.box(node))
            # On whole device pixels, where the picture of the node was painted.
            box.moveTo(round(box.left() * ratio) / ratio, round(box.top() * ratio) / ratio)
            nodes.paint(p, node, box, part if node == chosen_node else NOTHING, scene.shape.opened, clip=seen)
            if node == looks.hovered and not scene.tree.is_future(node):
                outline(p, box, theme.c("wire"), radius)
            if node == chosen_node:
                _paint_rings(p, box, radius, theme, is_row=part.row > 0 and view.level != "bar", has_focus=looks.has_focus_ring)
            if int(layout.first[node]) in scene.shape.collapsed:
                _paint_collapsed(p, box, scene, node, theme)
        edges.paint_ports(p)
        return nodes.marks

    def _paint_overview(self, p: QPainter, scene: Scene, view: View, theme: Theme, looks: Looks, *, width: float, height: float) -> None:
        overview = self.overview(scene, view.zoom)
        overview.paint(p, view, theme, self.pictures, width=width, height=height)
        node = scene.chosen_node(looks.chosen)
        if node >= 0:
            centre = overview.centre_of(node, view)
            ring = QRectF(centre.x() - 8, centre.y() - 8, 16, 16)
            outline(p, ring, theme.c("ink"), 8, 2.0)
            if looks.has_focus_ring:
                outline(p, ring.adjusted(-3, -3, 3, 3), theme.c("focus"), 11, 2.0)

    def _paint_floating(
        self, p: QPainter, scene: Scene, view: View, theme: Theme, looks: Looks, *, width: float, height: float, ratio: float
    ) -> None:
        crumbs = crumbs_of(scene, looks.chosen)
        self.crumb_places = []
        if crumbs:
            # Nodes pass under the names.
            p.fillRect(QRectF(0, 0, width, 40), theme.c("canvas", 0.92))
            self.crumb_places = paint_crumbs(p, crumbs, theme, width)
        if width >= FOLDS_UNDER_PX and len(scene.layout):
            self._minimap.paint(
                p,
                scene.tree,
                view,
                theme,
                width=width,
                height=height,
                ratio=ratio,
                key=(scene.version, scene.tree.seq // 64, scene.tree.is_over),
            )
        paint_buttons(p, view.zoom, theme, width=width, height=height, pointed_at=looks.pointed_at)


def _paint_rings(p: QPainter, box: QRectF, radius: float, theme: Theme, *, is_row: bool, has_focus: bool) -> None:
    if is_row:
        # The row has a ring of its own; one in the map is enough.
        outline(p, box, theme.c("wire"), radius)
    else:
        outline(p, box.adjusted(-2, -2, 2, 2), theme.c("ink"), radius + 2, 2.0)
    if has_focus:
        outline(p, box.adjusted(-5, -5, 5, 5), theme.c("focus"), radius + 5, 2.0)


def _paint_collapsed(p: QPainter, box: QRectF, scene: Scene, node: int, theme: Theme) -> None:
    """What is folded away behind a card says how much it is."""
    count = scene.hidden_below(node)
    if not count:
        return
    words = f"+{numbers.count(count)} {'call' if count == 1 else 'calls'}"
    font = theme.ui("caption", "medium")
    label = QRectF(box.right() + 14, box.top() + min(17.0, box.height() / 2) - 9, text_width(font, words) + 16, 18)
    p.setPen(QPen(theme.c("wire"), 1.25))
    p.drawLine(QPointF(box.right(), label.center().y()), QPointF(label.left(), label.center().y()))
    fill(p, label, theme.c("card"), 9)
    outline(p, label, theme.c("edge"), 9, style=Qt.PenStyle.SolidLine)
    text(p, label, words, font, theme.c("text_2"), CENTRE)
