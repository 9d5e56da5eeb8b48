"""Number, stamp, encode, append: the one way an event gets into a trace file."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from rlm_desktop.errors import UsageError, UserError
from rlm_desktop.trace import lock
from rlm_desktop.trace.codec import encode
from rlm_desktop.trace.events import Entry, KnownEvent
from rlm_desktop.trace.long_texts import LongTexts


class Redactor(Protocol):
    """Keeps secrets out of what is written."""

    def __call__(self, text: str) -> str: ...

    def redact_bytes(self, data: bytes) -> bytes: ...


class TraceWriteError(UserError):
    """The trace can no longer be written; the file ends with its last whole line."""


class TraceWriter:
    """A new trace file, locked until `close`. An existing file is never touched."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic, redactor: Redactor | None = None) -> None:
        """`clock` counts seconds; entries are stamped relative to now. `redactor` passes over all that is written."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Unbuffered: what has been emitted is with the system when `write` returns.
            self._file = path.open("x+b", buffering=0)
        except (OSError, ValueError) as error:
            if isinstance(error, FileExistsError) and path.parent.is_dir():
                raise UsageError(f"{path} exists already; a trace is never overwritten. Choose another name.") from None
            why = "a file stands where its folder should" if isinstance(error, FileExistsError) else _why(error)
            raise UserError(f"The trace {path} cannot be written: {why}. Choose another place for it.") from error
        self.path = path
        lock.try_lock(self._file)
        self._clock, self._started = clock, clock()
        self._redactor = redactor
        self._texts = LongTexts(redactor)
        self._size_bytes = 0
        self._broken: TraceWriteError | None = None
        self.count = 0
        """Entries written so far; the next one gets this number."""

    def write(self, event: KnownEvent) -> tuple[list[bytes], list[Entry]]:
        """Append `event`, long texts before it, and return the lines and entries written. Raises TraceWriteError, then and ever after."""
        if self._broken is not None:
            raise self._broken
        t_s = round(max(0.0, self._clock() - self._started), 6)
        parts, event = self._texts.extract(event)
        entries = [Entry(self.count + i, t_s, e) for i, e in enumerate((*parts, event))]
        lines = [encode(entry) for entry in entries]
        if self._redactor is not None:
            lines = [self._redactor.redact_bytes(line) for line in lines]
        data = b"".join(lines)
        try:
            _write_all(self._file.fileno(), data)
        except OSError as error:
            self._cut_back(error)
        self._size_bytes += len(data)
        self.count += len(entries)
        return lines, entries

    def close(self) -> None:
        """Let go of the file. One into which nothing could be written is removed: it would be no trace."""
        if self._file.closed:
            return
        lock.unlock(self._file)
        self._file.close()
        if self._broken is not None and self.count == 0:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _cut_back(self, error: OSError) -> None:
        self._broken = TraceWriteError(
            f"The trace {self.path} can no longer be written: {_why(error)}. It holds the {self.count:,} entries before; the run has been "
            "stopped. Free some space, or choose another place for it."
        )
        # Where even this fails (a drive that was pulled out), a reader sets the torn line aside.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file.fileno(), self._size_bytes)
        raise self._broken from error


def _why(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return str(error)
    return "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else str(error.strerror)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
