"""The text of a document as a text view asks for it: read from the store block by block, so that 400 MB open at once."""

from __future__ import annotations

import re
import weakref
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rlm_desktop.gui.look.text_source import MOST_LINE_CHARS, PlainTextSource

BLOCK_BYTES = 1 << 18
BLOCKS_A_TURN = 8
"""Two megabytes are looked through in each turn of the event loop, some 3 ms."""
MOST_KEPT = 24


class StoredText:
    """A `TextSource` over a UTF-8 file. A block holds whole lines, or a piece of one that is longer than a block."""

    def __init__(self, path: Path, char_count: int) -> None:
        """Raises OSError when the file cannot be opened. Afterwards it stays readable even if it is removed."""
        self._file = path.open("rb", buffering=0)
        # A view that is destroyed drops its text without a word.
        weakref.finalize(self, self._file.close)
        self._char_count = char_count
        self._bytes = array("q", [0])
        self._chars = array("q", [0])
        self._rows = array("q", [0])
        # The number of the line that a block begins with; negative where it goes on with one begun before.
        self._numbers = array("q", [1])
        self._is_whole = False
        self._kept: OrderedDict[int, PlainTextSource] = OrderedDict()
        self.read_more()

    def close(self) -> None:
        self._file.close()

    @property
    def line_count(self) -> int:
        return max(1, self._rows[-1])

    @property
    def char_count(self) -> int:
        return self._chars[-1] if self._is_whole else max(self._char_count, self._chars[-1])

    @property
    def known_chars(self) -> int:
        """How much has been looked through."""
        return self._chars[-1]

    @property
    def is_whole(self) -> bool:
        return self._is_whole

    def line(self, index: int) -> str:
        block = self._block_of(index)
        return "" if block < 0 else self._block(block).line(index - self._rows[block])

    def line_start(self, index: int) -> int:
        block = self._block_of(index)
        return 0 if block < 0 else self._chars[block] + self._block(block).line_start(index - self._rows[block])

    def line_at(self, char: int) -> int:
        while self._chars[-1] <= char and self.read_more():
            pass
        if not self._rows[-1]:
            return 0
        block = min(bisect_right(self._chars, max(0, char)), len(self._chars) - 1) - 1
        return self._rows[block] + self._block(block).line_at(char - self._chars[block])

    def number(self, index: int) -> int | None:
        block = self._block_of(index)
        if block < 0:
            return 1
        within = self._block(block).number(index - self._rows[block])
        first = self._numbers[block]
        if within is None or (within == 1 and first < 0):
            return None
        return abs(first) + within - 1

    def text(self, start: int, end: int) -> str:
        start, end = max(0, start), min(end, self.char_count)
        while self._chars[-1] < end and self.read_more():
            pass
        parts = []
        block = bisect_right(self._chars, start) - 1
        while block < len(self._chars) - 1 and self._chars[block] < end:
            source = self._block(block)
            parts.append(source.text(start - self._chars[block], end - self._chars[block]))
            block += 1
        return "".join(parts)

    def read_more(self) -> bool:
        for _ in range(BLOCKS_A_TURN):
            if self._is_whole:
                return False
            self._add_block()
        return not self._is_whole

    def find(self, words: str, start: int, *, is_backwards: bool = False) -> Iterator[int | None]:
        """Yield None after each block searched, and at last where `words` stand next, whatever their case; backwards, before `start`."""
        wanted = re.compile(re.escape(words), re.IGNORECASE)
        while self._chars[-1] <= start and self.read_more():
            yield None
        block = max(0, bisect_right(self._chars, start) - 1)
        while block >= 0:
            if block >= len(self._chars) - 1:
                if is_backwards:
                    block -= 1
                    continue
                if not self.read_more() and block >= len(self._chars) - 1:
                    return
                continue
            first = self._chars[block]
            # Words may stand across the edge of two blocks.
            there = self.text(first, self._chars[block + 1] + len(words) - 1)
            if is_backwards:
                found = [m.start() for m in wanted.finditer(there) if first + m.start() < start]
                if found:
                    yield first + found[-1]
                    return
                block -= 1
            else:
                match = wanted.search(there, max(0, start - first))
                if match is not None:
                    yield first + match.start()
                    return
                block += 1
            yield None

    def _add_block(self) -> None:
        data, is_last = self._next_bytes()
        text = data.decode("utf-8", "replace")
        ends_line = data.endswith(b"\n")
        if data:
            self._chars.append(self._chars[-1] + len(text))
            self._bytes.append(self._bytes[-1] + len(data))
            rows, lines = _count(data, text)
            self._rows.append(self._rows[-1] + rows)
            last = abs(self._numbers[-1]) + lines - 1
            self._numbers.append(last + 1 if ends_line else -last)
        self._is_whole = is_last

    def _next_bytes(self) -> tuple[bytes, bool]:
        """Return the bytes of the next block, and whether it is the last."""
        self._file.seek(self._bytes[-1])
        data = self._file.read(BLOCK_BYTES)
        if len(data) < BLOCK_BYTES:
            return data, True
        cut = data.rfind(b"\n") + 1
        if not cut:
            cut = len(data)
            # Not within a character, and not between the halves of "\r\n".
            while cut > len(data) - 4 and data[cut - 1] & 0xC0 == 0x80:
                cut -= 1
            if data[cut - 1] >= 0xC0 or data[cut - 1] == 0x0D:
                cut -= 1
        return data[:cut], False

    def _block_of(self, index: int) -> int:
        return bisect_right(self._rows, index) - 1 if index < self._rows[-1] else len(self._rows) - 2

    def _block(self, block: int) -> PlainTextSource:
        found = self._kept.get(block)
        if found is None:
            self._file.seek(self._bytes[block])
            data = self._file.read(self._bytes[block + 1] - self._bytes[block])
            found = self._kept[block] = _whole(data.decode("utf-8", "replace"))
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(block)
        return found


def _whole(text: str) -> PlainTextSource:
    source = PlainTextSource(text)
    while source.read_more():
        pass
    return source


def _count(data: bytes, text: str) -> tuple[int, int]:
    """Return rows and lines. Only where a line is too long for a row must the text be cut up to know."""
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    longest = int(np.diff(np.r_[-1, breaks, len(data)]).max())
    if longest <= MOST_LINE_CHARS:
        lines = len(breaks) + (0 if data.endswith(b"\n") else 1)
        return lines, lines
    source = _whole(text)
    numbers = [source.number(index) for index in range(source.line_count)]
    return source.line_count, max(number for number in numbers if number is not None)
