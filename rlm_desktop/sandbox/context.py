"""The private file through which a child gets its context: made empty, inherited read-only, filled later."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from rlm_desktop.sandbox.values import ContextPart

_PIECE_BYTES = 16 << 20


class FillStopped(Exception):
    """The file was closed while it was being filled."""


class ContextFile:
    """`read_fd` is for the child; after it is born, `close_read` it here.

    `fill` blocks, so it is called off the loop; `close` may come from the loop meanwhile.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_filling = self._is_closed = False
        if sys.platform == "linux":
            self._write_fd = os.memfd_create("context", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            try:
                self.read_fd = os.open(f"/proc/self/fd/{self._write_fd}", os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                os.close(self._write_fd)
                raise
        else:
            self._write_fd, name = tempfile.mkstemp(prefix="rlm-desktop-")
            self.read_fd = os.open(name, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_TEMPORARY", 0))
            if sys.platform != "win32":  # there the file goes when its last handle is closed
                Path(name).unlink()

    def fill(self, parts: Sequence[ContextPart]) -> list[int]:
        """Copy the parts one after another and return the bytes of each. No file is read into this process's memory.

        Raises FillStopped soon after another thread has closed it: what is being written to stays open until then.
        """
        with self._lock:
            if self._is_closed:
                raise FillStopped
            self._is_filling = True
        try:
            sizes = [self._copy(part.path) if part.path is not None else self._write(part.text or "") for part in parts]
            if sys.platform == "linux":
                import fcntl

                seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
                fcntl.fcntl(self._write_fd, fcntl.F_ADD_SEALS, seals)
            return sizes
        finally:
            with self._lock:
                self._is_filling = False
                if self._is_closed:
                    self._close_write()

    def _copy(self, path: Path) -> int:
        with path.open("rb", buffering=0) as source:
            copied = 0
            if hasattr(os, "sendfile") and sys.platform == "linux":
                while moved := os.sendfile(self._write_fd, source.fileno(), copied, _PIECE_BYTES):
                    copied += moved
                    self._check_open()
                return copied
            while piece := source.read(_PIECE_BYTES):
                copied += self._write_bytes(piece)
            return copied

    def _write(self, text: str) -> int:
        return self._write_bytes(text.encode("utf-8", "replace"))

    def _write_bytes(self, data: bytes) -> int:
        view = memoryview(data)
        while view:
            self._check_open()
            view = view[os.write(self._write_fd, view[:_PIECE_BYTES]) :]
        return len(data)

    def _check_open(self) -> None:
        if self._is_closed:
            raise FillStopped

    def close_read(self) -> None:
        if self.read_fd >= 0:
            os.close(self.read_fd)
            self.read_fd = -1

    def close(self) -> None:
        """Let go of it, at once or, where it is being filled, as soon as that has stopped."""
        self.close_read()
        with self._lock:
            self._is_closed = True
            if not self._is_filling:
                self._close_write()

    def _close_write(self) -> None:
        if self._write_fd >= 0:
            os.close(self._write_fd)
            self._write_fd = -1
