"""What is known of one call, one iteration or one fan as of the cursor: its name, how it stands, its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.present import numbers
from rlm_desktop.present.now import Calls, Now
from rlm_desktop.present.standing import ERROR, FUTURE, LIMIT, Standing, tally
from rlm_desktop.trace.codes import AMOUNTS, usd

Subject = Literal["run", "call", "iteration", "fan"]
Mark = Literal["rlm", "llm", "fan"]


class Figures(NamedTuple):
    """One row of the table, in words."""

    cost: str
    input: str
    output: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    subject: Subject
    mark: Mark
    title: str
    place: str
    status: Standing
    own: Figures
    total: Figures
    """With everything below."""
    own_time_says: str
    """What the time of `own` counts."""


def inspect_call(now: Now, call: int) -> Inspected:
    parent = int(now.columns.calls["parent"][call])
    place = now.model(call) if parent < 0 else f"of {now.name(parent)} · {now.model(call)}"
    start_s, end_s = _span(now, call)
    waited_s = _waited(now, now.children(call), start_s, end_s)
    one = np.array([call])
    status = now.status(call)
    own_s = end_s - start_s - waited_s - _queued(now, call, end_s)
    own, total = _table(_sum(now, one, "self"), own_s, _sum(now, one, "total"), end_s - start_s, status)
    return Inspected(
        subject="call",
        mark="llm" if now.is_plain(call) else "rlm",
        title=f"Call {now.name(call)}" if parent >= 0 else now.name(call).capitalize(),
        place=place,
        status=status,
        own=own,
        total=total,
        own_time_says="without waiting for a free request and for the calls it made",
    )


def inspect_iteration(now: Now, call: int, iteration: int) -> Inspected:
    columns = now.columns
    status = iteration_status(now, call, iteration)
    start_s, end_s = _iteration_span(now, call, iteration)
    children = now.children(call, iteration)
    paid = int(np.searchsorted(columns.charges["seq"], now.seq, side="right"))
    mine = (columns.charges["call"][:paid] == call) & (columns.charges["iteration"][:paid] == iteration)
    own = {name: int(columns.charges[name][:paid][mine].sum()) for name in AMOUNTS}
    below = _sum(now, children, "total")
    own_s = end_s - start_s - _waited(now, children, start_s, end_s)
    own_row, total_row = _table(own, own_s, {name: own[name] + below[name] for name in AMOUNTS}, end_s - start_s, status)
    return Inspected(
        subject="iteration",
        mark="rlm",
        title=f"Iteration {iteration + 1}",
        place=f"{now.name(call)} · {now.model(call)}",
        status=status,
        own=own_row,
        total=total_row,
        own_time_says="without waiting for the calls it made",
    )


def inspect_fan(now: Now, first: int) -> Inspected:
    members = now.fan_calls(first)
    expected = max(len(members), int(now.columns.calls["batch_size"][first]))
    status = tally(now.stand[members], expected, is_more_coming=not now.is_over).status
    begun = members[members < now.as_of.calls]
    calls = now.columns.calls
    seconds: float | None = None
    own_seconds: float | None = None
    if len(begun):
        has_ended = (calls["ended_seq"][begun] >= 0) & (calls["ended_seq"][begun] <= now.seq)
        is_asked = (calls["asked_seq"][begun] >= 0) & (calls["asked_seq"][begun] <= now.seq)
        end_s = np.where(has_ended, calls["ended_s"][begun], now.as_of.t_s)
        seconds = float(end_s.max()) - float(calls["started_s"][first])
        own_seconds = float(np.maximum(0.0, end_s - np.where(is_asked, calls["asked_s"][begun], end_s)).sum())
    line = int(calls["site_line"][first])
    is_plain = now.is_plain(first)
    own, total = _table(_sum(now, begun, "self"), own_seconds, _sum(now, begun, "total"), seconds, status)
    return Inspected(
        subject="fan",
        mark="fan" if is_plain else "rlm",
        title=f"×{numbers.count(expected)} {'llm_query' if is_plain else 'rlm_query'}",
        place=" · ".join((*((f"line {line}",) if line >= 0 else ()), now.model(first))),
        status=status,
        own=own,
        total=total,
        own_time_says="the times of its calls added up; in the total, from the start of the first to the end of the last",
    )


def inspect_run(now: Now) -> Inspected:
    """Return the figures of the whole run: in the first row those of its root calls alone."""
    started = now.columns.run_started
    everything = np.arange(now.as_of.calls)
    roots = everything[now.columns.calls["parent"][: now.as_of.calls] < 0]
    ended = now.columns.run_ended
    status: Standing = "running"
    if now.seq == len(now.columns) - 1 and now.is_over:
        status = "interrupted" if ended is None else ended.status
    spans = [_span(now, int(call)) for call in roots]
    alone = sum(end - start - _waited(now, now.children(int(call)), start, end) for call, (start, end) in zip(roots, spans, strict=True))
    own, total = _table(_sum(now, roots, "self"), alone, _sum(now, everything, "self"), now.as_of.t_s, status)
    return Inspected(
        subject="run",
        mark="rlm",
        title="Run",
        place=started.model.name if started is not None else "",
        status=status,
        own=own,
        total=total,
        own_time_says="that of its root calls, without waiting for the calls they made",
    )


def iteration_status(now: Now, call: int, iteration: int) -> Standing:
    """Return how one iteration stands."""
    row = now.row_of(call, iteration)
    rows = now.columns.rows
    if row < 0 or not now.happened(int(rows["asked_seq"][row])):
        return "future"
    at = {name: int(rows[name][row]) for name in ("replied_seq", "code_seq", "code_ended_seq", "error_seq")}
    is_open = int(rows["open_block"][row]) >= 0 and now.seq == len(now.columns) - 1
    has_code = now.happened(at["code_seq"])
    if has_code and (is_open or not now.happened(at["code_ended_seq"])):
        return now.status(call)
    if now.happened(at["replied_seq"]):
        return "error" if now.happened(at["error_seq"]) else "ok"
    following = int(rows["next_row"][row])
    is_last = following < 0 or not now.happened(int(rows["asked_seq"][following]))
    return now.status(call) if is_last else "error"


def failed_calls(now: Now, calls: Calls) -> Calls:
    """Return those that ended in an error or at a limit."""
    stand = now.stand[calls]
    failed: Calls = calls[(stand == ERROR) | (stand == LIMIT)]
    return failed


def call_cost(now: Now, call: int) -> str:
    """Return what one call has cost with all below it, in words."""
    if now.stand[call] == FUTURE:
        return ""
    return _cost(_sum(now, np.array([call]), "total"), now.status(call))


def call_time(now: Now, call: int) -> str:
    if now.stand[call] == FUTURE:
        return ""
    start_s, end_s = _span(now, call)
    return numbers.duration(end_s - start_s)


def cost_of_calls(now: Now, calls: Calls, status: Standing) -> str:
    """Return what several calls, which stand so together, have cost with all below them, in words."""
    return _cost(_sum(now, calls, "total"), status)


def _span(now: Now, call: int) -> tuple[float, float]:
    """Return when a call began and ended, or where the cursor is while it goes on."""
    calls = now.columns.calls
    start_s = float(calls["started_s"][call])
    end_s = float(calls["ended_s"][call]) if now.happened(int(calls["ended_seq"][call])) else now.as_of.t_s
    return start_s, max(start_s, end_s)


def _queued(now: Now, call: int, end_s: float) -> float:
    """Return how long a call waited, from its start, for a free request."""
    calls = now.columns.calls
    asked_s = float(calls["asked_s"][call]) if now.happened(int(calls["asked_seq"][call])) else end_s
    return max(0.0, min(asked_s, end_s) - float(calls["started_s"][call]))


def _iteration_span(now: Now, call: int, iteration: int) -> tuple[float, float]:
    row = now.row_of(call, iteration)
    rows, times = now.columns.rows, now.columns.events["t_s"]
    if row < 0 or not now.happened(int(rows["asked_seq"][row])):
        return 0.0, 0.0
    following = int(rows["next_row"][row])
    next_seq = int(rows["asked_seq"][following]) if following >= 0 else -1
    end_s = float(times[next_seq]) if now.happened(next_seq) else _span(now, call)[1]
    return float(times[int(rows["asked_seq"][row])]), end_s


def _waited(now: Now, children: Calls, start_s: float, end_s: float) -> float:
    """Return how much of a span at least one of `children` was going on."""
    if not len(children):
        return 0.0
    calls = now.columns.calls
    begun = np.clip(calls["started_s"][children], start_s, end_s)
    ended = calls["ended_seq"][children]
    over = np.where((ended >= 0) & (ended <= now.seq), calls["ended_s"][children], end_s)
    over = np.clip(over, begun, end_s)
    # In order of start each adds what reaches beyond all before it.
    furthest = np.maximum.accumulate(over)
    before = np.r_[start_s, furthest[:-1]]
    return float(np.maximum(0.0, over - np.maximum(begun, before)).sum())


def _sum(now: Now, calls: NDArray[Any], scope: str) -> dict[str, int]:
    calls = calls[calls < now.as_of.calls]
    return {name: int(now.as_of.amounts[f"{scope}_{name}"][calls].sum()) for name in AMOUNTS}


def _table(
    own: dict[str, int], own_s: float | None, total: dict[str, int], total_s: float | None, status: Standing
) -> tuple[Figures, Figures]:
    """Return both rows. A column has one count of decimals, here that which its smaller figure needs."""
    digits = numbers.cost_digits(usd(own["cost_pico"] or total["cost_pico"]))
    return _figures(own, own_s, status=status, digits=digits), _figures(total, total_s, status=status, digits=digits)


def _figures(amounts: dict[str, int], seconds: float | None, *, status: Standing, digits: int) -> Figures:
    if status == "future":
        return Figures(numbers.NOT_YET, numbers.NOT_YET, numbers.NOT_YET, numbers.NOT_YET)
    has_paid = any(amounts[name] for name in ("cost_pico", "unpriced", "input_tokens", "output_tokens"))
    is_estimate = amounts["estimated"] > 0
    going_on = status in ("queued", "running", "waiting")
    none = numbers.NOT_YET if going_on else numbers.NONE
    return Figures(
        _cost(amounts, status, digits=digits),
        numbers.tokens(amounts["input_tokens"], is_estimate=is_estimate) if has_paid else none,
        numbers.tokens(amounts["output_tokens"], is_estimate=is_estimate) if has_paid else none,
        numbers.duration(seconds),
    )


def _cost(amounts: dict[str, int], status: Standing, *, digits: int | None = None) -> str:
    has_paid = any(amounts[name] for name in ("cost_pico", "unpriced", "input_tokens", "output_tokens"))
    if not has_paid:
        return numbers.NOT_YET if status in ("queued", "running", "waiting") else numbers.NONE
    return numbers.cost_sum(numbers.Cost(usd(amounts["cost_pico"]), amounts["unpriced"], amounts["unpriced"] + 1), digits=digits)
