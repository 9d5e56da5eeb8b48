"""One clock for every mark that turns: it stands still when nothing runs, when nothing of it is visible, or when motion is not wanted."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer
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
        self._widgets: dict[int, QWidget] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._repaint)

    def keep(self, widget: QWidget, is_turning: bool) -> None:
        """Turn a widget's marks, or leave them."""
        if is_turning and id(widget) not in self._widgets:
            self._widgets[id(widget)] = widget
            widget.installEventFilter(self)
        elif not is_turning and self._widgets.pop(id(widget), None) is not None:
            widget.removeEventFilter(self)
        self._start_or_stop()

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._start_or_stop()
        elif event.type() == QEvent.Type.DeferredDelete:
            self._widgets.pop(id(watched), None)
            self._start_or_stop()
        return False

    def _start_or_stop(self) -> None:
        is_wanted = not self._is_still and any(widget.isVisible() for widget in self._widgets.values())
        if is_wanted and not self._timer.isActive():
            self._timer.start()
        elif not is_wanted:
            self._timer.stop()

    def _repaint(self) -> None:
        for widget in self._widgets.values():
            widget.update()
