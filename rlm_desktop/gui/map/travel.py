"""Moving over the map: what part is seen, and at which zoom."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.map.view import View, across
from rlm_desktop.present.layout import GAP_X, PITCH_X, WIDTH, Box, Layout

_MARGIN_PX = 24.0
_TOP_PX = 56.0
_BOTTOM_PX = 64.0
_FIRST_COLUMNS = 3
STEP = 1.25


class Travel(QObject):
    """Holds the view. Until the person moves it, it stays where a run begins, with three columns in sight."""

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = View()
        self.width = 1.0
        self.height = 1.0
        self._is_at_home = True
        self._columns = _FIRST_COLUMNS

    def resize(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        if self._is_at_home:
            self.go_home()

    def begin(self, columns: int | None = None) -> None:
        """Go home in another tree: one that is over and has these columns, or one that may still grow to any number."""
        self._columns = _FIRST_COLUMNS if columns is None else max(1, min(_FIRST_COLUMNS, columns))
        self.go_home()

    def go_home(self) -> None:
        """Put the root into the upper left corner."""
        needed = self._columns * PITCH_X - GAP_X
        zoom = max(0.3, min(1.0, (self.width - 1.5 * _MARGIN_PX) / needed))
        # Just under 100 % a node would no longer be a card.
        zoom = 1.0 if zoom > 0.95 else zoom
        self._is_at_home = True
        self.view = View(zoom, _MARGIN_PX, _TOP_PX)
        self.moved.emit()

    def pan(self, dx: float, dy: float) -> None:
        self._go(self.view.moved(dx, dy))

    def follow(self, dx: float, dy: float) -> None:
        """Go along with a layout that moved; it is not the person who moves."""
        self.view = self.view.moved(dx, dy)

    def zoom_by(self, factor: float, x: float | None = None, y: float | None = None) -> None:
        """Zoom with a point of the screen, or the middle, left in its place."""
        self.zoom_to(self.view.zoom * factor, x, y)

    def zoom_to(self, zoom: float, x: float | None = None, y: float | None = None) -> None:
        self._go(self.view.zoomed(zoom, self.width / 2 if x is None else x, self.height / 2 if y is None else y))

    def fit(self, layout: Layout) -> None:
        """Show everything. A tree too tall for cards becomes dots."""
        width, height = layout.size()
        zoom = min(1.0, (self.height - _TOP_PX - _BOTTOM_PX) / max(1.0, height), (self.width - 2 * _MARGIN_PX) / max(1.0, width))
        if zoom < View(zoom).zoom or across(zoom) > zoom:
            # Columns of dots do not come closer together; only the height has to fit.
            zoom = min(zoom if across(zoom) <= zoom else 1.0, (self.height - _TOP_PX - _BOTTOM_PX) / max(1.0, height))
        self._go(View(zoom, _MARGIN_PX, _TOP_PX))

    def centre(self, box: Box) -> None:
        """Put the middle of a node's head into the middle of the screen."""
        view = self.view
        x, y = view.x(box.x) + WIDTH * view.zoom / 2, view.y(box.y) + min(box.h * view.zoom, self.height - _TOP_PX - _BOTTOM_PX) / 2
        self._go(view.moved(self.width / 2 - x, self.height / 2 - y))

    def reveal(self, box: Box) -> None:
        """Move as little as brings a node into sight, not at all if it is."""
        at = self.view.rect(box)
        dx = max(0.0, _MARGIN_PX - at.left()) or min(0.0, self.width - _MARGIN_PX - at.right())
        dy = max(0.0, _TOP_PX - at.top()) or min(0.0, max(self.height - _BOTTOM_PX - at.bottom(), _TOP_PX - at.top()))
        if dx or dy:
            self._go(self.view.moved(dx, dy))

    def show_at(self, scene_x: float, scene_y: float) -> None:
        """Put a point of the scene into the middle of the screen."""
        view = self.view
        self._go(view.moved(self.width / 2 - view.x(scene_x), self.height / 2 - view.y(scene_y)))

    def _go(self, view: View) -> None:
        self._is_at_home = False
        self.view = view
        self.moved.emit()
