"""The frames that a child may send, and their conversion to values."""

from __future__ import annotations

import asyncio
import struct
import sys
from typing import Any, Literal, NamedTuple

from rlm_desktop.sandbox.child import wire
from rlm_desktop.sandbox.child.variables import MAX_VARIABLES, SHORT_CHARS
from rlm_desktop.sandbox.frames import NONE, FrameError, Header, Kind, decode, parse_json, read_frame
from rlm_desktop.sandbox.values import JsonContext, SubPrompt, SubRequest, Try, VariableInfo

MAX_LINE = 2**31 - 1
MAX_TRIES_BYTES = 64 << 10
MAX_HELD_BYTES = 5 * wire.MAX_REQUEST_BYTES
"""Of one request, as it is held here: four bytes a character at most, and room for what short texts take beside their characters."""
_PARTS_BYTES = (*[wire.MAX_PRINTED_BYTES] * 4, wire.MAX_VARIABLES_BYTES)
MAX_DONE_BYTES = sum(_PARTS_BYTES) + wire.MAX_ANSWER_BYTES


def _parts(header: Header) -> list[int]:
    """Return the lengths of a `done` frame's parts: what is kept of stdout, head and tail, of stderr likewise, variables, answer."""
    sizes = list(header["parts"])
    if len(sizes) != len(_PARTS_BYTES) or any(type(size) is not int for size in sizes):
        raise FrameError("a frame 'done' whose parts are not five lengths")
    if any(not 0 <= size <= most for size, most in zip(sizes, _PARTS_BYTES, strict=True)):
        raise FrameError("a frame 'done' with a part that is too long")
    if header["answer_bytes"] is not None:
        if header["answer_bytes"] > wire.MAX_ANSWER_BYTES:
            raise FrameError("a frame 'done' whose answer is too long")
        sizes.append(header["answer_bytes"])
    return sizes


CHILD_FRAMES = {
    "ready": Kind(fields={"python": (str,), "held_by": (str,)}, max_body_bytes=lambda _: MAX_TRIES_BYTES),
    "loaded": Kind(fields={"chars": (int,), "error": (str, NONE)}),
    "value": Kind(fields={"id": (int,), "found": (bool,)}, max_body_bytes=lambda _: wire.MAX_ANSWER_BYTES),
    "request": Kind(
        fields={
            "id": (int,), "block": (int,), "kind": (str,), "batch": (bool,), "items": (int,), "line": (int, NONE), "model": (str, NONE),
        }
    ),
    "done": Kind(
        fields={
            "block": (int,), "error": (str, NONE), "parts": (list,), "answer_bytes": (int, NONE), "ready": (bool,),
            "stdout_chars": (int,), "stdout_cut": (bool,), "stderr_chars": (int,), "stderr_cut": (bool,),
        },
        max_body_bytes=lambda header: sum(_parts(header)),
    ),
}  # fmt: skip

_ITEM_FIELDS = {"id": (int,), "index": (int,), "prompt_bytes": (int,), "context": (str, NONE)}
_ITEM_FRAMES = {
    "llm": {"item": Kind(fields=_ITEM_FIELDS, max_body_bytes=lambda _: wire.MAX_LLM_ITEM_BYTES)},
    "rlm": {"item": Kind(fields=_ITEM_FIELDS, max_body_bytes=lambda _: wire.MAX_RLM_ITEM_BYTES)},
}


async def read_request(reader: asyncio.StreamReader, header: Header) -> tuple[Literal["llm", "rlm"], tuple[SubPrompt, ...], int]:
    """Read the items that follow a request's header; return its kind, its prompts, and the bytes of memory that they take here."""
    kind: Literal["llm", "rlm"] = "rlm" if header["kind"] == "rlm" else "llm"
    count, model = header["items"], header["model"]
    if header["kind"] not in _ITEM_FRAMES or not 1 <= count <= wire.MAX_BATCH_ITEMS or (count > 1 and not header["batch"]):
        raise FrameError("a request of an unknown kind or size")
    if header["line"] is not None and header["line"] > MAX_LINE:
        raise FrameError("a line beyond the end of any code")
    if model is not None and len(model) > wire.MAX_MODEL_CHARS:
        raise FrameError("a model's name that is too long")
    prompts: list[SubPrompt] = []
    total_bytes = held_bytes = 0
    for index in range(count):
        item, body = await read_frame(reader, _ITEM_FRAMES[kind])
        total_bytes += len(body)
        if (item["id"], item["index"]) != (header["id"], index) or total_bytes > wire.MAX_REQUEST_BYTES:
            raise FrameError("items that are not those of their request")
        cut = item["prompt_bytes"]
        if cut > len(body) or (item["context"] is None and cut != len(body)) or (item["context"] is not None and kind == "llm"):
            raise FrameError("an item of other lengths than it says")
        prompt = SubPrompt(prompt=decode(body[:cut]), context=_context(item["context"], body[cut:]), model=model)
        prompts.append(prompt)
        held_bytes += _held_bytes(prompt)
        if held_bytes > MAX_HELD_BYTES:
            raise FrameError("a request of too many short texts")
    return kind, tuple(prompts), held_bytes


