"""The garbage collector, run on the window's thread between frames."""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

YOUNG_MS = 400
FULL_MS = 30_000
YOUNG_OBJECTS = 700


class Collector(QObject):
    """Takes the collector over: Python would run it on any thread that allocates, and so destroy QObjects on the wrong one.

    The young generation goes often and costs under a millisecond, everything now and then. What stands when this is made (imports, the
    window) is taken for lasting and not looked at again, which keeps a full collection within a frame.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        # Not collected first: it finds next to nothing and takes a tenth of the window's start.
        gc.freeze()
        self._young = self._every(YOUNG_MS, self._collect_young)
        self._full = self._every(FULL_MS, self._collect_all)

    def stop(self) -> None:
        """Leave the collector as Python has it."""
        self._young.stop()
        self._full.stop()
        gc.unfreeze()
        gc.enable()

    def _every(self, interval_ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(act)
        timer.start()
        return timer

    def _collect_young(self) -> None:
        if gc.get_count()[0] > YOUNG_OBJECTS:
            gc.collect(0)

    def _collect_all(self) -> None:
        gc.collect()
