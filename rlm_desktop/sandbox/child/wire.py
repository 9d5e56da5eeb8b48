"""Frames as both sides know them, and the child's end of the pipes.

A frame is `u32 header length, u32 body length` (little endian), the header as JSON, the body as bytes. The host has its own, distrustful
reader (`rlm_desktop/sandbox/frames.py`).
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # as `signal`, but for its enums, which every block would wait for
import json
import os
import signal
import struct
import sys
import threading
from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import FrameType
    from typing import Any

LENGTHS = struct.Struct("<II")
MAX_HEADER_BYTES = 256 * 1024
MAX_LLM_ITEM_BYTES = 32 << 20
MAX_RLM_ITEM_BYTES = 256 << 20
MAX_BATCH_ITEMS = 100_000
MAX_REQUEST_BYTES = 256 << 20
MAX_CONTEXT_PIECES = 1_000_000
"""Texts of a list, or names and texts of a dict together."""
MAX_ANSWER_BYTES = 256 << 20
MAX_PRINTED_BYTES = 1 << 20
"""Of each of the four ends that are kept of what a block printed."""
MAX_VARIABLES_BYTES = 1 << 20
MAX_MODEL_CHARS = 200

PROTOCOL_EXIT = 84
"""Exit code of a child that met a frame it does not understand."""
FAILED_EXIT = 85
"""Exit code of a child whose own code, not the model's, raised. What it raised is stray output."""
MEMORY_EXIT = 86
"""Exit code of a child that ran out of memory outside of the model's code."""
NOT_CONFINED_EXIT = 87
"""Exit code of a child that could not confine itself. Why is stray output."""

_dumps = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_dumps_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_dumps_pretty = json.JSONEncoder(ensure_ascii=False).encode
_loads = json.JSONDecoder().decode
_JOIN_BELOW_BYTES = 64 * 1024
_SIGINT = (signal.SIGINT,)


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return the frame as one piece."""
    head = _dumps(header).encode("ascii")
    return LENGTHS.pack(len(head), len(body)) + head + body


def pack_texts(texts: Sequence[bytes]) -> bytes:
    """Return how many, the length of each (u32, little endian), and the texts: lengths are checked before room is made, unlike JSON."""
    return struct.pack(f"<{len(texts) + 1}I", len(texts), *map(len, texts)) + b"".join(texts)


def to_json(value: Any) -> bytes:
    """Return UTF-8 JSON; lone surrogates become question marks."""
    return _dumps_text(value).encode("utf-8", "replace")


def to_text_json(value: Any) -> str:
    """Return JSON for people; ValueError where it holds itself, TypeError where JSON has no word for a value."""
    return _dumps_pretty(value)


def from_json(data: bytes) -> Any:
    return _loads(data.decode("utf-8"))


class Interrupts:
    """Turns SIGINT into KeyboardInterrupt while a block runs, but never in the middle of a frame."""

    def __init__(self) -> None:
        self.is_block_running = False
        self._is_held = False
        self._is_pending = False
        self.main_thread = get_ident()

    def install(self) -> None:
        """Take the signal, back from a block that took or masked it."""
        if sys.platform != "win32":
            _signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGINT)
        _signal.signal(signal.SIGINT, self._on_signal)

    def _on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        if not self.is_block_running:
            return
        if self._is_held:
            self._is_pending = True
            return
        raise KeyboardInterrupt

    def hold(self) -> None:
        if get_ident() == self.main_thread:
            self._is_held = True

    def release(self) -> None:
        if get_ident() == self.main_thread:
            self._is_held = False
            if self._is_pending:
                self._is_pending = False
                if self.is_block_running:
                    raise KeyboardInterrupt

    def raise_in_main(self) -> None:
        """Called by the reader thread: also wakes a main thread that sleeps, where the system has signals for threads."""
        if sys.platform == "win32":
            import _thread

            _thread.interrupt_main()
        else:
            signal.pthread_kill(self.main_thread, signal.SIGINT)


class Pipe:
    """The child's end of the protocol."""

    def __init__(self, in_fd: int, out_fd: int, interrupts: Interrupts) -> None:
        self._in = os.fdopen(in_fd, "rb", buffering=1 << 16)
        self._out_fd = out_fd
        self._interrupts = interrupts
        self._lock = threading.Lock()
        self._sender = 0
        self._pid = os.getpid()

    def send(self, frames: Iterable[tuple[dict[str, Any], bytes]]) -> None:
        """Write frames that belong together without another thread's frames between them."""
        if os.getpid() != self._pid:
            raise RuntimeError("only the process of the REPL itself can ask its host, not one that it forked")
        if self._sender == get_ident():  # it would wait for itself
            raise RuntimeError("a signal handler or __del__ can make no model call while this thread is sending one")
        self._interrupts.hold()
        try:
            with self._lock:
                self._sender = get_ident()
                try:
                    self._send(frames)
                finally:
                    self._sender = 0
        finally:
            self._interrupts.release()

    def _send(self, frames: Iterable[tuple[dict[str, Any], bytes]]) -> None:
        gathered = bytearray()
        for header, body in frames:
            head = _dumps(header).encode("ascii")
            gathered += LENGTHS.pack(len(head), len(body)) + head
            if len(body) < _JOIN_BELOW_BYTES:
                gathered += body
            if len(body) >= _JOIN_BELOW_BYTES or len(gathered) >= _JOIN_BELOW_BYTES:
                self._write(gathered)
                gathered = bytearray()
            if len(body) >= _JOIN_BELOW_BYTES:
                self._write(body)
        self._write(gathered)

    def _write(self, data: bytes | bytearray) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._out_fd, view[: 1 << 20]) :]

    def read(self) -> tuple[dict[str, Any], bytes] | None:
        """Return the next frame, or None when the host has closed the pipe."""
        lengths = self._in.read(LENGTHS.size)
        if len(lengths) < LENGTHS.size:
            return None
        head_bytes, body_bytes = LENGTHS.unpack(lengths)
        head = self._in.read(head_bytes)
        body = self._in.read(body_bytes) if body_bytes else b""
        if len(head) < head_bytes or len(body) < body_bytes:
            return None
        header: dict[str, Any] = _loads(head.decode("ascii"))
        return header, body
