"""What must fail in a confined process, tried in it before it is given anything: the claims that it may make are what came out."""

from __future__ import annotations

import errno
import mmap  # here, since a process that many are forked from then has it for all
import os
import sys

from rlm_desktop.sandbox.child.limits import most_memory_bytes
from rlm_desktop.sandbox.child.tries import attempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rlm_desktop.sandbox.child.tries import Outcome

_REFUSED = ("EACCES", "EPERM", "ENOSYS", "EROFS", "EAFNOSUPPORT")
_ABSENT = (*_REFUSED, "ENOENT")
_HIDDEN = ("ENOENT",)


def tries() -> list[Outcome]:
    """Try everything. Nothing is left behind, also where something works that should not."""
    import _socket as sockets  # what `socket` is made of; that itself would cost each start 3 ms

    parent = os.getppid()
    stream, datagram = sockets.SOCK_STREAM, sockets.SOCK_DGRAM
    # Not told apart by the number of the process alone, which comes again: what is there already cannot be made, and that is no refusal.
    new_file = f"/tmp/rlm-desktop-{os.getpid()}-{os.urandom(8).hex()}"
    return [
        attempt("files read", "list /", lambda: os.listdir("/"), refusals=_REFUSED),  # noqa: PTH208
        attempt("files read", "read /etc/passwd", lambda: _read("/etc/passwd"), refusals=_ABSENT),
        attempt("files read", "read its own environment in /proc", lambda: _read("/proc/self/environ"), refusals=_ABSENT),
        attempt("files write", "make a file in /tmp", lambda: _make_file(new_file), refusals=_ABSENT),
        attempt("files write", "make a folder in /tmp", lambda: _make_folder(new_file), refusals=_ABSENT),
        attempt("files write", "remove a file in /tmp", lambda: os.unlink(new_file), refusals=_REFUSED),  # noqa: PTH108
        attempt("files write", "change the mode of a pipe of its own", _change_mode, refusals=_REFUSED),
        attempt("network", "a TCP socket", lambda: sockets.socket(sockets.AF_INET, stream).close(), refusals=_REFUSED),
        attempt("network", "a UDP socket", lambda: sockets.socket(sockets.AF_INET, datagram).close(), refusals=_REFUSED),
        attempt("network", "an IPv6 socket", lambda: sockets.socket(sockets.AF_INET6, stream).close(), refusals=_REFUSED),
        attempt("network", "a UNIX socket", lambda: sockets.socket(sockets.AF_UNIX, stream).close(), refusals=_REFUSED),
        attempt("network", "a pair of UNIX datagram sockets", lambda: sockets.socketpair(sockets.AF_UNIX, datagram), refusals=_REFUSED),
        attempt("processes", "fork", _fork, refusals=_REFUSED),
        attempt("processes", "start a program", lambda: os.execv("/rlm-desktop/no-such-program", ["none"]), refusals=_REFUSED),
        attempt("processes", "signal the process that started it", lambda: os.kill(parent, 0), refusals=_REFUSED),
        attempt("processes", "read that one's environment", lambda: _read(f"/proc/{parent}/environ"), refusals=_ABSENT),
        attempt("processes", "hold on to that one", lambda: _hold(parent), refusals=_REFUSED),
        attempt("memory", "take more memory than its share", _take_memory, refusals=("ENOMEM",)),
        attempt("names hidden", "ask whether /etc/passwd is there", lambda: os.stat("/etc/passwd"), refusals=_HIDDEN),  # noqa: PTH116
        attempt("names hidden", "ask whether the process that started it is there", lambda: os.stat(f"/proc/{parent}"), refusals=_HIDDEN),  # noqa: PTH116
    ]  # fmt: skip


def _read(path: str) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.read(fd, 1)
    finally:
        os.close(fd)


def _make_file(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)  # noqa: PTH108


def _make_folder(path: str) -> None:
    os.mkdir(path, 0o700)  # noqa: PTH102
    os.rmdir(path)  # noqa: PTH106


def _change_mode() -> None:
    # A pipe made for it: what stands at 0, 1 or 2 may be a device that everyone uses, and root may change that.
    ends = os.pipe()
    try:
        os.fchmod(ends[1], 0o600)
    finally:
        for fd in ends:
            os.close(fd)


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _take_memory() -> None:
    mmap.mmap(-1, most_memory_bytes(), mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()


def _hold(pid: int) -> None:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "only Linux has such descriptors")
    os.close(os.pidfd_open(pid))
