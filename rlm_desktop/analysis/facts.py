"""What a trace says of its run in figures: what `rlm-desktop info` prints and the list of runs shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rlm_desktop.trace.codes import EVENT_CODE, LLM, RLM, STATUS_CODE, usd
from rlm_desktop.trace.events import AnswerSet, CallEnded, CodeStarted, DocumentRead
from rlm_desktop.trace.store import RunStatus, TraceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """Totals are of the whole run. `calls` counts started calls, the root's too; `iterations` those of all calls with a REPL.

    `cost_usd` is None if any part of it is unknown; `known_cost_usd` is the sum of the parts that are known. `depth` is the deepest
    reached. `errors` counts calls that ended so.
    """

    run_id: str
    status: RunStatus
    question: str
    answer: str | None
    error: str | None
    strategy: str
    models: tuple[str, ...]
    calls: int
    rlm_calls: int
    llm_calls: int
    iterations: int
    blocks: int
    depth: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    tokens_are_estimates: bool
    cost_usd: float | None
    known_cost_usd: float
    unpriced_calls: int
    errors: int
    duration_s: float
    documents: tuple[DocumentRead, ...]
    started_at: str
    app_version: str
    format: int
    entries: int
    problem: str | None


def facts_of(store: TraceStore) -> RunFacts:
    """Return the figures of a trace that was read. Raises UserError when the file can no longer be read."""
    columns = store.columns
    started, ended, calls = columns.run_started, columns.run_ended, columns.calls
    assert started is not None
    sums = {name: int(calls[f"self_{name}"].sum()) for name in ("cost_pico", "unpriced", "input_tokens", "cached_tokens", "output_tokens")}
    known = usd(sums["cost_pico"])
    asked = {columns.models[i] for i in np.unique(calls["model"])} if len(calls) else set()
    named = list(dict.fromkeys((started.model.name, started.sub_model.name)))
    return RunFacts(
        run_id=started.run_id,
        status=store.status(),
        question=store.text(started.question),
        answer=_answer(store),
        error=ended.error if ended is not None else None,
        strategy=started.strategy,
        models=tuple(named + sorted(asked - set(named))),
        calls=len(calls),
        rlm_calls=int((calls["kind"] == RLM).sum()),
        llm_calls=int((calls["kind"] == LLM).sum()),
        iterations=len(columns.rows),
        blocks=len(columns.seqs_of_type(EVENT_CODE[CodeStarted])),
        depth=int(calls["depth"].max()) if len(calls) else 0,
        input_tokens=sums["input_tokens"],
        cached_tokens=sums["cached_tokens"],
        output_tokens=sums["output_tokens"],
        tokens_are_estimates=bool(calls["self_estimated"].any()),
        cost_usd=None if sums["unpriced"] else known,
        known_cost_usd=known,
        unpriced_calls=int((calls["self_unpriced"] > 0).sum()),
        errors=int((calls["status"] == STATUS_CODE["error"]).sum()),
        duration_s=float(columns.events["t_s"][-1]) if len(columns) else 0.0,
        documents=tuple(store.documents()),
        started_at=started.started_at,
        app_version=started.app_version,
        format=started.format,
        entries=len(columns),
        problem=store.problem,
    )


def answer_as_of(store: TraceStore, seq: int) -> tuple[str | None, bool]:
    """Return the run's answer as of entry `seq`, and whether it was final: the run's own, else the last draft of a root call."""
    columns = store.columns
    ended = columns.run_ended
    if ended is not None and seq >= len(columns) - 1 and ended.answer is not None:
        return store.text(ended.answer), True
    interesting = np.isin(columns.events["type"][: seq + 1], (EVENT_CODE[AnswerSet], EVENT_CODE[CallEnded]))
    seqs = np.flatnonzero(interesting)
    callers = columns.events["call"][seqs]
    of_roots = seqs[columns.calls["parent"][callers] < 0] if len(seqs) else seqs
    for seq_of in of_roots[::-1]:
        event = store.entry(int(seq_of)).event
        if isinstance(event, CallEnded) and event.answer is not None:
            return store.text(event.answer), True
        if isinstance(event, AnswerSet):
            return store.text(event.content), event.ready
    return None, False


def _answer(store: TraceStore) -> str | None:
    answer, _ = answer_as_of(store, len(store.columns) - 1)
    return answer
