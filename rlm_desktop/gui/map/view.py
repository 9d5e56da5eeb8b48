"""Where the scene lies on the screen, and how large a node is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF

from rlm_desktop.present.layout import PITCH_X, WIDTH, Box

Level = Literal["card", "title", "bar", "dot"]

LARGEST: Final = 3.0
SMALLEST: Final = 2e-5
_CARD_FROM_PX: Final = 275.5  # 100 % is a card: text is never drawn under its size
_TITLE_FROM_PX: Final = 80.0
_BAR_FROM_PX: Final = 18.0
_DOT_ZOOM: Final = _BAR_FROM_PX / WIDTH
_WIDEST_DOT_PITCH_PX: Final = 132.0


def level_of(zoom: float) -> Level:
    """Return how a node is drawn, which only its width on the screen decides."""
    width_px = WIDTH * zoom
    if width_px >= _CARD_FROM_PX:
        return "card"
    if width_px >= _TITLE_FROM_PX:
        return "title"
    return "bar" if width_px >= _BAR_FROM_PX else "dot"


def across(zoom: float) -> float:
    """Return the scale from left to right. As dots, columns move apart again, to make room for what is said beside merged ones."""
    if zoom >= _DOT_ZOOM:
        return zoom
    return max(_DOT_ZOOM, min(_WIDEST_DOT_PITCH_PX / PITCH_X, _DOT_ZOOM * (_DOT_ZOOM / zoom) ** 2))


@dataclass(frozen=True, slots=True)
class View:
    """Screen = left + scene x * across(zoom), top + scene y * zoom. `left` and `top` are where the scene's origin is, in pixels."""

    zoom: float = 1.0
    left: float = 24.0
    top: float = 56.0

    @property
    def level(self) -> Level:
        return level_of(self.zoom)

    def x(self, scene_x: float) -> float:
        return self.left + scene_x * across(self.zoom)

    def y(self, scene_y: float) -> float:
        return self.top + scene_y * self.zoom

    def scene_x(self, x: float) -> float:
        return (x - self.left) / across(self.zoom)

    def scene_y(self, y: float) -> float:
        return (y - self.top) / self.zoom

    def rect(self, box: Box) -> QRectF:
        """Return where a node is on the screen."""
        return QRectF(self.x(box.x), self.y(box.y), box.w * self.zoom, box.h * self.zoom)

    def moved(self, dx: float, dy: float) -> View:
        return View(self.zoom, self.left + dx, self.top + dy)

    def zoomed(self, zoom: float, x: float, y: float) -> View:
        """Return the view at another zoom with the point of the scene under (x, y) left where it is."""
        zoom = max(SMALLEST, min(LARGEST, zoom))
        return View(zoom, x - self.scene_x(x) * across(zoom), y - self.scene_y(y) * zoom)
