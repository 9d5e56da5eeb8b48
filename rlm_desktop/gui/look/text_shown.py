"""A line as it is drawn: what would be invisible or reorder the text is written out, and positions are carried over.

Python counts code points, Qt's layout counts UTF-16 units; both differ again where a character is written out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from rlm_desktop.trace.invisible import TAG_CHARS, marks

_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class ShownLine:
    """`text` for the layout. `marks` are UTF-16 ranges of characters written out.

    `offsets[i]` is where character i begins, and one more for the end; None where each begins at its own index.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    offsets: tuple[int, ...] | None

    def to_shown(self, char: int) -> int:
        """Return where a character of the line stands in `text`, in UTF-16 units."""
        return char if self.offsets is None else self.offsets[min(max(0, char), len(self.offsets) - 1)]

    def to_char(self, shown: int) -> int:
        """Return the character of the line that stands at a position in UTF-16 units."""
        return shown if self.offsets is None else max(0, bisect_right(self.offsets, shown) - 1)


def shown_line(line: str) -> ShownLine:
    """Return the line ready for the layout. O(n); most lines need nothing."""
    found = list(marks(line))
    if not found and _BEYOND_BMP.search(line) is None:
        return ShownLine(line, (), None)
    parts: list[str] = []
    ranges: list[tuple[int, int]] = []
    offsets: list[int] = []
    at = done = 0
    for mark in (*found, None):
        plain = line[done : mark.start if mark else None]
        parts.append(plain)
        for char in plain:
            offsets.append(at)
            at += 1 if ord(char) < 0x10000 else 2
        if mark is not None:
            parts.append(mark.words)
            # Those side by side are one range: a layout slows down with their number.
            start = ranges.pop()[0] if ranges and ranges[-1][1] == at else at
            ranges.append((start, at + len(mark.words)))
            chars = mark.end - mark.start
            # Where a text is spelt each character has its letter; else all of them stand for the one mark.
            offsets += [at] + [at + i + TAG_CHARS if mark.is_spelt else at for i in range(1, chars)]
            at += len(mark.words)
            done = mark.end
    offsets.append(at)
    return ShownLine("".join(parts), tuple(ranges), tuple(offsets))
