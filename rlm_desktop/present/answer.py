"""How the answer of a run stands as of the cursor."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.events import AnswerSet, CallEnded, RunEnded, Text
from rlm_desktop.trace.store import TraceStore

AnswerState = Literal["none", "draft", "ready", "final", "limit", "error", "cancelled", "interrupted"]

_CHANGES = (EVENT_CODE[AnswerSet], EVENT_CODE[CallEnded], EVENT_CODE[RunEnded])


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """`text` is the answer, the best there is where the run did not end well; `iteration` (from 0) is the one that set it."""

    state: AnswerState = "none"
    text: Text | None = None
    iteration: int | None = None
    error: str = ""


class Answers:
    """Where the answer of a run changes, looked for once as the trace grows."""

    def __init__(self, store: TraceStore) -> None:
        self._store = store
        self._seen = 0
        self._seqs: list[int] = []
        self._ended_seq = 0

    def as_of(self, seq: int, *, is_over: bool) -> AnswerFacts:
        """Return the answer after entry `seq`; `is_over`: nothing follows the last entry. Reads at most three lines of the file."""
        self._look()
        facts = self._last_set(seq)
        ended = self._store.columns.run_ended
        if ended is not None and self._ended_seq <= seq:
            state: AnswerState = "final" if ended.status == "ok" else ended.status
            text = facts.text if ended.answer is None else ended.answer
            return AnswerFacts(state=state, text=text, iteration=facts.iteration, error=ended.error or "")
        if is_over and ended is None and seq >= len(self._store.columns) - 1:
            return AnswerFacts(state="interrupted", text=facts.text, iteration=facts.iteration)
        return facts

    def _look(self) -> None:
        columns = self._store.columns
        count = len(columns)
        if count == self._seen:
            return
        fresh = np.flatnonzero(np.isin(columns.events["type"][self._seen : count], _CHANGES)) + self._seen
        callers = columns.events["call"][fresh]
        is_top = (callers < 0) | (columns.calls["parent"][np.maximum(callers, 0)] < 0) if len(columns.calls) else np.ones(len(fresh), bool)
        ends = fresh[columns.events["type"][fresh] == EVENT_CODE[RunEnded]]
        if len(ends):
            self._ended_seq = int(ends[0])
        self._seqs += fresh[is_top].tolist()
        self._seen = count

    def _last_set(self, seq: int) -> AnswerFacts:
        answer: Text | None = None
        for at in reversed(self._seqs[: bisect_right(self._seqs, seq)]):
            event = self._store.entry(at).event
            if isinstance(event, CallEnded) and answer is None:
                answer = event.answer
            elif isinstance(event, AnswerSet):
                if answer is not None:
                    return AnswerFacts(state="final", text=answer, iteration=event.iteration)
                return AnswerFacts(state="ready" if event.ready else "draft", text=event.content, iteration=event.iteration)
        return AnswerFacts() if answer is None else AnswerFacts(state="final", text=answer)
