"""One clock for every mark that turns: it stands still when nothing runs, when the window is hidden, or when motion is not wanted."""

from __future__ import annotations

import time
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from rlm_desktop.gui.look.tokens import tokens

FRAME_MS = 33


class Turning(QObject):
    """Repaints the widgets that show a running mark, and says at which angle it stands.

    A widget calls `keep(self, True)` while it shows one and paints with `angle_deg()`.
    """

    def __init__(self, parent: QObject | None = None, *, is_still: bool = False) -> None:
        super().__init__(parent)
        self._is_still = is_still
        self._widgets: WeakSet[QWidget] = WeakSet()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._repaint)

    def keep(self, widget: QWidget, is_turning: bool) -> None:
        """Turn a widget's marks, or leave them."""
        if is_turning:
            self._widgets.add(widget)
            if not self._is_still and not self._timer.isActive():
                self._timer.start()
        else:
            self._widgets.discard(widget)
            if not self._widgets:
                self._timer.stop()

    def angle_deg(self) -> float:
        """Return how far the running mark has turned, 0 when it stands."""
        if not self._timer.isActive():
            return 0.0
        turn_s = tokens().motion_ms["spin_turn"] / 1000
        return time.monotonic() % turn_s / turn_s * 360

    @property
    def is_turning(self) -> bool:
        """Whether the clock runs."""
        return self._timer.isActive()

    def _repaint(self) -> None:
        widgets = list(self._widgets)
        if not widgets:
            self._timer.stop()
        for widget in widgets:
            if widget.isVisible():
                widget.update()
