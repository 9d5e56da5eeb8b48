"""The memory limit where the system keeps none: the engine looks how much the child has, and kills it when that is too much.

macOS takes RLIMIT_AS and RLIMIT_DATA and enforces neither. A watch can be outrun for a moment; the machine's memory is what it protects.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any

INTERVAL_S = 0.1
_RUSAGE_INFO_V0 = 0
_FOOTPRINT_OFFSET = 16 + 7 * 8
"""Of `ri_phys_footprint` in `rusage_info_v0`: after 16 bytes of uuid and 7 numbers of 8 bytes. It counts what was compressed, too."""
_RUSAGE_BYTES = 16 + 10 * 8


def is_needed() -> bool:
    """Return whether this system keeps no limit that a process sets for itself."""
    return sys.platform == "darwin"


def memory_bytes(pid: int) -> int | None:
    """Return the memory of a process; None when it is gone, or may not be asked about."""
    if sys.platform == "darwin":
        import ctypes

        return footprint_bytes(pid, ctypes.CDLL(None))
    if sys.platform == "linux":
        try:
            with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123  (ten times a second)
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return None
    raise OSError(f"no way is known to ask for a process's memory on {sys.platform}")


def footprint_bytes(pid: int, library: Any) -> int | None:
    """Ask macOS's libproc, which every program has loaded."""
    import ctypes

    ask = library.proc_pid_rusage
    ask.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
    ask.restype = ctypes.c_int
    usage = ctypes.create_string_buffer(_RUSAGE_BYTES)
    if ask(pid, _RUSAGE_INFO_V0, usage) != 0:
        return None
    return int.from_bytes(usage.raw[_FOOTPRINT_OFFSET : _FOOTPRINT_OFFSET + 8], sys.byteorder)


class MemoryWatch:
    """Watches one process. `limit_bytes` may be changed at any time, as it grows with the context."""

    def __init__(self, pid: int, limit_bytes: int, kill: Callable[[str], None], *, ask: Callable[[int], int | None] = memory_bytes) -> None:
        self.limit_bytes = limit_bytes
        self._pid = pid
        self._kill = kill
        self._ask = ask

    async def run(self) -> None:
        """Look until the process is gone or was killed for its memory. Cancel it before the process is reaped: numbers are used again."""
        while (used_bytes := self._ask(self._pid)) is not None:
            if used_bytes > self.limit_bytes:
                limit_mb, used_mb = self.limit_bytes // 1_000_000, used_bytes // 1_000_000
                self._kill(f"The sandbox process took {used_mb:,} MB of memory, more than its limit of {limit_mb:,} MB, and was killed.")
                return
            await asyncio.sleep(INTERVAL_S)
