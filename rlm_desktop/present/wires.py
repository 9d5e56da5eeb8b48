"""Where the edges of the tree run: from the row that made a call, one turn in the gap between columns, into its header."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.present.layout import GAP_X, HEADER, META, ROW, Layout

_TRACK: Final = 5.0
_TRACKS: Final = 4


class Wires:
    """Edges of a layout, by the node they lead to, in scene pixels. `turn` counts from the parent's right."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        parent = np.maximum(layout.parent, 0)
        self.end_y: NDArray[np.float64] = layout.y + np.minimum(HEADER / 2, layout.height / 2)
        below = HEADER + META + ROW * layout.row + ROW / 2
        self.start_y: NDArray[np.float64] = layout.y[parent] + np.minimum(below, layout.height[parent] - 8) if len(layout) else self.end_y
        self.turn = np.full(len(layout), GAP_X / 2)
        for column in range(1, len(layout.columns) - 1):
            self._set_apart(int(layout.columns[column]), int(layout.columns[column + 1]))

    def _set_apart(self, lo: int, hi: int) -> None:
        """Give bundles (a row with its children) that pass one another a track each, so that no two run in one line."""
        layout = self.layout
        parent, row = layout.parent[lo:hi], layout.row[lo:hi]
        starts = np.flatnonzero(np.r_[True, (parent[1:] != parent[:-1]) | (row[1:] != row[:-1])])
        ends = np.r_[starts[1:], hi - lo]
        start_y = self.start_y[lo:hi][starts]
        first_y, last_y = self.end_y[lo:hi][starts], self.end_y[lo:hi][ends - 1]
        top, bottom = np.minimum(start_y, first_y), np.maximum(start_y, last_y)
        reach = np.maximum.accumulate(bottom)
        passes = np.r_[False, top[1:] < reach[:-1]]
        place = np.arange(len(starts))
        since = place - np.maximum.accumulate(np.where(passes, 0, place))
        shift = _TRACK * (since % _TRACKS) * np.where(last_y > start_y, -1, 1)
        self.turn[lo:hi] += np.repeat(shift, ends - starts)

    def visible(self, column: int, top: float, bottom: float) -> NDArray[Any]:
        """Return the nodes of a column whose edges can be seen between `top` and `bottom`; of those that only pass, one a row."""
        layout = self.layout
        lo, hi = int(layout.columns[column]), int(layout.columns[column + 1])
        first, end = layout.within(column, top, bottom)
        start_y, end_y = self.start_y[lo:hi], self.end_y[lo:hi]
        passes = (np.minimum(start_y, end_y) < bottom) & (np.maximum(start_y, end_y) > top)
        passes[first - lo : end - lo] = False
        passing = lo + np.flatnonzero(passes)
        if len(passing):
            parent, row = layout.parent[passing], layout.row[passing]
            is_last = np.r_[(parent[1:] != parent[:-1]) | (row[1:] != row[:-1]), True]
            is_first = np.r_[True, is_last[:-1]]
            passing = passing[is_last | is_first]
        return np.concatenate((np.arange(first, end), passing))
