"""The calls as they stand at the cursor, and which belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.present.folding import LINE
from rlm_desktop.present.standing import NAMES, Standing, standing
from rlm_desktop.trace.codes import LLM
from rlm_desktop.trace.columns import AsOf, Columns

Calls = NDArray[np.int64]


class Now:
    """The columns as they stand at the cursor. `is_over`: nothing follows the last entry."""

    def __init__(self, columns: Columns, as_of: AsOf, *, is_over: bool) -> None:
        self.columns = columns
        self.as_of = as_of
        self.is_over = is_over
        self.stand = standing(columns, as_of, is_over=is_over)

    @property
    def seq(self) -> int:
        return self.as_of.seq

    def happened(self, seq: int) -> bool:
        return 0 <= seq <= self.seq

    def name(self, call: int) -> str:
        """Return `root`, or `#7`."""
        parents = self.columns.calls["parent"]
        if parents[call] >= 0:
            return f"#{call}"
        roots = np.flatnonzero(parents < 0)
        return "root" if len(roots) == 1 else f"root {int(np.searchsorted(roots, call)) + 1}"

    def model(self, call: int) -> str:
        return self.columns.models[int(self.columns.calls["model"][call])]

    def is_plain(self, call: int) -> bool:
        return bool(self.columns.calls["kind"][call] == LLM)

    def status(self, call: int) -> Standing:
        return NAMES[int(self.stand[call])]

    def fan_calls(self, first: int) -> Calls:
        """Return the calls of the fan that `first` names: those of its line that follow it, over the whole trace."""
        calls = self.columns.calls
        is_one = np.ones(len(calls), bool)
        is_one[:first] = False
        for name in LINE:
            is_one &= calls[name] == calls[name][first]
        return np.flatnonzero(is_one)

    def children(self, call: int, iteration: int | None = None) -> Calls:
        """Return the calls that a call, or one iteration of it, had made by the cursor."""
        calls = self.columns.calls
        count = self.as_of.calls
        is_child = calls["parent"][:count] == call
        if iteration is not None:
            is_child &= calls["site_iteration"][:count] == iteration
        return np.flatnonzero(is_child)

    def row_of(self, call: int, iteration: int) -> int:
        """Return the row of an iteration, -1 where there is none."""
        iterations = self.columns.rows["iteration"]
        return next((row for row in self.columns.rows_of(call) if iterations[row] == iteration), -1)
