"""Frames as our own child writes them, by hypothesis, and a pipe that remembers how much was asked of it at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import strategies as st

from rlm_desktop.sandbox.child.wire import pack, pack_texts

T = TypeVar("T")

text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
_count = st.integers(0, 2**53)


class Pipe:
    """Stands for a StreamReader whose bytes have all come: its reads never wait."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0
        self.most_bytes = 0

    async def readexactly(self, count: int) -> bytes:
        self.most_bytes = max(self.most_bytes, count)
        piece = self._data[self.at : self.at + count]
        self.at += len(piece)
        if len(piece) < count:
            raise asyncio.IncompleteReadError(piece, count)
        return piece


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    raise AssertionError("it waits")


ready = st.builds(
    lambda python, tries: pack({"op": "ready", "python": python, "held_by": "landlock"}, json.dumps(tries).encode()),
    text,
    st.lists(st.tuples(text, text, text, st.booleans()), max_size=3),
)
loaded = st.builds(lambda chars, error: pack({"op": "loaded", "chars": chars, "error": error}), _count, st.none() | text)
value = st.builds(
    lambda number, found, body: pack({"op": "value", "id": number, "found": found}, body.encode()), _count, st.booleans(), text
)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A request with its items, such as the bridge sends."""
    kind, count = draw(st.sampled_from(["llm", "rlm"])), draw(st.integers(1, 4))
    number = draw(st.integers(0, 3))
    head = {
        "op": "request", "id": number, "block": 0, "kind": kind, "batch": count > 1 or draw(st.booleans()), "items": count,
        "line": draw(st.none() | st.integers(1, 99)), "model": draw(st.none() | text),
    }  # fmt: skip
    return pack(head) + b"".join(_item(draw, number, index, kind) for index in range(count))


def _item(draw: st.DrawFn, number: int, index: int, kind: str) -> bytes:
    prompt = draw(text).encode()
    shape, data = None, b""
    if kind == "rlm":
        shape = draw(st.sampled_from([None, "str", "list", "dict"]))
        if shape == "str":
            data = draw(text).encode()
        elif shape is not None:
            pairs = draw(st.dictionaries(text, text, max_size=3)).items()
            data = pack_texts([piece.encode() for pair in pairs for piece in pair] if shape == "dict" else [k.encode() for k, _ in pairs])
    return pack({"op": "item", "id": number, "index": index, "prompt_bytes": len(prompt), "context": shape}, prompt + data)


@st.composite
def done(draw: st.DrawFn, *, block: int = 0) -> bytes:
    """The end of a block."""
    variables = [
        {"name": draw(text), "type": "int", "short": draw(text), "size": draw(st.none() | _count), "changed": draw(st.booleans())}
        for _ in range(draw(st.integers(0, 2)))
    ]
    parts = [draw(st.binary(max_size=10)) for _ in range(4)] + [json.dumps(variables).encode()]
    answer = draw(st.none() | text.map(str.encode))
    head = {
        "op": "done", "block": block, "error": draw(st.none() | text), "parts": [len(part) for part in parts],
        "answer_bytes": None if answer is None else len(answer), "ready": draw(st.booleans()),
        "stdout_chars": draw(_count), "stdout_cut": draw(st.booleans()), "stderr_chars": draw(_count), "stderr_cut": draw(st.booleans()),
    }  # fmt: skip
    return pack(head, b"".join(parts) + (answer or b""))


any_frame = st.one_of(ready, loaded, value, requests(), done())
