"""Which row of the columns an iteration of a call is, for many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.trace.codes import LLM
from rlm_desktop.trace.columns import Columns

_SHIFT = np.int64(32)


class IterationRows:
    """An index over `columns.rows` as they are now; make a new one after rows were added."""

    def __init__(self, columns: Columns) -> None:
        rows = columns.rows
        self.count = len(rows)
        keys = _key(rows["call"], rows["iteration"])
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        sorted_calls = rows["call"][self._order]
        starts = np.flatnonzero(np.r_[True, sorted_calls[1:] != sorted_calls[:-1]]) if self.count else np.zeros(0, np.int64)
        lengths = np.diff(np.r_[starts, self.count])
        self.rank = np.zeros(self.count, np.int32)
        """Row -> its place among the rows of its call, from 0."""
        self.rank[self._order] = np.arange(self.count) - np.repeat(starts, lengths)

    def find(self, call: NDArray[Any], iteration: NDArray[Any]) -> NDArray[np.int64]:
        """Return the row of each (call, iteration), -1 where there is none."""
        if not self.count:
            return np.full(len(call), -1, np.int64)
        wanted = _key(call, iteration)
        at = np.minimum(np.searchsorted(self._keys, wanted), self.count - 1)
        return np.where(self._keys[at] == wanted, self._order[at], -1)


def add_to_rows(columns: Columns, rows: IterationRows, name: str, *, seq: int, calls: int, total: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each row an amount (of `codes.AMOUNTS`) up to entry `seq`: of its own requests and of all that hangs on it.

    `total` are the totals of the first `calls` calls as of `seq`.
    """
    amount = np.zeros(rows.count, np.int64)
    paid = int(np.searchsorted(columns.charges["seq"], seq, side="right"))
    call = columns.charges["call"][:paid]
    own = np.flatnonzero(columns.calls["kind"][call] != LLM)
    at = rows.find(call[own], columns.charges["iteration"][own])
    np.add.at(amount, at[at >= 0], columns.charges[name][own][at >= 0])
    at = rows.find(columns.calls["parent"][:calls], columns.calls["site_iteration"][:calls])
    np.add.at(amount, at[at >= 0], total[:calls][at >= 0])
    return amount


def _key(call: NDArray[Any], iteration: NDArray[Any]) -> NDArray[np.int64]:
    # The iteration of -1 (none) must not run into the key of the call before.
    key: NDArray[np.int64] = (call.astype(np.int64) << _SHIFT) + iteration + 1
    return key
