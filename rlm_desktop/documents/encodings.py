"""From the bytes of a file to text: which encoding it has, and a decoder that goes chunk by chunk.

A byte order mark decides; then what is valid UTF-8 is UTF-8; then UTF-16 and UTF-32 without a mark are known by their zero bytes; then
the frequent letters tell the older encodings apart. What cannot be decoded is shown as U+FFFD and counted, as are NUL characters.
Line ends become `\\n`, whether they were `\\r\\n`, `\\r` or `\\n`; a mark at the beginning is no part of the text.
"""

from __future__ import annotations

import codecs
import io
import unicodedata
from typing import NamedTuple

from rlm_desktop.documents.binary_kinds import count_controls
from rlm_desktop.documents.legacy_encodings import guess_legacy

HEAD_BYTES = 65_536
"""What is looked at to say whether a file is text at all."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EVERYWHERE = frozenset("\n\r\t。、，" + "".join(map(chr, range(0x20, 0x7F))))
_NOT_FOR_FILES = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "unicode-escape", "raw-unicode-escape"}
)

_SAMPLE_BYTES = 1 << 16
_STRAY_CONTROLS = 2
"""So many are allowed in the shortest text: DOS ended its files with one."""


class Encoding(NamedTuple):
    name: str
    mark_bytes: int = 0
    """How long the byte order mark is that stands before the text."""
    is_certain: bool = True
    """False: it is UTF-8 unless that fails somewhere."""


def named_encoding(name: str) -> str | None:
    """Return Python's name for an encoding that a person named, None where there is no such encoding of text files."""
    try:
        codec = codecs.lookup(name)
        # Says no to codecs that are not of texts, such as base64.
        " ".encode(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return None if codec.name in _NOT_FOR_FILES or codec.incrementaldecoder is None else codec.name


def marked_encoding(head: bytes, name: str) -> Encoding:
    """Return the encoding that was named, with the mark that stands before the text where it is that encoding's own."""
    for mark, marked in _MARKS:
        if head.startswith(mark) and marked.startswith(name.removesuffix("-sig")):
            return Encoding(marked, len(mark))
    return Encoding(name.removesuffix("-sig"))


def encoding_of(head: bytes) -> Encoding | None:
    """Return the encoding that a file's first `HEAD_BYTES` show, None when they are no text."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, len(mark))
    controls = count_controls(head)
    if controls > 0.002 * len(head):
        wide = _wide_encoding(head)
        if wide:
            return Encoding(wide)
    if controls > max(_STRAY_CONTROLS, len(head) * (0.1 if _is_utf8(head) else 0.01)):
        return None
    return Encoding("utf-8", is_certain=False)


def encoding_after_failure(data: bytes, failed: int) -> str | None:
    """Return the encoding of what is not all UTF-8, from the bytes around the first that fail, at `failed`; None when they are no text.

    A few broken bytes among many well-formed ones are damage: it stays `utf-8`.
    """
    begin = max(0, failed - _SAMPLE_BYTES // 2)
    sample = data[begin : begin + _SAMPLE_BYTES]
    if count_controls(sample) > max(_STRAY_CONTROLS, 0.01 * len(sample)):
        return None
    text = sample.decode("utf-8", "replace")
    # The sample may have cut two characters, at its ends.
    broken = text[3:-3].count("\ufffd")
    sound = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    return "utf-8" if sound and sound >= broken else guess_legacy(sample)


class TextDecoder:
    """Decodes chunks of one text; `errors` counts what could not be decoded or was NUL."""

    def __init__(self, encoding: str, *, is_strict: bool) -> None:
        self.errors = self.nuls = 0
        decoder = codecs.getincrementaldecoder(encoding)("strict" if is_strict else "replace")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._is_strict = is_strict

    def decode(self, data: bytes, *, final: bool = False) -> str:
        """Raises UnicodeDecodeError where it is strict."""
        text = self._decoder.decode(data, final=final)
        if "\0" in text:
            self.nuls += text.count("\0")
            text = text.replace("\0", "\ufffd")
        if not self._is_strict:
            self.errors += text.count("\ufffd")
        return text


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _wide_encoding(head: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 that `head` is in, by what stands in every text: spaces, line ends, stops, digits."""
    head = head[: len(head) // 4 * 4] if len(head) >= 4 else head[: len(head) // 2 * 2]
    best, best_share = None, 0.01
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if len(head) % width:
            continue
        text = head.decode(name, "replace")
        odd = sum(1 for character in text if _is_odd(character))
        share = sum(1 for character in text if character in _EVERYWHERE) / max(1, len(text))
        if odd <= 1 + 0.01 * len(text) and share > best_share:
            best, best_share = name, share
    return best


def _is_odd(character: str) -> bool:
    return character == "\ufffd" or (character not in _EVERYWHERE and unicodedata.category(character) in ("Cn", "Co", "Cc"))
