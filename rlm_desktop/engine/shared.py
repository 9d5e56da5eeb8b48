"""What all calls of one run share, and how one call of many is told apart and stopped."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from rlm_desktop.engine.asking import Asker
from rlm_desktop.engine.budget import Budget
from rlm_desktop.engine.deadline import Deadline
from rlm_desktop.engine.endpoint import Endpoint
from rlm_desktop.engine.recorder import Recorder
from rlm_desktop.engine.safe_points import SafePoints
from rlm_desktop.engine.spares import Spares
from rlm_desktop.sandbox.clock import BlockClock
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS, Confinement
from rlm_desktop.trace.events import CallStatus, Claim, Limits

OnText = Callable[[int, int, str], None]
"""Call id, iteration, a new piece of the reply's text."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a call was stopped from outside."""

    status: CallStatus
    error: str


@dataclass(slots=True, kw_only=True)
class Shared:
    """One per run. `tasks` holds the running calls by id; `endings` why some of them were stopped."""

    limits: Limits
    recorder: Recorder
    budget: Budget
    deadline: Deadline
    safe_points: SafePoints
    asker: Asker
    root: Endpoint
    sub: Endpoint
    spares: Spares
    on_text: OnText | None = None
    confinement: Confinement = "required"
    required_claims: tuple[str, ...] = REQUIRED_CLAIMS
    claims_told: tuple[Claim, ...] = ()
    """What the last sandbox held whose tries went into the trace: thousands of them come out alike."""
    tasks: dict[int, asyncio.Task[str]] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    endings: dict[int, Ending] = field(default_factory=dict)
    clocks: set[BlockClock] = field(default_factory=set)
    interrupts: dict[int, Callable[[], bool]] = field(default_factory=dict)
    """How the running block of each call with a REPL is interrupted; False where it runs none."""
    call_ids: itertools.count[int] = field(default_factory=itertools.count)
    batch_ids: itertools.count[int] = field(default_factory=itertools.count)
    _repls: dict[int, asyncio.Semaphore] = field(default_factory=dict)

    def repls_at(self, depth: int) -> asyncio.Semaphore:
        """Limits the live REPLs at each depth by itself, so that parents that wait never starve their children."""
        if depth not in self._repls:
            self._repls[depth] = asyncio.Semaphore(self.limits.max_repls_per_depth)
        return self._repls[depth]

    def endpoint(self, *, is_rlm: bool, asked_for: str | None) -> Endpoint | None:
        """Return a sub-call's model: the one asked for by name, else the root's for a REPL, else the sub-model; None for a foreign name."""
        if asked_for is None:
            return self.root if is_rlm else self.sub
        return next((one for one in (self.root, self.sub) if one.name == asked_for), None)

    def stop(self, call_id: int, ending: Ending) -> bool:
        """End one call and all below it; False where it is not running."""
        task = self.tasks.get(call_id)
        if task is None or task.done():
            return False
        self.endings.setdefault(call_id, ending)
        task.cancel()
        return True

    def ending_of(self, call_id: int) -> Ending:
        """Return why a call that was stopped was stopped: its own reason, or that of the nearest call above it."""
        at: int | None = call_id
        while at is not None:
            if at in self.endings:
                return self.endings[at]
            at = self.parents.get(at)
        if self.deadline.has_passed:
            return Ending("limit", f"Stopped: {self.deadline.reason}.")
        return Ending("cancelled", "Stopped with the call that made it." if call_id in self.parents else "The run was stopped.")
