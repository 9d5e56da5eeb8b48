"""Bytes as they come from a pipe, cut into whole lines."""

from __future__ import annotations


class LineSplitter:
    """Holds back what has no newline yet. Parts are kept in a list: joining them at every read would copy a long line again and again."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def take(self, data: bytes) -> list[bytes]:
        """Return the lines that `data` completes, each with its newline."""
        cut = data.rfind(b"\n") + 1
        if not cut:
            if data:
                self._parts.append(data)
            return []
        whole = b"".join((*self._parts, data[:cut]))
        self._parts = [data[cut:]] if cut < len(data) else []
        return whole.splitlines(keepends=True)
