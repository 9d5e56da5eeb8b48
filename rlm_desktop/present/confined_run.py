"""How the run of a trace is confined, found in the trace."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from rlm_desktop.present.confinement import Confinement, confinement, with_tries
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.events import CodeStarted, SandboxStarted
from rlm_desktop.trace.store import TraceStore


def confinement_of(store: TraceStore, *, is_live: bool, until: int | None = None) -> Confinement:
    """Return how the run of a trace stands up to entry `until`, by its last sandbox. Raises UserError where the file is gone.

    A call below the root whose sandbox was refused says nothing of the run, which goes on.
    """
    columns = store.columns
    seqs = columns.seqs_of_type(EVENT_CODE[SandboxStarted])
    if until is not None:
        seqs = seqs[seqs <= until]
    found = confinement(columns.run_started, None, is_live=is_live)
    for seq in dict.fromkeys((int(seqs[-1]), int(seqs[0]))) if len(seqs) else ():
        event = store.entry(seq).event
        if isinstance(event, SandboxStarted):
            of_call = columns.events["call"][seq:] == event.call_id
            has_run = bool((of_call & (columns.events["type"][seq:] == EVENT_CODE[CodeStarted])).any())
            first = store.entry(int(seqs[0])).event if seq != seqs[0] else event
            if isinstance(first, SandboxStarted):
                event = structs.replace(event, claims=with_tries(event.claims, first.claims))
            found = confinement(columns.run_started, event, is_live=is_live, has_run=has_run)
            if found.standing != "refused":
                return found
    ended = columns.run_ended
    return replace(found, error=ended.error or "") if found.standing == "refused" and ended is not None else found
