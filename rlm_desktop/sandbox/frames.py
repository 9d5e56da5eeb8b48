"""The host's reader of frames. What comes from a child is foreign: caps before allocation, strict JSON, strict UTF-8, a schema a type."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rlm_desktop.sandbox.child.wire import LENGTHS, MAX_HEADER_BYTES

MAX_INT = 2**53
"""What the trace and every reader of JSON can hold exactly."""
MAX_INT_DIGITS = 19
MAX_BRACKETS = 400
"""Brackets in a header, which bounds its depth; a header of ours has some ten."""

Header = dict[str, Any]
Schema = Mapping[str, tuple[type, ...]]
NONE = type(None)


class FrameError(ValueError):
    """A frame that our child code does not write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of frame: exactly these fields, of exactly these types; `max_body_bytes` may depend on the header."""

    fields: Schema
    max_body_bytes: Callable[[Header], int] = lambda _header: 0


async def read_frame(reader: asyncio.StreamReader, kinds: Mapping[str, Kind]) -> tuple[Header, bytes]:
    """Return the next frame. Raises FrameError, and IncompleteReadError at the end of the pipe."""
    head_bytes, body_bytes = LENGTHS.unpack(await reader.readexactly(LENGTHS.size))
    if head_bytes > MAX_HEADER_BYTES:
        raise FrameError(f"a header of {head_bytes:,} bytes")
    header = parse_header(await reader.readexactly(head_bytes), kinds)
    limit = kinds[header["op"]].max_body_bytes(header)
    if body_bytes > limit:
        raise FrameError(f"a body of {body_bytes:,} bytes in a frame {header['op']!r} that may have {limit:,}")
    return header, await reader.readexactly(body_bytes) if body_bytes else b""


def parse_header(data: bytes, kinds: Mapping[str, Kind]) -> Header:
    if data.count(b"[") + data.count(b"{") > MAX_BRACKETS:
        raise FrameError("a header that is nested too deeply")
    header = parse_json(data)
    if not isinstance(header, dict):
        raise FrameError("a header that is no object")
    op = header.get("op")
    if not isinstance(op, str) or op not in kinds:
        raise FrameError(f"a frame of an unknown type {str(op)[:40]!r}")
    fields = kinds[op].fields
    if header.keys() - {"op"} != fields.keys():
        raise FrameError(f"a frame {op!r} with other fields than it has")
    for name, types in fields.items():
        value = header[name]
        if type(value) not in types or (type(value) is int and not 0 <= value <= MAX_INT):
            raise FrameError(f"a frame {op!r} whose {name} is no {types[0].__name__}")
    return header


def parse_json(data: bytes) -> Any:
    """Strict: UTF-8 without lone surrogates, no NaN or Infinity, no key twice, no integer beyond 64 bits."""
    try:
        value = _loads(decode(data))
    except RecursionError as error:
        raise FrameError("JSON that is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise FrameError(f"no JSON: {error.msg}") from error
    if b"\\ud" in data or b"\\uD" in data:  # only an escape can bring in half of a surrogate pair
        _check_surrogates(value)
    return value


def _check_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise FrameError("a lone surrogate") from error
    except RecursionError as error:  # writing goes a little deeper than reading
        raise FrameError("JSON that is nested too deeply") from error


def decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FrameError("bytes that are no UTF-8") from error


def _refuse(name: str) -> float:
    raise FrameError(f"the number {name}")


def _int(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_INT_DIGITS:
        raise FrameError(f"an integer of {len(digits):,} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits) if len(digits) <= 40 else float("inf")
    if value in (float("inf"), float("-inf")):
        raise FrameError("a number out of range")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FrameError("an object with a key twice")
    return found


_loads = json.JSONDecoder(parse_constant=_refuse, parse_int=_int, parse_float=_float, object_pairs_hook=_object).decode
