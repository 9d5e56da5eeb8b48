"""The REPL's way to models: requests go out from any thread, a reader thread brings each its replies."""

from __future__ import annotations

import itertools
import os
import sys
import threading
from _queue import SimpleQueue
from _thread import get_ident

from rlm_desktop.sandbox.child import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from rlm_desktop.sandbox.child.wire import Interrupts, Pipe


class LMQueryError(RuntimeError):
    """A model call made from REPL code failed."""

    __module__ = "builtins"  # so that a traceback names it as the code does


class Waiting:
    """One request that has not all its replies yet."""

    def __init__(self, size: int) -> None:
        self.replies: list[tuple[bool, str]] = [(False, "no reply came")] * size
        self.is_done: SimpleQueue[None] = SimpleQueue()


class Bridge:
    """Shared by the main thread, the threads of the model's code, and the reader."""

    def __init__(self, pipe: Pipe, interrupts: Interrupts) -> None:
        self.commands: SimpleQueue[tuple[dict[str, Any], bytes]] = SimpleQueue()
        self.block = -1
        self.file_name = ""
        self.may_query = True
        self._pipe = pipe
        self._interrupts = interrupts
        self._waiting: dict[int, Waiting] = {}
        self._ids = itertools.count()

    def start(self) -> None:
        threading.Thread(target=self._read, name="protocol", daemon=True).start()

    def _read(self) -> None:
        try:
            while (frame := self._pipe.read()) is not None:
                self._take(*frame)
        except MemoryError:
            os._exit(wire.MEMORY_EXIT)
        except (ValueError, KeyError, UnicodeDecodeError):
            os._exit(wire.PROTOCOL_EXIT)
        os._exit(0)  # the engine is gone

    def _take(self, header: dict[str, Any], body: bytes) -> None:
        op = header["op"]
        if op == "interrupt":
            if header["block"] == self.block:
                self._interrupts.raise_in_main()
        elif op != "reply":
            self.commands.put((header, body))
        elif (waiting := self._waiting.get(header["id"])) is not None:
            waiting.replies[header["index"]] = (header["ok"], body.decode("utf-8", "replace"))
            if header["last"]:
                waiting.is_done.put(None)

    def ask(self, kind: str, items: Sequence[tuple[str, Any]], model: object, *, is_batch: bool) -> list[tuple[bool, str]]:
        """Send (prompt, context) items as one request; return (worked, text or error) for each."""
        if not self.may_query:
            raise LMQueryError("this run has max_depth 0: its code can make no model calls")
        if not items:
            return []
        request_id = next(self._ids)
        header = {"op": "request", "id": request_id, "block": self.block, "kind": kind, "batch": is_batch, "items": len(items)}
        header |= {"line": self._line(), "model": _model_name(model)}
        encoded = list(_frames(header, items)) if is_batch else _frames(header, items)
        waiting = self._waiting[request_id] = Waiting(len(items))
        try:
            self._pipe.send(encoded)
            waiting.is_done.get()
        finally:
            del self._waiting[request_id]
        return waiting.replies

    def _line(self) -> int | None:
        """The line of the running block that led here; None from another thread, and from a function that an earlier block defined."""
        if get_ident() != self._interrupts.main_thread:
            return None
        line = None
        is_nearest = True
        frame = sys._getframe(1)
        while frame is not None:
            name = frame.f_code.co_filename
            if name == self.file_name:
                line = frame.f_lineno
                is_nearest = False
            elif is_nearest and name.startswith("<repl "):
                return None
            frame = frame.f_back  # type: ignore[assignment]
        return line


def _model_name(model: object) -> str | None:
    if model is None:
        return None
    name = str(model)
    if len(name) > wire.MAX_MODEL_CHARS:
        raise ValueError(f"the model's name has {len(name):,} characters; at most {wire.MAX_MODEL_CHARS} are possible")
    return name


def _frames(header: dict[str, Any], items: Sequence[tuple[str, Any]]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Measure and encode everything before the first byte is sent: a frame is never left half written."""
    limit = wire.MAX_LLM_ITEM_BYTES if header["kind"] == "llm" else wire.MAX_RLM_ITEM_BYTES
    frames: list[tuple[dict[str, Any], bytes]] = [(header, b"")]
    total = 0
    for index, (prompt, context) in enumerate(items):
        where = f"prompt {index}" if header["batch"] else "the prompt"
        text = _utf8(prompt, limit, where)
        kind, data = _context_bytes(context, limit, where)
        size = len(text) + len(data)
        if size > limit:
            raise ValueError(f"{where} and its context have {size:,} bytes; at most {limit:,} are possible")
        total += size
        if total > wire.MAX_REQUEST_BYTES:
            raise ValueError(
                f"the batch has more than {total:,} bytes up to {where}; at most {wire.MAX_REQUEST_BYTES:,} are possible in one"
            )
        item = {"op": "item", "id": header["id"], "index": index, "prompt_bytes": len(text), "context": kind}
        frames.append((item, text + data if data else text))
    return iter(frames)


def _utf8(text: str, limit: int, where: str) -> bytes:
    if len(text) > limit:  # a character is a byte or more, so nothing this long is encoded first
        raise ValueError(f"{where} has {len(text):,} characters; at most {limit:,} bytes are possible")
    data = text.encode("utf-8", "replace")
    if len(data) > limit:
        raise ValueError(f"{where} has {len(data):,} bytes as UTF-8; at most {limit:,} are possible")
    return data


def _context_bytes(context: Any, limit: int, where: str) -> tuple[str | None, bytes]:
    if context is None:
        return None, b""
    if isinstance(context, dict):
        texts = {as_text(key): as_text(value) for key, value in context.items()}
        return "dict", _texts([text for pair in texts.items() for text in pair], limit, where)
    if isinstance(context, (list, tuple, set, frozenset)):
        return "list", _texts([as_text(piece) for piece in context], limit, where)
    return "str", _utf8(as_text(context), limit, f"the context of {where}")


def _texts(texts: list[str], limit: int, where: str) -> bytes:
    if len(texts) > wire.MAX_CONTEXT_PIECES:
        raise ValueError(f"the context of {where} has {len(texts):,} pieces; at most {wire.MAX_CONTEXT_PIECES:,} are possible")
    chars = sum(map(len, texts))
    if chars > limit:
        raise ValueError(f"the context of {where} has {chars:,} characters; at most {limit:,} bytes are possible")
    return wire.pack_texts([text.encode("utf-8", "replace") for text in texts])


def as_text(value: object) -> str:
    """`str()` of anything, as an exact `str`: a subclass may lie about its length."""
    return str.__str__(value) if isinstance(value, str) else str.__str__(str(value))
