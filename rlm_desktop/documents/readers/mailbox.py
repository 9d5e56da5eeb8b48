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
_BEGINS: Final = re.compile(rb"\n\r?\nFrom [^\n]{1,500}\n(?=(?:>From |[!-9;-~]{1,100}:))")
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
    # Two line ends before the file: its first line has an empty one above it.
    buffer, buffer_at, begin, is_whole = b"\n\n", -2, -1, True
    searched = 0
    while True:
        piece = file.read(_PIECE)
        if begin > 0:
            buffer, buffer_at, searched, begin = buffer[begin:], buffer_at + begin, searched - begin, 0
        buffer += piece
        # What begins a message is known by what comes after it, too.
        end = len(buffer) if not piece else len(buffer) - _REACH
        while match := _BEGINS.search(buffer, max(0, searched)):
            if match.start() >= end:
                break
            if begin >= 0:
                yield _unescaped(buffer[begin : match.start() + 1]), buffer_at + match.start(), is_whole
            begin, is_whole = match.end(), True
            # The empty line before the next message may be the one that ends this one's head.
            searched = begin - 1
        else:
            searched = max(searched, end)
        if not piece:
            break
        if len(buffer) - max(0, begin) > MAX_MESSAGE_BYTES:
            keep, rest = max(0, begin) + MAX_MESSAGE_BYTES // 2, len(buffer) - 2 * _REACH
            buffer, buffer_at, is_whole = buffer[:keep] + buffer[rest:], buffer_at + rest - keep, False
            searched = keep
    if begin >= 0:
        yield _unescaped(buffer[begin:]), buffer_at + len(buffer), is_whole


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
                f"Attachments are not read: {self._attached:,} ({self._attached_bytes / 1e6:,.1f} MB). "
                "Save those that matter, and add them."
            )
        if self._broken:
            self._draft.note(f"Messages that are damaged and left out: {self._broken:,}.")
        if self._cut:
            self._draft.note(f"Messages longer than {MAX_MESSAGE_BYTES >> 20} MB, of which only a part is read: {self._cut:,}.")

    def _mark(self, subject: str) -> None:
        """Keep every message, or with many of them every second, every fourth, and so on."""
        if self._messages % self._stride:
            return
        self._marks.append((subject, self._draft.chars))
        if len(self._marks) > MAX_MARKS:
            self._marks = self._marks[::2]
            self._stride *= 2
