"""The opening of a trace, a slice at a time, so that the window draws in between and the person can call it off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from rlm_desktop.errors import UserError
from rlm_desktop.trace.store import TraceStore

SLICE_S = 0.008


class TraceLoading(QObject):
    """`progressed` carries the share done, then comes one of `loaded` (the store) and `failed` (a sentence); neither after `cancel`."""

    progressed = Signal(float)
    loaded = Signal(object)
    failed = Signal(str)

    def __init__(self, path: Path, parent: QObject | None = None, *, pause_ms: int = 0) -> None:
        """`pause_ms` between two slices: what is read in the background leaves the window its time."""
        super().__init__(parent)
        self.path = path
        self.share = 0.0
        self._store = TraceStore(path)
        self._steps: Iterator[float] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(pause_ms)
        self._timer.timeout.connect(self._advance)

    def start(self) -> None:
        self._steps = self._store.load()
        self._timer.start()

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def cancel(self) -> None:
        """Stop, and say nothing more."""
        self._timer.stop()
        self._steps = None

    def _advance(self) -> None:
        steps = self._steps
        if steps is None:
            return
        until = time.perf_counter() + SLICE_S
        try:
            for share in steps:
                self.share = share
                if time.perf_counter() > until:
                    self.progressed.emit(share)
                    return
        except UserError as error:
            self._timer.stop()
            self.failed.emit(str(error))
            return
        self._timer.stop()
        self._steps = None
        self.share = 1.0
        self.loaded.emit(self._store)
