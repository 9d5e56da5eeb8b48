"""Boxes of the call tree in scene pixels at zoom 1: columns by depth, children below one another, stable as it grows."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.present.folding import CARD, FAN, Folding, fold
from rlm_desktop.present.iteration_rows import IterationRows
from rlm_desktop.present.stacking import stack
from rlm_desktop.trace.codes import LLM, STATUS_CODE
from rlm_desktop.trace.columns import Columns

WIDTH: Final = 276.0
GAP_X: Final = 44.0
PITCH_X: Final = WIDTH + GAP_X
HEADER: Final = 34.0
META: Final = 24.0
ROW: Final = 38.0
FOOT: Final = 6.0
FAN_BODY: Final = 112.0
SMALL_FAN_BODY: Final = 44.0
SMALL_FAN: Final = 19
"""Up to this many calls each has a square of its own."""
FAN_FAILURE: Final = 28.0
LIST_ROW: Final = 24.0
LIST_LONGEST: Final = 12
"""Rows of an opened fan that are shown at once."""


class OpenList(NamedTuple):
    """A fan opened as a list: of all its calls or of the failed ones, at a page."""

    failed_only: bool
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the person did to the tree. Fans are named by the first call of them."""

    root: int | None = None
    """Only this call and what is below it is shown."""
    collapsed: Set[int] = frozenset()
    """Calls whose children are not shown."""
    unfolded: Set[int] = frozenset()
    """Fans of RLM calls that are shown as cards."""
    opened: Mapping[int, OpenList] = field(default_factory=dict)


