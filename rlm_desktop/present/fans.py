"""What the card of a fan says: shares, figures, a histogram, its failures, and the rows of its list when it is open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.present import numbers
from rlm_desktop.present.layout import SMALL_FAN, OpenList, list_rows
from rlm_desktop.present.standing import ERROR, FUTURE, LIMIT, NAMES, Standing, Tally
from rlm_desktop.present.tree import Tree
from rlm_desktop.trace.codes import LLM, PICO

BINS = 30
READ_REASONS = 64
"""So many failures are read to say why; of more, the first speak for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Calls by cost or by time on a logarithmic axis. `bars` are 0 to 1 of the tallest; `p50_at` and `p95_at` 0 to 1 of the width."""

    of: Literal["cost", "time"]
    bars: tuple[float, ...]
    p50_at: float
    p95_at: float
    p50: str
    p95: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    call: int
    words: str
    status: Standing
    cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """A page of an open fan: rows `first` up to `first + len(rows)` of `count`."""

    failed_only: bool
    first: int
    count: int
    rows: tuple[MemberFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FanFacts:
    first: int
    is_rlm: bool
    expected: int
    title: str
    words: str
    status: Standing
    tally: Tally
    line: str
    total_cost: str
    p95: str
    duration: str
    cells: tuple[Standing, ...]
    """Of a small fan: each call, in order."""
    histogram: Histogram | None
    failure: str
    opened: ListFacts | None


def fan_facts(tree: Tree, node: int, opened: OpenList | None = None) -> FanFacts:
    """Return what a fan says as of the cursor. O(its calls), in numpy."""
    layout, columns = tree.layout, tree.columns.calls
    calls = layout.calls_of(node)
    first, expected = int(layout.first[node]), int(layout.expected[node])
    stand = tree.stand[calls]
    counted = tree.tally(node)
    is_rlm = bool(columns["kind"][first] != LLM)
    ended = calls[_has_ended(tree, calls)]
    seconds = columns["ended_s"][ended] - np.fmax(columns["asked_s"][ended], columns["started_s"][ended])
    has_paid = tree.has_paid(calls)
    line = int(columns["site_line"][first])
    failed = calls[(stand == ERROR) | (stand == LIMIT)]
    cells = tuple(NAMES[code] for code in stand) if expected <= SMALL_FAN else ()
    return FanFacts(
        first=first,
        is_rlm=is_rlm,
        expected=expected,
        title="rlm_query" if is_rlm else "llm_query",
        words=tree.model(first),
        status=counted.status,
        tally=counted,
        line=str(line) if line >= 0 else numbers.NONE,
        total_cost=numbers.cost_sum(tree.cost_of(calls, "total")) if has_paid or len(ended) == len(calls) else numbers.NOT_YET,
        p95=numbers.duration(float(np.percentile(seconds, 95))) if len(seconds) else numbers.NOT_YET,
        duration=_duration(tree, calls, len(ended) == expected),
        cells=cells + ("future",) * (expected - len(calls) if cells else 0),
        histogram=_histogram(tree, ended, seconds) if expected > SMALL_FAN else None,
        failure=_failure(tree, failed),
        opened=_list(tree, calls, failed, opened) if opened is not None else None,
    )


def _has_ended(tree: Tree, calls: NDArray[Any]) -> NDArray[np.bool_]:
    at = tree.columns.calls["ended_seq"][calls]
    has_ended: NDArray[np.bool_] = (at >= 0) & (at <= tree.seq)
    return has_ended


def _duration(tree: Tree, calls: NDArray[Any], is_done: bool) -> str:
    columns = tree.columns.calls
    start_s = float(columns["started_s"][calls[0]])
    return numbers.duration(max(0.0, (float(np.nanmax(columns["ended_s"][calls])) if is_done else tree.as_of.t_s) - start_s))


def _histogram(tree: Tree, ended: NDArray[Any], seconds: NDArray[Any]) -> Histogram | None:
    """Return the costs of the calls that ended, or their times when no cost above zero is known."""
    cost = tree.as_of.amounts["total_cost_pico"][ended]
    of: Literal["cost", "time"] = "cost" if bool((cost > 0).any()) else "time"
    values = cost[cost > 0] / PICO if of == "cost" else seconds[seconds > 0]
    if not len(values):
        return None
    # Whole thirds of a decade: the axis stays where it is while calls come in.
    low = np.floor(np.log10(values.min()) * 3) / 3
    high = max(np.ceil(np.log10(values.max()) * 3) / 3, low + 2 / 3)
    bars, _ = np.histogram(np.log10(values), bins=BINS, range=(low, high))
    p50, p95 = (float(x) for x in np.percentile(values, (50, 95)))
    return Histogram(
        of=of,
        bars=tuple((bars / max(1, bars.max())).round(3).tolist()),
        p50_at=float((np.log10(p50) - low) / (high - low)),
        p95_at=float((np.log10(p95) - low) / (high - low)),
        p50=numbers.cost(p50) if of == "cost" else numbers.duration(p50),
        p95=numbers.cost(p95) if of == "cost" else numbers.duration(p95),
    )


def _failure(tree: Tree, failed: NDArray[Any]) -> str:
    if not len(failed):
        return ""
    if len(failed) == 1:
        return f"#{failed[0]}  {_why(tree, int(failed[0]))}"
    reasons = Counter(_why(tree, int(call)).split(",")[0] for call in failed[:READ_REASONS])
    if len(failed) > READ_REASONS:
        return f"{numbers.count(len(failed))} failed: {reasons.most_common(1)[0][0]}, …"
    if len(reasons) == 1:
        return f"{len(failed)} failed: {next(iter(reasons))}"
    words = [f"{n} {reason}" for reason, n in reasons.most_common(2)]
    other = len(failed) - sum(n for _, n in reasons.most_common(2))
    return f"{len(failed)} failed: " + ", ".join([*words, *([f"{other} other"] if other else [])])


def _why(tree: Tree, call: int) -> str:
    return tree.lines.error(call) or ("a limit was reached" if tree.stand[call] == LIMIT else "no reason given")


def _list(tree: Tree, calls: NDArray[Any], failed: NDArray[Any], opened: OpenList) -> ListFacts:
    listed = failed if opened.failed_only else calls
    first, end = list_rows(len(listed), opened)
    return ListFacts(
        failed_only=opened.failed_only, first=first, count=len(listed), rows=tuple(_member(tree, int(call)) for call in listed[first:end])
    )


def _member(tree: Tree, call: int) -> MemberFacts:
    status = tree.status(call)
    if tree.stand[call] == FUTURE:
        return MemberFacts(call=call, words="", status=status, cost="")
    if status in ("error", "limit"):
        words = _why(tree, call)
    else:
        words = (tree.lines.answer(call) if status == "ok" else "") or tree.lines.prompt(call)
    cost = numbers.cost_sum(tree.cost(call, "total"))
    return MemberFacts(call=call, words=words, status=status, cost=numbers.NOT_YET if status in ("queued", "running") else cost)
