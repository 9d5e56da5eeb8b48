"""The reading of documents, as the window sees it: a process that turns paths and pasted texts into texts in the store."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from rlm_desktop.gui.child_process import ChildProcess
from rlm_desktop.program import program_command
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice

Told = DocumentRead | DocumentRefused | DocumentProgressed

_decoder: msgspec.json.Decoder[DocumentRead | DocumentRefused] = msgspec.json.Decoder(DocumentRead | DocumentRefused)
_progress_decoder = msgspec.json.Decoder(DocumentProgressed)
BETWEEN_MS = 100
"""What is read quickly comes in few batches: each costs the views a walk over all rows."""
MOST_AT_ONCE = 250

_PROGRESS = b'{"progress"'


class ReadProcess(QObject):
    """Reads some documents, in order. `received` carries a list of what came at once: DocumentRead, DocumentRefused, DocumentProgressed.

    `ended` carries a sentence where the reading as a whole failed, else an empty text.
    """

    received = Signal(list)
    ended = Signal(str)

    def __init__(self, parent: QObject | None = None, *, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        self._is_cancelled = self._is_over = False
        self._lines: deque[bytes] = deque()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(BETWEEN_MS)
        self._pause.timeout.connect(self._hand_over)
        self._child = ChildProcess(command or program_command("read", "--request", "-", "--jsonl"), self, gets_keys=False)
        self._child.lines_received.connect(self._take)
        self._child.ended.connect(self._end)

    def start(self, documents: Sequence[DocumentChoice]) -> None:
        self._child.start(msgspec.json.encode(documents) + b"\n")

    def cancel(self) -> None:
        """End the reading at once; what was read is kept."""
        self._is_cancelled = True
        self._child.kill()

    def abandon(self) -> None:
        """Kill the process and wait until it is gone."""
        self._pause.stop()
        self._child.abandon()

    def _take(self, lines: list[bytes]) -> None:
        self._lines += lines
        if not self._pause.isActive():
            self._hand_over()

    def _hand_over(self) -> None:
        """Hand over what waits, as far as it is little work for the views, and let them draw before there is more."""
        received: list[Told] = []
        for _ in range(min(MOST_AT_ONCE, len(self._lines))):
            line = self._lines.popleft()
            try:
                received.append(_progress_decoder.decode(line) if line.startswith(_PROGRESS) else _decoder.decode(line))
            except (msgspec.ValidationError, msgspec.DecodeError):
                # A later reader may say more than this window knows.
                continue
        if received:
            self._pause.start()
            self.received.emit(received)
        if self._is_over and not self._lines:
            self._pause.stop()
            self._say_ended()
        elif self._lines:
            self._pause.start()

    def _end(self) -> None:
        self._is_over = True
        if not self._lines:
            self._pause.stop()
            self._say_ended()

    def _say_ended(self) -> None:
        is_fine = self._is_cancelled or self._child.exit_code in (0, 1)
        self.ended.emit("" if is_fine else self._child.complaint or self.tr("The process that reads documents ended before its time."))