class Box(NamedTuple):
    """x, y of the upper left corner (y down), width, height."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Nodes in the order of their columns and, within a column, of `y`. Arrays by node unless said otherwise."""

    kind: NDArray[np.uint8]
    """`folding.CARD` (an RLM call), `PLAIN` (a plain call alone on its line) or `FAN`."""
    first: NDArray[np.int32]
    """The call; of a fan, its first call, which is the name of the fan."""
    lo: NDArray[np.int64]
    hi: NDArray[np.int64]
    """The node's calls are `members[lo:hi]`."""
    members: NDArray[np.int32]
    expected: NDArray[np.int32]
    """How many calls it will have: a batch says so with its first."""
    failed: NDArray[np.int64]
    """How many of its calls ended in an error or at a limit, at the end of the trace."""
    parent: NDArray[np.int32]
    """The node it hangs on, -1 at the top."""
    row: NDArray[np.int32]
    """The place of the row that made it in the parent's card, from 0."""
    column: NDArray[np.int32]
    y: NDArray[np.float64]
    height: NDArray[np.float64]
    columns: NDArray[np.int64]
    """Column d holds the nodes `columns[d]` up to `columns[d + 1]`."""
    last_child: NDArray[np.int32]
    """The lowest of its children, -1 if none is shown."""
    node_of: NDArray[np.int32]
    """By call: the node that shows it, -1 if none does."""

    def __len__(self) -> int:
        return len(self.first)

    def box(self, node: int) -> Box:
        return Box(float(self.column[node]) * PITCH_X, float(self.y[node]), WIDTH, float(self.height[node]))

    def calls_of(self, node: int) -> NDArray[np.int32]:
        return self.members[self.lo[node] : self.hi[node]]

    def size(self) -> tuple[float, float]:
        """Return the width and height of everything."""
        if not len(self):
            return 0.0, 0.0
        return (len(self.columns) - 1) * PITCH_X - GAP_X, float((self.y + self.height).max())

    def children(self, node: int) -> NDArray[np.int64]:
        """Return the nodes that hang on `node`, from top to bottom."""
        column = int(self.column[node]) + 1
        if column + 1 >= len(self.columns):
            return np.zeros(0, np.int64)
        lo, hi = int(self.columns[column]), int(self.columns[column + 1])
        return lo + np.flatnonzero(self.parent[lo:hi] == node)

    def within(self, column: int, top: float, bottom: float) -> tuple[int, int]:
        """Return the range of nodes of a column that reach between `top` and `bottom`."""
        lo, hi = int(self.columns[column]), int(self.columns[column + 1])
        y = self.y[lo:hi]
        end = lo + int(np.searchsorted(y, bottom, side="left"))
        start = lo + int(np.searchsorted(y, top, side="right")) - 1
        if start < lo or self.y[start] + self.height[start] <= top:
            start += 1
        return max(lo, start), max(lo, start, end)

    def node_at(self, x: float, y: float) -> int:
        """Return the node at a point of the scene, -1 if there is none."""
        column = int(x // PITCH_X)
        if not 0 <= column < len(self.columns) - 1 or x - column * PITCH_X > WIDTH:
            return -1
        start, end = self.within(column, y, np.nextafter(y, np.inf))
        return start if start < end else -1


def list_rows(calls: int, opened: OpenList) -> tuple[int, int]:
    """Return the first and the end of the `calls` rows that a page of an open list shows."""
    first = min(opened.page, max(0, calls - 1) // LIST_LONGEST) * LIST_LONGEST
    return first, min(calls, first + LIST_LONGEST)


def list_height(calls: int) -> float:
    """An opened list: its rows and one to close it, turn pages and show all or failed only. Every page has the same height."""
    return (min(calls, LIST_LONGEST) + 1) * LIST_ROW


def lay_out(columns: Columns, rows: IterationRows, shape: Shape | None = None) -> Layout:
    """Return the boxes of all calls of a trace. O(calls) in numpy, one pass a column; the order never changes as calls are added."""
    shape = Shape() if shape is None else shape
    folding = fold(columns, unfolded=shape.unfolded)
    calls = columns.calls
    status = calls["status"]
    is_failed = (status == STATUS_CODE["error"]) | (status == STATUS_CODE["limit"])
    failed_before = np.r_[0, np.cumsum(is_failed[folding.members])]
    levels = _levels(folding, calls, shape)
    nodes = np.concatenate([level.nodes for level in levels]) if levels else np.zeros(0, np.int64)
    parent = np.concatenate([level.parents for level in levels]) if levels else np.zeros(0, np.int64)
    lengths = [len(level.nodes) for level in levels]
    first, lo, hi = folding.first[nodes], folding.lo[nodes], folding.hi[nodes]
    kind, expected = folding.kind[nodes], folding.expected[nodes]
    failed = failed_before[hi] - failed_before[lo]
    height = _heights(kind, expected, failed, calls["iterations"][first], first, shape)
    starts = np.r_[0, np.cumsum(lengths)].astype(np.int64)
    y = stack(height, parent, starts)
    made_in = rows.find(calls["parent"][first], calls["site_iteration"][first])
    row = np.where(made_in >= 0, rows.rank[made_in] if rows.count else 0, 0)
    last_child = np.full(len(nodes), -1, np.int32)
    hangs = np.flatnonzero(parent >= 0)
    last_child[parent[hangs]] = hangs
    node_of = np.full(len(calls), -1, np.int32)
    node_of[folding.members[_ranges(lo, hi)]] = np.repeat(np.arange(len(nodes), dtype=np.int32), hi - lo)
    return Layout(
        kind=kind, first=first, lo=lo, hi=hi, members=folding.members, expected=expected, failed=failed, parent=parent.astype(np.int32),
        row=row.astype(np.int32), column=np.repeat(np.arange(len(lengths), dtype=np.int32), lengths), y=y, height=height, columns=starts,
        last_child=last_child, node_of=node_of,
    )  # fmt: skip


class _Level(NamedTuple):
    nodes: NDArray[np.int64]
    parents: NDArray[np.int64]


def _levels(folding: Folding, calls: Any, shape: Shape) -> list[_Level]:
    """Return the nodes of each column from left to right, by their number in `folding`, with their parents by final number."""
    if shape.root is None:
        nodes = np.arange(folding.roots, dtype=np.int64)
    else:
        nodes = np.array([folding.alone(shape.root, is_plain=bool(calls["kind"][shape.root] == LLM))], np.int64)
    levels, before = [], 0
    parents = np.full(len(nodes), -1, np.int64)
    collapsed = np.fromiter(shape.collapsed, np.int64, len(shape.collapsed))
    while len(nodes):
        levels.append(_Level(nodes, parents))
        is_open = folding.kind[nodes] == CARD
        if len(collapsed):
            is_open &= ~np.isin(folding.first[nodes], collapsed)
        opened = np.flatnonzero(is_open)
        call = folding.first[nodes[opened]]
        lo, hi = folding.children_lo[call], folding.children_lo[call + 1]
        parents = np.repeat(opened + before, hi - lo)
        before += len(nodes)
        nodes = _ranges(lo, hi)
    return levels


def _ranges(lo: NDArray[Any], hi: NDArray[Any]) -> NDArray[np.int64]:
    """Return `lo[0]..hi[0]-1, lo[1]..hi[1]-1, …` in one array."""
    lengths = hi - lo
    total = int(lengths.sum())
    shift = np.repeat(lo - np.r_[0, np.cumsum(lengths)[:-1]], lengths) if len(lo) else np.zeros(0, np.int64)
    return (np.arange(total) + shift).astype(np.int64)


def _heights(
    kind: NDArray[np.uint8], expected: NDArray[Any], failed: NDArray[Any], iterations: NDArray[Any], first: NDArray[Any], shape: Shape
) -> NDArray[np.float64]:
    card = META + ROW * np.maximum(1, iterations) + FOOT
    fan = META + np.where(expected > SMALL_FAN, FAN_BODY, SMALL_FAN_BODY) + np.where(failed > 0, FAN_FAILURE, 0.0)
    plain = META + SMALL_FAN_BODY
    height: NDArray[np.float64] = HEADER + np.choose(kind, [card, np.full(len(kind), plain), fan])
    for name, opened in shape.opened.items():
        for node in np.flatnonzero((first == name) & (kind == FAN)):
            shown = int(failed[node]) if opened.failed_only else int(expected[node])
            height[node] += list_height(shown) - (FAN_FAILURE if failed[node] else 0.0)
    return height
