"""What cards and fans say: as of the cursor, unknown as unknown, any text on one line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from rlm_desktop.present.bars import bar_facts
from rlm_desktop.present.cards import card_facts, plain_facts
from rlm_desktop.present.fans import fan_facts
from rlm_desktop.present.first_lines import UNREADABLE, one_line
from rlm_desktop.present.layout import OpenList
from rlm_desktop.present.standing import count_nodes
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.events import Batch, CallStarted
from rlm_desktop.trace.store import TraceStore
from tests import traces
from tests.present.trees import opened, tree_of


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> TraceStore:
    return TraceStore.open(traces.sample(tmp_path_factory.mktemp("live") / "t.rlmtrace", until="last_fan"))


def test_a_card_says_its_figures_and_its_iterations(live: TraceStore) -> None:
    facts = card_facts(tree_of(live, is_over=False), 0)
    assert (facts.title, facts.words, facts.status) == ("root", "gpt-5", "waiting")
    assert facts.self_cost == "$0.070" and facts.total_cost.startswith("$0.4")
    assert [row.number for row in facts.rows] == [1, 2, 3, 4, 5]
    assert facts.rows[0].code == "for name, text in context.items():"
    assert facts.rows[0].output.startswith("msa_2023.pdf 812,440")
    assert [row.status for row in facts.rows] == ["ok"] * 4 + ["waiting"]
    assert facts.rows[4].output == "waiting for 1 of 2 children"


def test_the_rows_of_a_card_add_up_to_its_total(live: TraceStore) -> None:
    facts = card_facts(tree_of(live, is_over=False), 0)
    assert sum(float(row.cost[1:]) for row in facts.rows) == pytest.approx(float(facts.total_cost[1:]), abs=0.003)


def test_a_child_is_named_by_what_it_was_asked_and_a_fan_by_its_size(live: TraceStore) -> None:
    tree = tree_of(live, is_over=False)
    child, fan = card_facts(tree, 3), fan_facts(tree, 1)
    assert (child.title, child.words) == ("#1206", "Is the cap of clause 14 per year or in total?")
    assert child.rows[1].output == "12 of 18 replies"
    assert (fan.expected, fan.title, fan.words, fan.line) == (1_204, "llm_query", "gpt-5-mini", "3")
    assert (fan.tally.ok, fan.tally.failed, fan.status) == (1_203, 1, "ok")
    assert fan.failure == "#878  rate limited, gave up after 5 tries"
    assert fan.histogram is not None and fan.histogram.of == "cost" and max(fan.histogram.bars) == 1.0


def test_a_small_fan_has_a_cell_for_each_call_in_order(live: TraceStore) -> None:
    fan = fan_facts(tree_of(live, is_over=False), 5)
    assert fan.cells == ("ok",) * 12 + ("running",) * 4 + ("queued",) * 2
    assert fan.histogram is None and fan.status == "running"


def test_scrubbed_back_everything_is_as_of_the_cursor(live: TraceStore) -> None:
    tree = tree_of(live, seq=2_171)
    root, fan = card_facts(tree, 0), fan_facts(tree, 1)
    assert [row.status for row in root.rows] == ["ok", "ok", "waiting", "future", "future"]
    assert root.rows[2].output == f"{fan.tally.ok} of 1,204 replies"
    assert 0 < fan.tally.ok < 1_203 and fan.tally.running > 0 and fan.failure == "" and fan.status == "running"
    assert fan.tally.ok + fan.tally.running + fan.tally.queued == 1_204
    assert [tree.is_future(node) for node in range(6)] == [False, False, True, True, True, True]
    assert tree.counts.started.tolist() == [1, 1_204, 0, 0, 0, 0]


def test_before_the_first_reply_nothing_is_claimed(live: TraceStore) -> None:
    started = int(live.columns.seqs_of_type(EVENT_CODE[CallStarted])[0])
    root = card_facts(tree_of(live, seq=started), 0)
    assert (root.status, root.total_cost, root.self_cost) == ("queued", "…", "…")
    tree = tree_of(live, seq=int(live.columns.calls["started_seq"][1]))
    fan = fan_facts(tree, 1)
    assert (fan.status, fan.total_cost, fan.p95, fan.histogram) == ("queued", "…", "…", None)
    assert fan.tally.queued == 1 and fan.tally.to_come == 1_203


def test_an_unknown_price_is_never_zero_and_the_histogram_turns_to_time(tmp_path: Path) -> None:
    tree = tree_of(opened(traces.unpriced, tmp_path))
    fan, root = fan_facts(tree, 1), card_facts(tree, 0)
    assert fan.total_cost == "$?" and fan.histogram is not None and fan.histogram.of == "time"
    assert fan.histogram.p50.endswith("s")
    assert root.total_cost == "≥\u202f$0.0700 + ?" and root.self_cost == "$0.0700"
    assert root.rows[0].cost == "≥\u202f$0.0700 + ?"


def test_many_failures_are_grouped_by_reason(tmp_path: Path) -> None:
    tree = tree_of(opened(traces.all_failed, tmp_path))
    fan = fan_facts(tree, 1, OpenList(failed_only=True))
    assert fan.failure == "40 failed: 14 rate limited, 13 timed out after 60 s, 13 other"
    assert fan.status == "error" and fan.tally.failed == 40
    assert fan.opened is not None and fan.opened.count == 40 and len(fan.opened.rows) == 12
    root = card_facts(tree, 0)
    assert root.rows[0].status == "error" and root.rows[0].output == "SubCallError: every call failed"
    assert bar_facts(tree, 1).has_failed


def test_the_pages_of_an_open_fan_hold_every_call_once(live: TraceStore) -> None:
    tree = tree_of(live, is_over=False)
    seen: list[int] = []
    for page in range(101):
        opened_list = fan_facts(tree, 1, OpenList(failed_only=False, page=page)).opened
        assert opened_list is not None
        seen.extend(member.call for member in opened_list.rows)
    assert seen == list(range(1, 1_205))


def test_what_an_interrupted_run_left_open_is_interrupted_only_at_its_end(tmp_path: Path) -> None:
    store = opened(traces.interrupted, tmp_path)
    at_end = tree_of(store)
    assert card_facts(at_end, 0).status == "interrupted"
    assert fan_facts(at_end, 1).tally.interrupted == 30 and fan_facts(at_end, 1).status == "interrupted"
    assert card_facts(tree_of(store, seq=len(store.columns) - 2), 0).status == "waiting"
    assert card_facts(tree_of(store, is_over=False), 0).status == "waiting"


def test_calls_of_a_batch_that_will_never_start_are_not_queued(tmp_path: Path) -> None:
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        root = s.call()
        s.open_turn(root, 0, "llm_query_batched(p)")
        s.batch(root, traces.items(3), at=(0, 0, 1))
        # The limit on calls cut a batch of 50 after its first.
        call = s.call(root, kind="llm", depth=1, at=(0, 1, 1), batch=Batch(batch_id=9, index=0, size=50))
        s.asked(call)
        s.end_plain(call, traces.Item())
        s.printed(root, 0, "", stderr="LimitError: no calls are left")
        s.ended(root, "limit")
        s.run_ended("limit")
    fan = fan_facts(tree_of(TraceStore.open(s.path)), 2)
    assert (fan.tally.ok, fan.tally.never, fan.tally.to_come, fan.status) == (1, 49, 0, "ok")


def test_a_lone_plain_call_says_what_it_was_asked_and_answered(tmp_path: Path) -> None:
    tree = tree_of(opened(traces.deep, tmp_path))
    node = next(n for n in range(len(tree.layout)) if tree.layout.kind[n] == 1)
    facts = plain_facts(tree, node)
    assert (facts.prompt, facts.reply, facts.status) == ("Sum up this view.", "SAME", "ok")


def test_a_forest_numbers_its_roots(tmp_path: Path) -> None:
    tree = tree_of(opened(traces.forest, tmp_path))
    assert [card_facts(tree, node).title for node in (0, 1)] == ["root 1", "root 2"]


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [line for item in inside for line in _strings(item)]


def test_hostile_texts_become_one_harmless_line(tmp_path: Path) -> None:
    tree = tree_of(opened(traces.hostile, tmp_path))
    fan = fan_facts(tree, 2, OpenList(failed_only=False))
    shown = [dataclasses.asdict(card_facts(tree, 0)), dataclasses.asdict(card_facts(tree, 1)), dataclasses.asdict(fan)]
    lines = _strings(shown)
    assert any("bold" in line for line in lines)
    assert all(len(line) <= 200 and not set(line) & set("\u202e\x00\x1b\u2028\n") for line in lines)
    assert len(card_facts(tree, 0).rows[1].code) <= 160


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""), ("\n\n  \n", ""), ("\n  a\tb  \nc", "a b"), ("x" * 1_000_000, "x" * 160), ("a\u2028b", "a"),
        ("\u202eabc", "‹RLO›abc"), ("a\rb", "a"), ("\x1b[31mred", "‹ESC›[31mred"), (" " * 10_000 + "late", ""),
    ],
)  # fmt: skip
def test_the_first_line_is_cut_and_safe(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_trace_that_is_cut_off_while_it_is_shown_keeps_its_figures(tmp_path: Path) -> None:
    store = opened(traces.unpriced, tmp_path)
    store.path.write_bytes(b"")
    facts = card_facts(tree_of(store), 0)
    assert facts.rows[0].code == UNREADABLE and facts.self_cost == "$0.0700"


def test_a_trace_that_is_removed_while_it_is_shown_keeps_its_figures(tmp_path: Path) -> None:
    store = opened(traces.unpriced, tmp_path)
    store.path.unlink()
    facts = card_facts(tree_of(store), 0)
    assert facts.rows[0].code == UNREADABLE and facts.self_cost == "$0.0700"


def test_a_row_counts_the_calls_of_batches_that_have_not_all_started(tmp_path: Path) -> None:
    with traces.Scribe(tmp_path / "t.rlmtrace") as s:
        root = s.call()
        s.open_turn(root, 0, "…")
        s.batch(root, traces.items(5), at=(0, 0, 1))
        s.call(root, kind="llm", depth=1, at=(0, 0, 2), batch=Batch(batch_id=7, index=0, size=10))
        s.call(root, kind="llm", depth=1, at=(0, 0, 3))
    assert card_facts(tree_of(TraceStore.open(s.path), is_over=False), 0).rows[0].output == "5 of 16 replies"


def test_counts_of_nodes_agree_with_their_tallies(live: TraceStore) -> None:
    tree = tree_of(live, seq=3_000, is_over=False)
    counts = count_nodes(tree.layout, tree.stand)
    for node in range(len(tree.layout)):
        tally = tree.tally(node)
        assert counts.failed[node] == tally.failed
        assert counts.active[node] == tally.running + tally.queued
