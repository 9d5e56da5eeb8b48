"""Pipes to a child, which reads and writes as everybody does: for an event loop, which on Windows does it overlapped, and for a thread."""

from __future__ import annotations

import os
import sys
from typing import Any

_NOT_HERE = "only Windows has handles"


class OverlappedPipes:
    """Named pipes as asyncio makes them for its own children."""

    def to_child(self) -> tuple[Any, int]:
        if sys.platform != "win32":
            raise OSError(_NOT_HERE)
        from asyncio import windows_utils

        theirs, ours = windows_utils.pipe(overlapped=(False, True), duplex=True)
        return windows_utils.PipeHandle(ours), theirs

    def from_child(self) -> tuple[Any, int]:
        if sys.platform != "win32":
            raise OSError(_NOT_HERE)
        from asyncio import windows_utils

        ours, theirs = windows_utils.pipe(overlapped=(True, False))
        return windows_utils.PipeHandle(ours), theirs

    def nothing(self) -> int:
        return _null()


class BlockingPipes:
    """Anonymous pipes; this side's ends are binary files."""

    def to_child(self) -> tuple[Any, int]:
        if sys.platform != "win32":
            raise OSError(_NOT_HERE)
        import _winapi
        import msvcrt

        theirs, ours = _winapi.CreatePipe(None, 0)
        return os.fdopen(msvcrt.open_osfhandle(ours, os.O_WRONLY), "wb"), theirs

    def from_child(self) -> tuple[Any, int]:
        if sys.platform != "win32":
            raise OSError(_NOT_HERE)
        import _winapi
        import msvcrt

        ours, theirs = _winapi.CreatePipe(None, 0)
        return os.fdopen(msvcrt.open_osfhandle(ours, os.O_RDONLY), "rb"), theirs

    def nothing(self) -> int:
        return _null()


def _null() -> int:
    """Return a handle that is read as empty and forgets what is written."""
    if sys.platform != "win32":
        raise OSError(_NOT_HERE)
    import _winapi
    import msvcrt

    fd = os.open(os.devnull, os.O_RDWR)
    try:
        process = _winapi.GetCurrentProcess()
        return _winapi.DuplicateHandle(process, msvcrt.get_osfhandle(fd), process, 0, False, _winapi.DUPLICATE_SAME_ACCESS)
    finally:
        os.close(fd)
