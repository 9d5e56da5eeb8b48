"""Pipes between the engine's event loop, which on Windows reads and writes overlapped, and a child, which does not."""

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
