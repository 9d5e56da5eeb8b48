"""A worker that was started, as the process that supervises it holds it: asked, watched, its answers checked, ended for certain."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import IO, Final

from rlm_desktop.documents import worker_frames as frames
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.reading_limits import ReadingLimits
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.watch import Watch
from rlm_desktop.documents.worker import Put
from rlm_desktop.errors import UserError
from rlm_desktop.program import keyless_environment

if sys.platform != "win32":
    import resource

_SENT_BYTES: Final = 1 << 20
"""A document up to this size is sent as bytes, as those of archives are in memory; larger ones hand over their descriptor."""
_SERVED_BYTES: Final = 64 << 20
_SERVED_S: Final = 1_800.0
"""After so much a process is replaced: C libraries seldom give memory back."""
_PIECE: Final = 1 << 20
_LOOK_EVERY_S: Final = 0.001
_CREATION_FLAGS: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)

Read = Callable[[int], bytes]
"""Returns so many bytes, fewer only at the end."""


class GoneError(Exception):
    """The process has closed its pipe."""


class ShortOfMemoryError(Exception):
    """The process says that its memory is not enough."""


class StaleError(Exception):
    """The process read a document before, and was of no more use when the next one came."""


class Worker:
    """One process, from its start to its end."""

    def __init__(self, command: Sequence[str], limits: ReadingLimits, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self.peak_bytes = 0
        """The most memory that it held, known once it has ended by itself."""
        self.time_out = ""
        """What the document does that it was killed for, in words."""
        self._limits = limits
        self._served_bytes = 0
        self._ready_for: set[str] = set()
        """Kinds whose readers it has imported: it is not asked again before it gets the bytes."""
        self._started_at = time.monotonic()
        self._pipe: socket.socket | None = None
        theirs: socket.socket | None = None
        if sys.platform != "win32":
            self._pipe, theirs = socket.socketpair()
        try:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [*command, str(memory_bytes)],
                stdin=theirs.fileno() if theirs is not None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=keyless_environment(os.environ),
                creationflags=_CREATION_FLAGS,
            )
        except OSError as error:
            if self._pipe is not None:
                self._pipe.close()
            raise UserError(
                f"The system started no process to read documents: {error.strerror}. Close other programs, or allow more processes and "
                "open files."
            ) from error
        finally:
            if theirs is not None:
                theirs.close()
        assert self._process.stdout is not None
        self._answers: IO[bytes] = self._process.stdout
        self._watch = Watch(self._process.kill)

    def can_take(self, size: int, memory_bytes: int) -> bool:
        is_fresh = not self._served_bytes or self._served_bytes + size <= _SERVED_BYTES
        is_young = time.monotonic() - self._started_at < _SERVED_S
        return memory_bytes <= self.memory_bytes and is_fresh and is_young

    def read(self, source: Source, kind: str, put: Put) -> frames.Done:
        """Raises RefusedError, after which it can go on. Else it is of no more use: the errors above, and ForgedError."""
        limits = self._limits
        stall_s = limits.stall_s + source.size / 1e6
        try:
            self._watch.begin(limits.start_s, limits.start_s)
            descriptor = _descriptor(source)
            name = source.name.encode("utf-8", "replace").decode()
            ask = frames.Ask(kind=kind, name=name, encoding=source.encoding, size=source.size, is_handed_over=descriptor is not None)
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

    def end(self, patience_s: float) -> int | None:
        """End it, and return its exit code; None where it had to be killed. One that closed its pipe is on its way out, given patience."""
        self._watch.close()
        self._answers.close()
        self._close_pipe()
        code = self._exit_code(patience_s)
        if code is None:
            self._process.kill()
            self._process.wait()
        return code

    def _exit_code(self, patience_s: float) -> int | None:
        """Wait so long for the end, and note how much memory it took at most, which Popen does not ask for."""
        process, ends_at = self._process, time.monotonic() + patience_s
        while process.returncode is None:
            if sys.platform == "win32":
                process.poll()
            else:
                pid, status, used = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    process.returncode = os.waitstatus_to_exitcode(status)
                    # Linux counts as its own, too, what the process that started it held.
                    is_its_own = used.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                    self.peak_bytes = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) if is_its_own else 0
            if process.returncode is None:
                if time.monotonic() >= ends_at:
                    return None
                time.sleep(_LOOK_EVERY_S)
        return process.returncode

    def _close_pipe(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        elif self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except OSError:
                return  # what was still to be sent has nowhere to go

    def _hand_over(self, source: Source, descriptor: int | None) -> None:
        if descriptor is not None and self._pipe is not None:
            try:
                socket.send_fds(self._pipe, [b"D"], [descriptor])
            except OSError as error:
                raise GoneError from error
            return
        source.file.seek(0)
        left = source.size
        while left and (piece := source.file.read(min(_PIECE, left))):
            left -= len(piece)
            self._send(piece)
        # The file became shorter meanwhile, which whoever opened it refuses at the end.
        self._send(bytes(left))

    def _send(self, data: bytes) -> None:
        try:
            if self._pipe is not None:
                self._pipe.sendall(data)
            else:
                assert self._process.stdin is not None
                self._process.stdin.write(data)
                self._process.stdin.flush()
        except OSError as error:
            raise GoneError from error

    def _ask(self, asked: bytes) -> None:
        try:
            self._send(asked)
            if _frame(self._read)[0] != frames.READY:
                raise frames.ForgedError("an answer before the document")
        except (GoneError, frames.ForgedError) as error:
            if self._ready_for:
                raise StaleError from error
            raise

    def _read(self, size: int) -> bytes:
        with self._watch.waiting():
            return self._answers.read(size)

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


def _descriptor(source: Source) -> int | None:
    if source.size <= _SENT_BYTES or sys.platform == "win32":
        return None
    try:
        source.file.flush()
        return source.file.fileno()
    except (OSError, io.UnsupportedOperation):
        return None
