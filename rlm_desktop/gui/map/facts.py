"""What nodes say, remembered: for good once a node has ended, else until the cursor moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from rlm_desktop.present.bars import BarFacts, bar_facts
from rlm_desktop.present.cards import CardFacts, PlainFacts, card_facts, plain_facts
from rlm_desktop.present.fans import FanFacts, fan_facts
from rlm_desktop.present.folding import CARD, PLAIN
from rlm_desktop.present.layout import OpenList
from rlm_desktop.present.tree import Tree

NodeFacts = CardFacts | PlainFacts | FanFacts
_T = TypeVar("_T", NodeFacts, BarFacts)


class Facts:
    """Asks `present` once for each node and state."""

    def __init__(self) -> None:
        self._settled: dict[Hashable, NodeFacts] = {}
        self._settled_bars: dict[Hashable, BarFacts] = {}
        self._now: dict[Hashable, NodeFacts] = {}
        self._bars_now: dict[Hashable, BarFacts] = {}

    def show(self) -> None:
        """Another state of the tree is shown from here."""
        self._now.clear()
        self._bars_now.clear()

    def known(self, tree: Tree, node: int, opened: OpenList | None) -> NodeFacts | None:
        key = self._key(tree, node, opened)
        return self._settled.get(key) or self._now.get(key)

    def of(self, tree: Tree, node: int, opened: OpenList | None) -> NodeFacts:
        def ask() -> NodeFacts:
            if tree.layout.kind[node] == CARD:
                return card_facts(tree, node)
            return plain_facts(tree, node) if tree.layout.kind[node] == PLAIN else fan_facts(tree, node, opened)

        return _remembered(self._key(tree, node, opened), self._settled, self._now, ask, has_settled=lambda: _has_settled(tree, node))

    def bar(self, tree: Tree, node: int) -> BarFacts:
        return _remembered(
            self._key(tree, node, None),
            self._settled_bars,
            self._bars_now,
            lambda: bar_facts(tree, node),
            has_settled=lambda: _has_settled(tree, node),
        )

    def _key(self, tree: Tree, node: int, opened: OpenList | None) -> Hashable:
        layout = tree.layout
        return int(layout.first[node]), int(layout.kind[node]), int(layout.hi[node] - layout.lo[node]), tree.roots > 1, opened


def _remembered(
    key: Hashable, settled: dict[Hashable, _T], now: dict[Hashable, _T], ask: Callable[[], _T], *, has_settled: Callable[[], bool]
) -> _T:
    found = settled.get(key) or now.get(key)
    if found is None:
        found = ask()
        (settled if has_settled() else now)[key] = found
    return found


def _has_settled(tree: Tree, node: int) -> bool:
    """True when nothing that follows can change what the node says: all its calls have ended, before the cursor."""
    counts = tree.counts
    if counts.active[node] or counts.started[node] < tree.layout.hi[node] - tree.layout.lo[node]:
        return False
    first = int(tree.layout.first[node])
    made_by = int(tree.columns.calls["parent"][first])
    # More calls may come from the line that made a fan while its call goes on.
    ended = int(tree.columns.calls["ended_seq"][first if tree.layout.kind[node] == CARD or made_by < 0 else made_by])
    return tree.happened(ended)
