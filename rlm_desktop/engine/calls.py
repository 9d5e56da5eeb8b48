"""Starts calls and ends them: whatever happens inside, a call that has started ends once, after all it made."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass

from rlm_desktop.engine.asking import CallFailed, Talk
from rlm_desktop.engine.budget import LimitReached
from rlm_desktop.engine.endpoint import Endpoint
from rlm_desktop.engine.shared import Shared
from rlm_desktop.trace.events import Batch, CallEnded, CallKind, CallStarted, Site, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that has started. `key` is the same in every run that takes the same way: parent's key, iteration, block, ordinal, item."""

    call_id: int
    key: str
    kind: CallKind
    depth: int
    prompt: str
    endpoint: Endpoint
    talk: Talk


class Partial(Exception):
    """A call that reached a limit and still has its best answer."""

    def __init__(self, answer: str | None, reason: str) -> None:
        super().__init__(reason)
        self.answer = answer


def start(
    shared: Shared,
    *,
    kind: CallKind,
    prompt: str,
    endpoint: Endpoint,
    key: str,
    parent: Call | None = None,
    site: Site | None = None,
    batch: Batch | None = None,
) -> Call:
    """Count and record a new call. Raises LimitReached, with nothing recorded, where it would be one too many."""
    shared.budget.start_call()
    call_id = next(shared.call_ids)
    depth = 0 if parent is None else parent.depth + 1
    if parent is not None:
        shared.parents[call_id] = parent.call_id
    talk = Talk(call_id, key, endpoint, shared.recorder, shared.limits)
    talk.record(
        CallStarted(
            call_id=call_id,
            kind=kind,
            depth=depth,
            model=endpoint.name,
            prompt=prompt,
            parent_id=None if parent is None else parent.call_id,
            site=site,
            batch=batch,
        )
    )
    return Call(call_id=call_id, key=key, kind=kind, depth=depth, prompt=prompt, endpoint=endpoint, talk=talk)


async def finish(shared: Shared, call: Call, body: Coroutine[None, None, str]) -> CallEnded:
    """Run `body` to the call's answer and record how the call ended. Raises CancelledError only when the caller itself is cancelled."""
    task = asyncio.create_task(body)
    shared.tasks[call.call_id] = task
    try:
        ended = CallEnded(call_id=call.call_id, status="ok", answer=await task)
    except Partial as partial:
        ended = CallEnded(call_id=call.call_id, status="limit", answer=partial.answer, error=sentence(str(partial)))
    except LimitReached as reached:
        ended = CallEnded(call_id=call.call_id, status="limit", error=sentence(str(reached)))
    except CallFailed as failed:
        ended = CallEnded(call_id=call.call_id, status="error", error=str(failed))
    except asyncio.CancelledError:
        ending = shared.ending_of(call.call_id)
        shared.recorder.emit(CallEnded(call_id=call.call_id, status=ending.status, error=ending.error))
        current = asyncio.current_task()
        if current is not None and current.cancelling():
            raise
        return CallEnded(call_id=call.call_id, status=ending.status, error=ending.error)
    except Exception as mistake:
        shared.recorder.emit(CallEnded(call_id=call.call_id, status="error", error=mistake_of_ours(mistake)))
        raise
    finally:
        del shared.tasks[call.call_id]
    shared.recorder.emit(ended)
    return ended


async def ask_once(shared: Shared, call: Call) -> str:
    """The body of a plain call: its prompt is asked, the reply is its answer."""
    return await shared.asker.ask(call.talk, iteration=0, told=Told())


async def _ended(task: asyncio.Task[str]) -> None:
    await asyncio.wait([task])


def mistake_of_ours(error: Exception) -> str:
    """Return what a trace says of an error that nobody foresaw; the error itself goes on, to where it is seen."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return f"A mistake in this program ended it: {type(error).__name__}: {error}"


def sentence(clause: str) -> str:
    """Return a clause as a sentence, with capital and full stop."""
    return f"{clause[:1].upper()}{clause[1:]}."
