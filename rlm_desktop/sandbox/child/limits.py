"""Resource limits that the child sets on itself before any code of a model runs. Where the system has none of them, they are absent."""

from __future__ import annotations

import os
import sys

try:
    import resource
except ImportError:  # Windows: the host's Job object is the limit there
    resource = None  # type: ignore[assignment]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LIBRARIES_BYTES = 1 << 30
"""Address space for what is mapped and not private: libraries, and the context's file while it is read."""


def set_process_limits(limits: dict[str, Any]) -> None:
    """Everything but memory: no file growth, no core, few descriptors, a CPU watchdog; the kernel's choice when memory is short."""
    if sys.platform == "linux":
        try:
            with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123  (pathlib costs every start 4 ms)
                file.write("1000")
        except OSError:
            return _set_limits(limits)  # no /proc: the kernel then chooses by size alone
    _set_limits(limits)


def _set_limits(limits: dict[str, Any]) -> None:
    if resource is None:
        return
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, limits["open_files"])
    _lower(resource.RLIMIT_CPU, limits["cpu_s"])


def set_memory_limit(memory_bytes: int, context_bytes: int) -> None:
    """RLIMIT_DATA counts private memory, and so lets numpy map its libraries; RLIMIT_AS bounds shared mappings, which DATA leaves out."""
    if resource is None:
        return
    _lower(resource.RLIMIT_DATA, memory_bytes)
    _lower(resource.RLIMIT_AS, memory_bytes + context_bytes + _LIBRARIES_BYTES)


def _lower(kind: int, value: int) -> None:
    assert resource is not None
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except ValueError:
        os.write(2, b"a resource limit could not be set\n")  # macOS refuses RLIMIT_AS below what is mapped


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
