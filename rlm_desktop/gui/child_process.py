"""A process of this very program, started by the window: a request goes in on stdin, lines come out on stdout, sentences on stderr."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from rlm_desktop.gui.lines import LineSplitter
from rlm_desktop.program import keyless_environment

READ_BYTES = 256 * 1024
"""How much is taken at a time: the window draws in between, however fast the process writes."""
MOST_COMPLAINT_BYTES = 64 * 1024


class ChildProcess(QObject):
    """`lines_received`: whole lines, one batch a read. `ended`: the process is gone and every line was handed over.

    The exit code is None where the process was killed, crashed or could not start.
    """

    lines_received = Signal(list)
    ended = Signal()

    def __init__(self, command: Sequence[str], parent: QObject | None = None, *, gets_keys: bool = True) -> None:
        """`gets_keys`: it may ask a model, so the variables that hold keys are handed on to it."""
        super().__init__(parent)
        self._splitter = LineSplitter()
        self._complaints: list[bytes] = []
        self._complaint_bytes = 0
        self._failure = ""
        self._is_over = False
        self._is_wanted = True
        self._rest_timer = QTimer(self)
        self._rest_timer.setSingleShot(True)
        self._rest_timer.timeout.connect(self._read)
        self._kill_timer = QTimer(self)
        self._kill_timer.setSingleShot(True)
        self._process = QProcess(self)
        self._kill_timer.timeout.connect(self._process.kill)
        if not gets_keys:
            environment = QProcessEnvironment()
            for name, value in keyless_environment(os.environ).items():
                environment.insert(name, value)
            self._process.setProcessEnvironment(environment)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._hear)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)

    def start(self, request: bytes, *, is_stdin_kept_open: bool = False) -> None:
        """Start, and write `request` (a line with its newline) to stdin."""
        self._process.start()
        self._process.write(request)
        if not is_stdin_kept_open:
            self._process.closeWriteChannel()

    def write(self, line: bytes) -> None:
        """Write one more line to stdin; nothing happens when the process is gone."""
        if self.is_running:
            self._process.write(line)

    @property
    def is_running(self) -> bool:
        return not self._is_over and self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def process_id(self) -> int:
        """0 when it does not run."""
        return self._process.processId()

    @property
    def exit_code(self) -> int | None:
        """What the process ended with; None while it runs, or where it did not end by itself."""
        if not self._is_over or self._failure or self._process.exitStatus() != QProcess.ExitStatus.NormalExit:
            return None
        return self._process.exitCode()

    @property
    def complaint(self) -> str:
        """What the process said on stderr, or why it could not start."""
        said = b"".join(self._complaints).decode("utf-8", "replace").splitlines()
        lines = [line.removeprefix("rlm-desktop: ") for line in said if line.strip() and not line.startswith("trace: ")]
        return "\n".join(lines) or self._failure

    def kill_after(self, grace_ms: int) -> None:
        """Kill the process unless it ends within `grace_ms`."""
        if self.is_running and not self._kill_timer.isActive():
            self._kill_timer.start(grace_ms)

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def abandon(self, *, grace_ms: int = 0) -> None:
        """End the process and wait for that; nothing is handed over any more. For the end of the window itself.

        With a grace, the end of its stdin is what tells it; it is killed when that was not enough.
        """
        self._is_wanted = False
        if self._process.state() == QProcess.ProcessState.NotRunning:
            return
        if grace_ms:
            self._process.closeWriteChannel()
            if self._process.waitForFinished(grace_ms):
                return
        self._process.kill()
        self._process.waitForFinished(2_000)

    def _read(self) -> None:
        if not self._is_wanted:
            return
        lines = self._splitter.take(bytes(self._process.read(READ_BYTES).data()))
        if self._process.bytesAvailable():
            self._rest_timer.start(0)
        if lines:
            self.lines_received.emit(lines)
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._finish_when_read()

    def _hear(self) -> None:
        said = bytes(self._process.readAllStandardError().data())
        if self._complaint_bytes < MOST_COMPLAINT_BYTES:
            self._complaints.append(said[: MOST_COMPLAINT_BYTES - self._complaint_bytes])
            self._complaint_bytes += len(self._complaints[-1])

    def _finished(self) -> None:
        self._kill_timer.stop()
        self._hear()
        self._read()

    def _finish_when_read(self) -> None:
        if self._is_over or self._process.bytesAvailable():
            return
        self._is_over = True
        self.ended.emit()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._failure = self._process.errorString()
            if not self._is_over and self._is_wanted:
                self._is_over = True
                self.ended.emit()
