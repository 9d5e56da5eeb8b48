"""Boxes of the tree: what folds, what stays where it is, and that nothing touches."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.present.folding import CARD, FAN, PLAIN
from rlm_desktop.present.iteration_rows import IterationRows
from rlm_desktop.present.layout import PITCH_X, Layout, OpenList, Shape, lay_out
from rlm_desktop.present.stacking import GAP_Y, stack
from rlm_desktop.present.wires import Wires
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.columns import Columns
from rlm_desktop.trace.store import TraceStore
from tests import traces
from tests.present.trees import opened, tree_of


def layout_of(columns: Columns, shape: Shape | None = None) -> Layout:
    return lay_out(columns, IterationRows(columns), shape)


def check(layout: Layout) -> None:
    """Nothing touches, everything hangs below its parent's top, and every call is in at most one node."""
    for lo, hi in pairwise(layout.columns.tolist()):
        y, height = layout.y[lo:hi], layout.height[lo:hi]
        assert (y[1:] >= y[:-1] + height[:-1] + GAP_Y).all()
    hangs = np.flatnonzero(layout.parent >= 0)
    assert (layout.y[hangs] >= layout.y[layout.parent[hangs]]).all()
    assert (layout.column[hangs] == layout.column[layout.parent[hangs]] + 1).all()
    shown = np.concatenate([layout.calls_of(node) for node in range(len(layout))]) if len(layout) else np.zeros(0)
    assert len(set(shown.tolist())) == len(shown)


def test_the_sample_lies_as_in_the_design_picture(tmp_path: Path) -> None:
    layout = layout_of(opened(traces.sample, tmp_path).columns)
    assert layout.kind.tolist() == [CARD, FAN, CARD, CARD, FAN, FAN]
    assert layout.first.tolist() == [0, 1, 1205, 1206, 1207, 1213]
    assert layout.parent.tolist() == [-1, 0, 0, 0, 2, 3]
    assert layout.row.tolist() == [0, 2, 4, 4, 1, 1]
    assert layout.y[:4].tolist() == [0.0, 0.0, 216.0, 412.0]
    assert layout.y[4:].tolist() == layout.y[2:4].tolist(), "each fan stands level with the card that made it"
    check(layout)


def test_a_batch_has_its_size_from_its_first_call_on(tmp_path: Path) -> None:
    store = TraceStore(tmp_path / "t.rlmtrace")
    with traces.Scribe(store.path) as s:
        root = s.call()
        s.open_turn(root, 0, "llm_query_batched(prompts)")
        s.call(root, kind="llm", depth=1, at=(0, 0, 1), batch=ev.Batch(batch_id=0, index=0, size=500))
        store.append_lines(s.lines)
        first = layout_of(store.columns)
        done = len(s.lines)
        for i in range(1, 500):
            s.call(root, kind="llm", depth=1, at=(0, 0, 1), batch=ev.Batch(batch_id=0, index=i, size=500))
        store.append_lines(s.lines[done:])
    last = layout_of(store.columns)
    assert first.kind.tolist() == last.kind.tolist() == [CARD, FAN]
    assert first.y.tolist() == last.y.tolist() and first.height.tolist() == last.height.tolist()
    assert last.expected[1] == 500 and len(last.calls_of(1)) == 500


@pytest.mark.parametrize(("made", "kinds"), [(1, [PLAIN]), (2, [FAN]), (30, [FAN])])
def test_plain_calls_of_one_line_fold_from_two_on(tmp_path: Path, made: int, kinds: list[int]) -> None:
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        root = s.call()
        s.open_turn(root, 0, "for p in parts:\n    llm_query(p)")
        for _ in range(made):
            s.call(root, kind="llm", depth=1, at=(0, 0, 2))
    layout = layout_of(TraceStore.open(s.path).columns)
    assert layout.kind.tolist() == [CARD, *kinds]


