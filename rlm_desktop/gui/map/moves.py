"""From node to node by key: parent, child, the next in the column, the next sibling."""

from __future__ import annotations

from typing import Literal

from rlm_desktop.present.layout import Layout

Way = Literal["parent", "child", "up", "down", "sibling_before", "sibling_after"]


def step(layout: Layout, node: int, way: Way) -> int:
    """Return the node one goes to, the same where there is none. Without a node (-1) one starts at the first."""
    if not len(layout):
        return -1
    if node < 0:
        return 0
    if way == "parent":
        return max(int(layout.parent[node]), 0) if layout.parent[node] >= 0 else node
    if way == "child":
        children = layout.children(node)
        return int(children[0]) if len(children) else node
    other = node + (1 if way in ("down", "sibling_after") else -1)
    column = int(layout.column[node])
    if not layout.columns[column] <= other < layout.columns[column + 1]:
        return node
    if way in ("sibling_before", "sibling_after") and layout.parent[other] != layout.parent[node]:
        return node
    return other
