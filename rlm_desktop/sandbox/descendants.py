"""The processes that unconfined code has started, those too that left the process group of their REPL."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

_ROUNDS = 20


def kill_descendants(pid: int) -> None:
    """Kill all below `pid`, round by round until there are none.

    Linux alone says who they are; there a REPL keeps its orphans below itself. What lost its REPL, because that ended itself, is not found.
    """
    for _ in range(_ROUNDS):
        found = _below(pid)
        for one in found:
            with contextlib.suppress(OSError):
                _kill(one, below=pid)
        if not found:
            return


def _kill(one: int, *, below: int) -> None:
    """Kill a process, unless another one has got its number since it was found: what is held on to is looked at again."""
    if sys.platform != "linux":
        return
    try:
        held = os.pidfd_open(one)
    except ProcessLookupError:
        return
    except OSError:  # Linux before 5.3 holds on to none
        os.kill(one, signal.SIGKILL)
        return
    try:
        if _is_below(one, below):
            signal.pidfd_send_signal(held, signal.SIGKILL)
    finally:
        os.close(held)


def _is_below(one: int, pid: int) -> bool:
    while one > 1:
        one = int(_stat(one)[1])
        if one == pid:
            return True
    return False


def _below(pid: int) -> list[int]:
    """Return the living descendants of a process."""
    found: list[int] = []
    at = [pid]
    while at:
        for path in Path(f"/proc/{at.pop()}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                at += [int(child) for child in path.read_text().split()]
        found += [child for child in at if child not in found and _is_alive(child)]
    return found


def _is_alive(pid: int) -> bool:
    try:
        return _stat(pid)[0] not in ("Z", "X")
    except OSError:
        return False


def _stat(pid: int) -> list[str]:
    """Return its state, its parent, and more."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
