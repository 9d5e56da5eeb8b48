"""A confined process with pipes that block, for who supervises it from a thread: what `subprocess.Popen` is to one that is not confined."""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from rlm_desktop.sandbox.windows.calls import load
from rlm_desktop.sandbox.windows.job import set_limits
from rlm_desktop.sandbox.windows.pipes import BlockingPipes
from rlm_desktop.sandbox.windows.start import Machine, bear, check, prepare
from rlm_desktop.sandbox.windows.structures import DWORD

KILLED_EXIT = 1
_AT_ONCE, _FOREVER = 0, 0xFFFFFFFF
_ENDED = 0


class ConfinedProcess:
    """One process, with `stdin` and `stdout` as binary files; its stderr goes nowhere. It is started, and fails, as `start.start_on` does.

    `kill` may be called from any thread, all else from one. Whoever starts it must wait for its end, as nothing else closes its handles.
    """

    def __init__(
        self, machine: Machine, command: Sequence[str], environment: Mapping[str, str], *, trial: Sequence[str], files: Sequence[str],
        memory_bytes: int, cpu_s: int,
    ) -> None:  # fmt: skip
        """`trial` and `files` as in `start.find_level`."""
        ready = prepare(machine, command, environment, trial, files)
        self._calls = machine.calls
        self._cpu_s = cpu_s
        self._lock = threading.Lock()
        self.returncode: int | None = None
        self._born, pipes = bear(machine, ready, inherited=(), hears_errors=False, memory_bytes=memory_bytes, cpu_s=cpu_s)
        self.pid = self._born.pid
        self.stdin: IO[bytes]
        self.stdout: IO[bytes]
        self.stdin, self.stdout = pipes
        try:
            check(self._calls, self._born)
        except BaseException:
            self.kill()
            self.wait()
            for pipe in pipes:
                pipe.close()
            raise

    def limit_memory(self, memory_bytes: int) -> None:
        """Give its job another limit."""
        set_limits(self._calls, self._born.job, memory_bytes=memory_bytes, cpu_s=self._cpu_s)

    def kill(self) -> None:
        with self._lock:
            if self.returncode is None:
                self._calls.ask("TerminateJobObject", self._born.job, KILLED_EXIT)

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        return self._ended(_AT_ONCE)

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        code = self._ended(_FOREVER)
        assert code is not None
        return code

    def _ended(self, time_ms: int) -> int | None:
        if self.returncode is None and self._calls.ask("WaitForSingleObject", self._born.process, time_ms) == _ENDED:
            code = DWORD()
            self._calls.ask("GetExitCodeProcess", self._born.process, ctypes.byref(code))
            with self._lock:
                self.returncode = code.value
            self._calls.ask("CloseHandle", self._born.process)
            self._calls.ask("CloseHandle", self._born.job)
        return self.returncode


@functools.cache
def this_machine(system_root: str) -> Machine:
    """Return Windows with pipes that block. OSError where this is not Windows, or lacks something."""
    return Machine(load(), BlockingPipes(), system_root)
