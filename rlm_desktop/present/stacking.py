"""How low each node of the tree stands: as high as it can, with no two edges crossing."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

GAP_Y: Final = 18.0
_MOST_SWEEPS: Final = 24


def stack(height: NDArray[np.float64], parent: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the top of each node. Nodes are ordered by column (column d begins at `starts[d]`) and in it from top to bottom.

    Nodes of a column do not touch, none stands above its parent, and each stands level with its first child; so what one node made
    ends above where what the next made begins. This is the highest place that allows it, found by sweeps to and fro. In a huge
    irregular tree the sweeps end before every node is level with its first child; all else holds.
    """
    y = np.zeros(len(height), np.float64)
    levels = list(pairwise(starts.tolist()))
    firsts = [lo + np.flatnonzero(np.r_[True, parent[lo + 1 : hi] != parent[lo : hi - 1]]) for lo, hi in levels]
    pitch = height + GAP_Y
    befores = [np.cumsum(pitch[lo:hi]) - pitch[lo:hi] for lo, hi in levels]
    for sweep in range(_MOST_SWEEPS):
        for depth, (lo, hi) in enumerate(levels):
            at_least = np.maximum(y[lo:hi], y[parent[lo:hi]]) if depth else y[lo:hi]
            y[lo:hi] = np.maximum.accumulate(at_least - befores[depth]) + befores[depth]
        if sweep == _MOST_SWEEPS - 1:
            break
        has_moved = False
        for depth in range(len(levels) - 1, 0, -1):
            first, (lo, hi) = firsts[depth], levels[depth - 1]
            made_by = parent[first]
            if (y[first] > y[made_by]).any():
                has_moved = True
                y[made_by] = np.maximum(y[made_by], y[first])
                y[lo:hi] = np.maximum.accumulate(y[lo:hi] - befores[depth - 1]) + befores[depth - 1]
        if not has_moved:
            break
    return y