def _held_bytes(prompt: SubPrompt) -> int:
    """One character that is no Latin letter makes all the others of its text take two bytes or four."""
    context = prompt.context
    if isinstance(context, str | None):
        return sys.getsizeof(prompt.prompt) + sys.getsizeof(context)
    texts = (*context, *context.values()) if isinstance(context, dict) else context
    return sys.getsizeof(prompt.prompt) + sys.getsizeof(context) + sum(map(sys.getsizeof, texts))


def _context(kind: str | None, data: bytes) -> JsonContext | None:
    if kind is None:
        return None
    if kind == "str":
        return decode(data)
    texts = _texts(data)
    if kind == "list":
        return texts
    found = dict(zip(texts[::2], texts[1::2], strict=False))
    if kind != "dict" or 2 * len(found) != len(texts):
        raise FrameError("a context that is no list or dict of strings")
    return found


def _texts(data: bytes) -> list[str]:
    """Take `wire.pack_texts` apart."""
    count = struct.unpack_from("<I", data)[0] if len(data) >= 4 else 0
    at = 4 * (count + 1)
    if count > wire.MAX_CONTEXT_PIECES or len(data) < at:
        raise FrameError("a context of more pieces than it has")
    sizes = struct.unpack_from(f"<{count}I", data, 4)
    if at + sum(sizes) != len(data):
        raise FrameError("a context whose pieces do not fill it")
    texts = []
    for size in sizes:
        texts.append(decode(data[at : at + size]))
        at += size
    return texts


class Done(NamedTuple):
    """A `done` frame taken apart. Heads and tails are bytes: a cut may go through a character."""

    stdout: tuple[bytes, bytes]
    stderr: tuple[bytes, bytes]
    variables: tuple[VariableInfo, ...]
    answer: str | None


def parse_tries(data: bytes) -> list[tuple[str, Try]]:
    """Return (claim, try) pairs."""
    value = parse_json(data)
    if not isinstance(value, list):
        raise FrameError("tries that are no list")
    return [_try(item) for item in value]


def _try(item: Any) -> tuple[str, Try]:
    if not isinstance(item, list) or [type(part) for part in item] != [str, str, str, bool]:
        raise FrameError("a try of other parts than it has")
    claim, tried, outcome, is_held = item
    return claim, Try(tried=tried, outcome=outcome, held=is_held)


def parse_done(header: Header, body: bytes) -> Done:
    sizes = _parts(header)
    if sum(sizes) != len(body):
        raise FrameError("a frame 'done' whose parts do not fill its body")
    parts, at = [], 0
    for size in sizes:
        parts.append(body[at : at + size])
        at += size
    return Done((parts[0], parts[1]), (parts[2], parts[3]), _variables(parts[4]), decode(parts[5]) if len(parts) == 6 else None)


def _variables(data: bytes) -> tuple[VariableInfo, ...]:
    value = parse_json(data)
    if not isinstance(value, list) or len(value) > MAX_VARIABLES:
        raise FrameError("a list of variables that is none")
    return tuple(_variable(item) for item in value)


def _variable(item: Any) -> VariableInfo:
    if not isinstance(item, dict) or item.keys() != {"name", "type", "short", "size", "changed"}:
        raise FrameError("a variable with other fields than it has")
    name, kind, short, size, is_changed = (item[key] for key in ("name", "type", "short", "size", "changed"))
    texts_fit = all(type(text) is str and len(text) <= SHORT_CHARS for text in (name, kind, short))
    size_fits = size is None or (type(size) is int and 0 <= size <= 2**53)
    if not texts_fit or not size_fits or type(is_changed) is not bool:
        raise FrameError("a variable whose fields have other types than they have")
    return VariableInfo(name=name, type=kind, short=short, size=size, is_changed=is_changed)


def sub_request(header: Header, kind: Literal["llm", "rlm"], prompts: tuple[SubPrompt, ...], ordinal: int) -> SubRequest:
    return SubRequest(op=kind, is_batch=header["batch"], prompts=prompts, line=header["line"], ordinal=ordinal)
