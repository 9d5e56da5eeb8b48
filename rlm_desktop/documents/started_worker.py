"""A worker that was started, as the process that supervises it holds it: asked, watched, its answers checked, ended for certain."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rlm_desktop.documents import worker_frames as frames
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.reading_limits import ReadingLimits
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.watch import Watch
from rlm_desktop.documents.worker import Put
from rlm_desktop.documents.worker_process import GoneError, Process, UnconfinedError

if TYPE_CHECKING:  # what it takes to import them is wanted for formats only
    from rlm_desktop.sandbox.claims import Outside
    from rlm_desktop.sandbox.values import Claim, Confinement

_SENT_BYTES: Final = 1 << 20
"""A document up to this size is sent as bytes, as those of archives are in memory; larger ones hand over their descriptor."""
_SERVED_BYTES: Final = 64 << 20
_SERVED_S: Final = 1_800.0
"""After so much a process is replaced: C libraries seldom give memory back."""
_PIECE: Final = 1 << 20
_LOOK_EVERY_S: Final = 0.001

Read = Callable[[int], bytes]
"""Returns so many bytes, fewer only at the end."""


class ShortOfMemoryError(Exception):
    """The process says that its memory is not enough."""


class StaleError(Exception):
    """The process was there before the document, and of no more use when that came."""


class Worker:
    """One process, from its start to its end."""

    def __init__(
        self, process: Process, limits: ReadingLimits, memory_bytes: int, confinement: Confinement, ready_for: Iterable[str] = ()
    ) -> None:
        """`ready_for` are kinds whose readers it has imported: it is not asked again before it gets the bytes."""
        self.memory_bytes = memory_bytes
        self.peak_bytes = 0
        """The most memory that it held, known once it has ended by itself."""
        self.time_out = ""
        """What the document does that it was killed for, in words."""
        self.documents = 0
        """So many it has read, or tried to."""
        self.has_waited = False
        """Whether it was there before the document: what befell it then is not this one's fault."""
        self._limits = limits
        self._confinement: Confinement = confinement
        self._is_born = False
        self.held_by = ""
        self.claims: tuple[Claim, ...] = ()
        """What holds it and what it holds, known once it is born as required."""
        self._served_bytes = 0
        self._ready_for = set(ready_for)
        self._started_at = time.monotonic()
        self._process = process
        self._watch = Watch(process.kill)

    def be_born(self) -> None:
        """Wait until it is confined and has tried that. Raises UnconfinedError, StaleError, GoneError and ForgedError."""
        try:
            self._watch.begin(self._limits.start_s, self._limits.start_s)
            self._see_born()
        finally:
            self._watch.end()

    def can_take(self, size: int, memory_bytes: int) -> bool:
        is_fresh = not self._served_bytes or self._served_bytes + size <= _SERVED_BYTES
        is_young = time.monotonic() - self._started_at < _SERVED_S
        return memory_bytes <= self.memory_bytes and is_fresh and is_young

    def read(self, source: Source, kind: str, put: Put) -> frames.Done:
        """Raises RefusedError, after which it can go on. Else it is of no more use: the errors above, GoneError and ForgedError."""
        limits = self._limits
        stall_s = limits.stall_s + source.size / 1e6
        try:
            self._see_born()
            self._watch.begin(limits.start_s, limits.start_s)
            with _handed_over(source, may=self._process.takes_descriptors) as descriptor:
                ask = frames.Ask(
                    kind=kind,
                    name=source.name.encode("utf-8", "replace").decode(),
                    encoding=source.encoding,
                    size=source.size,
                    is_handed_over=descriptor is not None,
                    memory_bytes=self.memory_bytes,
                )
                asked = frames.packed_struct(frames.ASK, ask)
                is_told_at_once = kind in self._ready_for and source.size <= _SENT_BYTES
                if is_told_at_once:
                    source.file.seek(0)
                    data = source.file.read(source.size)
                    asked += data + bytes(source.size - len(data))
                self._ask(asked)
                self._ready_for.add(kind)
                self._watch.begin(stall_s, limits.total_s)
                if not is_told_at_once:
                    self._hand_over(source, descriptor)
            return answered(self._read, source, kind, self._taking(put), limits.text_chars)
        finally:
            self._watch.end()
            self.time_out = self._watch.time_out
            self._served_bytes += source.size
            self.has_waited = True
            self.documents += 1

    def end(self, patience_s: float) -> int | None:
        """End it, and return its exit code; None where it had to be killed. One that closed its pipe is on its way out, given patience."""
        self._watch.close()
        self._process.close()
        code = self._exit_code(patience_s) if patience_s else None
        if code is None:
            self._process.end()
        return code

    def _exit_code(self, patience_s: float) -> int | None:
        """Wait so long for the end, and note how much memory it took at most."""
        ends_at = time.monotonic() + patience_s
        while (ended := self._process.poll()) is None:
            if time.monotonic() >= ends_at:
                return None
            time.sleep(_LOOK_EVERY_S)
        self.peak_bytes = ended.peak_bytes
        return ended.code

    def _see_born(self) -> None:
        """Take what it says of itself before it is given anything, and look from outside. Raises UnconfinedError."""
        if self._is_born:
            return
        from rlm_desktop.sandbox.claims import Outside, look

        try:
            # Before its time begins: without it nobody could kill one that hangs, and a kill comes once.
            pid = self._process.pid
            self._watch.begin(self._limits.start_s, self._limits.start_s)
            letter, body = _frame(self._read)
            if letter != frames.BORN:
                raise frames.ForgedError("an answer before it was born")
            born = frames.born_in(body)
            outside = look(pid) if self._confinement == "required" else Outside()
        except (GoneError, frames.ForgedError) as error:
            if self.has_waited:
                raise StaleError from error
            raise
        if self._confinement == "required":
            why_not = born.why_not or _missing(born.tries, outside)
            if why_not and not born.why_not and self._process.poll() is not None:
                # Of one that is no more the kernel shows nothing.
                raise StaleError if self.has_waited else GoneError
            if why_not:
                raise UnconfinedError(why_not)
            self.held_by, self.claims = born.held_by, _claims(born.tries, outside)
        self._is_born = True

    def _hand_over(self, source: Source, descriptor: int | None) -> None:
        if descriptor is not None:
            self._process.hand_over(descriptor)
            return
        source.file.seek(0)
        left = source.size
        while left and (piece := source.file.read(min(_PIECE, left))):
            left -= len(piece)
            self._process.send(piece)
        # The file became shorter meanwhile, which whoever opened it refuses at the end.
        self._process.send(bytes(left))

    def _ask(self, asked: bytes) -> None:
        try:
            self._process.send(asked)
            if _frame(self._read)[0] != frames.READY:
                raise frames.ForgedError("an answer before the document")
        except (GoneError, frames.ForgedError) as error:
            if self.has_waited:
                raise StaleError from error
            raise

    def _read(self, size: int) -> bytes:
        with self._watch.waiting():
            return self._process.answers.read(size)

    def _taking(self, put: Put) -> Put:
        def take(text: str) -> None:
            self._served_bytes += len(text)
            put(text)

        return take


