"""What a node says when it is a bar without text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rlm_desktop.present.folding import CARD
from rlm_desktop.present.standing import Standing
from rlm_desktop.present.tree import Tree
from rlm_desktop.trace.codes import LLM

MOST_ROWS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class BarFacts:
    """`shares`: the times of a card's iterations as parts of the longest, none for other nodes; `done`: the part that has ended."""

    role: Literal["rlm", "llm"]
    status: Standing
    has_failed: bool
    shares: tuple[float, ...]
    done: float


def bar_facts(tree: Tree, node: int) -> BarFacts:
    """Return it without reading the trace's file. O(rows) for a card, O(calls) for a fan."""
    layout = tree.layout
    first = int(layout.first[node])
    is_rlm = bool(tree.columns.calls["kind"][first] != LLM)
    if layout.kind[node] == CARD:
        status = tree.status(first)
        return BarFacts(role="rlm", status=status, has_failed=status in ("error", "limit"), shares=row_shares(tree, first), done=0.0)
    counted = tree.tally(node)
    done = round((counted.ok + counted.failed) / max(1, int(layout.expected[node])), 2)
    return BarFacts(role="rlm" if is_rlm else "llm", status=counted.status, has_failed=counted.failed > 0, shares=(), done=done)


def row_shares(tree: Tree, call: int) -> tuple[float, ...]:
    asked = tree.columns.rows["asked_seq"]
    rows = [row for row in tree.columns.rows_of(call)[:MOST_ROWS] if tree.happened(int(asked[row]))]
    if not rows:
        return ()
    begun = [tree.time_of(int(asked[row])) for row in rows]
    end_s = float(tree.columns.calls["started_s"][call]) + tree.seconds(call)
    lasted = [max(0.0, b - a) for a, b in zip(begun, [*begun[1:], end_s], strict=True)]
    longest = max(lasted) or 1.0
    # Ten steps: bars that would look the same are the same, and share one picture.
    return tuple(round(x / longest, 1) for x in lasted)
