"""JSON: what it is a list of, or the keys of its first two levels."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from rlm_desktop.documents.kept_headings import KeptHeadings
from rlm_desktop.documents.structure import MOST_PLACES, Structure, chars_in, counted, cut, named
from rlm_desktop.trace.events import Heading

_MOST_BYTES: Final = 128 << 20
_MOST_COMMAS: Final = 3_000_000
"""Each item of a list costs some 70 bytes until it is counted."""
_MOST_PLACED: Final = 500_000
"""Of so many items the places are found, a microsecond each."""
_LOOKED_INTO: Final = 100
_PREVIEW_BYTES: Final = 300
_BETWEEN = re.compile(rb"[\s,]*+")
_KEY = re.compile(rb'[\s,]*+("(?:[^"\\]|\\.)*+")\s*+:\s*+', re.DOTALL)

_items = msgspec.json.Decoder(list[msgspec.Raw])
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def json_structure(path: Path) -> Structure | None:
    """Return the structure of a text in the store; None where it is no list or object in valid JSON, or too large to be looked through."""
    if path.stat().st_size > _MOST_BYTES:
        return None
    data = path.read_bytes()
    start = len(data) - len(data.lstrip())
    if data.count(b",") > _MOST_COMMAS:
        return None
    try:
        if data[start : start + 1] == b"[":
            return _list(data, start)
        return _object(data, start) if data[start : start + 1] == b"{" else None
    except _FAILURES:
        return None


def _list(data: bytes, start: int) -> Structure:
    items = _items.decode(data)
    if len(items) > _MOST_PLACED:
        return Structure((), _list_in_words(items))
    stride = max(1, -(-len(items) // MOST_PLACES))
    outline: list[Heading] = []
    at, chars, counted_to = start + 1, 0, 0
    for number, item in enumerate(items):
        at = _end(_BETWEEN, data, at)
        if number % stride == 0:
            chars += chars_in(data[counted_to:at])
            counted_to = at
            preview = data[at : at + min(_PREVIEW_BYTES, _size(item))].decode("utf-8", "ignore")
            outline.append(Heading(level=1, title=cut(f"[{number:,}] {preview}"), at=chars))
        at += _size(item)
    return Structure(tuple(outline), _list_in_words(items))


def _list_in_words(items: list[msgspec.Raw]) -> str:
    if items and all(bytes(memoryview(item)[:1]) == b"{" for item in items):
        keys = list(_members.decode(items[0]))
        return f"list of {counted(len(items), 'object', 'objects')}" + (f" with keys {named(keys)}" if keys else "")
    return f"list of {counted(len(items), 'value', 'values')}"


def _object(data: bytes, start: int) -> Structure:
    members = _members.decode(data)
    kept = KeptHeadings()
    at, chars, counted_to = start + 1, 0, 0
    for number, (name, value) in enumerate(members.items()):
        key = _KEY.match(data, at)
        if key is None or msgspec.json.decode(key[1]) != name:
            # Of a key that is there twice only the last is known here; from there on the places are not.
            break
        chars += chars_in(data[counted_to : key.start(1)])
        counted_to = key.start(1)
        kept.add(1, cut(f"{name}{_in_words(value) if number < _LOOKED_INTO else ''}"), chars)
        if number < _LOOKED_INTO:
            _add_keys_within(kept, bytes(value), chars + chars_in(data[key.start(1) : key.end()]))
        at = key.end() + _size(value)
    return Structure(kept.headings(), f"{counted(len(members), 'key', 'keys')}: {named(list(members))}" if members else "no keys")


def _add_keys_within(kept: KeptHeadings, data: bytes, chars: int) -> None:
    if not data.startswith(b"{"):
        return
    at = counted_to = 0
    at = 1
    for name, value in list(_members.decode(data).items())[:_LOOKED_INTO]:
        key = _KEY.match(data, at)
        if key is None or msgspec.json.decode(key[1]) != name:
            return
        chars += chars_in(data[counted_to : key.start(1)])
        counted_to = key.start(1)
        kept.add(2, cut(name), chars)
        at = key.end() + _size(value)


def _in_words(value: msgspec.Raw) -> str:
    return f": {_list_in_words(_items.decode(value))}" if bytes(memoryview(value)[:1]) == b"[" else ""


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found else at


def _size(value: msgspec.Raw) -> int:
    return memoryview(value).nbytes
