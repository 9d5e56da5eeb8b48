"""The tree of a run as text: what it says, how wide and how long it gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rlm_desktop.present.call_tree import call_tree, figures
from rlm_desktop.present.cells import cells
from rlm_desktop.present.first_lines import FirstLines
from rlm_desktop.trace.columns import Columns
from rlm_desktop.trace.store import TraceStore
from tests import traces


def tree_of(path: Path, *, width: int = 100, height: int = 100) -> list[str]:
    store = TraceStore.open(path)
    return call_tree(store.columns, FirstLines(store).code, width=width, height=height)


def test_a_run_is_its_iterations_with_the_calls_that_each_made(tmp_path: Path) -> None:
    assert tree_of(traces.sample(tmp_path / "a.rlmtrace", width=30)) == [
        "✓ root",
        "├ ✓ 1  for name, text in context.items():",
        "├ ✓ 2  clauses = {n: split_clauses(t) for n, t in context.items()}",
        "├ ✓ 3  prompts = [ASK.format(old=a, new=b)",
        "│ └ ×30 llm_query  ✓ 29 ✗ 1",
        '├ ✓ 4  answer["content"] = draft(topics)',
        "├ ✓ 5  checks = rlm_query_batched(doubtful)",
        "│ └ ×2 rlm_query  ✓ 2",
        "│   ├ ✓ rlm_query #31",
        '│   │ ├ ✓ 1  hits = find(context, r"indemnif")',
        "│   │ ├ ✓ 2  parts = cut(hits)",
        "│   │ │ └ ×6 llm_query  ✓ 6",
        '│   │ └ ✓ 3  answer["ready"] = True',
        "│   └ ✓ rlm_query #32",
        "│     ├ ✓ 1  print(section(context, 14)[:2000])",
        "│     └ ✓ 2  caps = llm_query_batched(carve_outs)",
        "│       └ ×18 llm_query  ✓ 18",
        '└ ✓ 6  answer["ready"] = True',
    ]


def test_a_fan_under_way_counts_what_is_still_to_come(tmp_path: Path) -> None:
    lines = tree_of(traces.sample(tmp_path / "a.rlmtrace", width=30, until="last_fan"))
    assert lines[0] == "… root"
    (fan,) = (line for line in lines if "×18" in line)
    assert fan.endswith("×18 llm_query  ✓ 12 … 6")


def test_every_prefix_of_a_run_has_a_tree_that_ends_with_what_happens_now(tmp_path: Path) -> None:
    path = traces.sample(tmp_path / "a.rlmtrace", width=30)
    store, first = TraceStore(path), FirstLines(TraceStore.open(path))
    for line in path.read_bytes().splitlines(keepends=True):
        store.append_lines([line])
        lines = call_tree(store.columns, first.code, width=60, height=12)
        assert len(lines) <= 12 and all(cells(line) <= 60 for line in lines)
    assert lines[-1] == '└ ✓ 6  answer["ready"] = True'


@pytest.mark.parametrize("make", [traces.deep, traces.wide, traces.hostile, traces.forest, traces.all_failed, traces.interrupted])
@pytest.mark.parametrize(("width", "height"), [(39, 10), (12, 3), (3, 2), (1, 1)])
def test_no_run_is_too_wide_or_too_long(make: Callable[[Path], Path], width: int, height: int, tmp_path: Path) -> None:
    lines = tree_of(make(tmp_path / "a.rlmtrace"), width=width, height=height)
    assert 1 <= len(lines) <= height
    assert all(cells(line) <= width and line.isprintable() for line in lines)


def test_of_a_tree_that_is_too_long_the_root_and_the_latest_lines_stay(tmp_path: Path) -> None:
    path = traces.deep(tmp_path / "a.rlmtrace")
    whole, short = tree_of(path), tree_of(path, height=10)
    assert short[0] == whole[0] and short[2:] == whole[-8:]
    assert short[1] == f"  … {len(whole) - 9} lines more"


def test_a_failed_call_and_a_run_that_was_cut_off_are_marked(tmp_path: Path) -> None:
    failed = tree_of(traces.all_failed(tmp_path / "a.rlmtrace"))
    assert failed[0] == "✗ root" and failed[-1].endswith("×40 llm_query  ✗ 40")
    cut_off = tree_of(traces.interrupted(tmp_path / "b.rlmtrace"))
    assert cut_off[-1].endswith("×60 llm_query  ✓ 30 … 30")


def test_the_figures_are_one_line_of_plain_characters(tmp_path: Path) -> None:
    columns = TraceStore.open(traces.sample(tmp_path / "a.rlmtrace")).columns
    assert figures(columns) == "1,231 calls · 875 k tokens · $0.429 · 4:12"
    assert figures(Columns()).startswith("0 calls · 0 tokens")
