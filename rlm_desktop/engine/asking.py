"""One reply from a model: slot, reservation, attempts, backoff; each attempt is an event."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rlm_desktop.engine.budget import Amount, Budget
from rlm_desktop.engine.endpoint import Cost, Endpoint, estimate_tokens
from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest
from rlm_desktop.engine.recorder import Recorder
from rlm_desktop.engine.safe_points import SafePoints
from rlm_desktop.trace.events import KnownEvent, Limits, ModelAsked, ModelFailed, ModelReplied, Noticed, Told, Usage
from rlm_desktop.trace.messages import Conversation


class CallFailed(Exception):
    """The call cannot go on; a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Seconds before the next attempt: doubling from `first_s` to `most_s`, up to as much again by chance; a server's wish comes first."""

    first_s: float = 0.5
    most_s: float = 30.0
    most_asked_s: float = 120.0
    chance: Callable[[], float] = field(default=random.random)

    def delay_s(self, attempt: int, *, asked_s: float | None) -> float:
        if asked_s is not None:
            return min(asked_s, self.most_asked_s)
        return min(self.most_s, self.first_s * float(2**attempt)) * (1.0 + self.chance())


class Talk:
    """One call's conversation: whatever is recorded of the call passes through here, so that its messages follow from its events."""

    def __init__(self, call_id: int, key: str, endpoint: Endpoint, recorder: Recorder, limits: Limits) -> None:
        self.call_id, self.key, self.endpoint = call_id, key, endpoint
        self._recorder = recorder
        self._conversation = Conversation(_plain_text, limits)

    def record(self, event: KnownEvent) -> None:
        self._recorder.emit(event)
        self._conversation.apply(event)

    def messages(self) -> list[Message]:
        return self._conversation.messages()

    @property
    def asked_iteration(self) -> int:
        """The last iteration that was asked for, -1 before the first."""
        return self._conversation.asked_iteration

    def messages_with(self, told: Told) -> list[Message]:
        """Return the messages as they would be with `told` added, for an estimate before asking."""
        extra = [Message(role="user", content=text) for text in (told.system, told.user) if isinstance(text, str)]
        return self.messages() + extra + [Message(role="user", content=text) for text in self._conversation.waiting_outputs()]


def _plain_text(text: object) -> str:
    # The engine's own events carry their texts whole; they are split only on their way into the file.
    assert isinstance(text, str)
    return text


