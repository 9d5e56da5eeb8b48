"""The entries of one call, read from the file once as the cursor first reaches them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rlm_desktop.trace.events import KnownEvent, UnknownEvent
from rlm_desktop.trace.store import TraceStore


class Logged(NamedTuple):
    seq: int
    t_s: float
    event: KnownEvent | UnknownEvent


class CallLog:
    """What names one call, in order."""

    def __init__(self, store: TraceStore, call: int) -> None:
        self._store = store
        self.call = call
        self._looked_to = 0
        self._seqs: list[int] = []
        self._read: list[Logged] = []

    def until(self, seq: int) -> list[Logged]:
        """Return the entries up to and with entry `seq`. Raises UserError when the file can no longer be read."""
        self._look()
        count = int(np.searchsorted(np.array(self._seqs, np.int64), seq, side="right"))
        if count > len(self._read):
            # All at once: the store then opens the file a single time.
            fresh = self._store.entries_of(self.call, until=self._seqs[count - 1])[len(self._read) :]
            self._read += [Logged(entry.seq, entry.t_s, entry.event) for entry in fresh]
        return self._read[:count]

    def seqs(self, seq: int, *, iteration: int | None = None) -> list[int]:
        """Return the numbers of the entries up to `seq`, of one iteration if it is given."""
        self._look()
        of = self._store.columns.events["iteration"]
        return [at for at in self._seqs if at <= seq and (iteration is None or of[at] == iteration)]

    def of_iteration(self, iteration: int, seq: int) -> Iterator[Logged]:
        for logged in self.until(seq):
            if getattr(logged.event, "iteration", None) == iteration:
                yield logged

    def _look(self) -> None:
        called = self._store.columns.events["call"]
        self._seqs += (np.flatnonzero(called[self._looked_to :] == self.call) + self._looked_to).tolist()
        self._looked_to = len(called)
