"""The one awaitable through which every act of a run passes: here it can be held."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Literal

SafePoint = Literal["before_request", "before_block", "after_block", "before_subcall"]
_WORDS: dict[SafePoint, str] = {
    "before_request": "before a request",
    "before_block": "before a block",
    "after_block": "after a block",
    "before_subcall": "before a sub-call",
}


class SafePoints:
    """Open until `pause`. `paused_s` is how long the run has been held so far, by the clock given."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open = asyncio.Event()
        self._open.set()
        self._held_since: float | None = None
        self._held_s = 0.0
        self._is_reported = False
        self.on_held: Callable[[str], None] | None = None
        """Called once a pause, with where it took effect first."""
        self.on_held_changed: Callable[[bool], None] | None = None

    @property
    def is_paused(self) -> bool:
        return not self._open.is_set()

    def paused_s(self) -> float:
        return self._held_s + (self._clock() - self._held_since if self._held_since is not None else 0.0)

    def pause(self) -> None:
        if self.is_paused:
            return
        self._open.clear()
        self._is_reported = False
        self._held_since = self._clock()
        if self.on_held_changed is not None:
            self.on_held_changed(True)

    def resume(self) -> bool:
        """Go on. True where something had been held, and `on_held` was told."""
        if not self.is_paused:
            return False
        if self._held_since is not None:
            self._held_s += self._clock() - self._held_since
        self._held_since = None
        self._open.set()
        if self.on_held_changed is not None:
            self.on_held_changed(False)
        return self._is_reported

    async def reach(self, point: SafePoint) -> None:
        """Go on at once, or when the run is resumed."""
        if self._open.is_set():
            return
        if not self._is_reported and self.on_held is not None:
            self._is_reported = True
            self.on_held(_WORDS[point])
        await self._open.wait()