def answered(read: Read, source: Source, kind: str, put: Put, most_chars: int) -> frames.Done:
    """Take what a worker answers to its end. Raises RefusedError, after which the worker can go on; else it is of no more use."""
    title = READERS[kind].title
    chars = 0
    while True:
        letter, body = _frame(read)
        match letter:
            case frames.TEXT:
                text = frames.text_in(body)
                chars += len(text)
                if chars > most_chars:
                    raise frames.ForgedError("a text longer than any")
                put(text)
            case frames.SHARE:
                source.on_share(frames.share_in(body))
            case frames.DONE:
                return frames.done_in(body, chars)
            case frames.REFUSED:
                refused = frames.refused_in(body)
                raise RefusedError(refused.sentence, refused.kind)
            case frames.FAILED:
                raise RefusedError(
                    f"This is {title} that cannot be read: {body.decode('ascii', 'replace')} in the reader. "
                    "Open it in the program that made it, save it again, and add that.",
                    "cannot be read",
                )
            case frames.NO_MEMORY:
                raise ShortOfMemoryError
            case _:
                raise frames.ForgedError("ready twice")


def _frame(read: Read) -> tuple[bytes, bytes]:
    letter, size = frames.head(_exactly(read, frames.HEAD.size))
    return letter, _exactly(read, size) if size else b""


def _exactly(read: Read, size: int) -> bytes:
    data = read(size)
    if len(data) < size:
        raise GoneError
    return data


@lru_cache(maxsize=4)
def _claims(tried: tuple[tuple[str, str, str, bool], ...], outside: Outside) -> tuple[Claim, ...]:
    """Return what is held, and how that is known. One worker's tries come out as the other's."""
    from rlm_desktop.sandbox.claims import claims_of
    from rlm_desktop.sandbox.values import Try

    tries = [(claim, Try(tried=what, outcome=outcome, held=held)) for claim, what, outcome, held in tried]
    return claims_of("required", tries, outside)


def _missing(tried: tuple[tuple[str, str, str, bool], ...], outside: Outside) -> str:
    """Return what is required and does not hold, in words; nothing where all does."""
    from rlm_desktop.sandbox.values import REQUIRED_CLAIMS

    claims = _claims(tried, outside)
    return " ".join(f"{claim.name}: {claim.evidence}" for claim in claims if claim.name in REQUIRED_CLAIMS and not claim.held)


@contextmanager
def _handed_over(source: Source, *, may: bool) -> Iterator[int | None]:
    """Yield a descriptor of a large document for the worker, None where there is none: the bytes are then sent."""
    descriptor, is_own = None, False
    if may and source.size > _SENT_BYTES:
        with suppress(OSError, io.UnsupportedOperation):
            source.file.flush()
            descriptor = source.file.fileno()
    if descriptor is not None and sys.platform == "linux":
        # Opened anew: files unpacked from archives can be written through their own descriptors, and those share one position.
        with suppress(OSError):
            descriptor, is_own = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY), True
    try:
        yield descriptor
    finally:
        if descriptor is not None and is_own:
            os.close(descriptor)
