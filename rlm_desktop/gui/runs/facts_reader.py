"""Reads old traces in the background, one after another, for what the runs pane says of them."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.runs.run_facts import RunFacts, facts_of_store
from rlm_desktop.gui.runs.trace_loading import TraceLoading
from rlm_desktop.trace.store import TraceStore

PAUSE_MS = 30


class FactsReader(QObject):
    """`read` carries the facts of one trace. Reading waits while `hold` is on: a trace that is being opened goes first."""

    read = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[RunFacts] = deque()
        self._loading: TraceLoading | None = None
        self._current: RunFacts | None = None
        self._is_held = False

    def look_at(self, facts: RunFacts) -> None:
        """Read this trace some time soon."""
        self._waiting.append(facts)
        self._next()

    def is_known(self, facts: RunFacts) -> None:
        """Take what is known of a trace from elsewhere; it need not be read any more."""
        self._waiting = deque(waiting for waiting in self._waiting if waiting.path != facts.path)
        self.read.emit(facts)

    def hold(self, is_held: bool) -> None:
        self._is_held = is_held
        self._next()

    def _next(self) -> None:
        if self._loading is not None or self._is_held or not self._waiting:
            return
        self._current = self._waiting.popleft()
        self._loading = TraceLoading(Path(self._current.path), self, pause_ms=PAUSE_MS)
        self._loading.loaded.connect(self._loaded)
        self._loading.failed.connect(self._failed)
        self._loading.start()

    def _loaded(self, store: TraceStore) -> None:
        facts = self._current
        if facts is not None:
            self._done(facts_of_store(facts, store, status=store.status()))

    def _failed(self, problem: str) -> None:
        if self._current is not None:
            self._done(msgspec.structs.replace(self._current, status="no_trace", problem=problem))

    def _done(self, facts: RunFacts) -> None:
        if self._loading is not None:
            self._loading.deleteLater()
        self._loading, self._current = None, None
        self.read.emit(facts)
        self._next()
