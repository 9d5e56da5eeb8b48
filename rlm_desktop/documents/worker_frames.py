"""What a process that reads documents says to the one that supervises it, which believes none of it: caps first, strict types.

A frame is a letter that says what it is, the length of its body as u32 (little endian), and the body.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from rlm_desktop.documents.draft import MAX_NOTES
from rlm_desktop.documents.kept_headings import MAX_HEADINGS, MAX_TITLE

HEAD: Final = struct.Struct("<cI")
BORN: Final = b"B"
"""The first of all: what confines the worker, and what it tried."""
ASK: Final = b"A"
READY: Final = b"R"
"""The reader is imported: the document may come."""
TEXT: Final = b"T"
SHARE: Final = b"S"
DONE: Final = b"D"
REFUSED: Final = b"N"
FAILED: Final = b"F"
NO_MEMORY: Final = b"M"

TEXT_CHARS: Final = 1 << 18
MAX_SENTENCE: Final = 4_000
_MAX_KIND: Final = 200
MAX_WORD: Final = 100
_MAX_JSON_BYTES: Final = 1 << 20
SHARE_BODY: Final = struct.Struct("<d")

MOST_BYTES: Final = {
    BORN: 1 << 16,
    READY: 0,
    TEXT: 4 * TEXT_CHARS,
    SHARE: SHARE_BODY.size,
    DONE: _MAX_JSON_BYTES,
    REFUSED: _MAX_JSON_BYTES,
    FAILED: MAX_WORD,
    NO_MEMORY: 0,
}
"""The largest body of each frame that a worker may send."""

Sentence = Annotated[str, Meta(max_length=MAX_SENTENCE)]
Mark = tuple[Annotated[int, Meta(ge=1, le=9)], Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)], Annotated[int, Meta(ge=0)]]


Word = Annotated[str, Meta(max_length=MAX_WORD)]


class Born(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a worker is confined: `tries` are (claim, what was tried, outcome, held); `why_not` is a sentence where it could not be."""

    held_by: Word = ""
    tries: Annotated[tuple[tuple[Word, Word, Word, bool], ...], Meta(max_length=MAX_WORD)] = ()
    why_not: Sentence = ""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A document to read. Its descriptor follows or, where `is_handed_over` is false, its `size` bytes.

    `memory_bytes` is how much memory the worker may take; the first document's holds for all.
    """

    memory_bytes: int
    kind: str
    name: str
    encoding: str | None
    size: int
    is_handed_over: bool


class Done(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What there is to a document besides its text; `marks` are (level, title, offset), in the order of the text."""

    marks: Annotated[tuple[Mark, ...], Meta(max_length=MAX_HEADINGS)]
    notes: Annotated[tuple[Sentence, ...], Meta(max_length=MAX_NOTES)]
    extent: Annotated[str, Meta(max_length=_MAX_KIND)]
    encoding: Word | None


class Refused(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `RefusedError` on its way."""

    sentence: Sentence
    kind: Annotated[str, Meta(max_length=_MAX_KIND)]


class ForgedError(ValueError):
    """A frame that no worker of ours sends."""


def packed(letter: bytes, body: bytes = b"") -> bytes:
    return HEAD.pack(letter, len(body)) + body


def packed_struct(letter: bytes, body: msgspec.Struct) -> bytes:
    return packed(letter, msgspec.json.encode(body))


def head(data: bytes) -> tuple[bytes, int]:
    """Return a frame's letter and how long its body is. Raises ForgedError before anything of that length is read."""
    letter, size = HEAD.unpack(data)
    if size > MOST_BYTES.get(letter, -1):
        raise ForgedError(f"a frame {letter!r} of {size:,} bytes")
    return letter, size


def done_in(body: bytes, chars: int) -> Done:
    """Raises ForgedError, also where a mark lies beyond the text's `chars` characters."""
    done: Done = _decoded(body, _done_decoder.decode)
    places = [at for _, _, at in done.marks]
    if places != sorted(places) or (places and places[-1] > chars):
        raise ForgedError("marks that are not in the text")
    return done


def refused_in(body: bytes) -> Refused:
    refused: Refused = _decoded(body, _refused_decoder.decode)
    return refused


def born_in(body: bytes) -> Born:
    born: Born = _decoded(body, _born_decoder.decode)
    return born


def share_in(body: bytes) -> float:
    if len(body) != SHARE_BODY.size:
        raise ForgedError("a share that is no number")
    share: float = SHARE_BODY.unpack(body)[0]
    if not 0.0 <= share <= 1.0:
        raise ForgedError("a share that is none")
    return share


def text_in(body: bytes) -> str:
    """Raises ForgedError for bytes that are no UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ForgedError("a text that is no UTF-8") from error


def sendable(text: str, most: int) -> str:
    """Return what can be sent of a text: no halves of surrogate pairs, no more than `most` characters."""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= most else text[: most - 1] + "…"


_born_decoder = msgspec.json.Decoder(Born)
_done_decoder = msgspec.json.Decoder(Done)
_refused_decoder = msgspec.json.Decoder(Refused)


def _decoded(body: bytes, decode: Callable[[bytes], Any]) -> Any:
    try:
        return decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ForgedError(str(error)) from error
