"""The nodes that can be seen, at the three levels with boxes. Painted once, drawn from pictures after that."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from rlm_desktop.gui.look.paint import fill, outline
from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.gui.map.card import Role, paint_card, paint_future, paint_plain
from rlm_desktop.gui.map.drawing import NOTHING, Chosen, Drawing, Mark
from rlm_desktop.gui.map.facts import Facts, NodeFacts
from rlm_desktop.gui.map.fan_card import paint_fan
from rlm_desktop.gui.map.pictures import LARGEST_PX, Picture, Pictures, draw, draw_stretched, size_px
from rlm_desktop.gui.map.small import paint_bar, paint_card_title, paint_fan_title, paint_plain_title
from rlm_desktop.gui.map.view import Level, View
from rlm_desktop.present import numbers
from rlm_desktop.present.cards import CardFacts, PlainFacts
from rlm_desktop.present.fans import FanFacts
from rlm_desktop.present.folding import CARD, FAN
from rlm_desktop.present.layout import OpenList
from rlm_desktop.present.tree import Tree
from rlm_desktop.trace.codes import LLM

RADII: dict[Level, float] = {"card": 8.0, "title": 6.0, "bar": 3.0, "dot": 2.0}


class Nodes:
    """Paints nodes of one tree at one view, theme and pixel ratio. Marks that turn are collected in `marks`."""

    def __init__(self, pictures: Pictures, facts: Facts, tree: Tree, view: View, theme: Theme, ratio: float) -> None:
        self._pictures = pictures
        self._facts = facts
        self._tree = tree
        self._view = view
        self._theme = theme
        self._ratio = ratio
        self._ground = (view.level, view.zoom, ratio, theme.name, theme.hexes["hair"])
        self.marks: list[Mark] = []

    def paint(self, p: QPainter, node: int, box: QRectF, chosen: Chosen, opened: Mapping[int, OpenList], *, clip: QRectF) -> None:
        tree = self._tree
        first = int(tree.layout.first[node])
        if tree.is_future(node):
            self._paint_future(p, node, box)
        elif self._view.level == "bar":
            self._paint_bar(p, node, box)
        elif box.height() * self._ratio > LARGEST_PX:
            self._paint_directly(p, self._facts.of(tree, node, opened.get(first)), box, chosen, clip)
        else:
            self._paint_boxed(p, node, first, box, chosen, opened.get(first))

    def _paint_boxed(self, p: QPainter, node: int, first: int, box: QRectF, chosen: Chosen, opened: OpenList | None) -> None:
        facts = self._facts.known(self._tree, node, opened)
        if facts is None and not self._pictures.has_time:
            self._paint_stand_in(p, node, first, box)
            return
        if facts is None:
            facts = self._facts.of(self._tree, node, opened)
        key = (self._ground, facts, chosen)
        picture = self._pictures.known(key)
        if picture is None:
            if not self._pictures.has_time:
                self._paint_stand_in(p, node, first, box)
                return
            known = facts
            picture = self._pictures.paint(
                key, first, box.width(), box.height(), self._ratio, self._theme,
                lambda d: paint_node(d, known, box.width(), box.height(), self._view, chosen),
            )  # fmt: skip
        self._draw(p, picture, box)

    def _draw(self, p: QPainter, picture: Picture, box: QRectF) -> None:
        draw(p, picture, box.topLeft())
        self.marks.extend(mark._replace(x=mark.x + box.left(), y=mark.y + box.top()) for mark in picture.marks)

    def _paint_stand_in(self, p: QPainter, node: int, first: int, box: QRectF) -> None:
        """For the frames until there is time: the node as it was, stretched, or an empty card."""
        before = self._pictures.latest(first)
        if before is not None:
            ratio = before.pixmap.devicePixelRatio()
            if ratio == self._ratio and before.pixmap.size() == size_px(box.width(), box.height(), ratio):
                self._draw(p, before, box)
            else:
                draw_stretched(p, before, box)
            return
        radius = RADII[self._view.level]
        fill(p, box, self._theme.c("card"), radius)
        outline(p, box, self._theme.c("edge"), radius)
        role = "llm" if self._tree.columns.calls["kind"][first] == LLM else "rlm"
        head = QRectF(box.left() + 1, box.top() + 1, box.width() - 2, min(box.height() - 2, max(5.0, 33 * self._view.zoom)))
        fill(p, head, self._theme.c(f"{role}_tint"), radius - 1)

    def _paint_bar(self, p: QPainter, node: int, box: QRectF) -> None:
        facts = self._facts.bar(self._tree, node)
        # Pictures are shared by all bars that look alike; a height in whole device pixels makes more of them alike.
        height = round(box.height() * self._ratio) / self._ratio
        key: Hashable = (self._ground, facts, height)
        picture = self._pictures.known(key)
        if picture is None and not self._pictures.has_time:
            fill(p, box, self._theme.c(f"{facts.role}_tint"), RADII["bar"])
            return
        if picture is None:
            picture = self._pictures.paint(
                key, ("bar", facts.role), box.width(), height, self._ratio, self._theme,
                lambda d: paint_bar(d, facts, QRectF(0, 0, box.width(), height)),
            )  # fmt: skip
        self._draw(p, picture, box)

    def _paint_directly(self, p: QPainter, facts: NodeFacts, box: QRectF, chosen: Chosen, clip: QRectF) -> None:
        p.save()
        p.translate(box.topLeft())
        drawing = Drawing(p, self._theme)
        seen = clip.translated(-box.left(), -box.top())
        before = p.worldTransform()
        paint_node(drawing, facts, box.width(), box.height(), self._view, chosen, top=seen.top(), bottom=seen.bottom())
        inverse, _ = before.inverted()
        for mark in drawing.marks:
            at = inverse.map(QPointF(mark.x, mark.y))
            self.marks.append(mark._replace(x=at.x() + box.left(), y=at.y() + box.top(), size=mark.size / before.m11()))
        p.restore()

    def _paint_future(self, p: QPainter, node: int, box: QRectF) -> None:
        tree, layout = self._tree, self._tree.layout
        if self._view.level == "bar":
            outline(p, box, self._theme.c("wire"), RADII["bar"], style=Qt.PenStyle.DashLine)
            return
        first = int(layout.first[node])
        role: Role = "llm" if tree.columns.calls["kind"][first] == LLM else "rlm"
        title = f"×{numbers.count(int(layout.expected[node]))}  {role}_query" if layout.kind[node] == FAN else tree.name(first)
        kind: Literal["fan", "rlm", "llm"] = "fan" if layout.kind[node] == FAN else "rlm" if layout.kind[node] == CARD else "llm"
        zoom = self._view.zoom if self._view.level == "card" else 1.0
        p.save()
        p.translate(box.topLeft())
        p.scale(zoom, zoom)
        paint_future(
            Drawing(p, self._theme), QRectF(0, 0, box.width() / zoom, box.height() / zoom), role, kind, title if box.height() >= 20 else ""
        )
        p.restore()


def paint_node(
    d: Drawing,
    facts: NodeFacts,
    width: float,
    height: float,
    view: View,
    chosen: Chosen = NOTHING,
    *,
    top: float = 0.0,
    bottom: float = 1e9,
) -> None:
    """Paint a card or a titled box, its upper left corner at the origin; `width`, `height`, `top`, `bottom` in screen pixels."""
    if view.level == "title":
        box = QRectF(0, 0, width, height)
        if isinstance(facts, CardFacts):
            paint_card_title(d, facts, box, chosen, view.zoom)
        elif isinstance(facts, FanFacts):
            paint_fan_title(d, facts, box, view.zoom)
        else:
            paint_plain_title(d, facts, box, view.zoom)
        return
    zoom = view.zoom
    d.p.scale(zoom, zoom)
    box = QRectF(0, 0, width / zoom, height / zoom)
    if isinstance(facts, CardFacts):
        paint_card(d, facts, box, chosen, top=top / zoom, bottom=bottom / zoom)
    elif isinstance(facts, PlainFacts):
        paint_plain(d, facts, box)
    else:
        paint_fan(d, facts, box, chosen)
