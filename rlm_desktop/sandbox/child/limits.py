"""Resource limits that the child sets on itself before any code of a model runs. Where the system has none of them, they are absent."""

from __future__ import annotations

import os
import sys
import threading

if sys.platform != "win32":  # there a Job object of the host's would be the limit
    import resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_THREAD_STACK_BYTES = 2 << 20
"""A stack counts as memory whether it is used or not: with the usual 8 MiB, 250 threads would be all that a child can have."""
_LIBRARIES_BYTES = 1 << 30
"""Address space for what is mapped and not private: libraries, and the context's file while it is read."""


def set_birth_limits() -> None:
    """What holds for every child: no file growth, no core, a share of the machine's memory; the kernel's choice when memory is short."""
    be_first_to_go()
    threading.stack_size(_THREAD_STACK_BYTES)
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_DATA, most_memory_bytes())


def be_first_to_go(process: int | str = "self") -> None:
    """Have Linux end this process, or another by its number, and what it forks, before others when memory is short."""
    if sys.platform != "linux":
        return
    try:
        with open(f"/proc/{process}/oom_score_adj", "w") as file:  # noqa: PTH123  (pathlib costs every start 4 ms)
            file.write("1000")
    except OSError:
        return  # no /proc, as inside of bubblewrap: the kernel then chooses by size alone


def most_memory_bytes() -> int:
    """Return what no child may go beyond: 60 % of the machine's memory."""
    assert sys.platform != "win32"
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 6 // 10


def set_process_limits(limits: dict[str, Any]) -> None:
    """Few descriptors, and a CPU watchdog."""
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_NOFILE, limits["open_files"])
    _lower(resource.RLIMIT_CPU, limits["cpu_s"], hard_extra=5)  # the signal of the soft limit says why; the hard one only kills


def set_memory_limit(memory_bytes: int, context_bytes: int) -> None:
    """RLIMIT_DATA counts private memory, and so lets numpy map its libraries; RLIMIT_AS bounds shared mappings, which DATA leaves out."""
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_DATA, memory_bytes)
    _lower(resource.RLIMIT_AS, memory_bytes + context_bytes + _LIBRARIES_BYTES)


def _lower(kind: int, value: int, hard_extra: int = 0) -> None:
    assert sys.platform != "win32"
    _, hard = resource.getrlimit(kind)
    highest = value + hard_extra if hard == resource.RLIM_INFINITY else min(value + hard_extra, hard)
    try:
        resource.setrlimit(kind, (min(value, highest), highest))
    except ValueError:
        os.write(2, b"a resource limit could not be set\n")  # macOS refuses RLIMIT_AS below what is mapped


def keep_orphans() -> None:
    """Have what this process starts stay below it, whatever becomes of the processes between: so its host finds and ends it."""
    if sys.platform != "linux":
        return
    import ctypes

    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Have Linux kill this process with its parent, for when C code keeps the thread from running that sees the pipe close."""
    if sys.platform != "linux":
        return
    import ctypes

    pr_set_pdeathsig, sigkill = 1, 9
    parent = os.getppid()
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, sigkill, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
