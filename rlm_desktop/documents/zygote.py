"""The process that workers are forked from on Linux: it has the readers and never sees a byte of a document.

So each document is read by a process that no other document has touched, for the price of a fork and not of a start: what the supervisor
believes of a worker's text is then at stake for that one document only. A worker cannot fork any more once it is confined, so
somebody else must; this one is as trusted as the supervisor, of whom alone it hears.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import struct
import sys
from typing import Final

from rlm_desktop.documents.readers import reader_of
from rlm_desktop.documents.worker import code_folders, serve
from rlm_desktop.sandbox.child.confine import NotConfined, keep_files
from rlm_desktop.sandbox.child.limits import be_first_to_go, die_with_parent

IMPORT: Final = b"I"
"""And a kind: have its reader at hand for those that come."""
FORK: Final = b"F"
"""With two descriptors, of what is asked and of answers. The reply's number is the worker's, or that of an error, negative."""
KILL: Final = b"K"
LOOK: Final = b"L"
"""And a worker's number. The reply's is 0 while it lives."""
END: Final = b"E"
"""And a worker's number: kill it, and let nobody ask for it again."""

NUMBER: Final = struct.Struct("<i")
REPLY: Final = struct.Struct("<iiq")
"""A number, the exit code, and the most memory that it held, in bytes."""
MAX_COMMAND_BYTES: Final = 256
_FIRST_OWN: Final = 3


def serve_forks(control: socket.socket, confinement: str) -> int:
    """Obey until the other end is closed. Its workers end with it."""
    die_with_parent()
    be_first_to_go()
    files_are_kept: bool | None = None
    ended: list[int] = []
    while True:
        command, descriptors, _, _ = socket.recv_fds(control, MAX_COMMAND_BYTES, 2)
        if not command:
            return 0
        match command[:1]:
            case b"I":
                # What cannot be imported here cannot be in a worker either, where it is said of the document that wants it.
                with contextlib.suppress(ImportError, MemoryError, OSError):
                    reader_of(command[1:].decode())
                gc.freeze()
            case b"F":
                if files_are_kept is None:
                    # Not before: what is imported for the first document may be kept compiled.
                    files_are_kept = confinement == "required" and _keeps_files()
                asked, answers = descriptors
                control.send(REPLY.pack(_forked(control, asked, answers, confinement, files_are_kept=files_are_kept), 0, 0))
            case b"K":
                _kill(_number(command))
            case b"L":
                control.send(_look(_number(command)))
            case b"E":
                _kill(_number(command))
                ended.append(_number(command))
        ended = [pid for pid in ended if not _is_reaped(pid)]


def _number(command: bytes) -> int:
    number: int = NUMBER.unpack(command[1:])[0]
    return number


def _keeps_files() -> bool:
    """The half of confining that a fork takes over; where it fails, each worker says why."""
    try:
        keep_files(code_folders())
    except NotConfined:
        return False
    return True


def _forked(control: socket.socket, asked: int, answers: int, confinement: str, *, files_are_kept: bool) -> int:
    try:
        pid = os.fork()
    except OSError as error:
        pid = -(error.errno or 1)
    if pid:
        os.close(asked)
        os.close(answers)
        return pid
    code = 1
    try:
        control.close()
        low, high = sorted((asked, answers))
        for first, last in ((_FIRST_OWN, low), (low + 1, high), (high + 1, os.sysconf("SC_OPEN_MAX"))):
            os.closerange(first, last)
        code = serve(asked, answers, confinement, files_are_kept=files_are_kept)
    finally:
        # Whatever is raised: never back into the loop of the one that forks.
        os._exit(code)


def _kill(pid: int) -> None:
    """Kill a worker. One whose end was told is none any more, though the thread that watches it may not know yet: its number is free."""
    assert sys.platform != "win32"
    with contextlib.suppress(ChildProcessError):
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        os.kill(pid, signal.SIGKILL)


def _look(pid: int) -> bytes:
    assert sys.platform != "win32"
    found, status, used = os.wait4(pid, os.WNOHANG)
    return REPLY.pack(found, os.waitstatus_to_exitcode(status) if found else 0, used.ru_maxrss * 1024)


def _is_reaped(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True
