"""The recursion tree as append-only columns: no Python object a call, and "as of the cursor" by comparing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rlm_desktop.trace.codec import Line
from rlm_desktop.trace.codes import AMOUNTS, RUNNING
from rlm_desktop.trace.events import Entry, RunEnded, RunStarted
from rlm_desktop.trace.fold import Fold, add_up
from rlm_desktop.trace.growing import GrowingTable

_EVENTS: dict[str, tuple[DTypeLike, int | float]] = {
    "type": (np.uint8, 0), "call": (np.int32, -1), "iteration": (np.int32, -1), "t_s": (np.float64, 0.0),
}  # fmt: skip
_CALLS: dict[str, tuple[DTypeLike, int | float]] = {
    "parent": (np.int32, -1), "depth": (np.uint8, 0), "kind": (np.uint8, 0), "model": (np.int32, 0),
    "site_iteration": (np.int32, -1), "site_block": (np.int32, -1), "site_line": (np.int32, -1), "site_ordinal": (np.int32, -1),
    "batch": (np.int32, -1), "batch_index": (np.int32, -1), "batch_size": (np.int32, 0),
    "started_seq": (np.int64, -1), "asked_seq": (np.int64, -1), "ended_seq": (np.int64, -1),
    "started_s": (np.float64, 0.0), "asked_s": (np.float64, np.nan), "ended_s": (np.float64, np.nan),
    "status": (np.uint8, 0), "iterations": (np.int32, 0), "open_children": (np.int32, 0),
    "first_row": (np.int32, -1), "last_row": (np.int32, -1),
    **{f"{scope}_{name}": (np.int64, 0) for scope in ("self", "total") for name in AMOUNTS},
}  # fmt: skip
_CHARGES: dict[str, tuple[DTypeLike, int | float]] = {
    "seq": (np.int64, 0), "call": (np.int32, 0), "iteration": (np.int32, 0), **dict.fromkeys(AMOUNTS, (np.int64, 0)),
}  # fmt: skip
_ROWS: dict[str, tuple[DTypeLike, int | float]] = {
    "call": (np.int32, -1), "iteration": (np.int32, -1), "asked_seq": (np.int64, -1), "replied_seq": (np.int64, -1),
    "failed_seq": (np.int64, -1), "code_seq": (np.int64, -1), "code_ended_seq": (np.int64, -1), "error_seq": (np.int64, -1),
    "blocks": (np.int32, 0), "open_block": (np.int32, -1), "next_row": (np.int32, -1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AsOf:
    """The calls as they stood after entry `seq`: arrays by call id over the calls that had started.

    Do not write to them; at the last entry they are the columns themselves, good until the next `append`.
    """

    seq: int
    t_s: float
    calls: int
    status: NDArray[np.uint8]
    amounts: dict[str, NDArray[np.int64]]
    """`self_*` and `total_*` of `codes.AMOUNTS`; total is the call with everything below it."""

    def run_total(self, name: str) -> int:
        return int(self.amounts[f"self_{name}"].sum())


class Columns:
    """Everything of a run but its texts. Read the tables freely; only `append` writes.

    `events`: one row an entry (`seq` is the index). `calls`: one row a call (`call_id` is the index); -1 stands for none.
    `charges`: one row a request that used tokens. `rows`: one row an iteration of a call with a REPL; a call's rows are linked by its
    `first_row` and the rows' `next_row`. Times are seconds; `*_seq` are entry numbers, -1 where it has not happened.
    """

    def __init__(self) -> None:
        self.events = GrowingTable(_EVENTS)
        self.calls = GrowingTable(_CALLS)
        self.charges = GrowingTable(_CHARGES)
        self.rows = GrowingTable(_ROWS)
        self.models: list[str] = []
        self.text_seqs: list[int] = []
        """Text id -> seq of its first part."""
        self.run_started: RunStarted | None = None
        self.run_ended: RunEnded | None = None
        self.charged = 0
        self._model_ids: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.events)

    def append(self, entries: Sequence[Line | Entry]) -> None:
        """Advance by `entries`. Raises TraceFormatError at the first that breaks a law of the trace; those before it are kept."""
        fold = Fold(self, len(entries))
        try:
            fold.take(entries)
        finally:
            fold.close()

    def model_id(self, name: str) -> int:
        number = self._model_ids.get(name)
        if number is None:
            number = self._model_ids[name] = len(self.models)
            self.models.append(name)
        return number

    def as_of(self, seq: int) -> AsOf:
        """Return the calls after entry `seq`. O(calls + charges), without reading any text."""
        last = len(self.events) - 1
        seq = max(-1, min(seq, last))
        t_s = float(self.events["t_s"][seq]) if seq >= 0 else 0.0
        calls = self.calls
        if seq == last:
            amounts = {f"{scope}_{name}": calls[f"{scope}_{name}"] for scope in ("self", "total") for name in AMOUNTS}
            return AsOf(seq, t_s, len(calls), calls["status"], amounts)
        count = int(np.searchsorted(calls["started_seq"], seq, side="right"))
        ended = calls["ended_seq"][:count]
        status = np.where((ended >= 0) & (ended <= seq), calls["status"][:count], np.uint8(RUNNING))
        paid = int(np.searchsorted(self.charges["seq"], seq, side="right"))
        amounts = {}
        for name in AMOUNTS:
            own, total = np.zeros(count, np.int64), np.zeros(count, np.int64)
            add_up(self.charges["call"][:paid], self.charges[name][:paid], own, total, calls["parent"])
            amounts[f"self_{name}"], amounts[f"total_{name}"] = own, total
        return AsOf(seq, t_s, count, status, amounts)

    def rows_of(self, call_id: int) -> list[int]:
        """Return the row numbers of a call's iterations, in order."""
        found = []
        row = int(self.calls["first_row"][call_id])
        following = self.rows["next_row"]
        while row >= 0:
            found.append(row)
            row = int(following[row])
        return found

    def seqs_of(self, call_id: int) -> NDArray[np.int64]:
        """Return the numbers of all entries that name `call_id`, in order."""
        return np.flatnonzero(self.events["call"] == call_id)

    def seqs_of_type(self, code: int) -> NDArray[Any]:
        """Return the numbers of all entries of one type (`codes.EVENT_CODE`), in order."""
        return np.flatnonzero(self.events["type"] == code)
