"""Runs a script through the real loop and real sandbox processes, and opens the trace that it leaves."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rlm_desktop.engine.asking import Backoff
from rlm_desktop.engine.context import Context, of_value
from rlm_desktop.engine.endpoint import Endpoint
from rlm_desktop.engine.models.base import Message, Model
from rlm_desktop.engine.models.scripted import Script, ScriptedModel
from rlm_desktop.engine.recorder import Recorder
from rlm_desktop.engine.run import Run, RunResult
from rlm_desktop.sandbox.values import Confinement, JsonContext
from rlm_desktop.trace.events import KnownEvent, Limits
from rlm_desktop.trace.store import TraceStore
from rlm_desktop.trace.writer import TraceWriter

E = TypeVar("E")
QUICK = Backoff(first_s=0.001, most_s=0.002)


@dataclass(frozen=True, slots=True)
class Recorded:
    result: RunResult
    store: TraceStore
    events: list[KnownEvent]

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]


def repl(code: str) -> str:
    return f"```repl\n{code}\n```"


def turns(*codes: str, sub: Callable[[str], str] = lambda prompt: f"<{prompt}>") -> Script:
    """A root that runs these blocks one a turn, and a sub-model that answers a plain prompt by `sub`."""

    def script(messages: Sequence[Message]) -> str:
        if messages[0].role == "user":
            return sub(messages[0].content)
        turn = sum(message.role == "assistant" for message in messages)
        return repl(codes[min(turn, len(codes) - 1)])

    return script


def run(
    script: Script | Model | Endpoint,
    *,
    context: JsonContext = "some text",
    question: str = "How many?",
    limits: Limits | None = None,
    sub: Model | None = None,
    during: Callable[[Run, list[KnownEvent]], Coroutine[None, None, None]] | None = None,
    timeout_s: float = 30.0,
    backoff: Backoff = QUICK,
    required_claims: tuple[str, ...] = (),
    confinement: Confinement = "required",
) -> Recorded:
    """`during` runs beside the run, with the events so far."""
    path = Path(tempfile.mkdtemp()) / "run.rlmtrace"
    events: list[KnownEvent] = []

    async def read(_emit: Callable[[KnownEvent], None]) -> Context:
        return of_value(context)

    async def whole() -> RunResult:
        writer = TraceWriter(path)
        root = script if isinstance(script, Endpoint) else Endpoint(ScriptedModel(script) if callable(script) else script)
        running = Run(
            question=question,
            root=root,
            sub=None if sub is None else Endpoint(sub),
            limits=limits or Limits(),
            recorder=Recorder(writer, on_event=events.append),
            backoff=backoff,
            required_claims=required_claims,
            confinement=confinement,
        )
        beside = None if during is None else asyncio.create_task(during(running, events))
        try:
            async with asyncio.timeout(timeout_s):
                result = await running.start(read)
            if beside is not None:
                await beside
            return result
        finally:
            writer.close()
            await root.model.aclose()

    result = asyncio.run(whole())
    store = TraceStore.open(path)
    assert store.problem is None, store.problem
    return Recorded(result, store, events)


async def seen(events: list[KnownEvent], is_wanted: Callable[[KnownEvent], bool], *, count: int = 1) -> None:
    """Return when `count` events of this kind have come."""
    async with asyncio.timeout(20):
        while sum(map(is_wanted, events)) < count:  # noqa: ASYNC110 - the list is the run's own and tells nobody of a new event
            await asyncio.sleep(0.002)
