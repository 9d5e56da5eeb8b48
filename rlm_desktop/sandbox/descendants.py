"""The processes that unconfined code has started, those too that left the process group of their REPL."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

_ROUNDS = 20


def kill_descendants(pid: int) -> None:
    """Kill all below `pid`, round by round until there are none.

    Linux alone says who they are; there a REPL keeps its orphans below itself. What lost its REPL, because that ended itself, is not found.
    """
    for _ in range(_ROUNDS):
        found = _below(pid)
        for one in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGKILL)
        if not found:
            return


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
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False
