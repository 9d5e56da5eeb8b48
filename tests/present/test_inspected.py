"""What is known of a call, an iteration, a fan: as of the cursor, and nothing from beyond it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlm_desktop.present import numbers
from rlm_desktop.present.answer import Answers
from rlm_desktop.present.call_log import CallLog
from rlm_desktop.present.exchange import reply_passages, request_passages
from rlm_desktop.present.inspected import inspect_call, inspect_fan, inspect_iteration, inspect_run
from rlm_desktop.present.now import Now
from rlm_desktop.present.output import output_passages
from rlm_desktop.present.run_passages import run_passages
from rlm_desktop.present.site_calls import site_calls
from rlm_desktop.present.variables import variables_as_of
from rlm_desktop.trace.events import Limits
from rlm_desktop.trace.store import TraceStore
from tests.present.inspected_runs import cut_after, eventful
from tests.traces import interrupted, sample, unpriced


@pytest.fixture
def store(tmp_path: Path) -> TraceStore:
    return TraceStore.open(eventful(tmp_path / "t.rlmtrace"))


def at_end(store: TraceStore, *, is_over: bool = True) -> Now:
    return Now(store.columns, store.columns.as_of(len(store.columns) - 1), is_over=is_over)


def everything(store: TraceStore, seq: int) -> list[object]:
    now = Now(store.columns, store.columns.as_of(seq), is_over=False)
    log = CallLog(store, 0)
    found: list[object] = [Answers(store).as_of(seq, is_over=False), run_passages(store, seq, store.text), inspect_run(now)]
    if now.as_of.calls:
        found.append(inspect_call(now, 0))
    if now.as_of.calls > 1:
        found.append(inspect_fan(now, 1))
    for iteration in range(3):
        found.append(inspect_iteration(now, 0, iteration) if now.as_of.calls else None)
        found.append(request_passages(log, iteration, seq, store.text, Limits()))
        found.append(reply_passages(log, iteration, seq, store.text))
        found.append(output_passages(log, iteration, seq, store.text, Limits(), is_last=iteration == 2))
        found.append(variables_as_of(log, iteration, seq))
        found.append(site_calls(now, 0, iteration, 0) if now.as_of.calls else None)
    return found


def test_what_is_shown_at_the_cursor_is_what_a_trace_cut_there_shows(store: TraceStore, tmp_path: Path) -> None:
    for seq in [*range(20), *range(20, len(store.columns), 7), *range(len(store.columns) - 12, len(store.columns))]:
        assert everything(store, seq) == everything(cut_after(store, seq, tmp_path / f"cut{seq}.rlmtrace"), seq), seq


def test_an_iteration_counts_its_own_requests_and_in_total_all_that_hangs_on_it(store: TraceStore) -> None:
    now = at_end(store)
    facts = inspect_iteration(now, 0, 1)
    assert (facts.title, facts.place, facts.status) == ("Iteration 2", "root · gpt-5", "ok")
    assert facts.own.cost == "$0.0127"
    assert facts.own.input == numbers.tokens(7_900)
    below = sum(int(now.as_of.amounts["total_cost_pico"][call]) for call in now.children(0, 1)) / 1e12
    assert facts.total.cost == numbers.cost(0.0127 + below, digits=4)


def test_the_time_of_its_own_is_without_that_of_sub_calls(store: TraceStore) -> None:
    # 1 s until the first attempt failed, 2 s of waiting, 4 s until the reply; then only sub-calls were going on.
    assert inspect_iteration(at_end(store), 0, 1).own.time == numbers.duration(7.0)
    assert inspect_iteration(at_end(store), 0, 0).own.time == numbers.duration(3.0)


def test_the_totals_of_the_iterations_and_of_the_call_are_one_sum(store: TraceStore) -> None:
    now = at_end(store)
    amounts = now.as_of.amounts
    assert inspect_call(now, 0).total.cost == inspect_run(now).total.cost
    assert int(amounts["total_cost_pico"][0]) == int(amounts["self_cost_pico"].sum())


def test_a_failed_request_that_was_not_counted_has_no_figures(store: TraceStore) -> None:
    facts = inspect_call(at_end(store), 8)
    assert facts.status == "error"
    assert facts.own.cost == facts.own.input == numbers.NONE


def test_a_fan_says_how_many_and_from_which_line(store: TraceStore) -> None:
    facts = inspect_fan(at_end(store), 1)
    assert (facts.mark, facts.title, facts.place) == ("fan", "×30 llm_query", "line 3 · gpt-5-mini")


def test_unknown_prices_are_never_zero(tmp_path: Path) -> None:
    now = at_end(TraceStore.open(unpriced(tmp_path / "t.rlmtrace")))
    assert inspect_call(now, 1).total.cost == "$?"
    assert inspect_iteration(now, 0, 0).total.cost == "≥\u202f$0.0700 + ?"


def test_what_the_cursor_has_not_reached_is_not_yet(store: TraceStore) -> None:
    now = Now(store.columns, store.columns.as_of(3), is_over=False)
    assert inspect_iteration(now, 0, 2).status == "future"
    assert set(inspect_iteration(now, 0, 2).total) == {numbers.NOT_YET}


def test_a_run_whose_engine_died_is_interrupted(tmp_path: Path) -> None:
    now = at_end(TraceStore.open(interrupted(tmp_path / "t.rlmtrace")))
    assert inspect_run(now).status == "interrupted"
    assert inspect_iteration(now, 0, 0).status == "interrupted"


def test_each_line_says_what_it_made(store: TraceStore) -> None:
    fan, child = site_calls(at_end(store), 0, 1, 0)
    assert (fan.line, fan.words, fan.failed, fan.first, fan.fan) == (3, "×30 llm_query", 1, 1, 1)
    assert (child.line, child.words, child.mark, child.first, child.fan) == (5, "#31 rlm_query", "rlm", 31, None)


def test_a_line_that_makes_sub_calls_says_what_they_cost_so_far(tmp_path: Path) -> None:
    store = TraceStore.open(sample(tmp_path / "t.rlmtrace", width=40))
    first = int(store.columns.calls["started_seq"][1])
    (fan,) = site_calls(Now(store.columns, store.columns.as_of(first + 50), is_over=False), 0, 2, 0)
    assert (fan.words, fan.status) == ("×40 llm_query", "running")
    assert fan.cost not in (numbers.NONE, "$0")


def test_variables_are_those_of_the_last_block_that_ended(store: TraceStore) -> None:
    log, last = CallLog(store, 0), len(store.columns) - 1
    known = variables_as_of(log, 1, last)
    assert [v.name for v in known.variables] == ["pairs", "views"]
    assert (known.iteration, known.changed) == (1, frozenset({"views"}))
    in_batch = int(store.columns.calls["ended_seq"][5])
    before = variables_as_of(log, 1, in_batch)
    assert ([v.name for v in before.variables], before.iteration, before.changed) == (["pairs"], 0, frozenset())
