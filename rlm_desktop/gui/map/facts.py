"""What nodes say, remembered: for good where the cursor is behind the end of a node, else until the cursor moves."""

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
        return (self._settled if _has_settled(tree, node) else self._now).get(self._key(tree, node, opened))

    def of(self, tree: Tree, node: int, opened: OpenList | None) -> NodeFacts:
        def ask() -> NodeFacts:
            if tree.layout.kind[node] == CARD:
                return card_facts(tree, node)
            return plain_facts(tree, node) if tree.layout.kind[node] == PLAIN else fan_facts(tree, node, opened)

        return _remembered(self._key(tree, node, opened), self._settled if _has_settled(tree, node) else self._now, ask)

    def bar(self, tree: Tree, node: int) -> BarFacts:
        memory = self._settled_bars if _has_settled(tree, node) else self._bars_now
        return _remembered(self._key(tree, node, None), memory, lambda: bar_facts(tree, node))

    def _key(self, tree: Tree, node: int, opened: OpenList | None) -> Hashable:
        layout = tree.layout
        return int(layout.first[node]), int(layout.kind[node]), int(layout.hi[node] - layout.lo[node]), tree.roots > 1, opened


def _remembered(key: Hashable, memory: dict[Hashable, _T], ask: Callable[[], _T]) -> _T:
    found = memory.get(key)
    if found is None:
        found = memory[key] = ask()
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
