"""What must fail in a confined process, tried in it before it is given anything: the claims that it may make are what came out."""

from __future__ import annotations

import errno
import mmap  # here, since a process that many are forked from then has it for all
import os
import sys

from rlm_desktop.sandbox.child.limits import most_memory_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Try = tuple[str, str, str, bool]
    """The claim that it is for, what was tried, how it came out, and whether that is as it must be."""

_REFUSED = ("EACCES", "EPERM", "ENOSYS", "EROFS", "EAFNOSUPPORT")
_ABSENT = (*_REFUSED, "ENOENT")
SUCCEEDED = "worked"


def tries() -> list[Try]:
    """Try everything. Nothing is left behind, also where something works that should not."""
    import _socket as sockets  # what `socket` is made of; that itself would cost each start 3 ms

    parent = os.getppid()
    stream, datagram = sockets.SOCK_STREAM, sockets.SOCK_DGRAM
    # Not told apart by the number of the process alone, which comes again: what is there already cannot be made, and that is no refusal.
    new_file = f"/tmp/rlm-desktop-{os.getpid()}-{os.urandom(8).hex()}"
    return [
        _try("files read", "list /", _REFUSED, lambda: os.listdir("/")),  # noqa: PTH208
        _try("files read", "read /etc/passwd", _ABSENT, lambda: _read("/etc/passwd")),
        _try("files read", "read its own environment in /proc", _ABSENT, lambda: _read("/proc/self/environ")),
        _try("files write", "make a file in /tmp", _ABSENT, lambda: _make_file(new_file)),
        _try("files write", "make a folder in /tmp", _ABSENT, lambda: _make_folder(new_file)),
        _try("files write", "remove a file in /tmp", _REFUSED, lambda: os.unlink(new_file)),  # noqa: PTH108
        _try("files write", "change the mode of a pipe of its own", _REFUSED, _change_mode),
        _try("network", "a TCP socket", _REFUSED, lambda: sockets.socket(sockets.AF_INET, stream).close()),
        _try("network", "a UDP socket", _REFUSED, lambda: sockets.socket(sockets.AF_INET, datagram).close()),
        _try("network", "an IPv6 socket", _REFUSED, lambda: sockets.socket(sockets.AF_INET6, stream).close()),
        _try("network", "a UNIX socket", _REFUSED, lambda: sockets.socket(sockets.AF_UNIX, stream).close()),
        _try("network", "a pair of UNIX datagram sockets", _REFUSED, lambda: sockets.socketpair(sockets.AF_UNIX, datagram)),
        _try("processes", "fork", _REFUSED, _fork),
        _try("processes", "start a program", _REFUSED, lambda: os.execv("/rlm-desktop/no-such-program", ["none"])),
        _try("processes", "signal the process that started it", _REFUSED, lambda: os.kill(parent, 0)),
        _try("processes", "read that one's environment", _ABSENT, lambda: _read(f"/proc/{parent}/environ")),
        _try("processes", "hold on to that one", _REFUSED, lambda: _hold(parent)),
        _try("memory", "take more memory than its share", ("ENOMEM",), _take_memory),
        _try("names hidden", "ask whether /etc/passwd is there", ("ENOENT",), lambda: os.stat("/etc/passwd")),  # noqa: PTH116
        _try("names hidden", "ask whether the process that started it is there", ("ENOENT",), lambda: os.stat(f"/proc/{parent}")),  # noqa: PTH116
    ]  # fmt: skip


def _try(claim: str, tried: str, expected: tuple[str, ...], act: Callable[[], object]) -> Try:
    try:
        act()
    except OSError as error:
        outcome = errno.errorcode.get(error.errno or 0, f"error {error.errno}")
        return claim, tried, outcome, outcome in expected
    return claim, tried, SUCCEEDED, False


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
