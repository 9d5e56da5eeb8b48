"""How the child confines itself: at its birth, before it has been given anything, for good."""

from __future__ import annotations

import errno
import os
import struct
import sys
import threading

from rlm_desktop.sandbox.child import landlock, seccomp, selftest
from rlm_desktop.sandbox.child.readable import readable_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rlm_desktop.sandbox.child.tries import Outcome

_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_SETS = 0x20080522
"""The form of what `capset` takes: twice 32 bits of each set."""
_READ_ALL_FILES = 1 << 2
"""Root reads files of a person's with it, such as those of their Python. Landlock holds root too."""


class NotConfined(Exception):
    """The system does not confine this process. The text is a sentence that says what it answered."""


def confine(
    *, may_take_descriptors: bool = False, more_readable: Sequence[str] = (), files_are_kept: bool = False
) -> tuple[str, list[Outcome]]:
    """Confine this process; return what holds it, and what was tried then. Raises NotConfined.

    `may_take_descriptors` is for a process that is handed open files over a socket; `more_readable` are files and folders besides those of
    the interpreter. `files_are_kept` where the process that this one was forked from has called `keep_files`.
    """
    if sys.platform == "darwin":
        return _confine_macos([*readable_paths(), *more_readable])
    if sys.platform == "win32":
        return _born_confined()
    if sys.platform != "linux":
        raise NotConfined("There is no confinement for this system.")
    if not files_are_kept:
        keep_files(more_readable)
    held_by = _confine_linux(may_take_descriptors=may_take_descriptors)
    return held_by, selftest.tries()


def _confine_macos(readable: Sequence[str]) -> tuple[str, list[Outcome]]:
    from rlm_desktop.sandbox.child import seatbelt

    try:
        home = seatbelt.home_folder()
        held_by = seatbelt.apply(readable, home)
    except OSError as error:
        raise NotConfined(f"Seatbelt, which keeps files, network and processes from it, does not work here: {error}.") from error
    return held_by, seatbelt.tries(home)


def _born_confined() -> tuple[str, list[Outcome]]:
    from rlm_desktop.sandbox.child import windows_tries

    if not windows_tries.is_app_container():
        raise NotConfined("Windows confines a process from its birth on, and this one was started without an AppContainer.")
    return "AppContainer, job", windows_tries.tries(os.environ["SYSTEMROOT"])


def keep_files(more_readable: Sequence[str]) -> None:
    """Keep files from this process, and from all that it forks, on Linux: the half of confining that goes over to them.

    Raises NotConfined.
    """
    import ctypes

    if not _is_alone():
        raise NotConfined("Another thread of it runs already, which Landlock would leave as it is.")
    no_new_privileges = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if no_new_privileges != 0:
        raise NotConfined(f"The kernel gives no way to give up privileges ({os.strerror(ctypes.get_errno())}).")
    _give_up_capabilities()
    try:
        landlock.restrict([*readable_paths(), *more_readable])
    except OSError as error:
        raise NotConfined(f"Landlock, which keeps files from it, does not work here: {_why(error)}.") from error


def _give_up_capabilities() -> None:
    """Leave root nothing that lifts limits, such as that of memory. Others have nothing of that kind."""
    import ctypes

    system = ctypes.CDLL(None, use_errno=True)
    head = ctypes.create_string_buffer(struct.pack("<Ii", _CAPABILITY_SETS, 0), 8)
    sets = ctypes.create_string_buffer(24)
    if system.capget(head, sets) == 0:
        effective, permitted, *_ = struct.unpack("<6I", sets.raw)
        fewer = struct.pack("<6I", effective & _READ_ALL_FILES, permitted & _READ_ALL_FILES, 0, 0, 0, 0)
        if sets.raw == fewer or system.capset(head, fewer) == 0:
            return
    raise NotConfined(f"The kernel gives no way to give up capabilities ({os.strerror(ctypes.get_errno())}).")


def _confine_linux(*, may_take_descriptors: bool) -> str:
    version = landlock.version()
    try:
        seccomp.install(may_take_descriptors=may_take_descriptors)
    except OSError as error:
        raise NotConfined(f"seccomp, which keeps network and processes from it, does not work here: {_why(error)}.") from error
    return f"Landlock {version}, seccomp"


def _is_alone() -> bool:
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208  (pathlib costs every start 4 ms)
    except OSError:
        return threading.active_count() == 1  # no /proc


def _why(error: OSError) -> str:
    match error.errno:
        case errno.ENOSYS:
            why = "this kernel does not have it (Linux 5.13 and newer have it)"
        case errno.EOPNOTSUPP:
            why = "it is switched off, and must be named in the kernel's option lsm= when the system starts"
        case errno.EPERM | errno.EACCES:
            why = "something forbids it, such as a container that this runs in"
        case _:
            why = "the kernel refuses it"
    return f"{why} ({errno.errorcode.get(error.errno or 0, error.errno)}, {error.strerror})"