class Asker:
    """Asks models on behalf of all calls of a run, at most so many at once."""

    def __init__(self, *, limits: Limits, budget: Budget, safe_points: SafePoints, recorder: Recorder, backoff: Backoff) -> None:
        self._limits, self._budget, self._safe_points = limits, budget, safe_points
        self._recorder, self._backoff = recorder, backoff
        self._slots = asyncio.Semaphore(limits.max_requests_at_once)
        self._unpriced: set[str] = set()
        self._noticed: set[str] = set()

    async def ask(
        self, talk: Talk, *, iteration: int, told: Told, may_use_kept: bool = False, on_text: Callable[[str], None] | None = None
    ) -> str:
        """Return the text of the reply. Raises CallFailed when the attempts are used up, LimitReached when the budget allows none."""
        for attempt in range(self._limits.attempts):
            async with self._slots:
                outcome = await self._attempt(talk, iteration, attempt, told, may_use_kept=may_use_kept, on_text=on_text)
            if isinstance(outcome, ModelReply):
                return outcome.text
            await asyncio.sleep(outcome)
        raise AssertionError("the last attempt raises")

    async def _attempt(
        self, talk: Talk, iteration: int, attempt: int, told: Told, *, may_use_kept: bool, on_text: Callable[[str], None] | None
    ) -> ModelReply | float:
        """Return the reply, or the seconds to wait before the next attempt."""
        endpoint = talk.endpoint
        reserved, reserved_usd = endpoint.expected(talk.messages_with(told) if attempt == 0 else talk.messages())
        self._notice_unpriced(endpoint, reserved_usd)
        await self._budget.reserve(reserved, may_use_kept=may_use_kept)
        used = Amount()
        try:
            # Here and not before the slot: what waits for a slot when a person pauses is held too.
            await self._safe_points.reach("before_request")
            talk.record(
                ModelAsked(
                    call_id=talk.call_id,
                    iteration=iteration,
                    attempt=attempt,
                    parameters=endpoint.stated_parameters(),
                    reserved_usd=reserved_usd,
                    told=told if attempt == 0 else Told(),
                )
            )
            messages = talk.messages()
            request = ModelRequest(
                messages=messages,
                key=f"{talk.key}#{iteration}",
                parameters=endpoint.parameters,
                on_text=on_text,
                on_notice=self._notice,
            )
            asked_at = time.monotonic()
            try:
                reply = await endpoint.model.complete(request)
            except ModelError as error:
                is_last = error.is_final or attempt + 1 >= self._limits.attempts
                retry_in_s = None if is_last else round(self._backoff.delay_s(attempt, asked_s=error.retry_after_s), 3)
                used = _failed(talk, iteration, attempt, error, retry_in_s=retry_in_s, latency_s=time.monotonic() - asked_at)
                if retry_in_s is None:
                    tries = "" if attempt == 0 else f" (after {attempt + 1} attempts)"
                    raise CallFailed(f"{error}{tries}") from error
                return retry_in_s
            except asyncio.CancelledError:
                used = _cancelled(talk, iteration, attempt, latency_s=time.monotonic() - asked_at)
                raise
            usage = endpoint.usage_of(messages, reply)
            cost = endpoint.cost_of(usage, stated_usd=reply.cost_usd)
            used = Amount(tokens=usage.input_tokens + usage.output_tokens, cost_pico=cost.pico)
            talk.record(
                ModelReplied(
                    call_id=talk.call_id,
                    iteration=iteration,
                    attempt=attempt,
                    response=reply.text,
                    reasoning=reply.reasoning,
                    served_model=reply.served_model,
                    finish_reason=reply.finish_reason,
                    usage=usage,
                    cost_usd=cost.usd,
                    priced_by=cost.by,
                    source=reply.source,
                    latency_s=round(time.monotonic() - asked_at, 6),
                    first_token_s=reply.first_token_s,
                )
            )
            return reply
        finally:
            self._budget.settle(reserved, used)

    def _notice(self, sentence: str) -> None:
        if sentence not in self._noticed:
            self._noticed.add(sentence)
            self._recorder.emit(Noticed(message=sentence))

    def _notice_unpriced(self, endpoint: Endpoint, reserved_usd: float | None) -> None:
        if reserved_usd is None and self._limits.max_cost_usd is not None and endpoint.name not in self._unpriced:
            self._unpriced.add(endpoint.name)
            self._recorder.emit(
                Noticed(
                    level="warning",
                    message=f"No price is known for {endpoint.name}, so the limit of ${self._limits.max_cost_usd:,.2f} cannot hold it.",
                )
            )


def _failed(talk: Talk, iteration: int, attempt: int, error: ModelError, *, retry_in_s: float | None, latency_s: float) -> Amount:
    """Record a failed attempt and return what it used: nothing, unless the server said otherwise."""
    has_cost = error.usage is not None or error.cost_usd is not None
    cost = talk.endpoint.cost_of(error.usage, stated_usd=error.cost_usd) if has_cost else Cost(usd=None, by=None)
    talk.record(
        ModelFailed(
            call_id=talk.call_id,
            iteration=iteration,
            attempt=attempt,
            error=str(error),
            retry_in_s=retry_in_s,
            status_code=error.status_code,
            usage=error.usage,
            cost_usd=cost.usd,
            priced_by=cost.by,
            latency_s=round(latency_s, 6),
        )
    )
    tokens = 0 if error.usage is None else error.usage.input_tokens + error.usage.output_tokens
    return Amount(tokens=tokens, cost_pico=cost.pico)


def _cancelled(talk: Talk, iteration: int, attempt: int, *, latency_s: float) -> Amount:
    """Record a request that was taken back. A paid provider may bill it all the same: then its cost is unknown, not nothing."""
    usage = Usage(input_tokens=estimate_tokens(talk.messages()), output_tokens=0, is_estimate=True)
    cost = talk.endpoint.cost_of(usage)
    is_free = cost.by == "free"
    talk.record(
        ModelFailed(
            call_id=talk.call_id,
            iteration=iteration,
            attempt=attempt,
            error="The request was cancelled.",
            usage=None if is_free else usage,
            latency_s=round(latency_s, 6),
        )
    )
    return Amount() if is_free else Amount(tokens=usage.input_tokens, cost_pico=cost.pico)
