"""One e-mail message as text: its head, its body, and the texts and messages attached to it."""

from __future__ import annotations

import re
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from pathlib import PurePath
from typing import Final, NamedTuple

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.email_words import (
    LIBRARY_ERRORS,
    bytes_text,
    charset_of,
    children,
    content,
    content_type,
    field,
    file_name,
)
from rlm_desktop.documents.readers.html_markup import decoded, tame
from rlm_desktop.documents.readers.html_text import write_html
from rlm_desktop.documents.refused import RefusedError

_HEAD: Final = ("From", "To", "Cc", "Date", "Subject")
_MAX_DEPTH: Final = 20
_BOUNDARY: Final = re.compile(rb"^--([^\s\"]{1,200})[ \t]*\r?$", re.MULTILINE)
_LONG_FIELD: Final = re.compile(rb"^(content-(?:type|disposition)\s*:)(?:[^\n]|\n[ \t]){10000,}+", re.IGNORECASE | re.MULTILINE)
"""The parser needs a time for parameters that grows with the square of their number."""
_MANY_PARAMETERS: Final = 1_000
_EMPTY_LINES: Final = re.compile(r"\n{4,}")
_MAX_PARTS: Final = 5_000
_STUB_CHARS: Final = 200
"""A plain text shorter than this only says that there is another version, if that is much longer."""
_MUCH_LONGER: Final = 10
_VERSIONS: Final = frozenset({"text/plain", "text/html", "multipart/related", "text/calendar", "text/x-amp-html"})
_UNTOLD: Final = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_TEXTS: Final = frozenset({"application/json", "application/xml", "application/x-yaml", "application/javascript", "application/x-sh"})
_TEXT_ENDINGS: Final = frozenset(
    {".txt", ".md", ".csv", ".tsv", ".log", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".toml", ".ini", ".py", ".patch", ".diff", ".tex"}
)


class Attached(NamedTuple):
    """An attachment that is not read."""

    name: str
    size_bytes: int


def parsed(data: bytes) -> Message | None:
    """Return the message that the bytes are, None where they are nested or broken beyond what the parser takes."""
    if data.count(b";") > _MANY_PARAMETERS:
        data = _LONG_FIELD.sub(rb"\1 application/octet-stream", data)
    try:
        # The older policy: the newer one parses addresses as it reads them, in a time that grows with the square of their number.
        return BytesParser(policy=compat32).parsebytes(data)
    except LIBRARY_ERRORS:
        return None


def write_message(message: Message, draft: Draft) -> list[Attached]:
    """Write a message and what is attached to it as text. Return the attachments that are not read."""
    writer = _Writer(draft)
    writer.message(message, 0)
    return writer.attached


class _Writer:
    def __init__(self, draft: Draft) -> None:
        self.attached: list[Attached] = []
        self._draft = draft
        self._parts = 0

    def message(self, message: Message, depth: int) -> None:
        for name in _HEAD:
            if value := field(message, name):
                self._draft.line(f"{name}: {value}")
        self._draft.part()
        self._part(message, depth)

    def _part(self, part: Message, depth: int) -> None:
        self._parts += 1
        kind = content_type(part)
        if self._parts > _MAX_PARTS or depth > _MAX_DEPTH:
            self.attached.append(Attached(file_name(part) or kind, 0))
        elif kind == "message/rfc822" or (kind.startswith("message/") and kind != "message/delivery-status" and children(part)):
            self._attached_messages(part, depth)
        elif kind.startswith("multipart/") and not part.is_multipart():
            self._unbound(part, depth)
        elif not part.is_multipart():
            self._leaf(part, kind)
        elif kind == "multipart/alternative":
            self._alternative(children(part), depth)
        elif kind == "multipart/related":
            self._related(children(part), depth)
        elif kind == "message/delivery-status":
            for group in children(part):
                self._draft.paragraph("\n".join(f"{key}: {field(group, key)}" for key in dict.fromkeys(group.keys())))
        else:
            for child in children(part):
                self._part(child, depth + 1)

    def _unbound(self, part: Message, depth: int) -> None:
        """Write what says that it has parts, but not by the boundary that it names: the first line of that form is taken for it."""
        data = content(part)
        boundary = _BOUNDARY.search(data)
        head = b'Content-Type: %s; boundary="%s"\n\n' % (content_type(part).encode(), boundary[1] if boundary else b"")
        again = parsed(head + data) if boundary else None
        if again is not None and children(again):
            self._part(again, depth + 1)
        else:
            self._draft.paragraph(_plain(bytes_text(data, None)))

    def _attached_messages(self, part: Message, depth: int) -> None:
        for child in children(part):
            self._draft.heading(2, f"Attached message: {field(child, 'Subject') or file_name(part) or 'without subject'}")
            self.message(child, depth + 1)

    def _alternative(self, versions: list[Message], depth: int) -> None:
        """Write the plain version of a body, or the richer one where the plain one is missing or says nothing."""
        plain = next((one for one in versions if content_type(one) == "text/plain"), None)
        richer = [one for one in versions if content_type(one) in ("text/html", "multipart/related", "multipart/mixed")]
        chars = len(content(plain).strip()) if plain is not None else 0
        is_stub = chars < _STUB_CHARS and any(_bulk(one) > _MUCH_LONGER * max(chars, _STUB_CHARS) for one in richer)
        chosen = richer[0] if richer and (not chars or is_stub) else plain
        if chosen is not None or versions:
            self._part(chosen if chosen is not None else versions[-1], depth + 1)
        # A calendar's entry or a file may stand among the versions.
        others = [one for one in versions if one is not chosen and content_type(one) not in _VERSIONS]
        for one in others if chosen is not None else ():
            self._part(one, depth + 1)

    def _related(self, parts: list[Message], depth: int) -> None:
        """Write a page; what it shows within itself is no attachment, unless it says so."""
        for number, part in enumerate(parts):
            if number == 0 or _disposition(part) == "attachment" or part.is_multipart():
                self._part(part, depth + 1)

    def _leaf(self, part: Message, kind: str) -> None:
        name, data = file_name(part), content(part)
        is_attachment = bool(name) or _disposition(part) == "attachment"
        is_text = kind.startswith("text/") or kind in _TEXTS or PurePath(name.lower()).suffix in _TEXT_ENDINGS
        if not is_text or (is_attachment and b"\0" in data):
            if kind not in _UNTOLD:
                self.attached.append(Attached(name or kind, len(data)))
            return
        if is_attachment:
            self._draft.heading(2, f"Attachment: {name or kind}")
        if kind == "text/html":
            self._page(data, charset_of(part))
        else:
            self._draft.paragraph(_plain(bytes_text(data, charset_of(part) or self._draft.encoding)))

    def _page(self, data: bytes, charset: str | None) -> None:
        try:
            markup, _ = decoded(data, charset or self._draft.encoding)
        except RefusedError:
            markup = data.decode("utf-8", "replace")
        self._draft.part()
        write_html(tame(markup), self._draft, is_title_wanted=False)


def _bulk(part: Message) -> int:
    """Return how long the page is that a part is, or that it holds beside its pictures."""
    pages = [one for one in (part, *children(part)) if content_type(one) == "text/html"]
    return max((len(content(page)) for page in pages), default=0)


def _disposition(part: Message) -> str | None:
    try:
        return part.get_content_disposition()
    except LIBRARY_ERRORS:
        return None


def _plain(text: str) -> str:
    """Return a plain body without white space at the ends of lines, and without long stretches of nothing."""
    return _EMPTY_LINES.sub("\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n")
