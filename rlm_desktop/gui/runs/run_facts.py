"""What the runs pane says of a trace, and the cache that spares reading it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from rlm_desktop.errors import UserError
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.present.confined_run import confinement_of
from rlm_desktop.present.numbers import Cost
from rlm_desktop.redact import LIVE
from rlm_desktop.trace.codes import usd
from rlm_desktop.trace.events import RunStarted
from rlm_desktop.trace.request import RunRequest
from rlm_desktop.trace.store import TraceStore

QUESTION_CHARS = 300
TRACE_SUFFIX = ".rlmtrace"

FactsStatus = Literal["ok", "error", "limit", "cancelled", "running", "interrupted", "unread", "no_trace"]


class RunFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`started_at` counts seconds since 1970. `unread`: only the file's name and time are known so far."""

    path: str
    mtime_ns: int = 0
    size: int = 0
    started_at: float = 0.0
    question: str = ""
    status: FactsStatus = "unread"
    calls: int = 0
    duration_s: float = 0.0
    known_usd: float = 0.0
    unpriced: int = 0
    requests: int = 0
    problem: str = ""
    is_lowered: bool = False
    """Its code was not confined, and the run is marked for good."""

    @property
    def cost(self) -> Cost:
        return Cost(self.known_usd, self.unpriced, max(1, self.requests))


def facts_of_file(path: Path) -> RunFacts | None:
    """Return what a look at the folder says; None when the file is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return RunFacts(path=str(path), mtime_ns=stat.st_mtime_ns, size=stat.st_size, started_at=stat.st_mtime)


def facts_of_store(facts: RunFacts, store: TraceStore, *, status: FactsStatus) -> RunFacts:
    """Return `facts` with what the columns say."""
    columns = store.columns
    started = columns.run_started
    times_s = columns.events["t_s"]
    cost_pico = int(columns.calls["self_cost_pico"].sum())
    return msgspec.structs.replace(
        facts,
        question=question_of(started, store) if started else "",
        started_at=seconds_of(started, facts.started_at),
        status=status,
        calls=len(columns.calls),
        duration_s=float(times_s[-1]) if len(times_s) else 0.0,
        known_usd=usd(cost_pico),
        unpriced=int(columns.calls["self_unpriced"].sum()),
        requests=len(columns.charges),
        is_lowered=_is_lowered(store, is_live=status == "running"),
    )


def _is_lowered(store: TraceStore, *, is_live: bool) -> bool:
    try:
        return confinement_of(store, is_live=is_live).is_lowered
    except UserError:
        # The file is gone: what cannot be read is not listed for long.
        return False


def facts_of_live(run: RunModel, request: RunRequest, *, started_at: float) -> RunFacts:
    """Return what is known of a run that goes on; what was asked of the engine stands for what it has not written yet."""
    facts = facts_of_store(RunFacts(path=str(run.store.path)), run.store, status=run.status)
    is_lowered = facts.is_lowered or request.confinement == "unconfined"
    return msgspec.structs.replace(facts, question=facts.question or LIVE(request.question), started_at=started_at, is_lowered=is_lowered)


def question_of(started: RunStarted, store: TraceStore) -> str:
    return " ".join(store.text(started.question)[: 4 * QUESTION_CHARS].split())[:QUESTION_CHARS]


def seconds_of(started: RunStarted | None, otherwise: float) -> float:
    """Return when the run started; `otherwise` where the trace says nothing readable."""
    if started is None:
        return otherwise
    try:
        return datetime.fromisoformat(started.started_at).timestamp()
    except (ValueError, OverflowError, OSError):
        return otherwise


class FactsCache:
    """Facts by path, good as long as the file's time and size stay. A cache that cannot be read or written costs time only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, RunFacts] = {}
        try:
            known = msgspec.json.decode(path.read_bytes(), type=list[RunFacts])
        except (OSError, msgspec.ValidationError, msgspec.DecodeError):
            return
        self._known = {facts.path: facts for facts in known}

    def find(self, facts: RunFacts) -> RunFacts | None:
        """Return what is known of the file that `facts` (of the folder) stands for. A run that was going on then is looked at again."""
        known = self._known.get(facts.path)
        is_same = known is not None and (known.mtime_ns, known.size) == (facts.mtime_ns, facts.size) and known.status != "running"
        return known if is_same else None

    def keep(self, facts: RunFacts) -> None:
        self._known[facts.path] = facts

    def save(self, wanted: Iterable[str]) -> None:
        """Write what is known of the paths in `wanted`."""
        paths = set(wanted)
        kept = [facts for path, facts in self._known.items() if path in paths]
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            beside.write_bytes(msgspec.json.encode(kept))
            beside.replace(self._path)
        except OSError:
            return
