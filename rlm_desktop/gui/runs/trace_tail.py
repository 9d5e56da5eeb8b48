"""A trace that another program is still writing: what it adds is taken from the file as it comes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from rlm_desktop.gui.lines import LineSplitter
from rlm_desktop.gui.run_model import RunModel

LOOK_MS = 250
READ_BYTES = 1024 * 1024


class TraceTail(QObject):
    """Feeds `run` from where its store ends, until the run has ended or its writer is gone."""

    def __init__(self, run: RunModel) -> None:
        super().__init__(run)
        self._run = run
        self._taken_bytes = run.store.end_bytes
        self._splitter = LineSplitter()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        # Asked first: a writer that ended after this look has written everything before it.
        is_over = self._run.store.status() != "running"
        data = self._more()
        lines = self._splitter.take(data)
        if lines:
            self._run.append_lines(lines)
        if len(data) < READ_BYTES and (is_over or self._run.columns.run_ended is not None or self._run.store.problem is not None):
            self._timer.stop()
            self._run.run_is_over()

    def _more(self) -> bytes:
        try:
            with self._run.store.path.open("rb") as file:
                file.seek(self._taken_bytes)
                data = file.read(READ_BYTES)
        except OSError:
            return b""
        self._taken_bytes += len(data)
        return data
