"""The words of e-mail: header fields and parts decoded, whatever their senders made of the rules."""

from __future__ import annotations

import binascii
import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from typing import Final

from rlm_desktop.documents.encodings import HEAD_BYTES, encoding_after_failure, encoding_of, named_encoding

_MAX_FIELD: Final = 20_000
_FILE_NAME: Final = re.compile(r"filename\s*=\s*\"?([^\";\r\n]+)", re.IGNORECASE)
_WIDER: Final = {"iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
LIBRARY_ERRORS: Final = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError, binascii.Error)
"""What Python's e-mail package is known to raise over messages that break the rules."""


def field(message: Message, name: str) -> str:
    """Return a header field on one line, decoded; empty where there is none."""
    wanted = name.lower()
    value = next((str(value) for key, value in message.raw_items() if key.lower() == wanted), "")
    return " ".join(decoded_words(value[:_MAX_FIELD]).split())


def decoded_words(value: str) -> str:
    """Return the value of a header field with its encoded words, and bytes that should not be there, as text."""
    try:
        return "".join(
            bytes_text(words, charset) if isinstance(words, bytes) else _raw_text(words) for words, charset in decode_header(value)
        )
    except LIBRARY_ERRORS:
        return _raw_text(value)


def bytes_text(data: bytes, charset: str | None) -> str:
    """Decode as the charset says where that succeeds; else as UTF-8, else as the bytes look like."""
    name = named_encoding(charset) if charset else None
    for candidate in (name, "utf-8"):
        if candidate:
            try:
                return data.decode(_WIDER.get(candidate, candidate))
            except UnicodeError:
                continue
    found = encoding_of(data[:HEAD_BYTES])
    if found is not None and found.is_certain:
        return data[found.mark_bytes :].decode(found.name, "replace")
    # What says that it is UTF-8 and is not says it of everything.
    is_trusted = name is not None and name != "utf-8"
    return data.decode((name if is_trusted else encoding_after_failure(data, 0)) or "cp1252", "replace")


def charset_of(part: Message) -> str | None:
    """Return the charset that a part declares, None where it does not, or declares ASCII, or one that does not exist."""
    try:
        charset = part.get_content_charset()
    except LIBRARY_ERRORS:
        return None
    return None if charset is None or charset in ("us-ascii", "ascii") or named_encoding(charset) is None else charset


def file_name(part: Message) -> str:
    """Return the name that an attachment gives itself, without folders; empty where it has none."""
    try:
        name = part.get_filename() or ""
    except LIBRARY_ERRORS:
        return ""
    if "\ufffd" in name:
        # Bytes that should not be there; the library has given them up, but its raw fields have not.
        raw = next((str(value) for key, value in part.raw_items() if key.lower() == "content-disposition"), "")
        name = match[1] if (match := _FILE_NAME.search(raw)) else name
    return " ".join(decoded_words(name[:_MAX_FIELD]).replace("\\", "/").rpartition("/")[2].split())


def content_type(part: Message) -> str:
    try:
        return part.get_content_type()
    except LIBRARY_ERRORS:
        return "text/plain"


def content(part: Message) -> bytes:
    """Return what a part holds, its transfer encoding undone as far as it goes."""
    try:
        payload = part.get_payload(decode=True)
    except LIBRARY_ERRORS:
        payload = None
    return payload if isinstance(payload, bytes) else b""


def children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _raw_text(text: str) -> str:
    """Return a text in which bytes beyond ASCII stand as surrogates, decoded."""
    if text.isascii():
        return text
    return bytes_text(text.encode("utf-8", "surrogateescape"), None)