def test_a_plain_call_that_is_joined_by_others_keeps_its_size(tmp_path: Path) -> None:
    heights = []
    for made in (1, 2, 19):
        with traces.Scribe(tmp_path / f"{made}.rlmtrace") as s:
            root = s.call()
            s.open_turn(root, 0, "llm_query(p)")
            for _ in range(made):
                s.call(root, kind="llm", depth=1, at=(0, 0, 1))
        heights.append(float(layout_of(TraceStore.open(s.path).columns).height[1]))
    assert heights[0] == heights[1] == heights[2]


def test_rlm_calls_of_one_line_are_cards_up_to_eight_and_the_rest_a_fan(tmp_path: Path) -> None:
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        root = s.call()
        s.open_turn(root, 0, "rlm_query(p)")
        for _ in range(12):
            s.call(root, depth=1, at=(0, 0, 1))
    columns = TraceStore.open(s.path).columns
    layout = layout_of(columns)
    assert layout.kind.tolist() == [CARD] * 9 + [FAN]
    assert layout.calls_of(9).tolist() == [9, 10, 11, 12]
    unfolded = layout_of(columns, Shape(unfolded=frozenset({9})))
    assert unfolded.kind.tolist() == [CARD] * 13
    check(unfolded)


def test_a_large_batch_of_rlm_calls_folds_from_its_first_call_on(tmp_path: Path) -> None:
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        root = s.call()
        s.open_turn(root, 0, "rlm_query_batched(p)")
        s.call(root, depth=1, at=(0, 0, 1), batch=ev.Batch(batch_id=0, index=0, size=9))
    assert layout_of(TraceStore.open(s.path).columns).kind.tolist() == [CARD, FAN]


def test_several_roots_stand_below_one_another(tmp_path: Path) -> None:
    layout = layout_of(opened(traces.forest, tmp_path).columns)
    assert layout.columns.tolist() == [0, 2, 4]
    check(layout)


def test_what_is_opened_folded_and_focused_shows_in_the_boxes(tmp_path: Path) -> None:
    columns = opened(traces.sample, tmp_path).columns
    plain = layout_of(columns)
    listed = layout_of(columns, Shape(opened={1: OpenList(failed_only=False)}))
    failures = layout_of(columns, Shape(opened={1: OpenList(failed_only=True)}))
    assert listed.height[1] > failures.height[1] > plain.height[1]
    folded = layout_of(columns, Shape(collapsed=frozenset({1206})))
    assert folded.first.tolist() == [0, 1, 1205, 1206, 1207]
    assert folded.node_of[1213] == -1
    focused = layout_of(columns, Shape(root=1206))
    assert focused.first.tolist() == [1206, 1213]
    alone = layout_of(columns, Shape(root=700))
    assert alone.kind.tolist() == [PLAIN] and alone.calls_of(0).tolist() == [700]


def test_boxes_only_move_down_and_keep_their_order_while_a_run_grows(tmp_path: Path) -> None:
    lines = traces.bush(tmp_path / "t.rlmtrace", deepest=3, branches=3).read_bytes().splitlines(keepends=True)
    store = TraceStore(tmp_path / "t.rlmtrace")
    before: dict[int, tuple[int, float]] = {}
    order: list[int] = []
    for start in range(0, len(lines), 97):
        store.append_lines(lines[start : start + 97])
        layout = layout_of(store.columns)
        check(layout)
        now = {int(c): (int(layout.column[i]), float(layout.y[i])) for i, c in enumerate(layout.first)}
        for call, (column, y) in before.items():
            assert now[call][0] == column and now[call][1] >= y
        kept = [call for call in layout.first.tolist() if call in before]
        assert kept == order
        before, order = now, layout.first.tolist()


