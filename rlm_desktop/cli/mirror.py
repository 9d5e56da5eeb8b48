"""The trace's lines once more on stdout, for whoever watches. A reader that stalls or goes away never holds up the run."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

_PIECE_BYTES: Final = 256 * 1024
_MOST_PROGRESS: Final = 1_000
"""Lines of progress that wait for a slow reader; older ones go first."""
_PATIENCE_S: Final = 5.0
"""At the end, a reader that takes nothing for so long is left."""


class Mirror:
    """Copies the trace file to a descriptor on a thread of its own: what a slow reader has not had yet waits in the file, not in memory."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor
        self._changed = threading.Condition()
        self._written_bytes = 0
        self._sent_bytes = 0
        self._progress: deque[bytes] = deque(maxlen=_MOST_PROGRESS)
        self._is_over = False
        self._is_gone = False
        self._thread = threading.Thread(target=self._copy, name="mirror", daemon=True)
        self._thread.start()

    def grew(self, count_bytes: int) -> None:
        """The file has so many bytes more, whole lines."""
        with self._changed:
            self._written_bytes += count_bytes
            self._changed.notify()

    def progress(self, line: bytes) -> None:
        with self._changed:
            self._progress.append(line)
            self._changed.notify()

    def close(self) -> None:
        """Wait until everything is sent, or until the reader has taken nothing for a while or is gone."""
        with self._changed:
            self._is_over = True
            self._changed.notify()
        sent, since = -1, time.monotonic()
        while self._thread.is_alive():
            self._thread.join(0.05)
            if self._sent_bytes != sent:
                sent, since = self._sent_bytes, time.monotonic()
            elif time.monotonic() - since > _PATIENCE_S:
                return

    def _copy(self) -> None:
        with self._path.open("rb") as file:
            while not self._is_gone:
                with self._changed:
                    self._changed.wait_for(lambda: self._written_bytes > self._sent_bytes or self._progress or self._is_over)
                    target, progress = self._written_bytes, list(self._progress)
                    self._progress.clear()
                    if self._is_over and target == self._sent_bytes and not progress:
                        return
                # Only whole lines go out between two looks, so that progress never lands inside a line of the trace.
                while self._sent_bytes < target and not self._is_gone:
                    piece = file.read(min(_PIECE_BYTES, target - self._sent_bytes))
                    if not piece:
                        return  # somebody cut the file
                    self._send(piece)
                    self._sent_bytes += len(piece)
                for line in progress:
                    self._send(line)

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view and not self._is_gone:
                view = view[os.write(self._descriptor, view) :]
        except OSError:
            self._is_gone = True
