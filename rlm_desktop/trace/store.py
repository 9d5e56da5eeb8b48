"""A trace in a file: its columns in memory, its texts read from the file when they are shown."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.errors import UserError
from rlm_desktop.trace import lock
from rlm_desktop.trace.codec import MAX_LINE_BYTES, Line, TraceFormatError, decode
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.columns import Columns
from rlm_desktop.trace.events import DocumentRead, DocumentRefused, Entry, SandboxStarted, Text, TextPart
from rlm_desktop.trace.growing import GrowingTable
from rlm_desktop.trace.many_lines import decode_lines
from rlm_desktop.trace.messages import Conversation, Said

CHUNK_BYTES = 1024 * 1024
"""Read at a time: what is decoded of it stays in the processor's cache, and in the window a frame fits in between."""

_MOST_MESSAGE_CHARS = 1 << 28

RunStatus = Literal["ok", "error", "limit", "cancelled", "running", "interrupted"]


class TraceStore:
    """Columns plus the place of every line in the file. Grows by `append_lines` (a live run) or `load` (a saved one)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.columns = Columns()
        self.problem: str | None = None
        """Why reading stopped before the end of the file; what stands before it is here."""
        self.torn_bytes = 0
        """A tail without its newline, set aside: a write that was cut off."""
        self._offsets = GrowingTable({"end": (np.int64, 0)})
        self._file: BinaryIO | None = None

    @classmethod
    def open(cls, path: Path) -> TraceStore:
        """Read a whole trace. Raises UserError when the file cannot be read or is no trace."""
        store = cls(path)
        for _ in store.load():
            continue
        return store

    def load(self) -> Iterator[float]:
        """Read the file chunk by chunk, yielding the share done, so that a window can draw in between."""
        try:
            found = self.path.stat()
            if not stat.S_ISREG(found.st_mode):
                # The other end of a pipe may never come, and a device may never end.
                raise UserError(f"{self.path} is not a file, so it is no trace.")
            with self.path.open("rb") as file:
                yield from self._load(file, max(1, found.st_size))
        except OSError as error:
            raise UserError(f"{self.path} cannot be opened: {error.strerror}.") from error
        if self.columns.run_started is None:
            why = self.problem or "It does not start with a run."
            raise UserError(f"{self.path.name} is not a trace that this program can read. {why}")

    def _load(self, file: BinaryIO, size: int) -> Iterator[float]:
        done = 0
        while self.problem is None and not self.torn_bytes and (data := file.read(CHUNK_BYTES)):
            if not data.endswith(b"\n"):
                data += file.readline(2 * MAX_LINE_BYTES)
            done += len(data)
            whole_bytes = len(data) if data.endswith(b"\n") else data.rfind(b"\n") + 1
            self.torn_bytes = len(data) - whole_bytes
            if whole_bytes:
                self._append_whole(data[:whole_bytes])
            if self.torn_bytes >= 2 * MAX_LINE_BYTES:
                self.problem = self.problem or "A line is longer than a trace's lines may be."
            yield min(1.0, done / size)

    def _append_whole(self, data: bytes) -> None:
        found = decode_lines(data)
        if found is not None:
            self._append(*found)
        else:
            # Not splitlines: it would also cut at a lone carriage return.
            self.append_lines([line + b"\n" for line in data[:-1].split(b"\n")])

    def append_lines(self, lines: Sequence[bytes]) -> int:
        """Take whole lines (each with its newline) that stand in the file; returns how many were taken. On a bad line `problem` is set."""
        entries: list[Line | Entry] = []
        sizes: list[int] = []
        for line in lines:
            if self.problem is not None:
                break
            try:
                entries.append(decode(line))
                sizes.append(len(line))
            except TraceFormatError as error:
                self.problem = f"Entry {len(self.columns) + len(entries):,}: {error}"
        return self._append(entries, np.array(sizes, np.int64))

    def _append(self, entries: Sequence[Line | Entry], sizes: NDArray[np.int64]) -> int:
        before = len(self.columns)
        try:
            self.columns.append(entries)
        except TraceFormatError as error:
            self.problem = f"Entry {len(self.columns):,}: {error}"
        taken = len(self.columns) - before
        if taken:
            ends = self._offsets.room(taken)["end"]
            start = int(ends[before - 1]) if before else 0
            ends[before : before + taken] = start + np.cumsum(sizes[:taken])
            self._offsets.grow(before + taken)
        if self.columns.run_started is None and any(not isinstance(e.event, TextPart) for e in entries[:taken]):
            self.problem = self.problem or "Its first entry does not start a run."
        return taken

    @property
    def end_bytes(self) -> int:
        """Return where in the file the last entry that was taken ends."""
        return int(self._offsets["end"][-1]) if len(self.columns) else 0

    def raw(self, seq: int) -> bytes:
        """Return the line of entry `seq` as it stands in the file, without its newline."""
        ends = self._offsets["end"]
        start = int(ends[seq - 1]) if seq else 0
        with self._reading() as file:
            file.seek(start)
            return file.read(int(ends[seq]) - start).rstrip(b"\r\n")

    def entry(self, seq: int) -> Line | Entry:
        """Read entry `seq` again from the file. Raises UserError when the file has gone or changed."""
        return decode(self.raw(seq))

    def text(self, text: Text) -> str:
        """Return a text in full, its parts joined."""
        if isinstance(text, str):
            return text
        if text.text_id >= len(self.columns.text_seqs):
            raise TraceFormatError(f"Text {text.text_id} does not stand in this trace.")
        seq, parts, chars = self.columns.text_seqs[text.text_id], [], 0
        while chars < text.chars and seq < len(self.columns):
            event = self.entry(seq).event
            if not isinstance(event, TextPart) or event.text_id != text.text_id:
                break
            parts.append(event.text)
            chars += len(event.text)
            seq += 1
        return "".join(parts)

    def entries_of(self, call_id: int, *, until: int | None = None) -> list[Line | Entry]:
        """Read the entries that name `call_id`, in order, up to and with entry `until`."""
        seqs = self.columns.seqs_of(call_id)
        if until is not None:
            seqs = seqs[: np.searchsorted(seqs, until, side="right")]
        with self._reading():
            return [self.entry(int(seq)) for seq in seqs]

    def messages_of(self, asked_seq: int) -> list[Said]:
        """Return the exact messages of the request that the `ModelAsked` at `asked_seq` stands for.

        Raises TraceFormatError where they are longer than any model takes: a small trace can refer to one long text time and again.
        """
        started = self.columns.run_started
        if started is None:
            raise TraceFormatError("The run has not started.")
        left_chars = _MOST_MESSAGE_CHARS

        def read(text: Text) -> str:
            nonlocal left_chars
            found = self.text(text)
            left_chars -= len(found)
            if left_chars < 0:
                raise TraceFormatError("The messages of this request are too long to be shown.")
            return found

        conversation = Conversation(read, started.limits)
        with self._reading():
            for entry in self.entries_of(int(self.columns.events["call"][asked_seq]), until=asked_seq):
                conversation.apply(entry.event)
        return conversation.messages()

    def documents(self) -> list[DocumentRead]:
        return [e for e in self._events_of_type(DocumentRead) if isinstance(e, DocumentRead)]

    def refusals(self) -> list[DocumentRefused]:
        return [e for e in self._events_of_type(DocumentRefused) if isinstance(e, DocumentRefused)]

    def sandboxes(self, *, start: int = 0) -> list[SandboxStarted]:
        """Return those from the `start`th on, counted from 0."""
        return [e for e in self._events_of_type(SandboxStarted, start) if isinstance(e, SandboxStarted)]

    def status(self) -> RunStatus:
        """`running` while somebody holds the file's lock, `interrupted` when nobody does and the run did not end."""
        if self.columns.run_ended is not None:
            return self.columns.run_ended.status
        try:
            with self.path.open("rb") as file:
                return "running" if lock.is_held(file) else "interrupted"
        except OSError:
            return "interrupted"

    def _events_of_type(self, cls: type, start: int = 0) -> list[object]:
        seqs = self.columns.seqs_of_type(EVENT_CODE[cls])[start:]
        if not len(seqs):
            # A run that has only been asked for has no file yet.
            return []
        with self._reading():
            return [self.entry(int(seq)).event for seq in seqs]

    @contextmanager
    def _reading(self) -> Iterator[BinaryIO]:
        """Open the file for the outermost reader: between two looks nothing holds it, so it can be moved and removed."""
        if self._file is not None:
            yield self._file
            return
        try:
            with self.path.open("rb") as self._file:
                yield self._file
        except OSError as error:
            raise UserError(f"{self.path} can no longer be read: {error.strerror}.") from error
        finally:
            self._file = None
