"""The lines of a text laid out as they come into view, and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from rlm_desktop.gui.look.text_shown import ShownLine, shown_line
from rlm_desktop.gui.look.text_source import Span, TextSource
from rlm_desktop.gui.look.theme import Theme

MOST_KEPT = 600
TAB_CHARS = 4
HANG_CHARS = 2
MOST_HANG = 0.5
"""Of the width: text far to the right is broken to the middle at most."""
MOST_MARKS_COLOURED = 200
"""In one line; a layout slows down with their number, and where there are so many nobody takes them for words."""
UNWRAPPED_PX = 1_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A strip above a line, such as what its sub-calls cost; the line below gets the same ground and an edge at the left.

    `paint` draws into the strip; `tint` and `mark` are colour roles.
    """

    height_px: float
    tint: str
    mark: str
    paint: Callable[[QPainter, QRectF], None]


class Setting(NamedTuple):
    """What a layout depends on."""

    theme: Theme
    font: QFont
    row_px: int
    width_px: float
    wraps: bool
    hangs: bool = False
    """What is left of a line that was broken stands in from where it began, so that it does not pass for a line of its own."""


class LaidLine(NamedTuple):
    """One line of the source in rows; `height_px` counts its band."""

    layout: QTextLayout
    shown: ShownLine
    band: Band | None
    height_px: float
    width_px: float

    @property
    def band_px(self) -> float:
        """The height of the strip above the text."""
        return self.band.height_px if self.band else 0.0

    def char_at(self, x: float, y: float) -> int:
        """Return the character of the line nearest to a point, measured from the line's upper left corner."""
        layout, at = self.layout, y - self.band_px
        for i in range(layout.lineCount()):
            row = layout.lineAt(i)
            if at < row.y() + row.height() or i == layout.lineCount() - 1:
                return self.shown.to_char(row.xToCursor(x))
        return 0

    def top_of(self, char: int) -> float:
        """Return the upper edge of the row that holds a character, from the line's top."""
        row = self.layout.lineForTextPosition(self.shown.to_shown(char))
        return self.band_px + (row.y() if row.isValid() else 0.0)


class TextLines:
    """Lays out lines on demand: at most `MOST_KEPT` are kept."""

    def __init__(self, source: TextSource, setting: Setting) -> None:
        self.source = source
        self.setting = setting
        self.spans: Callable[[int], Sequence[Span]] | None = None
        self.bands: Callable[[int], Band | None] | None = None
        self._kept: OrderedDict[int, LaidLine] = OrderedDict()

    def forget(self) -> None:
        """Lay out again what is asked for next."""
        self._kept.clear()

    def laid(self, index: int) -> LaidLine:
        """Return a line laid out."""
        found = self._kept.get(index)
        if found is None:
            found = self._kept[index] = self._lay_out(index)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(index)
        return found

    def _lay_out(self, index: int) -> LaidLine:
        setting = self.setting
        shown = shown_line(self.source.line(index))
        layout = QTextLayout(shown.text, setting.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if setting.wraps else QTextOption.WrapMode.NoWrap)
        option.setTabStopDistance(TAB_CHARS * QFontMetricsF(setting.font).horizontalAdvance(" "))
        layout.setTextOption(option)
        layout.setFormats(self._formats(index, shown))
        layout.setCacheEnabled(True)
        band = self.bands(index) if self.bands else None
        hang = self._hang_px(shown.text)
        height = widest = left = 0.0
        layout.beginLayout()
        row = layout.createLine()
        while row.isValid():
            row.setLineWidth(setting.width_px - left if setting.wraps else UNWRAPPED_PX)
            high = max(float(setting.row_px), row.height())
            row.setPosition(QPointF(left, height + (high - row.height()) / 2))
            height += high
            widest = max(widest, left + row.naturalTextWidth())
            left = hang
            row = layout.createLine()
        layout.endLayout()
        return LaidLine(layout, shown, band, (height or setting.row_px) + (band.height_px if band else 0.0), widest)

    def _hang_px(self, words: str) -> float:
        setting = self.setting
        if not setting.hangs:
            return 0.0
        indent = words[: len(words) - len(words.lstrip(" \t"))].expandtabs(TAB_CHARS)
        char_px = QFontMetricsF(setting.font).horizontalAdvance(" ")
        return min((len(indent) + HANG_CHARS) * char_px, setting.width_px * MOST_HANG)

    def _formats(self, index: int, shown: ShownLine) -> list[QTextLayout.FormatRange]:
        theme = self.setting.theme
        made = []
        for span in self.spans(index) if self.spans else ():
            look = QTextCharFormat()
            look.setForeground(QBrush(theme.c(span.role)))
            made.append(format_range(shown.to_shown(span.start), shown.to_shown(span.end), look))
        for start, end in shown.marks[:MOST_MARKS_COLOURED]:
            look = QTextCharFormat()
            look.setForeground(QBrush(theme.c("fail_text")))
            look.setBackground(QBrush(theme.c("fail_tint")))
            made.append(format_range(start, end, look))
        return made


def format_range(start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
    """Return a format for a range in UTF-16 units."""
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, end - start, look
    return made
