"""What painting one node needs: a painter, a theme, and a place to leave the marks that turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter

from rlm_desktop.gui.look.glyphs import Status, paint_status
from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.present.standing import Standing

RADIUS = 8.0
PAD = 12.0


class Mark(NamedTuple):
    """A running mark: it turns, so it is painted anew each time over what is remembered of its node."""

    x: float
    y: float
    size: float
    colour: QColor | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of a node: the number of the chosen iteration (0: none), the chosen call of its list (-1: none)."""

    row: int = 0
    member: int = -1


NOTHING = Chosen()


@dataclass(slots=True)
class Drawing:
    p: QPainter
    theme: Theme
    marks: list[Mark] = field(default_factory=list)

    def status(self, status: Standing, centre: QPointF, *, size: float, colour: QColor | None = None) -> None:
        """Paint a status; a running one is left as a mark, what is to come has none."""
        if status == "future":
            return
        if status == "running":
            at = self.p.worldTransform().map(centre)
            self.marks.append(Mark(at.x(), at.y(), size * self.p.worldTransform().m11(), colour))
            return
        known: Status = status
        # Marks that are only outlines take the brush as they find it.
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        paint_status(self.p, known, centre, self.theme, size=size, colour=colour)
