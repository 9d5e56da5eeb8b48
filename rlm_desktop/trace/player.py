"""Where a replay is. The caller owns the clock and passes elapsed seconds; times of entries come from the columns."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

SPEEDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
LONGEST_GAP_S: Final = 2.0
"""With idle gaps shortened, a longer wait between two entries lasts this long."""


class Player:
    """A cursor over the entries. It stands on entry `seq` (-1: before the first) and moves on by recorded time."""

    def __init__(self, times_s: NDArray[np.float64], *, speed: float = 1.0, are_gaps_shortened: bool = False) -> None:
        self._times_s = times_s
        self.speed = speed
        self.are_gaps_shortened = are_gaps_shortened
        self.seq = len(times_s) - 1
        self._ahead_s = 0.0
        """Recorded seconds gone by since the entry the cursor stands on."""

    def seek(self, seq: int) -> int:
        """Put the cursor on entry `seq`, kept within the trace; returns where it stands."""
        self.seq = max(-1, min(seq, len(self._times_s) - 1))
        self._ahead_s = 0.0
        return self.seq

    def follow(self, times_s: NDArray[np.float64]) -> None:
        """Take the times of a trace that has grown; the cursor stays."""
        self._times_s = times_s

    def advance(self, elapsed_s: float) -> int:
        """Move on by `elapsed_s` of wall time at the set speed; returns the entry the cursor stands on then."""
        left_s = self._ahead_s + elapsed_s * self.speed
        last = len(self._times_s) - 1
        while self.seq < last:
            gap_s = self._gap_s(self.seq)
            if gap_s > left_s:
                break
            left_s -= gap_s
            self.seq += 1
        self._ahead_s = 0.0 if self.seq >= last else left_s
        return self.seq

    @property
    def is_at_end(self) -> bool:
        return self.seq >= len(self._times_s) - 1

    def _gap_s(self, seq: int) -> float:
        if seq < 0:
            return 0.0
        gap_s = max(0.0, float(self._times_s[seq + 1] - self._times_s[seq]))
        return min(gap_s, LONGEST_GAP_S) if self.are_gaps_shortened else gap_s
