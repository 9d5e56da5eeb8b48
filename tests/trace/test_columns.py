from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.trace import events as ev
from rlm_desktop.trace.codec import Line, TraceFormatError, decode
from rlm_desktop.trace.codes import AMOUNTS, usd
from rlm_desktop.trace.columns import Columns
from rlm_desktop.trace.events import Entry
from tests.traces import sample

TABLES = ("events", "calls", "charges", "rows")


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[Line | Entry]:
    path = sample(tmp_path_factory.mktemp("trace") / "sample.rlmtrace")
    return [decode(line) for line in path.read_bytes().splitlines()]


def same(one: Columns, other: Columns) -> bool:
    return all(
        np.array_equal(getattr(one, table)[name], getattr(other, table)[name], equal_nan=getattr(one, table)[name].dtype.kind == "f")
        for table in TABLES
        for name in getattr(one, table).names
    )


def columns_of(entries: list[Line | Entry], sizes: list[int] | None = None) -> Columns:
    columns, at = Columns(), 0
    for size in sizes or []:
        columns.append(entries[at : at + size])
        at += size
    columns.append(entries[at:])
    return columns


@settings(max_examples=25, deadline=None)
@given(sizes=st.lists(st.integers(0, 400), max_size=12), end=st.integers(0, 6_000))
def test_columns_built_piece_by_piece_equal_columns_built_at_once(entries: list[Line | Entry], sizes: list[int], end: int) -> None:
    assert same(columns_of(entries[:end], sizes), columns_of(entries[:end]))


def test_one_event_at_a_time_too(entries: list[Line | Entry]) -> None:
    assert same(columns_of(entries[:700], [1] * 700), columns_of(entries[:700]))


@settings(max_examples=25, deadline=None)
@given(end=st.integers(0, 6_000))
def test_as_of_an_entry_equals_the_columns_of_the_entries_up_to_it(entries: list[Line | Entry], end: int) -> None:
    whole, part = columns_of(entries), columns_of(entries[: end + 1])
    seen = whole.as_of(min(end, len(entries) - 1))
    now = part.as_of(len(part) - 1)
    assert seen.calls == now.calls == len(part.calls)
    assert np.array_equal(seen.status, now.status)
    for name in AMOUNTS:
        for scope in ("self", "total"):
            assert np.array_equal(seen.amounts[f"{scope}_{name}"], now.amounts[f"{scope}_{name}"])


def test_the_total_of_a_subtree_is_the_sum_of_its_parts_and_exact(entries: list[Line | Entry]) -> None:
    calls = columns_of(entries).calls
    parent = calls["parent"]
    for call in range(0, len(parent), 97):
        below = {call}
        for other in range(call + 1, len(parent)):
            if parent[other] in below:
                below.add(other)
        summed = math.fsum(usd(calls["self_cost_pico"][i]) for i in below)
        assert usd(calls["total_cost_pico"][call]) == pytest.approx(summed, rel=1e-12)


def numbered(*events: ev.KnownEvent) -> list[Entry]:
    return [Entry(i, 0.0, event) for i, event in enumerate(events)]


def start(call_id: int, parent_id: int | None = None, kind: str = "rlm") -> ev.CallStarted:
    return ev.CallStarted(call_id=call_id, kind=kind, depth=0 if parent_id is None else 1, model="m", prompt="p", parent_id=parent_id)  # type: ignore[arg-type]


def asked(call_id: int, iteration: int = 0) -> ev.ModelAsked:
    return ev.ModelAsked(call_id=call_id, iteration=iteration)


@pytest.mark.parametrize(
    ("events", "law"),
    [
        ([start(1)], "Call 0 should start"),
        ([start(0), start(0)], "Call 1 should start"),
        ([start(0, parent_id=0)], "which is not running"),
        ([start(0), start(1, parent_id=5)], "which is not running"),
        ([start(0), ev.CallEnded(call_id=0, status="ok"), start(1, parent_id=0)], "which is not running"),
        ([ev.CallEnded(call_id=0, status="ok")], "is not running"),
        ([start(0), ev.CallEnded(call_id=0, status="ok"), ev.CallEnded(call_id=0, status="ok")], "is not running"),
        ([start(0), start(1, parent_id=0), start(2, parent_id=1)], "Call 2 is no deeper than call 1, which made it"),
        ([start(0), start(1, parent_id=0), ev.CallEnded(call_id=0, status="ok")], "ends before a call it made"),
        ([start(0), ev.ModelReplied(call_id=0, iteration=0, response="x")], "was not asked"),
        ([start(0, kind="llm"), ev.ModelReplied(call_id=0, iteration=0, response="x")], "was not asked"),
        ([start(0), ev.CodeEnded(call_id=0, iteration=0, block=0)], "was not asked"),
        ([start(0), asked(0), ev.CodeEnded(call_id=0, iteration=0, block=0)], "without having started"),
        ([start(0), asked(0, 3), asked(0, 2)], "goes back"),
        ([ev.CodeStarted(call_id=4, iteration=0, block=0, code="x")], "has not started"),
        ([ev.TextPart(text_id=1, part=0, text="x")], "out of its order"),
        ([ev.TextPart(text_id=0, part=1, text="x")], "out of its order"),
        ([ev.RunEnded(status="ok"), ev.RunEnded(status="ok")], "a second time"),
    ],
)
def test_a_broken_law_is_named_and_what_stood_before_is_kept(events: list[ev.KnownEvent], law: str) -> None:
    columns = Columns()
    with pytest.raises(TraceFormatError, match=law):
        columns.append(numbered(*events))
    assert len(columns) == len(events) - 1


def test_no_sum_leaves_64_bits() -> None:
    reply = ev.ModelReplied(call_id=0, iteration=0, response="x", usage=ev.Usage(input_tokens=2**53, output_tokens=0), cost_usd=1e4)
    columns = Columns()
    with pytest.raises(TraceFormatError, match="more than can be counted"):
        columns.append(numbered(start(0), asked(0), *[reply] * 2_000))
    assert len(columns) > 200
    assert min(columns.as_of(len(columns) - 1).run_total(name) for name in AMOUNTS) >= 0


def test_a_gap_in_the_numbers_is_named() -> None:
    with pytest.raises(TraceFormatError, match="Entry 1 should follow"):
        Columns().append([Entry(0, 0.0, ev.Resumed()), Entry(2, 0.0, ev.Resumed())])


def test_a_forest_of_several_roots_is_a_trace(tmp_path: Path) -> None:
    columns = Columns()
    columns.append(numbered(start(0), ev.CallEnded(call_id=0, status="ok"), start(1)))
    assert list(columns.calls["parent"]) == [-1, -1]


def test_a_request_without_a_price_is_counted_as_unknown_and_not_as_nothing() -> None:
    columns = Columns()
    usage = ev.Usage(input_tokens=5, output_tokens=1)
    reply = ev.ModelReplied(call_id=0, iteration=0, response="x", usage=usage)
    failed = ev.ModelFailed(call_id=0, iteration=1, error="429")
    columns.append(numbered(start(0), asked(0), reply, asked(0, 1), failed))
    assert list(columns.calls["self_unpriced"]) == [1]
    assert list(columns.calls["total_input_tokens"]) == [5]
