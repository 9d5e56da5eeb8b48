"""The run itself in words: what was asked of which models within which limits, over which documents, and how it ended."""

from __future__ import annotations

import numpy as np

from rlm_desktop.present import numbers
from rlm_desktop.present.confined_run import confinement_of
from rlm_desktop.present.confinement import on_one_line
from rlm_desktop.present.confinement_text import claims_as_text, explained
from rlm_desktop.present.passages import Passage
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.events import (
    DocumentRead,
    DocumentRefused,
    Limits,
    ModelName,
    Noticed,
    RunEnded,
)
from rlm_desktop.trace.messages import ReadText
from rlm_desktop.trace.store import TraceStore

_TOLD = tuple(EVENT_CODE[cls] for cls in (DocumentRead, DocumentRefused, Noticed, RunEnded))
MOST_NOTICES = 100


def run_passages(store: TraceStore, seq: int, read: ReadText) -> list[Passage]:
    """Return what is known of the run as of entry `seq`."""
    columns = store.columns
    started = columns.run_started
    if started is None or seq < 0:
        return []
    documents, refused, notices, ends = _said(store, seq)
    found = [Passage(text=read(started.question), title="Question")]
    found += [Passage(text=end.error, title="Why it ended", tone="fail") for end in ends if end.error]
    models = f"root       {_model(started.model)}\nsub-calls  {_model(started.sub_model)}"
    found.append(Passage(text=models, title="Models", note=f"strategy {started.strategy}"))
    found.append(Passage(text=_limits(started.limits), title="Limits"))
    chars = sum(document.chars for document in documents)
    listed = "\n".join(f"{document.name}  {numbers.count(document.chars)} characters" for document in documents)
    note = f"{numbers.count(len(documents))}, {numbers.chars(chars)} characters" if documents else "none was read"
    found.append(Passage(text=listed, title="Documents", note=note))
    found += [Passage(text=d.reason, title="Refused", chip=d.name, tone="fail") for d in refused]
    found.append(_confinement(store, seq))
    found += [Passage(text=n.message, title="Warning" if n.level == "warning" else "Notice") for n in notices]
    about = f"{started.run_id}\nstarted {started.started_at}\nprogram {started.app_version}, prompt {started.prompt_version}"
    if started.origin is not None:
        about += f"\n{started.origin.kind.replace('_', '-')} of {started.origin.run_id} at entry {numbers.count(started.origin.seq)}"
    found.append(Passage(text=about, title="Run"))
    return found


def _said(store: TraceStore, seq: int) -> tuple[list[DocumentRead], list[DocumentRefused], list[Noticed], list[RunEnded]]:
    documents: list[DocumentRead] = []
    refused: list[DocumentRefused] = []
    notices: list[Noticed] = []
    ends: list[RunEnded] = []
    types = store.columns.events["type"][: seq + 1]
    for at in np.flatnonzero(np.isin(types, _TOLD)):
        event = store.entry(int(at)).event
        if isinstance(event, DocumentRead):
            documents.append(event)
        elif isinstance(event, DocumentRefused):
            refused.append(event)
        elif isinstance(event, Noticed) and len(notices) < MOST_NOTICES:
            notices.append(event)
        elif isinstance(event, RunEnded):
            ends.append(event)
    return documents, refused, notices, ends


def _confinement(store: TraceStore, seq: int) -> Passage:
    confined = confinement_of(store, is_live=store.columns.run_ended is None, until=seq)
    sandbox = confined.sandbox
    parts = [confined.summary, explained(confined)]
    if sandbox is not None and any(claim.tries for claim in sandbox.claims):
        parts[1:] = [f"held by {on_one_line(sandbox.back_end)}", "", claims_as_text(sandbox.claims, confined.required)]
    return Passage(text="\n".join(parts), title="Confinement", tone="fail" if confined.is_lowered else "plain")


def _model(model: ModelName) -> str:
    if not model.host:
        return f"{model.name}, local"
    return f"{model.name} at {model.host}{'' if model.is_encrypted else ', not encrypted'}"


def _limits(limits: Limits) -> str:
    def most(value: int | None) -> str:
        return "no limit" if value is None else numbers.count(value)

    rows = (
        ("depth", str(limits.max_depth)),
        ("iterations a call", numbers.count(limits.max_iterations)),
        ("calls", most(limits.max_calls)),
        ("tokens", most(limits.max_tokens)),
        ("cost", "no limit" if limits.max_cost_usd is None else numbers.limit_cost(limits.max_cost_usd)),
        ("time", "no limit" if limits.max_time_s is None else numbers.duration(limits.max_time_s)),
        ("requests at once", numbers.count(limits.max_requests_at_once)),
        ("output the model sees", f"{numbers.count(limits.output_chars)} characters"),
    )
    return "\n".join(f"{name:<22}{value}" for name, value in rows)
