"""The tree that the canvas shows, kept up with the run, and what the person opened, folded or focused in it."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from rlm_desktop.gui.map.drawing import NOTHING, Chosen
from rlm_desktop.gui.map.facts import Facts
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.gui.selection import Chosen as ChosenInRun
from rlm_desktop.present.first_lines import FirstLines
from rlm_desktop.present.folding import CARD, FAN
from rlm_desktop.present.iteration_rows import IterationRows
from rlm_desktop.present.layout import OpenList, Shape, lay_out, list_rows
from rlm_desktop.present.standing import ERROR, LIMIT
from rlm_desktop.present.tree import Tree
from rlm_desktop.present.wires import Wires
from rlm_desktop.trace.codes import STATUS_CODE
from rlm_desktop.trace.commands import TextStreamed

_REST_FACTOR = 6.0
"""After a layout that took t, the next waits this many times t: a huge live run leaves most of each second to the rest."""


class Scene:
    """One run's tree. `refresh` takes up what has changed; it says whether boxes moved."""

    def __init__(self, run: RunModel) -> None:
        self.run = run
        self.shape = Shape()
        self.facts = Facts()
        self._lines = FirstLines(run.store)
        self._rows = IterationRows(run.columns)
        self._stamp: tuple[int, int, int] | None = None
        self._rest_until = 0.0
        self._streamed: dict[int, tuple[int, int]] = {}
        self._below: dict[tuple[int, int], int] = {}
        self.version = 0
        """Rises with every layout."""
        self._lay_out(self._measure())

    @property
    def needs_layout(self) -> bool:
        """True when the trace has outgrown the layout and the time for the next has not come."""
        return self._measure() != self._stamp

    def refresh(self, *, at_once: bool = False) -> bool:
        stamp = self._measure()
        has_moved = stamp != self._stamp and (at_once or time.perf_counter() >= self._rest_until)
        if has_moved:
            self._lay_out(stamp)
        else:
            self._show()
        return has_moved

    def reshape(self, shape: Shape) -> None:
        self.shape = shape
        self._lay_out(self._measure())

    def _measure(self) -> tuple[int, int, int]:
        calls = self.run.columns.calls
        status = calls["status"]
        # A fan's first failure gives it a row.
        failed = int(np.count_nonzero((status == STATUS_CODE["error"]) | (status == STATUS_CODE["limit"])))
        return len(calls), len(self.run.columns.rows), failed

    def _lay_out(self, stamp: tuple[int, int, int]) -> None:
        started = time.perf_counter()
        self._rows = IterationRows(self.run.columns)
        self.layout = lay_out(self.run.columns, self._rows, self.shape)
        self.wires = Wires(self.layout)
        self._stamp = stamp
        self.version += 1
        self._show()
        self._rest_until = time.perf_counter() + _REST_FACTOR * (time.perf_counter() - started)

    def _show(self) -> None:
        is_over = self.run.status != "running"
        self.tree = Tree(self.run.columns, self._lines, self._rows, self.layout, self.run.as_of(), is_over=is_over, streamed=self._streamed)
        self.facts.show()

    def take_piece(self, piece: TextStreamed) -> None:
        """Count what a model has sent so far of a reply."""
        iteration, chars = self._streamed.get(piece.call_id, (piece.iteration, 0))
        self._streamed[piece.call_id] = piece.iteration, len(piece.text) + (chars if iteration == piece.iteration else 0)

    # What is chosen

    def node_of(self, call: int) -> int:
        """Return the node that shows a call, or the nearest above it that is shown; -1 if none is."""
        parent, node_of = self.run.columns.calls["parent"], self.layout.node_of
        while 0 <= call < len(parent):
            if call < len(node_of) and node_of[call] >= 0:
                return int(node_of[call])
            call = int(parent[call])
        return -1

    def chosen_node(self, chosen: ChosenInRun) -> int:
        if chosen.fan is not None:
            return self.node_of(chosen.fan)
        return -1 if chosen.call_id is None else self.node_of(chosen.call_id)

    def chosen_call(self, chosen: ChosenInRun) -> int | None:
        """Return the one call that is chosen, None when it is a fan or nothing."""
        return chosen.call_id if chosen.fan is None else None

    def chosen_part(self, chosen: ChosenInRun, node: int) -> Chosen:
        """Return what of the chosen `node` is chosen."""
        if chosen.fan is not None or chosen.call_id is None:
            return NOTHING
        if self.layout.kind[node] == CARD and chosen.iteration is not None and self.layout.first[node] == chosen.call_id:
            return Chosen(row=chosen.iteration + 1)
        return Chosen(member=chosen.call_id) if self.layout.kind[node] == FAN else NOTHING

    def choice_of(self, node: int) -> ChosenInRun:
        """Return what is chosen when the person chooses a node."""
        first = int(self.layout.first[node])
        calls = self.run.columns.calls
        if self.layout.kind[node] != FAN:
            return ChosenInRun(call_id=first)
        return ChosenInRun(call_id=int(calls["parent"][first]), iteration=int(calls["site_iteration"][first]), fan=first)

    def iteration_at(self, node: int, place: int) -> int | None:
        """Return which iteration the row at `place` of a card is, None when it has not begun."""
        rows = self.run.columns.rows_of(int(self.layout.first[node]))
        return int(self.run.columns.rows["iteration"][rows[place]]) if place < len(rows) else None

    # What is open

    def opened(self, node: int) -> OpenList | None:
        return self.shape.opened.get(int(self.layout.first[node]))

    def open_list(self, node: int, opened: OpenList | None) -> None:
        name = int(self.layout.first[node])
        others = {key: value for key, value in self.shape.opened.items() if key != name}
        self.reshape(replace(self.shape, opened=others if opened is None else {**others, name: opened}))

    def members(self, node: int) -> list[int]:
        """Return the calls that the list of a fan holds: all, or those that failed as of the cursor."""
        calls = self.layout.calls_of(node)
        opened = self.opened(node)
        if opened is not None and opened.failed_only:
            stand = self.tree.stand[calls]
            calls = calls[(stand == ERROR) | (stand == LIMIT)]
        found: list[int] = calls.tolist()
        return found

    def member_at(self, node: int, place: int) -> int | None:
        """Return the call at a place of the page that an open fan shows."""
        opened = self.opened(node)
        if opened is None:
            return None
        members = self.members(node)
        first, end = list_rows(len(members), opened)
        return members[first + place] if first + place < end else None

    def turn_page(self, node: int, by: int) -> None:
        opened = self.opened(node)
        if opened is not None:
            count = len(self.members(node))
            last = list_rows(count, OpenList(opened.failed_only, 2**31))[0]
            page = max(0, opened.page + by)
            self.open_list(node, opened._replace(page=page if list_rows(count, opened._replace(page=page))[0] <= last else opened.page))

    def toggle_children(self, node: int) -> None:
        """Show or hide what hangs on a card."""
        call = int(self.layout.first[node])
        collapsed = self.shape.collapsed ^ {call}
        self.reshape(replace(self.shape, collapsed=frozenset(collapsed)))

    def toggle_all_below(self, node: int) -> None:
        """Show everything below a node, fans of RLM calls as cards; if nothing was hidden, hide the children of all cards below it."""
        below = self._nodes_below(node)
        calls = {int(self.layout.first[n]) for n in below if self.layout.kind[n] == CARD}
        rlm_fans = {int(self.layout.first[n]) for n in below if self.layout.kind[n] == FAN and self.tree.fan_is_rlm(n)}
        unfolded_in = {name for name in self.shape.unfolded if self.node_of(name) in below}
        if calls & self.shape.collapsed or rlm_fans:
            collapsed, unfolded = self.shape.collapsed - calls, self.shape.unfolded | rlm_fans
        else:
            collapsed, unfolded = self.shape.collapsed | (calls - {int(self.layout.first[node])}), self.shape.unfolded - unfolded_in
        self.reshape(replace(self.shape, collapsed=frozenset(collapsed), unfolded=frozenset(unfolded)))

    def hidden_below(self, node: int) -> int:
        """Return how many calls are below a call that is folded."""
        call, calls = int(self.layout.first[node]), self.run.columns.calls
        key = (call, len(calls))
        if key not in self._below:
            parent = calls["parent"]
            is_below = np.zeros(len(parent), bool)
            front = np.array([call])
            while len(front):
                front = np.flatnonzero(np.isin(parent, front))
                is_below[front] = True
            self._below = {**{k: v for k, v in self._below.items() if k[1] == len(calls)}, key: int(is_below.sum())}
        return self._below[key]

    def _nodes_below(self, node: int) -> set[int]:
        found, front = {node}, [node]
        while front:
            front = [child for parent in front for child in self.layout.children(parent).tolist()]
            found.update(front)
        return found

    def focus(self, call: int | None) -> None:
        """Show only a call and what is below it; None shows everything."""
        # To ask for what is below a call is to unfold it.
        self.reshape(replace(self.shape, root=call, collapsed=self.shape.collapsed - {call}))