def test_a_point_finds_its_node_and_a_gap_finds_none(tmp_path: Path) -> None:
    layout = layout_of(opened(traces.sample, tmp_path).columns)
    for node in range(len(layout)):
        box = layout.box(node)
        assert layout.node_at(box.x + 1, box.y + 1) == node
        assert layout.node_at(box.x + box.w - 1, box.y + box.h - 1) == node
    assert layout.node_at(300, 10) == layout.node_at(PITCH_X, 205) == layout.node_at(-5, 5) == layout.node_at(10, 1e9) == -1


def test_edges_leave_the_row_that_made_the_call(tmp_path: Path) -> None:
    layout = layout_of(opened(traces.sample, tmp_path).columns)
    wires = Wires(layout)
    assert wires.start_y[1] == 34 + 24 + 38 * 2.5
    assert wires.end_y[1] == 17
    assert set(wires.visible(1, 0, 100).tolist()) == {1}
    assert set(wires.visible(1, 0, 500).tolist()) == {1, 2, 3}


def test_of_a_thousand_edges_that_only_pass_by_two_are_painted(tmp_path: Path) -> None:
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        root = s.call()
        s.open_turn(root, 0, "…")
        for line in range(1_000):
            s.call(root, kind="llm", depth=1, at=(0, 0, line))
    wires = Wires(layout_of(TraceStore.open(s.path).columns))
    assert len(wires.visible(1, 50_000, 50_500)) <= 7


def test_a_row_that_a_foreign_trace_leaves_out_is_found_by_its_number(tmp_path: Path) -> None:
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        root = s.call()
        s.turn(root, 3, "a")
        s.open_turn(root, 900_000, "b")
        s.call(root, kind="llm", depth=1, at=(900_000, 0, 1))
    layout = layout_of(TraceStore.open(s.path).columns)
    assert layout.row[1] == 1


def test_numbers_too_large_for_one_key_still_fold(tmp_path: Path) -> None:
    top = 2**31 - 1
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        root = s.call()
        s.asked(root, top)
        for _ in range(3):
            s.call(root, kind="llm", depth=1, at=(top, top, top))
    assert layout_of(TraceStore.open(s.path).columns).kind.tolist() == [CARD, FAN]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from([102.0, 178.0, 300.0])), min_size=1, max_size=60))
def test_nodes_of_any_tree_stand_apart_below_their_parents_and_level_with_their_first_child(made: list[tuple[int, float]]) -> None:
    parents = [-1] + [pick % (i + 1) for i, (pick, _) in enumerate(made[1:])]
    levels: list[list[int]] = [[0]]
    while levels[-1]:
        levels.append([child for parent in levels[-1] for child, p in enumerate(parents) if p == parent])
    order = [node for level in levels for node in level]
    place = {node: i for i, node in enumerate(order)}
    parent = np.array([place[parents[node]] if parents[node] >= 0 else -1 for node in order])
    starts = np.r_[0, np.cumsum([len(level) for level in levels[:-1]])]
    height = np.array([made[node][1] for node in order])
    y = stack(height, parent, starts)
    for lo, hi in pairwise(starts.tolist()):
        assert (y[lo + 1 : hi] >= y[lo : hi - 1] + height[lo : hi - 1] + GAP_Y).all()
    first = [i for i in range(1, len(order)) if parent[i] != parent[i - 1] or i in starts]
    assert (y[1:] >= y[parent[1:]]).all()
    assert (y[first] == y[parent[first]]).all()


def test_a_wide_batch_is_two_nodes_and_every_call_is_in_one(tmp_path: Path) -> None:
    columns = TraceStore.open(traces.wide(tmp_path / "t.rlmtrace", 5_000, failed=(7,))).columns
    layout = layout_of(columns)
    assert len(layout) == 2 and layout.failed[1] == 1
    assert (layout.node_of[1:] == 1).all()


def test_an_empty_trace_has_no_boxes(tmp_path: Path) -> None:
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        pass
    tree = tree_of(TraceStore.open(s.path))
    assert len(tree.layout) == 0 and tree.layout.size() == (0.0, 0.0)
    assert len(tree.counts.active) == 0
