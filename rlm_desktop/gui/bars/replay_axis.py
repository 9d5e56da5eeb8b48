"""Where an entry lies on the replay bar: by time, by time with long waits shortened, or by number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.gui.replay import Clock
from rlm_desktop.trace.player import LONGEST_GAP_S


class Axis:
    """A view of the entries' times; made anew when entries came in. Shares run from 0 at the start to 1 at the last entry."""

    def __init__(self, times_s: NDArray[np.float64], *, clock: Clock, are_gaps_shortened: bool) -> None:
        self._count = len(times_s)
        self._places: NDArray[np.float64] | None = None
        if clock == "time" and self._count:
            places = times_s
            if are_gaps_shortened:
                places = np.concatenate(([0.0], np.cumsum(np.minimum(np.diff(times_s), LONGEST_GAP_S))))
            # All at one time: the numbers of the entries tell them apart.
            self._places = places if places[-1] > places[0] else None

    def share(self, seq: int) -> float:
        """Return where entry `seq` lies; -1 and an empty trace lie at the start."""
        if seq < 0 or self._count < 2:
            return 0.0
        if self._places is None:
            return seq / (self._count - 1)
        first, last = self._places[0], self._places[-1]
        return float((self._places[min(seq, self._count - 1)] - first) / (last - first))

    def seq_at(self, share: float) -> int:
        """Return the last entry that lies at `share` or before."""
        if not self._count:
            return -1
        share = max(0.0, min(1.0, share))
        if self._places is None:
            return round(share * (self._count - 1))
        first, last = self._places[0], self._places[-1]
        # A hair further: the place of an entry must lead back to it in spite of rounding.
        at = first + share * (last - first) + 1e-9 * (last - first)
        return max(0, int(np.searchsorted(self._places, at, side="right")) - 1)

    def density(self, bins: int) -> NDArray[np.int64]:
        """Return how many entries lie in each of `bins` equal parts. O(bins log entries): times only grow."""
        if not self._count:
            return np.zeros(bins, np.int64)
        if self._places is None:
            edges = np.linspace(0, self._count, bins + 1)
            return np.diff(np.floor(edges)).astype(np.int64)
        edges = np.linspace(self._places[0], self._places[-1], bins + 1)
        at = np.searchsorted(self._places, edges, side="left")
        at[-1] = self._count
        return np.diff(at).astype(np.int64)
