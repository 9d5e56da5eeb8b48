"""The process that reads documents of a format: `rlm-desktop read-worker`, started and supervised by `reader_process.py`.

Libraries written in C work on foreign bytes here, so that what happens to them happens to one document. It opens no file itself: a document
is a descriptor that it is given, or bytes; the text goes back through its pipe. Before the first it confines itself and says how that came
out, so that who takes it over through a document finds nothing to read, nothing to write and nobody to talk to.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from rlm_desktop.documents import worker_frames as frames
from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.kept_headings import thinned
from rlm_desktop.documents.readers import reader_of
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.sandbox.child.confine import NotConfined, confine
from rlm_desktop.sandbox.child.limits import die_with_parent, set_birth_limits, set_memory_limit, set_process_limits
from rlm_desktop.sandbox.child.wire import NOT_CONFINED_EXIT

SUBCOMMAND: Final = "read-worker"
FORKED: Final = "forked"
"""Workers are forked from the process that is started with this word."""
SERVING: Final = "serving"
_PACKAGE: Final = str(Path(__file__).resolve().parents[1])
_OPEN_FILES: Final = 64
CPU_S: Final = 3_600
"""More than a worker is kept for. It bounds one whose supervisor is gone where no system ends it with that."""
_SHARE_STEP: Final = 0.01
_SHARE_EVERY_S: Final = 1.0
_PIECE: Final = 1 << 20
_BUFFER_BYTES: Final = 1 << 16

Send = Callable[[bytes], None]
Put = Callable[[str], None]


def main(arguments: Sequence[str]) -> int:
    """Read documents until the supervisor closes the pipe. `arguments` are `required` or `unconfined`, and whether to be forked from."""
    # Ctrl+C reaches all processes of a terminal; the supervisor sees to it that this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answers = _own_pipes()
    confinement, way = arguments
    if way == FORKED:
        # Imported here, as it imports this.
        control = import_module("socket").socket(fileno=asked)
        forked: int = import_module("rlm_desktop.documents.zygote").serve_forks(control, confinement)
        return forked
    return serve(asked, answers, confinement)


def serve(asked: int, answers: int, confinement: str, *, files_are_kept: bool = False) -> int:
    """Confine this process, say how that came out, then read what comes. Return the exit code.

    `files_are_kept` where it was forked from one from which they are kept.
    """
    die_with_parent()
    if sys.platform == "darwin":
        threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    set_birth_limits()
    set_process_limits({"open_files": _OPEN_FILES, "cpu_s": CPU_S})

    def send(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(answers, view) :]

    is_memory_limited = False
    try:
        born = _born(confinement, files_are_kept=files_are_kept)
        send(frames.packed_struct(frames.BORN, born))
        if born.why_not:
            return NOT_CONFINED_EXIT
        while head := _exactly(asked, frames.HEAD.size):
            _, size = frames.HEAD.unpack(head)
            ask = msgspec.json.decode(_exactly(asked, size), type=frames.Ask)
            if not is_memory_limited:
                set_memory_limit(ask.memory_bytes, 0)
                is_memory_limited = True
            reader_of(ask.kind)
            if ask.is_handed_over:
                import_module("socket")
            send(frames.packed(frames.READY))
            with _document(asked, ask) as file:
                answer(ask, file, send)
    except BrokenPipeError:
        return 0
    return 0


def _born(confinement: str, *, files_are_kept: bool) -> frames.Born:
    if confinement == "unconfined":
        return frames.Born()
    try:
        held_by, tries = confine(may_take_descriptors=True, more_readable=code_folders(), files_are_kept=files_are_kept)
    except NotConfined as refused:
        return frames.Born(why_not=frames.sendable(str(refused), frames.MAX_SENTENCE))
    return frames.Born(held_by=held_by, tries=tuple(tries))


def code_folders() -> list[str]:
    """Return where our own code lies, and libraries that a person installed for themselves: readers are imported when they are wanted."""
    return [_PACKAGE, *(path for path in sys.path if path.endswith(("site-packages", "dist-packages")))]


def answer(ask: frames.Ask, file: BinaryIO, send: Send) -> None:
    """Read a document, and send its text in pieces and then what else there is to it, or why it is refused."""
    text = _Sent(send)
    draft = Draft(text.put, name=ask.name, encoding=ask.encoding, on_share=text.share)
    try:
        reader_of(ask.kind)(file, draft)
        marks = tuple((mark.level, mark.title, mark.at) for mark in thinned(draft.marks))
        done = frames.Done(
            marks=marks,
            notes=tuple(frames.sendable(note, frames.MAX_SENTENCE) for note in draft.notes),
            extent=frames.sendable(draft.extent, frames.MAX_WORD),
            encoding=frames.sendable(draft.encoding_found, frames.MAX_WORD) if draft.encoding_found else None,
        )
        text.flush(frames.packed_struct(frames.DONE, done))
    except RefusedError as refused:
        sentence, kind = frames.sendable(str(refused), frames.MAX_SENTENCE), frames.sendable(refused.kind, frames.MAX_WORD)
        send(frames.packed_struct(frames.REFUSED, frames.Refused(sentence=sentence, kind=kind)))
    except MemoryError:
        send(frames.packed(frames.NO_MEMORY))
    except BrokenPipeError:
        raise
    except OSError as error:
        sentence = f"The file cannot be read: {error.strerror or error}."
        send(frames.packed_struct(frames.REFUSED, frames.Refused(sentence=sentence, kind="cannot be read")))
    except BaseException as error:  # noqa: BLE001
        # A foreign file in the hands of a foreign library: whatever breaks there is this one document's. A panic in Rust is no Exception.
        send(frames.packed(frames.FAILED, type(error).__name__.encode("ascii", "replace")[: frames.MOST_BYTES[frames.FAILED]]))


class _Sent:
    """Gathers what a reader writes, since a frame costs more than most of its pieces."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: list[str] = []
        self._waiting_chars = 0
        self._share = 0.0
        self._shared_at = time.monotonic()

    def put(self, text: str) -> None:
        self._waiting.append(text)
        self._waiting_chars += len(text)
        if self._waiting_chars >= frames.TEXT_CHARS:
            self.flush()

    def flush(self, following: bytes = b"") -> None:
        """Send what waits, and a frame after it: of a small document, all at once."""
        text = "".join(self._waiting)
        self._waiting, self._waiting_chars = [], 0
        starts = range(0, len(text), frames.TEXT_CHARS)
        pieces = [frames.packed(frames.TEXT, text[start : start + frames.TEXT_CHARS].encode("utf-8", "replace")) for start in starts]
        self._send(b"".join([*pieces, following]))

    def share(self, share: float) -> None:
        now = time.monotonic()
        if share - self._share >= _SHARE_STEP or now - self._shared_at >= _SHARE_EVERY_S:
            self._share, self._shared_at = share, now
            self._send(frames.packed(frames.SHARE, frames.SHARE_BODY.pack(share)))


def _own_pipes() -> tuple[int, int]:
    """Take the pipes away from where C libraries would print into them. Return those for what is asked and for answers."""
    asked, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return asked, answers


def _document(asked: int, ask: frames.Ask) -> BinaryIO:
    if not ask.is_handed_over:
        return io.BytesIO(_exactly(asked, ask.size))
    if sys.platform == "win32":
        raise NotImplementedError("Windows hands over no descriptors")
    import socket

    with socket.socket(fileno=os.dup(asked)) as pipe:
        _, (descriptor, *_), _, _ = socket.recv_fds(pipe, 1, 1)
    file = io.BufferedReader(io.FileIO(descriptor), _BUFFER_BYTES)
    file.seek(0)
    return file


def _exactly(descriptor: int, size: int) -> bytes:
    """Return so many bytes, and none at the end of the pipe."""
    found = bytearray()
    while len(found) < size:
        piece = os.read(descriptor, min(_PIECE, size - len(found)))
        if not piece:
            return b""
        found += piece
    return bytes(found)


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)
