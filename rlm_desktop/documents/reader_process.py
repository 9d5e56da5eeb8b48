"""Reads documents of a format in a process that can be killed: a C library that hangs, crashes or takes all memory costs one document.

One process serves many documents, and starts with the first. It is not believed: what it sends is checked as if the document had sent it.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from rlm_desktop.documents import worker_frames as frames
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.reading_limits import ReadingLimits
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.started_worker import GoneError, ShortOfMemoryError, StaleError, Worker
from rlm_desktop.documents.worker import SUBCOMMAND, Put
from rlm_desktop.program import program_command

_SIGKILL: Final = -9
_TIME_TO_DIE_S: Final = 2.0
_FULL_SHARE: Final = 0.8


class ReaderProcess:
    """A context; the process ends with it. `command` is for another program, and gets the memory limit as its last argument."""

    def __init__(self, limits: ReadingLimits | None = None, command: Sequence[str] | None = None) -> None:
        self._limits = limits or ReadingLimits()
        self._command = command or program_command(SUBCOMMAND)
        self._worker: Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()

    def read(self, source: Source, kind: str, put: Put) -> frames.Done:
        """Hand the text of a document to `put` in pieces, and return what else there is to it.

        Raises RefusedError, also where the reader fails, hangs or takes too much; UserError where no process can be started.
        """
        try:
            return self._read(source, kind, put)
        except StaleError:
            # What it did after its last document, such as dying, is not this one's fault.
            self._end()
            return self._read(source, kind, put)

    def _read(self, source: Source, kind: str, put: Put) -> frames.Done:
        title = READERS[kind].title
        worker = self._ready(source.size)
        try:
            return worker.read(source, kind, put)
        except RefusedError:
            raise
        except ShortOfMemoryError:
            self._end()
            raise _needs_memory(title, worker.memory_bytes) from None
        except (GoneError, frames.ForgedError) as error:
            code = self._end(_TIME_TO_DIE_S if isinstance(error, GoneError) else 0.0)
            if worker.time_out:
                raise RefusedError(
                    f"This is {title} that {worker.time_out}. Save it anew with another program, or split it.", "takes too long"
                ) from error
            # A kill is not ours here: the system ends what takes the most when its memory is short. C libraries crash where they get none.
            was_full = code is not None and code < 0 and worker.peak_bytes > _FULL_SHARE * worker.memory_bytes
            if code == _SIGKILL or was_full:
                raise _needs_memory(title, worker.memory_bytes) from error
            how = "it answered what makes no sense" if code is None else f"signal {-code}" if code < 0 else f"exit code {code}"
            raise RefusedError(
                f"This is {title} that made its reader fail ({how}). Open it in the program that made it, save it again, and add that.",
                "cannot be read",
            ) from error
        except BaseException:
            # What is still on its way would be taken for the next document's.
            self._end()
            raise

    def _ready(self, size: int) -> Worker:
        memory_bytes = self._limits.memory_bytes(size)
        if self._worker is not None and not self._worker.can_take(size, memory_bytes):
            self._end()
        if self._worker is None:
            self._worker = Worker(self._command, self._limits, memory_bytes)
        return self._worker

    def _end(self, patience_s: float = 0.0) -> int | None:
        worker, self._worker = self._worker, None
        return worker.end(patience_s) if worker is not None else None


def _needs_memory(title: str, memory_bytes: int) -> RefusedError:
    return RefusedError(
        f"This is {title} that needs more memory than {memory_bytes / 1e9:,.1f} GB to read. Split it.", "needs too much memory"
    )
