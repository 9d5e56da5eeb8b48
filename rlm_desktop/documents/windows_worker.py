"""A worker's process on Windows, which is born confined, in an AppContainer and in a job. Not yet proven on a machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import IO, Final

from rlm_desktop.documents import worker
from rlm_desktop.documents.worker_process import Ended, GoneError, UnconfinedError, close_unsent, not_started
from rlm_desktop.program import keyless_environment
from rlm_desktop.sandbox.values import SandboxDied
from rlm_desktop.sandbox.windows.blocking import ConfinedProcess, this_machine
from rlm_desktop.sandbox.windows.start import Machine, trial_arguments

_FILES: Final = (worker.__file__,)
"""What it must be able to read for the rest of our code to be readable."""


class WindowsProcess:
    """Documents are sent to it as bytes."""

    takes_descriptors = False

    def __init__(self, command: Sequence[str], memory_bytes: int, machine: Machine | None = None) -> None:
        """Raises UserError where no process can be started, UnconfinedError where none can be confined."""
        try:
            self._process = ConfinedProcess(
                machine or this_machine(os.environ["SYSTEMROOT"]),
                command,
                keyless_environment(os.environ),
                trial=trial_arguments(_FILES),
                files=_FILES,
                memory_bytes=memory_bytes,
                cpu_s=worker.CPU_S,
            )
        except SandboxDied as died:
            raise UnconfinedError(died.reason) from died
        except OSError as error:
            raise not_started(error) from error
        self.answers: IO[bytes] = self._process.stdout
        self.pid = self._process.pid

    def send(self, data: bytes) -> None:
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except OSError as error:
            raise GoneError from error

    def hand_over(self, descriptor: int) -> None:
        raise NotImplementedError("Windows hands over no descriptors")

    def kill(self) -> None:
        self._process.kill()

    def poll(self) -> Ended | None:
        code = self._process.poll()
        return None if code is None else Ended(code, 0)

    def close(self) -> None:
        self.answers.close()
        close_unsent(self._process.stdin)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
