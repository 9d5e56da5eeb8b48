"""How calls stand as of the cursor, in one word each, and what that makes of a fan."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.present.layout import Layout
from rlm_desktop.trace.codes import RUNNING as NOT_ENDED
from rlm_desktop.trace.columns import AsOf, Columns

Standing = Literal["queued", "running", "waiting", "ok", "error", "limit", "cancelled", "interrupted", "future"]

OK: Final = 1
ERROR: Final = 2
CANCELLED: Final = 3
LIMIT: Final = 4
QUEUED: Final = 5
RUNNING: Final = 6
WAITING: Final = 7
INTERRUPTED: Final = 8
FUTURE: Final = 9
NAMES: Final[tuple[Standing, ...]] = (
    "running", "ok", "error", "cancelled", "limit", "queued", "running", "waiting", "interrupted", "future",
)  # fmt: skip
"""By code. The first five are those of `trace.codes`."""

FAILED_SHARE: Final = 0.02
"""From this share of failures on a fan as a whole is shown as failed."""


def standing(columns: Columns, as_of: AsOf, *, is_over: bool) -> NDArray[np.uint8]:
    """Return for every call of the trace how it stands after entry `as_of.seq`.

    queued: started, its model not asked yet; waiting: for calls it made; interrupted: the run is over and the call never ended; future: it
    has not started. `is_over`: nothing will follow the last entry.
    """
    calls, count = columns.calls, as_of.calls
    stand = np.full(len(calls), FUTURE, np.uint8)
    status = as_of.status
    live = status == NOT_ENDED
    asked = calls["asked_seq"][:count]
    now = np.where(live, np.where((asked < 0) | (asked > as_of.seq), QUEUED, RUNNING), status).astype(np.uint8)
    made_by = calls["parent"][:count][live]
    now[made_by[made_by >= 0]] = WAITING
    if is_over and as_of.seq == len(columns) - 1:
        now[live] = INTERRUPTED
    stand[:count] = now
    return stand


class Tally(NamedTuple):
    """How many calls of a node stand how. `to_come` have not started; `failed` ended in an error or at a limit."""

    ok: int
    failed: int
    cancelled: int
    interrupted: int
    running: int
    queued: int
    to_come: int
    never: int = 0
    """Were to come, but what made them is over."""

    @property
    def status(self) -> Standing:
        begun = self.ok + self.failed + self.cancelled + self.interrupted + self.running
        if not begun and not self.queued:
            return "future"
        if self.running or (begun and (self.queued or self.to_come)):
            return "running"
        if self.queued:
            return "queued"
        if self.interrupted:
            return "interrupted"
        if self.failed and self.failed >= FAILED_SHARE * (self.ok + self.failed):
            return "error"
        return "cancelled" if self.cancelled else "ok"


def tally(stand: NDArray[np.uint8], expected: int, *, is_more_coming: bool = True) -> Tally:
    """Count how the calls of one node stand. Of `expected`, those not started are still to come, or never will."""
    n = np.bincount(stand, minlength=len(NAMES))
    missing = int(n[FUTURE]) + expected - len(stand)
    return Tally(
        ok=int(n[OK]),
        failed=int(n[ERROR] + n[LIMIT]),
        cancelled=int(n[CANCELLED]),
        interrupted=int(n[INTERRUPTED]),
        running=int(n[RUNNING] + n[WAITING]),
        queued=int(n[QUEUED]),
        to_come=missing if is_more_coming else 0,
        never=0 if is_more_coming else missing,
    )


class NodeCounts(NamedTuple):
    """By node: how many of its calls failed, go on, and have started, as of the cursor."""

    failed: NDArray[np.int64]
    active: NDArray[np.int64]
    started: NDArray[np.int64]


def count_nodes(layout: Layout, stand: NDArray[np.uint8]) -> NodeCounts:
    """Return the counts of every node. O(calls)."""
    of_members = stand[layout.members]

    def counted(is_one: NDArray[Any]) -> NDArray[np.int64]:
        before = np.r_[0, np.cumsum(is_one)].astype(np.int64)
        n: NDArray[np.int64] = before[layout.hi] - before[layout.lo]
        return n

    return NodeCounts(
        failed=counted((of_members == ERROR) | (of_members == LIMIT)),
        active=counted((of_members == RUNNING) | (of_members == WAITING) | (of_members == QUEUED)),
        started=counted(of_members != FUTURE),
    )
