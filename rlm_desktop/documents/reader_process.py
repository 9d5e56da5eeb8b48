"""Reads documents of a format in a process that can be killed: a C library that hangs, crashes or takes all memory costs one document.

It is confined, and not believed: what it sends is checked as if the document had sent it.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from rlm_desktop.documents import worker_frames as frames
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.reading_limits import ReadingLimits
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.started_worker import ShortOfMemoryError, StaleError, Worker
from rlm_desktop.documents.worker import FORKED, SERVING, SUBCOMMAND, Put
from rlm_desktop.documents.worker_process import GoneError, OwnProcess, Process, UnconfinedError
from rlm_desktop.errors import UserError
from rlm_desktop.program import program_command

if TYPE_CHECKING:
    from rlm_desktop.documents.forked_worker import Zygote
    from rlm_desktop.sandbox.values import Claim, Confinement

_SIGKILL: Final = -9
_TIME_TO_DIE_S: Final = 2.0
_FULL_SHARE: Final = 0.8
_SPARES: Final = 2
"""So many workers get ready while one reads: with one, whoever is late keeps all waiting."""
_OWN: Final = 16
_TOGETHER: Final = 8
_SMALL_BYTES: Final = 64_000
"""So many documents of one reading get a process each, which costs 10 ms of a processor. Where there are more, so many of those share one
then of which each takes less to be read."""
CAN_FORK: Final = sys.platform == "linux"
"""Elsewhere the libraries of the system do not bear it, or there is no such thing: there one worker reads all documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderHeld:
    """How what reads a document is confined; `reason` says in sentences why it is not, and is empty where all that is required holds."""

    held_by: str = ""
    claims: tuple[Claim, ...] = ()
    reason: str = ""


class ReaderProcess:
    """A context; its processes end with it. `command` is for another program; the last two arguments are `worker.main`'s.

    Before a process is given anything it must hold what `confinement` requires; a person may have chosen, by name, to do without. A
    document gets a process that no other has touched, unless there are many, or `is_shared`.
    """

    def __init__(
        self,
        limits: ReadingLimits | None = None,
        command: Sequence[str] | None = None,
        *,
        confinement: Confinement = "required",
        is_shared: bool = not CAN_FORK,
    ) -> None:
        self._limits = limits or ReadingLimits()
        self._confinement: Confinement = confinement
        self._is_shared = is_shared
        self._command = [*(command or program_command(SUBCOMMAND)), confinement, SERVING if is_shared else FORKED]
        self._worker: Worker | None = None
        self._spares: deque[Worker] = deque()
        self._zygote: Zygote | None = None
        self._documents = 0
        self._why_unconfined = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()
        self._end_zygote()

    def read(self, source: Source, kind: str, put: Put) -> frames.Done:
        """Hand the text of a document to `put` in pieces, and return what else there is to it.

        Raises RefusedError, also where the reader fails, hangs or takes too much; UserError where no process can be started.
        """
        if self._why_unconfined:
            raise _unconfined(kind, self._why_unconfined)
        try:
            return self._read(source, kind, put)
        except (StaleError, UnconfinedError):
            # What a process did before this document, such as dying, is not this one's fault; and one that dies shows no confinement.
            self._end()
            self._end_zygote()
        try:
            return self._read(source, kind, put)
        except UnconfinedError as error:
            self._why_unconfined = str(error)
            raise _unconfined(kind, self._why_unconfined) from None

    def held(self, kind: str = "pdf") -> ReaderHeld:
        """Start a process as a document of this kind gets it, give it nothing, and return how it is confined."""
        try:
            worker = self._ready(kind, 0)
            worker.be_born()
        except (UnconfinedError, UserError) as error:
            return ReaderHeld(reason=str(error))
        except (GoneError, StaleError, frames.ForgedError):
            return ReaderHeld(reason="It ended before it said how it is confined.")
        finally:
            self._end()
            self._end_zygote()
        return ReaderHeld(held_by=worker.held_by, claims=worker.claims)

    def _read(self, source: Source, kind: str, put: Put) -> frames.Done:
        title = READERS[kind].title
        worker = self._ready(kind, source.size)
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
            # What is still on its way would be taken for the next document's, or the next worker's.
            self._end()
            self._end_zygote()
            raise
        finally:
            self._documents += 1
            if worker.documents >= self._share(source.size):
                self._end()

    def _share(self, size: int) -> float:
        """Return how many documents one process reads of which one has this size."""
        return inf if self._is_shared else 1 if self._documents < _OWN or size > _SMALL_BYTES else _TOGETHER

    def _ready(self, kind: str, size: int) -> Worker:
        memory_bytes = self._limits.memory_bytes(size)
        worker = self._worker
        if worker is not None and (worker.documents >= self._share(size) or not worker.can_take(size, memory_bytes)):
            self._end()
        if self._worker is None and self._is_shared:
            self._worker = Worker(self._own_process(memory_bytes), self._limits, memory_bytes, self._confinement)
        elif self._worker is None:
            self._worker = self._fresh(kind)
            self._worker.memory_bytes = memory_bytes
        return self._worker

    def _own_process(self, memory_bytes: int) -> Process:
        if sys.platform == "win32" and self._confinement == "required":
            from rlm_desktop.documents.windows_worker import WindowsProcess

            return WindowsProcess(self._command, memory_bytes)
        return OwnProcess(self._command)

    def _fresh(self, kind: str) -> Worker:
        """Return a process that no document has touched, and let the next one get ready meanwhile, as it seems that there are several."""
        try:
            return self._forked(kind)
        except GoneError:
            self._end_zygote()
        try:
            return self._forked(kind)
        except GoneError:
            self._end_zygote()
            raise UserError("The process that reads documents could not be started. Free some memory, and try again.") from None

    def _forked(self, kind: str) -> Worker:
        if self._zygote is None:
            from rlm_desktop.documents.forked_worker import Zygote

            self._zygote = Zygote(self._command)
        self._zygote.have(kind)
        worker = self._spares.popleft() if self._spares else self._new_worker(self._zygote)
        while self._documents and len(self._spares) < _SPARES:
            spare = self._new_worker(self._zygote)
            spare.has_waited = True
            self._spares.append(spare)
        return worker

    def _new_worker(self, zygote: Zygote) -> Worker:
        return Worker(zygote.fork(), self._limits, 0, self._confinement, zygote.imported)

    def _end(self, patience_s: float = 0.0) -> int | None:
        worker, self._worker = self._worker, None
        return worker.end(patience_s) if worker is not None else None

    def _end_zygote(self) -> None:
        while self._spares:
            self._spares.popleft().end(0.0)
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            zygote.end()


def _needs_memory(title: str, memory_bytes: int) -> RefusedError:
    return RefusedError(
        f"This is {title} that needs more memory than {memory_bytes / 1e9:,.1f} GB to read. Split it.", "needs too much memory"
    )


def _unconfined(kind: str, why: str) -> RefusedError:
    return RefusedError(
        f"This is {READERS[kind].title}, and what reads it could not be confined, as it must be since such a file can be made to take it "
        f"over. {why} Save it as plain text and add that; or, if you trust it, read it in a terminal with --confinement unconfined.",
        "its reader could not be confined",
    )
