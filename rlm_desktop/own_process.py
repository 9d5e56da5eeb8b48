"""What a process that holds keys does for itself: it dumps no core, is closed to other processes, and forgets its environment's keys."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from typing import Final

if sys.platform != "win32":
    import resource

_PR_SET_DUMPABLE: Final = 4


def dump_no_core() -> None:
    """Leave no copy of this process's memory behind where it crashes, nor of what it starts."""
    if sys.platform != "win32":
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def close_to_others() -> None:
    """Dump no core; on Linux, also let no other process of the same person read this one's memory, environment or open files.

    Children that are started are as they always are: the kernel gives that up when they begin another program. Not for the window: the
    portals of Linux desktops look into `/proc` for who asks them for a file.
    """
    dump_no_core()
    if sys.platform == "linux":
        # What pipes cores to a program, as systemd does, heeds this and not the limit.
        _libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def forget_variables(names: Iterable[str], environment: MutableMapping[str, str] = os.environ) -> None:
    """Take variables out of the environment that children inherit, and on Linux also write over what `/proc/self/environ` shows of them."""
    for name in set(names):
        value = environment.get(name)
        if value is None:
            continue
        if sys.platform == "linux" and environment is os.environ:
            libc = _libc()
            libc.getenv.restype = ctypes.c_void_p
            # The C library hands out the very place where the kernel put the variable when the process was started.
            place = libc.getenv(os.fsencode(name))
            if place:
                ctypes.memset(place, 0, len(ctypes.string_at(place)))
        del environment[name]


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
