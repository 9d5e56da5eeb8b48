"""Mailboxes of the Unix kind (mbox): message after message, each read by itself, however many there are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.email_message import parsed, write_message
from rlm_desktop.documents.readers.email_words import field
from rlm_desktop.documents.readers.unpacking import broken

TITLE: Final = "a mailbox"
MAX_MESSAGE_BYTES: Final = 64 << 20
MAX_MARKS: Final = 5_000
_PIECE: Final = 1 << 20
_BEGINS: Final = re.compile(rb"(?:\A|\n\r?\n)From [^\n]{1,500}\n(?=(?:>From |[!-9;-~]{1,100}:))")
_REACH: Final = 1_000
"""How much of what comes after it the beginning of a message needs to be known by."""
_ESCAPED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)


def read(file: BinaryIO, draft: Draft) -> None:
    """Write all messages, each under a heading. Raises RefusedError where there is none."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    reading = _Reading(draft)
    for data, end, is_whole in messages(file):
        reading.take(data, is_whole=is_whole)
        draft.share(end / max(1, size))
    reading.finish()


def messages(file: BinaryIO) -> Iterator[tuple[bytes, int, bool]]:
    """Yield each message without the line that begins it, where it ends in the file, and False where it was too long to be kept whole."""
    buffer, at, is_begun, is_whole = b"", 0, False, True
    while True:
        piece = file.read(_PIECE)
        buffer += piece
        while match := _BEGINS.search(buffer):
            if piece and match.end() + _REACH > len(buffer):
                break
            if is_begun:
                yield _unescaped(buffer[: match.start() + 1]), at + match.start(), is_whole
            at += match.end()
            # The line's end in front of an empty header, so that a message is never taken for the beginning of the file.
            buffer, is_begun, is_whole = buffer[match.end() :], True, True
            if not piece and not buffer:
                break
        if not piece:
            break
        if len(buffer) > MAX_MESSAGE_BYTES:
            keep = MAX_MESSAGE_BYTES // 2
            at += len(buffer) - keep - _REACH
            buffer, is_whole = buffer[:keep] + buffer[-_REACH:], False
    if is_begun:
        yield _unescaped(buffer), at + len(buffer), is_whole


def _unescaped(data: bytes) -> bytes:
    return _ESCAPED.sub(rb"\1", data) if b"\n>" in data else data


class _Reading:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._messages = self._broken = self._cut = 0
        self._attached = self._attached_bytes = 0
        self._marks: list[tuple[str, int]] = []
        self._stride = 1

    def take(self, data: bytes, *, is_whole: bool) -> None:
        message = parsed(data)
        if message is None:
            self._broken += 1
            return
        self._cut += not is_whole
        subject = field(message, "Subject") or "Without subject"
        marks = len(self._draft.marks)
        self._draft.part()
        self._mark(subject)
        self._messages += 1
        self._draft.heading(1, subject)
        attached = write_message(message, self._draft)
        self._attached += len(attached)
        self._attached_bytes += sum(one.size_bytes for one in attached)
        # What is a heading within a message is none of the mailbox.
        del self._draft.marks[marks:]

    def finish(self) -> None:
        if not self._messages:
            raise broken(TITLE)
        for subject, at in self._marks:
            self._draft.mark(1, subject, at=at)
        self._draft.extent = "1 message" if self._messages == 1 else f"{self._messages:,} messages"
        if self._attached:
            self._draft.note(
                f"{self._attached:,} attachments ({self._attached_bytes / 1e6:,.1f} MB) are not read. Save those that matter, and add them."
            )
        if self._broken:
            self._draft.note(f"{self._broken:,} messages are damaged and left out.")
        if self._cut:
            self._draft.note(f"{self._cut:,} messages are longer than {MAX_MESSAGE_BYTES >> 20} MB and read in part.")

    def _mark(self, subject: str) -> None:
        """Keep every message, or with many of them every second, every fourth, and so on."""
        if self._messages % self._stride:
            return
        self._marks.append((subject, self._draft.chars))
        if len(self._marks) > MAX_MARKS:
            self._marks = self._marks[::2]
            self._stride *= 2
