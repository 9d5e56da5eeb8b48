"""Where a long text stands in its view. A place is a line and pixels within it, for the height of what was never laid out is unknown."""

from __future__ import annotations

from typing import NamedTuple

from rlm_desktop.gui.look.text_lines import TextLines

MOST_TICKS = 2**30  # a scroll bar counts in C ints


class Place(NamedTuple):
    """What stands at the upper edge of the view: a line, and how much of it is scrolled out."""

    line: int
    px: float


START = Place(0, 0.0)


class TextPlaces:
    """Moves the upper edge by pixels, to a character, or to a value of the scroll bar. `view_px` is the height that shows text."""

    def __init__(self, lines: TextLines) -> None:
        self._lines = lines
        self.top = START

    def scroll_by(self, px: float, view_px: float) -> None:
        """Move down (up, if negative), not past the ends."""
        last = self.last_top(view_px)
        if px == float("inf"):
            self.top = last
            return
        line, offset = self.top.line, self.top.px + px
        while offset < 0 and line > 0:
            line -= 1
            offset += self._lines.laid(line).height_px
        while line < last.line and offset >= self._lines.laid(line).height_px:
            offset -= self._lines.laid(line).height_px
            line += 1
        self.top = min(Place(line, max(0.0, offset)), last)

    def go_to(self, place: Place, view_px: float) -> None:
        """Go to a place, or to the nearest that there is."""
        self.top = max(START, min(place, self.last_top(view_px)))

    def last_top(self, view_px: float) -> Place:
        """Return the place at which the last known line touches the lower edge."""
        line, left = self._lines.source.line_count, view_px
        while line > 0 and left > 0:
            line -= 1
            left -= self._lines.laid(line).height_px
        return Place(line, max(0.0, -left))

    def show_char(self, char: int, view_px: float) -> None:
        """Bring a position into the upper third of the view; leave the view where it is if the position stands well within it."""
        source = self._lines.source
        line = source.line_at(char)
        within = self._lines.laid(line).top_of(char - source.line_start(line))
        y = self.y_of(line, view_px)
        if y is not None and view_px * 0.1 <= y + within <= view_px * 0.8:
            return
        self.top = Place(line, within)
        self.scroll_by(-view_px / 3, view_px)

    def y_of(self, line: int, view_px: float) -> float | None:
        """Return the upper edge of a line from the view's upper edge, or None if it is not in view."""
        if line < self.top.line:
            return None
        y = -self.top.px
        for index in range(self.top.line, line):
            y += self._lines.laid(index).height_px
            if y > view_px:
                return None
        return y

    def line_at(self, y: float) -> tuple[int, float]:
        """Return the line at a height of the view, and where its upper edge is."""
        index, top = self.top.line, -self.top.px
        last = self._lines.source.line_count - 1
        while index < last and y >= top + self._lines.laid(index).height_px:
            top += self._lines.laid(index).height_px
            index += 1
        return index, top

    # The scroll bar counts lines in parts, and a line in view by its true height.

    def ticks_per_line(self) -> int:
        """Return how many values of the scroll bar one line has."""
        return max(1, min(1024, MOST_TICKS // max(1, self._lines.source.line_count)))

    def ticks(self, place: Place) -> int:
        """Return the scroll bar's value at a place."""
        per_line = self.ticks_per_line()
        if place.px <= 0:
            return place.line * per_line
        return place.line * per_line + int(min(0.999, place.px / self._lines.laid(place.line).height_px) * per_line)

    def go_to_ticks(self, ticks: int, view_px: float) -> None:
        """Go where the scroll bar says."""
        line, part = divmod(ticks, self.ticks_per_line())
        last = self._lines.source.line_count - 1
        line = min(line, last)
        self.go_to(Place(line, part / self.ticks_per_line() * self._lines.laid(line).height_px), view_px)
