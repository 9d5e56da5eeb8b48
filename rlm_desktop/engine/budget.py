"""What a run may still use. Reserved before a request, settled after it, so that requests at once cannot overrun a limit together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from rlm_desktop.trace.codes import pico, usd
from rlm_desktop.trace.events import Limits


class LimitReached(Exception):
    """A limit of the run keeps something from starting; the text is a clause naming it, such as `the limit of 100 calls is reached`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Tokens, and picodollars where a price is known (else 0)."""

    tokens: int = 0
    cost_pico: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(tokens=self.tokens + other.tokens, cost_pico=self.cost_pico + other.cost_pico)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(tokens=self.tokens - other.tokens, cost_pico=self.cost_pico - other.cost_pico)


class Budget:
    """The run's calls, tokens and cost against its limits. Time is kept by the run's deadline."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cap_pico = None if limits.max_cost_usd is None else pico(limits.max_cost_usd)
        self._used = Amount()
        self._reserved = Amount()
        self._kept_back = Amount()
        self._waiting: set[asyncio.Future[None]] = set()
        self.calls = 0
        self.reached: str | None = None
        """The first limit that kept something from starting."""

    def start_call(self) -> None:
        """Count a call. Raises LimitReached where it would be one too many."""
        most = self._limits.max_calls
        if most is not None and self.calls >= most:
            raise self._refusal(f"the limit of {most:,} calls is reached")
        self.calls += 1

    def keep_back(self, amount: Amount) -> None:
        """Set aside what the root's last request for the best answer would need."""
        self._kept_back = amount

    async def reserve(self, amount: Amount, *, may_use_kept: bool) -> None:
        """Hold `amount` until `settle`. Waits while requests under way may yet leave enough; raises LimitReached when nothing will."""
        while (reason := self._why_not(amount, may_use_kept=may_use_kept)) is not None:
            if self._reserved == Amount():
                raise self._refusal(reason)
            settled = asyncio.get_running_loop().create_future()
            self._waiting.add(settled)
            try:
                await settled
            finally:
                self._waiting.discard(settled)
        self._reserved += amount

    def settle(self, reserved: Amount, used: Amount) -> None:
        """Put what a request really used in the place of what was reserved for it."""
        self._reserved -= reserved
        self._used += used
        for settled in self._waiting:
            if not settled.done():
                settled.set_result(None)

    def left_calls(self) -> int | None:
        return None if self._limits.max_calls is None else max(0, self._limits.max_calls - self.calls)

    def left_tokens(self) -> int | None:
        return None if self._limits.max_tokens is None else max(0, self._limits.max_tokens - self._used.tokens - self._reserved.tokens)

    def left_cost_usd(self) -> float | None:
        return None if self._cap_pico is None else usd(max(0, self._cap_pico - self._used.cost_pico - self._reserved.cost_pico))

    def _why_not(self, amount: Amount, *, may_use_kept: bool) -> str | None:
        asked = self._used + self._reserved + amount + (Amount() if may_use_kept else self._kept_back)
        if self._limits.max_tokens is not None and asked.tokens > self._limits.max_tokens:
            return f"the limit of {self._limits.max_tokens:,} tokens is reached"
        if self._cap_pico is not None and asked.cost_pico > self._cap_pico and (amount.cost_pico or self._used.cost_pico > self._cap_pico):
            return f"the limit of ${usd(self._cap_pico):,.2f} is reached"
        return None

    def _refusal(self, reason: str) -> LimitReached:
        self.reached = self.reached or reason
        return LimitReached(reason)
