"""What a text view shows: lines asked for one at a time, so that a text of 100 MB is never laid out, copied or even cut up at once."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import NamedTuple, Protocol

# A longer line goes on in the next row: one of a million characters would take seconds to lay out.
MOST_LINE_CHARS = 4_000
# So much is cut into lines before the first paint, and so much more in each turn of the event loop: about 5 ms.
FIRST_CHARS = 200_000
TURN_CHARS = 400_000


class Span(NamedTuple):
    """A range of characters within one line, and the colour role of its text."""

    start: int
    end: int
    role: str


class TextSource(Protocol):
    """Lines of a text. `start` and `end` are positions in the whole text, as `str` indices."""

    @property
    def line_count(self) -> int:
        """How many lines are known so far."""

    @property
    def char_count(self) -> int:
        """The length of the whole text."""

    def line(self, index: int) -> str:
        """Return a line without its break, at most `MOST_LINE_CHARS` long."""

    def line_start(self, index: int) -> int:
        """Return where a line begins in the whole text."""

    def line_at(self, char: int) -> int:
        """Return the line that holds a position; lines not known yet become known up to there."""

    def number(self, index: int) -> int | None:
        """Return the number a person gives the line, from 1; None where it only goes on with the one before."""

    def text(self, start: int, end: int) -> str:
        """Return a part of the whole text."""

    def read_more(self) -> bool:
        """Get to know some more lines, a few milliseconds' worth. False when all are known."""


class PlainTextSource:
    """A `str`. Lines end at `\\n` or `\\r\\n`; they are found as they are needed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = array("q", [0])
        # Line numbers of the rows that only go on are negative: the number of the line they belong to.
        self._numbers = array("q", [1])
        self._known_to = 0
        self._read_to(FIRST_CHARS)

    @property
    def line_count(self) -> int:
        # The last start is that of a line not looked at yet, until the end is reached.
        return len(self._starts) - (self._known_to < len(self._text))

    @property
    def char_count(self) -> int:
        return len(self._text)

    def line(self, index: int) -> str:
        start = self._starts[index]
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._text)
        if end > start and self._text[end - 1] == "\n":
            end -= 1
            if end > start and self._text[end - 1] == "\r":
                end -= 1
        return self._text[start:end]

    def line_start(self, index: int) -> int:
        return self._starts[index]

    def line_at(self, char: int) -> int:
        at = min(max(0, char), len(self._text))
        while self._known_to <= at and self.read_more():
            pass
        return min(bisect_right(self._starts, at), self.line_count) - 1

    def number(self, index: int) -> int | None:
        number = self._numbers[index]
        return number if number > 0 else None

    def text(self, start: int, end: int) -> str:
        return self._text[max(0, start) : end]

    def read_more(self) -> bool:
        self._read_to(self._known_to + TURN_CHARS)
        return self._known_to < len(self._text)

    def _read_to(self, wanted: int) -> None:
        """Cut the text into lines up to `wanted` characters, and to the end of the line or row begun there.

        A break at the very end ends the last line and begins none.
        """
        text, starts, numbers = self._text, self._starts, self._numbers
        find, length = text.find, len(text)
        at = starts[-1]
        while at < length and at <= wanted:
            found = find("\n", at, at + MOST_LINE_CHARS + 1)
            if found >= 0 and found + 1 < length:
                at = found + 1
                numbers.append(abs(numbers[-1]) + 1)
            elif found < 0 and at + MOST_LINE_CHARS < length:
                at = self._row_end(at)
                numbers.append(-abs(numbers[-1]))
            else:
                at = length
                break
            starts.append(at)
        self._known_to = at

    def _row_end(self, start: int) -> int:
        """Return where a line too long for one row is cut: after a space of its last tenth, else where it is full."""
        full = start + MOST_LINE_CHARS
        space = self._text.rfind(" ", full - MOST_LINE_CHARS // 10, full)
        end = space + 1 if space > 0 else full
        # Never between the halves of "\r\n".
        return end - 1 if self._text[end - 1] == "\r" and self._text[end : end + 1] == "\n" else end
