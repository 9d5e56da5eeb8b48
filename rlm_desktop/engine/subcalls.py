"""Answers what the model's code asks of models: plain calls, children with REPLs, and batches of them truly at once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from rlm_desktop.engine import context as contexts
from rlm_desktop.engine.budget import LimitReached
from rlm_desktop.engine.calls import Call, ask_once, finish, start
from rlm_desktop.engine.shared import Shared
from rlm_desktop.sandbox.rebuild import RecordedItem, RecordedRequest, prompt_sha256
from rlm_desktop.sandbox.values import SubPrompt, SubReply, SubRequest
from rlm_desktop.trace.events import Batch, CallKind, Noticed, Site

MAX_REPLIES_BYTES: Final = 1 << 30
"""All replies to one call are held for as long as it lives, to rebuild its REPL; code can make a child's answer as long as it likes."""

RunChild = Callable[[Call, SubPrompt], Awaitable[str]]


def may_recurse(shared: Shared, depth: int) -> bool:
    """True where a call at `depth` may have children with REPLs."""
    return depth + 1 < shared.limits.max_depth


def may_ask(shared: Shared, depth: int) -> bool:
    """True where a call at `depth` may make sub-calls at all."""
    return depth < shared.limits.max_depth


class SubCalls:
    """The sub-calls of one call. `run_child` runs the REPL of a recursive one."""

    def __init__(self, shared: Shared, parent: Call, run_child: RunChild) -> None:
        self._shared, self._parent, self._run_child = shared, parent, run_child
        self._open: set[asyncio.Task[list[SubReply]]] = set()
        self._held_bytes = 0

    async def answer(self, request: SubRequest, *, iteration: int, block: int, record: list[RecordedRequest]) -> list[SubReply]:
        """Return a reply an item, in order; an item's failure is its reply's `error`. What came is put into `record` too."""
        task = asyncio.create_task(self._answer(request, iteration, block))
        self._open.add(task)
        try:
            answered = await task
        finally:
            self._open.discard(task)
        items = tuple(
            RecordedItem(prompt_sha256=prompt_sha256(request.op, prompt), reply=reply)
            for prompt, reply in zip(request.prompts, answered, strict=True)
        )
        record.append(RecordedRequest(ordinal=request.ordinal, items=items))
        return answered

    async def close(self) -> None:
        """Stop what is still open and wait until it has ended."""
        for task in list(self._open):
            # A second cancel would break into the cleaning up that the first one started.
            if not task.cancelling():
                task.cancel()
        if self._open:
            await asyncio.wait(self._open)

    async def _answer(self, request: SubRequest, iteration: int, block: int) -> list[SubReply]:
        await self._shared.safe_points.reach("before_subcall")
        if not may_ask(self._shared, self._parent.depth):
            return [SubReply(error="This run allows no sub-calls (its depth limit is 0).") for _ in request.prompts]
        site = Site(iteration=iteration, block=block, ordinal=request.ordinal, line=request.line)
        batch_id = next(self._shared.batch_ids) if request.is_batch else None
        size = len(request.prompts)
        started = [
            self._start(request, item, prompt, site, None if batch_id is None else Batch(batch_id=batch_id, index=item, size=size))
            for item, prompt in enumerate(request.prompts)
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._run(one, prompt)) for one, prompt in zip(started, request.prompts, strict=True)]
        return [task.result() for task in tasks]

    def _start(self, request: SubRequest, item: int, prompt: SubPrompt, site: Site, batch: Batch | None) -> Call | SubReply:
        shared, parent = self._shared, self._parent
        is_rlm = request.op == "rlm" and may_recurse(shared, parent.depth)
        kind: CallKind = "rlm" if is_rlm else "llm"
        endpoint = shared.endpoint(is_rlm=is_rlm, asked_for=prompt.model)
        if endpoint is None:
            names = " and ".join(sorted({shared.root.name, shared.sub.name}))
            return SubReply(error=f"There is no model {prompt.model!r} in this run. Leave model out, or name {names}.")
        text = prompt.prompt
        if not is_rlm and prompt.context is not None:
            text = f"{text}\n\n{contexts.as_text(prompt.context)}"
        had_reached = shared.budget.reached
        try:
            return start(
                shared,
                kind=kind,
                prompt=text,
                endpoint=endpoint,
                key=f"{parent.key}/{site.iteration}.{site.block}.{site.ordinal}.{item}",
                parent=parent,
                site=site,
                batch=batch,
            )
        except LimitReached as reached:
            if had_reached is None:
                sentence = f"Sub-calls are refused from here: {reached}."
                shared.recorder.emit(Noticed(call_id=parent.call_id, level="warning", message=sentence))
            return SubReply(error=f"Refused: {reached}.")

    async def _run(self, started: Call | SubReply, prompt: SubPrompt) -> SubReply:
        if isinstance(started, SubReply):
            return started
        body = self._child(started, prompt) if started.kind == "rlm" else ask_once(self._shared, started)
        ended = await finish(self._shared, started, body)
        if ended.answer is None:
            return SubReply(error=ended.error or "The call ended without an answer.")
        assert isinstance(ended.answer, str)
        self._held_bytes += sys.getsizeof(ended.answer)
        if self._held_bytes > MAX_REPLIES_BYTES:
            return SubReply(
                error=f"The replies to this REPL's sub-calls are more than the {MAX_REPLIES_BYTES >> 20:,} MiB that are kept of them."
            )
        return SubReply(text=ended.answer)

    async def _child(self, call: Call, prompt: SubPrompt) -> str:
        async with self._shared.repls_at(call.depth):
            return await self._run_child(call, prompt)
