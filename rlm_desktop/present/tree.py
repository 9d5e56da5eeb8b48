"""The tree as it is shown: laid out for the whole trace, standing as of the cursor. What every drawing of it reads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.present import numbers
from rlm_desktop.present.first_lines import FirstLines
from rlm_desktop.present.iteration_rows import IterationRows, add_to_rows
from rlm_desktop.present.layout import Layout
from rlm_desktop.present.standing import FUTURE, NAMES, NodeCounts, Standing, Tally, count_nodes, standing, tally
from rlm_desktop.trace.codes import LLM, usd
from rlm_desktop.trace.columns import AsOf, Columns


class Tree:
    """One state of the tree. Columns that cost a pass over all calls are made when first asked for.

    A trace may have grown since `layout` was made: calls that are not in it yet are not shown.
    """

    def __init__(
        self,
        columns: Columns,
        lines: FirstLines,
        rows: IterationRows,
        layout: Layout,
        as_of: AsOf,
        *,
        is_over: bool,
        streamed: Mapping[int, tuple[int, int]] | None = None,
    ) -> None:
        """`streamed`: call -> iteration and characters so far of a reply that is being sent."""
        self.columns = columns
        self.lines = lines
        self.rows = rows
        self.layout = layout
        self.as_of = as_of
        self.is_over = is_over
        self.streamed = streamed or {}

    @property
    def seq(self) -> int:
        return self.as_of.seq

    @cached_property
    def stand(self) -> NDArray[np.uint8]:
        return standing(self.columns, self.as_of, is_over=self.is_over)

    @cached_property
    def counts(self) -> NodeCounts:
        return count_nodes(self.layout, self.stand)

    @cached_property
    def _row_cost_pico(self) -> NDArray[np.int64]:
        return self._in_rows("cost_pico")

    @cached_property
    def _row_unpriced(self) -> NDArray[np.int64]:
        return self._in_rows("unpriced")

    def _in_rows(self, name: str) -> NDArray[np.int64]:
        total = self.as_of.amounts[f"total_{name}"]
        return add_to_rows(self.columns, self.rows, name, seq=self.seq, calls=self.as_of.calls, total=total)

    def row_cost(self, row: int) -> numbers.Cost:
        """Return what an iteration cost so far, with all that hangs on it."""
        unknown = int(self._row_unpriced[row])
        return numbers.Cost(usd(int(self._row_cost_pico[row])), unknown, unknown + 1)

    @cached_property
    def roots(self) -> int:
        return int(np.count_nonzero(self.columns.calls["parent"] < 0))

    def fan_is_rlm(self, node: int) -> bool:
        """True when the calls of the node have REPLs of their own."""
        return bool(self.columns.calls["kind"][self.layout.first[node]] != LLM)

    def status(self, call: int) -> Standing:
        return NAMES[int(self.stand[call])]

    def is_future(self, node: int) -> bool:
        """True when the cursor has reached no call of the node."""
        return bool(self.stand[self.layout.first[node]] == FUTURE)

    def tally(self, node: int) -> Tally:
        calls, first = self.layout.calls_of(node), int(self.layout.first[node])
        return tally(self.stand[calls], int(self.layout.expected[node]), is_more_coming=self._is_open(first))

    def _is_open(self, call: int) -> bool:
        """True while the iteration that made the call may make more."""
        made_by, iteration = (self.columns.calls[name][call : call + 1] for name in ("parent", "site_iteration"))
        row = int(self.rows.find(made_by, iteration)[0])
        if row < 0 or (self.is_over and self.seq == len(self.columns) - 1):
            return False
        is_open = int(self.columns.rows["open_block"][row]) >= 0 and self.seq == len(self.columns) - 1
        return is_open or not self.happened(int(self.columns.rows["code_ended_seq"][row]))

    def happened(self, seq: int) -> bool:
        return 0 <= seq <= self.seq

    def time_of(self, seq: int) -> float:
        return float(self.columns.events["t_s"][seq])

    def seconds(self, call: int) -> float:
        """Return how long the call has been going on, or took."""
        calls = self.columns.calls
        end_s = float(calls["ended_s"][call]) if self.happened(int(calls["ended_seq"][call])) else self.as_of.t_s
        return max(0.0, end_s - float(calls["started_s"][call]))

    def model(self, call: int) -> str:
        return self.columns.models[int(self.columns.calls["model"][call])]

    def name(self, call: int) -> str:
        """Return `root`, or `#7`."""
        calls = self.columns.calls
        if calls["parent"][call] >= 0:
            return f"#{call}"
        if self.roots == 1:
            return "root"
        return f"root {int(np.count_nonzero(calls['parent'][:call] < 0)) + 1}"

    def cost(self, call: int, scope: str) -> numbers.Cost:
        """Return what a call cost so far; `scope` is `self` or `total`."""
        return self.cost_of(np.array([call]), scope)

    def cost_of(self, calls: NDArray[np.int32] | NDArray[np.int64], scope: str) -> numbers.Cost:
        """Return what several calls cost so far, together."""
        calls = calls[calls < self.as_of.calls]
        amounts = self.as_of.amounts
        unknown = int(amounts[f"{scope}_unpriced"][calls].sum())
        return numbers.Cost(usd(int(amounts[f"{scope}_cost_pico"][calls].sum())), unknown, unknown + 1)

    def has_paid(self, calls: NDArray[np.int32] | NDArray[np.int64]) -> bool:
        """True when a request of these calls, or of one below them, has come back with its usage."""
        calls = calls[calls < self.as_of.calls]
        return any(bool(self.as_of.amounts[f"total_{name}"][calls].any()) for name in ("cost_pico", "unpriced", "input_tokens"))
