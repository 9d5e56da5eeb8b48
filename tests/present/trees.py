"""A trace as a tree, for the tests of what is drawn of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rlm_desktop.present.first_lines import FirstLines
from rlm_desktop.present.iteration_rows import IterationRows
from rlm_desktop.present.layout import Shape, lay_out
from rlm_desktop.present.tree import Tree
from rlm_desktop.trace.store import TraceStore


def tree_of(store: TraceStore, *, seq: int | None = None, shape: Shape | None = None, is_over: bool = True) -> Tree:
    """Return the tree of a trace as of entry `seq`, or at its end."""
    columns = store.columns
    rows = IterationRows(columns)
    as_of = columns.as_of(len(columns) - 1 if seq is None else seq)
    return Tree(columns, FirstLines(store), rows, lay_out(columns, rows, shape), as_of, is_over=is_over)


def opened(make: Callable[[Path], Path], folder: Path) -> TraceStore:
    """Write a trace and open it."""
    return TraceStore.open(make(folder / f"{make.__name__}.rlmtrace"))
