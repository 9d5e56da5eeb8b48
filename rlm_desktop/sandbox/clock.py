"""A block's wall clock, which stands still while somebody holds it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class BlockClock:
    """Counts seconds while nobody holds it: the host holds it while a request is outstanding, the engine while the run is paused."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._holders = 0
        self._counted_s = 0.0
        self._since = now()
        self._changed = asyncio.Event()

    @property
    def elapsed_s(self) -> float:
        return self._counted_s + (0.0 if self._holders else self._now() - self._since)

    def restart(self) -> None:
        """Count from zero, for the next block; holders stay."""
        self._counted_s, self._since = 0.0, self._now()
        self._changed.set()

    def hold(self) -> None:
        if self._holders == 0:
            self._counted_s += self._now() - self._since
        self._holders += 1
        self._changed.set()

    def release(self) -> None:
        if self._holders == 0:
            raise RuntimeError("the clock was released more often than it was held")
        self._holders -= 1
        if self._holders == 0:
            self._since = self._now()
        self._changed.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        self.hold()
        try:
            yield
        finally:
            self.release()

    async def wait_until(self, limit_s: float) -> None:
        """Return when `limit_s` seconds have been counted."""
        while (left_s := limit_s - self.elapsed_s) > 0:
            self._changed.clear()
            try:
                async with asyncio.timeout(None if self._holders else left_s):
                    await self._changed.wait()
            except TimeoutError:
                continue
