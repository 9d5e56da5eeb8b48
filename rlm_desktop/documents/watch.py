"""Ends a process that takes too long while its answer is waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_NEVER = float("inf")
_LOOK_EVERY_S = 0.1


class Watch:
    """Calls `kill` once when a time is over. A thread, since no system lets all kinds of pipes be read with a time limit.

    Only time in which an answer is waited for counts: a full disk cache or whoever reads our own output is not the document's fault.
    """

    def __init__(self, kill: Callable[[], None]) -> None:
        self.time_out = ""
        """In words, what was not done in time, once it was not."""
        self._kill = kill
        self._closed = threading.Event()
        self._is_waiting = False
        self._stall_s = self._total_s = 0.0
        self._stalls_at = self._ends_at = _NEVER
        self._waited_until = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def begin(self, stall_s: float, total_s: float) -> None:
        """From now on, each answer may take `stall_s`, and all together `total_s`."""
        now = time.monotonic()
        self._stall_s, self._total_s = stall_s, total_s
        self._stalls_at, self._ends_at = now + stall_s, now + total_s
        self._waited_until, self._is_waiting = now, True

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While an answer is waited for."""
        if not self._is_waiting:
            now = time.monotonic()
            self._ends_at += now - self._waited_until
            self._stalls_at = now + self._stall_s
            self._is_waiting = True
        yield
        self._is_waiting = False
        self._waited_until = time.monotonic()

    def end(self) -> None:
        self._is_waiting = False
        self._stalls_at = self._ends_at = _NEVER

    def close(self) -> None:
        """Return when the thread has ended: nothing is killed any more."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        # To be woken at each beginning would cost a small document more than its reading does.
        while not self._closed.wait(_LOOK_EVERY_S):
            ends_at, stalls_at = self._ends_at, self._stalls_at
            if self._is_waiting and time.monotonic() > min(ends_at, stalls_at):
                is_whole = ends_at <= stalls_at
                took = f"takes more than {_spoken(self._total_s if is_whole else self._stall_s)} to read"
                self.time_out = took if is_whole else f"{took} a part of"
                self._kill()
                return


def _spoken(seconds: float) -> str:
    if seconds >= 120:
        return f"{seconds / 60:,.0f} minutes"
    return f"{seconds:,.0f} seconds" if seconds >= 2 else f"{seconds:,.1f} seconds"
