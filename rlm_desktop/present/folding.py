"""Which calls share a node: siblings from one line of code fold into a fan."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.trace.codes import LLM
from rlm_desktop.trace.columns import Columns

CARDS_A_LINE: Final = 8
"""So many RLM calls of one line are cards. Further ones fold; a batch known to be larger folds as a whole."""

LINE: Final = ("parent", "site_iteration", "site_block", "site_line", "kind")
"""What calls of one fan have in common."""

CARD: Final = 0
PLAIN: Final = 1
FAN: Final = 2


@dataclass(slots=True, kw_only=True)
class Folding:
    """All nodes there could be, ordered by the call that made them and then by their first call; the first `roots` have no parent."""

    members: NDArray[np.int32]
    """Calls, those of a node side by side."""
    kind: NDArray[np.uint8]
    first: NDArray[np.int32]
    lo: NDArray[np.int64]
    hi: NDArray[np.int64]
    expected: NDArray[np.int32]
    roots: int
    children_lo: NDArray[np.int64]
    """By call, and one more: the nodes that call c made are `children_lo[c]` up to `children_lo[c + 1]`."""

    def alone(self, call: int, *, is_plain: bool) -> int:
        """Add a node for one call, whichever fan it belongs to, and return its number."""
        at = int(np.flatnonzero(self.members == call)[0])
        self.kind = np.append(self.kind, np.uint8(PLAIN if is_plain else CARD))
        self.first = np.append(self.first, np.int32(call))
        self.lo, self.hi = np.append(self.lo, at), np.append(self.hi, at + 1)
        self.expected = np.append(self.expected, np.int32(1))
        return len(self.first) - 1


def fold(columns: Columns, *, unfolded: Set[int] = frozenset()) -> Folding:
    """Group all calls by `LINE`. `unfolded` names fans of RLM calls to be left as cards.

    Each call is in one node. As calls are added, nodes only gain calls and new nodes only come after those of the same parent.
    """
    calls = columns.calls
    count = len(calls)
    parent, kind = calls["parent"], calls["kind"]
    order = _by_line(calls, count)
    is_new = np.ones(count, bool)
    if count:
        same = parent[order[1:]] >= 0
        for name in LINE:
            column = calls[name][order]
            same &= column[1:] == column[:-1]
        is_new[1:] = ~same
    starts = np.flatnonzero(is_new)
    line_of = np.cumsum(is_new) - 1
    rank = np.arange(count) - starts[line_of]
    size, head = np.diff(np.r_[starts, count]), order[starts]
    alone = _alone(calls, order, starts, size, unfolded)
    lo = np.flatnonzero(rank <= alone[line_of])
    line = line_of[lo]
    first = order[lo]
    is_fan = rank[lo] == alone[line]
    expected = np.where(is_fan, np.maximum(size, calls["batch_size"][head])[line] - alone[line], 1)
    node_kind = np.where(is_fan, FAN, CARD)
    node_kind = np.where((kind[first] == LLM) & (expected <= 1), PLAIN, node_kind)
    by_parent = np.lexsort((first, parent[first]))
    made_by = parent[first][by_parent]
    return Folding(
        members=order.astype(np.int32), kind=node_kind[by_parent].astype(np.uint8), first=first[by_parent].astype(np.int32),
        lo=lo[by_parent], hi=np.r_[lo[1:], count][by_parent].astype(np.int64), expected=expected[by_parent].astype(np.int32),
        roots=int(np.searchsorted(made_by, 0)), children_lo=np.searchsorted(made_by, np.arange(count + 1)),
    )  # fmt: skip


def _alone(calls: Any, order: NDArray[Any], starts: NDArray[Any], size: NDArray[Any], unfolded: Set[int]) -> NDArray[np.int64]:
    """Return for each line how many of its calls, from the first, are nodes of their own; the rest is a fan."""
    head = order[starts]
    is_plain, batch = calls["kind"][head] == LLM, calls["batch_size"][head]
    alone = np.where(is_plain | (batch > CARDS_A_LINE), 0, CARDS_A_LINE)
    if unfolded:
        begins_fan = order[np.minimum(starts + alone, len(order) - 1)]
        alone = np.where(~is_plain & np.isin(begins_fan, np.fromiter(unfolded, np.int64, len(unfolded))), size, alone)
    return np.where(calls["parent"][head] < 0, 1, alone).astype(np.int64)


def _by_line(calls: Any, count: int) -> NDArray[np.int64]:
    """Return the calls sorted by the line that made them and then by id."""
    key = np.zeros(count, np.int64)
    bits = 0
    for name in LINE:
        column = calls[name]
        width = (int(column.max()) + 2 if count else 1).bit_length()
        bits += width
        if bits > 62:
            # Numbers of a foreign trace may be huge; sorting by five keys is slower, not wrong.
            return np.lexsort([calls[n] for n in reversed(LINE)])
        key = (key << width) + column.astype(np.int64) + 1
    return np.argsort(key, kind="stable")
