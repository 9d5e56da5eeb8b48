"""The run's time limit. It stands still while the run is paused, and leaves time for one last request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from rlm_desktop.engine.safe_points import SafePoints

_LAST_SHARE = 0.25
"""At most this share of the time is kept for the last request."""
_LAST_TIMES = 2.0
"""The last request is expected to take at most this many times the slowest so far."""


class Deadline:
    """`max_time_s` None: never."""

    def __init__(self, max_time_s: float | None, safe_points: SafePoints, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.max_time_s = max_time_s
        self._safe_points, self._clock = safe_points, clock
        self._started = clock()
        self._slowest_s = 0.0
        self.has_passed = False

    @property
    def reason(self) -> str:
        return f"the limit of {self.max_time_s:g} s is reached" if self.max_time_s is not None else "no limit of time"

    def used_s(self) -> float:
        return self._clock() - self._started - self._safe_points.paused_s()

    def left_s(self) -> float | None:
        return None if self.max_time_s is None else max(0.0, self.max_time_s - self.used_s())

    def took(self, request_s: float) -> None:
        """Note how long a request of the root took."""
        self._slowest_s = max(self._slowest_s, request_s)

    def before_last_request(self) -> AbstractAsyncContextManager[None]:
        """Cancel the body when only the time for a last request is left; it then raises TimeoutError."""
        return self._while_left(self._until_last_s)

    def to_the_end(self) -> AbstractAsyncContextManager[None]:
        """Cancel the body when no time is left; it then raises TimeoutError."""
        return self._while_left(lambda: self.left_s() or 0.0)

    @asynccontextmanager
    async def _while_left(self, left_s: Callable[[], float]) -> AsyncIterator[None]:
        if self.max_time_s is None:
            yield
            return
        async with asyncio.timeout(None) as scope:
            watch = asyncio.create_task(self._watch(scope, left_s))
            try:
                yield
            finally:
                watch.cancel()

    async def _watch(self, scope: asyncio.Timeout, left_s: Callable[[], float]) -> None:
        # In short sleeps: a slow request of the root, or a pause, moves the end.
        while (wait_s := left_s()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(wait_s, 0.25))
        self.has_passed = True
        scope.reschedule(asyncio.get_running_loop().time())

    def _until_last_s(self) -> float:
        assert self.max_time_s is not None
        kept_s = min(_LAST_SHARE * self.max_time_s, _LAST_TIMES * self._slowest_s)
        return self.max_time_s - kept_s - self.used_s()
