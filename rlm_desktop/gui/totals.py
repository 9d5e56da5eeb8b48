"""The figures of the budget strip and the state of the view, as of the cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from rlm_desktop.gui.bars.budget_strip import Gauge
from rlm_desktop.gui.look.pill import Mode
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.present import numbers
from rlm_desktop.present.numbers import Cost
from rlm_desktop.trace.codes import usd
from rlm_desktop.trace.store import RunStatus

NEAR = 0.9


def _tr(words: str) -> str:
    return QCoreApplication.translate("Totals", words)


def gauges(run: RunModel) -> list[Gauge]:
    """Return what the run has used of its limits up to the cursor; every figure is the total of the run."""
    started = run.columns.run_started
    if started is None:
        return []
    limits = started.limits
    as_of = run.as_of()
    cost = total_cost(run)
    tokens = as_of.run_total("input_tokens") + as_of.run_total("output_tokens")
    shown = [
        _gauge(_tr("Cost"), numbers.cost_in_cents(cost), cost.known_usd, limits.max_cost_usd, numbers.limit_cost, tip=_cost_tip(cost)),
        _gauge(_tr("Calls"), numbers.count(as_of.calls), as_of.calls, limits.max_calls, numbers.count),
        _gauge(_tr("Time"), numbers.duration(as_of.t_s), as_of.t_s, limits.max_time_s, numbers.duration),
        _gauge(_tr("Iterations"), numbers.count(_root_iterations(run)), _root_iterations(run), limits.max_iterations, numbers.count),
        _depth(run, limits.max_depth),
    ]
    is_estimate = as_of.run_total("estimated") > 0
    put_in = numbers.tokens(as_of.run_total("input_tokens"), is_estimate=is_estimate)
    came_out = numbers.tokens(as_of.run_total("output_tokens"), is_estimate=is_estimate)
    words = _tr("{0} in · {1} out").format(put_in, came_out)
    shown.append(_gauge(_tr("Tokens"), words, tokens, limits.max_tokens, lambda n: numbers.tokens(int(n))))
    return shown


def total_cost(run: RunModel) -> Cost:
    """Return what all calls cost up to the cursor."""
    as_of = run.as_of()
    requests = int(np.searchsorted(run.columns.charges["seq"], as_of.seq, side="right"))
    return Cost(usd(as_of.run_total("cost_pico")), as_of.run_total("unpriced"), max(1, requests))


def mode(run: RunModel, *, new: int, is_paused: bool, is_pause_asked: bool, is_stop_asked: bool) -> tuple[Mode, str, str]:
    """Return the mode of the view, its words, and a tip. `new` counts the entries since the view left following."""
    if run.is_live and not run.is_following:
        if run.cursor < run.last_seq - new:
            return "replay", _tr("Replaying, the run goes on"), _tr("What is shown was recorded. Click to follow again.")
        return "view", _tr("Live, {0} new").format(numbers.count(new)), _tr("The run goes on. Click to follow again.")
    if not run.is_following and run.cursor < run.last_seq:
        return "replay", _tr("Replaying"), _tr("What is shown was recorded; no model is called. Click to go to the end.")
    if run.is_live and is_stop_asked:
        return "view", _tr("Stopping"), _tr("What was asked is being called off; everything so far is kept.")
    if run.is_live and is_paused:
        return "paused", _tr("Paused at {0}").format(numbers.duration(run.as_of().t_s)), _tr("Nothing new starts until you resume.")
    if run.is_live and is_pause_asked:
        return "paused", _tr("Pausing at the next safe point"), ""
    if run.is_live and run.last_seq < 0:
        return "live", _tr("Starting"), ""
    ended: dict[RunStatus, tuple[Mode, str, str]] = {
        "running": ("live", _tr("Live, following"), _tr("The view follows the run as it grows.")),
        "ok": ("done", _tr("Finished"), ""),
        "error": ("error", _tr("Failed"), ""),
        "limit": ("limit", _tr("Stopped at a limit"), ""),
        "cancelled": ("cancelled", _tr("Stopped"), ""),
        "interrupted": ("interrupted", _tr("Interrupted"), _tr("The program ended while this run was going on.")),
    }
    return ended[run.status]


def _gauge(label: str, value: str, used: float, limit: float | None, words: Callable[[Any], str], *, tip: str = "") -> Gauge:
    if limit is None:
        return Gauge(label=label, value=value, tip=tip or _tr("{0}: total of the run").format(label))
    share = used / limit if limit else 1.0
    return Gauge(
        label=label,
        value=value,
        limit=_tr("of {0}").format(words(limit)),
        share=min(1.0, share),
        is_near_limit=share >= NEAR,
        tip=tip or _tr("{0}: total of the run, and its limit").format(label),
    )


def _cost_tip(cost: Cost) -> str:
    if cost.unknown_parts:
        return _tr("No price is known for {0} of {1} requests; the sum is at least what stands here.").format(
            numbers.count(cost.unknown_parts), numbers.count(cost.parts)
        )
    return _tr("Cost: total of the run")


def _root_iterations(run: RunModel) -> int:
    rows, parents = run.columns.rows, run.columns.calls["parent"]
    if not len(rows):
        return 0
    asked = rows["asked_seq"]
    return int(((parents[rows["call"]] < 0) & (asked >= 0) & (asked <= run.cursor)).sum())


def _depth(run: RunModel, limit: int) -> Gauge:
    count = run.as_of().calls
    deepest = int(run.columns.calls["depth"][:count].max()) if count else 0
    return Gauge(
        label=_tr("Depth"),
        value=str(deepest),
        limit=_tr("of {0}").format(limit),
        pips=(deepest, limit) if 0 < limit <= 8 else None,
        tip=_tr("How deep calls within calls go: 0 is the root model alone"),
    )
