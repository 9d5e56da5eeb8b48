"""A worker's process as the one that supervises it holds it: two ends of pipes, and a way to end it for certain."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Final, NamedTuple, Protocol

from rlm_desktop.errors import UserError
from rlm_desktop.program import keyless_environment

if sys.platform != "win32":
    import resource

CREATION_FLAGS: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class GoneError(Exception):
    """The process has closed its pipe."""


class UnconfinedError(Exception):
    """The process does not hold what reading requires. The text says why, in a sentence or several."""


class Ended(NamedTuple):
    """`code` is negative for a signal; `peak_bytes` is the most memory that it held, 0 where that is not known."""

    code: int
    peak_bytes: int


class Process(Protocol):
    """`answers` is the pipe that it writes to; the others are functions of what it may be asked."""

    @property
    def pid(self) -> int: ...
    @property
    def answers(self) -> IO[bytes]: ...
    @property
    def takes_descriptors(self) -> bool: ...
    def send(self, data: bytes) -> None:
        """Raises GoneError."""

    def hand_over(self, descriptor: int) -> None:
        """Raises GoneError."""

    def kill(self) -> None:
        """Kill it, from any thread; it is still to be ended."""

    def poll(self) -> Ended | None:
        """Return how it ended by itself, None while it has not."""

    def close(self) -> None:
        """Close the pipes; whoever reads them leaves then."""

    def end(self) -> None:
        """Kill it and keep nothing of it."""


def not_started(error: OSError) -> UserError:
    return UserError(
        f"The system started no process to read documents: {error.strerror}. Close other programs, or allow more processes and open files."
    )


class OwnProcess:
    """A process that was started for this."""

    takes_descriptors = sys.platform != "win32"

    def __init__(self, command: Sequence[str]) -> None:
        """Raises UserError where none can be started."""
        self._pipe: socket.socket | None = None
        theirs: socket.socket | None = None
        if sys.platform != "win32":
            self._pipe, theirs = socket.socketpair()
        try:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                stdin=theirs.fileno() if theirs is not None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=keyless_environment(os.environ),
                creationflags=CREATION_FLAGS,
            )
        except OSError as error:
            if self._pipe is not None:
                self._pipe.close()
            raise not_started(error) from error
        finally:
            if theirs is not None:
                theirs.close()
        assert self._process.stdout is not None
        self.answers: IO[bytes] = self._process.stdout
        self.pid = self._process.pid

    def send(self, data: bytes) -> None:
        try:
            if self._pipe is not None:
                self._pipe.sendall(data)
            else:
                assert self._process.stdin is not None
                self._process.stdin.write(data)
                self._process.stdin.flush()
        except OSError as error:
            raise GoneError from error

    def hand_over(self, descriptor: int) -> None:
        assert self._pipe is not None
        send_descriptor(self._pipe, descriptor)

    def kill(self) -> None:
        self._process.kill()

    def poll(self) -> Ended | None:
        """Popen does not ask how much memory it took."""
        process, peak_bytes = self._process, 0
        if sys.platform == "win32":
            process.poll()
        elif process.returncode is None:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                # Linux counts as its own, too, what the process that started it held.
                is_its_own = used.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                peak_bytes = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) if is_its_own else 0
        return None if process.returncode is None else Ended(process.returncode, peak_bytes)

    def close(self) -> None:
        self.answers.close()
        if self._pipe is not None:
            self._pipe.close()
        elif self._process.stdin is not None:
            close_unsent(self._process.stdin)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def close_unsent(pipe: IO[bytes]) -> None:
    """Close a pipe into a process that may be gone: what was still to be sent has nowhere to go then."""
    with suppress(OSError):
        pipe.close()


def send_descriptor(pipe: socket.socket, descriptor: int) -> None:
    """Raises GoneError."""
    try:
        socket.send_fds(pipe, [b"D"], [descriptor])
    except OSError as error:
        raise GoneError from error
