"""Entry <-> one line of JSON. The same bytes travel on the engine's stdout and rest in a trace file."""

from __future__ import annotations

from typing import Any

import msgspec

from rlm_desktop.errors import UserError
from rlm_desktop.trace.events import FORMAT, Count, Entry, KnownEvent, Seconds, UnknownEvent

MAX_LINE_BYTES = 1024 * 1024
"""No line of a trace is longer; longer texts are written in parts."""


class TraceFormatError(UserError):
    """These bytes are not a trace that this version can read; the text says why."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """An entry whose event is known. Decoding straight into it is what makes opening fast."""

    seq: Count
    t_s: Seconds
    event: KnownEvent


class _Envelope(msgspec.Struct, frozen=True, gc=False):
    seq: Count
    t_s: Seconds
    event: dict[str, Any]


_KNOWN_TAGS = frozenset(cls.__struct_config__.tag for cls in KnownEvent.__args__)
_encoder = msgspec.json.Encoder()
_line_decoder = msgspec.json.Decoder(Line)
_envelope_decoder = msgspec.json.Decoder(_Envelope)


def encode(entry: Entry) -> bytes:
    """Return `entry` as one line of JSON with its newline.

    Lone surrogates are replaced by `?`. Long texts have left the event before; should anything else make the line too long (a server's or a
    model's code's invention), it is cut, as no reader takes a longer line.
    """
    body: object = entry
    if isinstance(entry.event, UnknownEvent):
        body = {"seq": entry.seq, "t_s": entry.t_s, "event": {"type": entry.event.type, **entry.event.fields}}
    try:
        line = _encoder.encode(body)
    except UnicodeEncodeError:
        line = _encoder.encode(_without_surrogates(msgspec.to_builtins(body)))
    most_chars, most_items = 4_096, 1_024
    while len(line) >= MAX_LINE_BYTES:
        line = _encoder.encode(_cut(msgspec.json.decode(line), most_chars, most_items))
        most_chars, most_items = most_chars // 4, most_items // 4
    return line + b"\n"


def decode(line: bytes) -> Line | Entry:
    """Return the entry on `line`; an event this version does not know becomes an `UnknownEvent`.

    Raises TraceFormatError with the reason.
    """
    if len(line) > MAX_LINE_BYTES + 1:
        raise TraceFormatError(f"A line of {len(line):,} bytes is longer than a trace's lines may be.")
    try:
        return _line_decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return _decode_unknown(line, error)


def _decode_unknown(line: bytes, error: Exception) -> Entry:
    try:
        envelope = _envelope_decoder.decode(line)
        tag = envelope.event.pop("type", None)
        if isinstance(tag, str) and tag not in _KNOWN_TAGS:
            return Entry(envelope.seq, envelope.t_s, UnknownEvent(type=tag, fields=envelope.event))
        written_with = envelope.event.get("format")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as broken:
        raise TraceFormatError(f"This is not a line of a trace: {_short(broken)}.") from error
    if tag == "run_started" and isinstance(written_with, int) and written_with > FORMAT:
        raise TraceFormatError(newer_format(written_with)) from error
    raise TraceFormatError(f"A line of type {tag!r} does not have the form it should: {_short(error)}.") from error


def _short(error: Exception) -> str:
    """What the line holds may be quoted in it."""
    return str(error)[:300]


def newer_format(written_with: int) -> str:
    return f"This trace has format {written_with}; this program reads up to format {FORMAT}. A newer version of the program opens it."


def _cut(value: Any, most_chars: int, most_items: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= most_chars else value[:most_chars] + "…"
    if isinstance(value, dict):
        return {key: _cut(item, most_chars, most_items) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut(item, most_chars, most_items) for item in value[:most_items]]
    return value


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_surrogates(item) for item in value]
    return value
