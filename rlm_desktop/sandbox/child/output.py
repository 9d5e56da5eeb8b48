"""What the model's code prints, captured up to a cap: its beginning, its end, and how many characters there were."""

from __future__ import annotations

import io
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CONTINUATION = bytes(range(0x80, 0xC0))


class Sink(io.BufferedIOBase):
    """Bytes of one block's stdout or stderr. It ends with its block: what a thread writes later is dropped."""

    def __init__(self) -> None:
        self.half = 0
        """How many bytes are kept of its beginning, and how many of its end."""
        self.is_open = True
        self.head = bytearray()
        self.tail = bytearray()
        self.chars = 0
        self.is_cut = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        size = len(data)
        if not self.is_open:
            return size
        data = bytes(data)
        self.chars += size if data.isascii() else len(data.translate(None, _CONTINUATION))
        room = self.half - len(self.head)
        if room > 0:
            self.head += data[:room]
            data = data[room:]
        if data:
            self.tail += data[-self.half :]
            if len(self.tail) > 2 * self.half or len(data) > self.half:
                self.is_cut = True
                del self.tail[: -self.half]
        return size

    def finish(self) -> None:
        self.is_open = False
        if len(self.tail) > self.half:
            self.is_cut = True
            del self.tail[: -self.half]


def text_stream(sink: Any) -> io.TextIOWrapper:
    """A C-written stream: ten million small prints cost what they cost anywhere; the sink is called once for some 8 KB."""
    return io.TextIOWrapper(sink, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=False)


class OwnThreadsOnly:
    """Stands before a block's stream when threads of earlier blocks still live, and drops what they print."""

    def __init__(self, stream: io.TextIOWrapper, block: int) -> None:
        self._stream = stream
        self._block = block

    def write(self, text: str) -> int:
        return self._stream.write(text) if born_in(threading.current_thread()) == self._block else len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


_current_block = [-1]


def born_in(thread: threading.Thread) -> int | None:
    """The block during which a thread was started, by itself or by a thread of that block."""
    if thread is threading.main_thread():
        return _current_block[0]
    return getattr(thread, "_repl_block", None)


def mark_threads(block: int) -> None:
    _current_block[0] = block


def watch_threads() -> None:
    """From now on each `threading.Thread` knows the block that it belongs to."""
    start = threading.Thread.start

    def start_marked(self: threading.Thread) -> None:
        self._repl_block = born_in(threading.current_thread())  # type: ignore[attr-defined]
        start(self)

    threading.Thread.start = start_marked  # type: ignore[method-assign]
