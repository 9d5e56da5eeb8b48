"""A line as it is drawn: what would be invisible or reorder the text is written out, and positions are carried over.

Python counts code points, Qt's layout counts UTF-16 units; both differ again where a character is written out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# Control characters but the tab, bidirectional marks and overrides, zero-width space, word joiner, byte-order mark, tags, and halves of
# surrogate pairs. The zero-width joiners stay: Persian and emoji need them, and they reorder nothing.
_HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")

# In the order of their codes, from 0.
_C0 = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI"),
    *("DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)
_NAMES = dict(enumerate(_C0)) | {
    0x7F: "DEL",
    0xAD: "SHY",
    0x61C: "ALM",
    0x200B: "ZWSP",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LSEP",
    0x2029: "PSEP",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}


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
    if _HIDDEN.search(line) is None and _BEYOND_BMP.search(line) is None:
        return ShownLine(line, (), None)
    parts: list[str] = []
    marks: list[tuple[int, int]] = []
    offsets: list[int] = []
    at = 0
    for char in line:
        offsets.append(at)
        if _HIDDEN.match(char):
            code = ord(char)
            written = f"‹{_NAMES.get(code, f'U+{code:04X}')}›"
            marks.append((at, at + len(written)))
            at += len(written)
            parts.append(written)
        else:
            at += 1 if ord(char) < 0x10000 else 2
            parts.append(char)
    offsets.append(at)
    return ShownLine("".join(parts), tuple(marks), tuple(offsets))
