"""The running engine, as the window sees it: a process whose stdout is a growing trace, and which is told things on stdin."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.child_process import ChildProcess
from rlm_desktop.program import program_command
from rlm_desktop.trace.commands import Cancel, Command, Interrupt, Pause, Resume, Stop, decode_progress, encode_line
from rlm_desktop.trace.request import RunRequest

STOP_GRACE_MS = 15_000
"""How long a stopped engine may take to cancel its requests and write the end. After that it is killed; the trace keeps what it has."""

ABANDON_GRACE_MS = 3_000

_ENTRY = b'{"seq":'


class EngineProcess(QObject):
    """`entries_received`: lines of the trace, in order, one batch a read. `progressed`: what is shown and not kept. `ended`: it is gone."""

    entries_received = Signal(list)
    progressed = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None, *, command: Sequence[str] | None = None) -> None:
        """`command` starts something else that speaks like an engine: one on another computer."""
        super().__init__(parent)
        self._child = ChildProcess(command or program_command("run", "--request", "-", "--jsonl"), self)
        self._child.lines_received.connect(self._take)
        self._child.ended.connect(self.ended)

    def start(self, request: RunRequest) -> None:
        self._child.start(msgspec.json.encode(request) + b"\n", is_stdin_kept_open=True)

    @property
    def is_running(self) -> bool:
        return self._child.is_running

    @property
    def process_id(self) -> int:
        """The engine's; 0 when it does not run."""
        return self._child.process_id

    @property
    def exit_code(self) -> int | None:
        """0 answered, 1 failed, 2 wrong use, 3 a limit, 130 cancelled; None when it runs, or did not end by itself."""
        return self._child.exit_code

    @property
    def complaint(self) -> str:
        """What it said on stderr."""
        return self._child.complaint

    def stop(self) -> None:
        """End the run; what is there is kept."""
        self._tell(Stop())
        self._child.kill_after(STOP_GRACE_MS)

    def cancel(self, call_id: int) -> None:
        """End one call and all below it."""
        self._tell(Cancel(call_id=call_id))

    def interrupt(self, call_id: int) -> None:
        """End the block of code that one call runs."""
        self._tell(Interrupt(call_id=call_id))

    def pause(self) -> None:
        """Hold at the next safe point."""
        self._tell(Pause())

    def resume(self) -> None:
        self._tell(Resume())

    def abandon(self) -> None:
        """Let the engine end its run, and wait until it is gone; one that takes too long is killed."""
        self._child.abandon(grace_ms=ABANDON_GRACE_MS)

    def _tell(self, command: Command) -> None:
        self._child.write(encode_line(command))

    def _take(self, lines: list[bytes]) -> None:
        entries = [line for line in lines if line.startswith(_ENTRY)]
        if entries:
            self.entries_received.emit(entries)
        if len(entries) == len(lines):
            return
        for line in lines:
            if not line.startswith(_ENTRY):
                try:
                    self.progressed.emit(decode_progress(line))
                except (msgspec.ValidationError, msgspec.DecodeError):
                    # A later engine may send progress of a kind that this window does not know; it is not kept anyway.
                    continue
