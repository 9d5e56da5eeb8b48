"""The requests of one block that are outstanding: each is answered in a task of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rlm_desktop.sandbox.child.wire import pack
from rlm_desktop.sandbox.clock import BlockClock
from rlm_desktop.sandbox.frames import Header
from rlm_desktop.sandbox.schema import Done
from rlm_desktop.sandbox.values import OnRequest, SubReply, SubRequest

MAX_OUTSTANDING = 4_096
MAX_OUTSTANDING_BYTES = 1 << 30
MAX_REQUESTS = 100_000
"""Of one block, a batch counted once. Its clock stands while requests are outstanding, so that code which goes on asking from threads,
though each is refused at once, would never be over its time."""

BLOCK_ENDED = "the block that asked has ended"


@dataclass(slots=True)
class Running:
    """The block that runs now."""

    number: int
    on_request: OnRequest
    clock: BlockClock
    done: asyncio.Future[tuple[Header, Done]]
    hand_over: Callable[[Iterable[bytes]], None]
    write: Callable[[Iterable[bytes]], Awaitable[None]]
    requests: int = 0
    waiting_s: float = 0.0
    interrupted_by: str | None = None
    tasks: dict[asyncio.Task[None], int] = field(default_factory=dict)
    """Each outstanding request, with the bytes of memory that it takes."""
    _guard: asyncio.Task[None] | None = None
    _waiting_since: float = 0.0

    def start_request(self, request_id: int, request: SubRequest, held_bytes: int) -> None:
        if not self.tasks:
            self._waiting_since = time.monotonic()
        self.clock.hold()
        task = asyncio.create_task(self._answer(request_id, request))
        self.tasks[task] = held_bytes
        task.add_done_callback(self._ended)

    async def _answer(self, request_id: int, request: SubRequest) -> None:
        try:
            try:
                replies = await self.on_request(request)
                if len(replies) != len(request.prompts):
                    raise RuntimeError(f"{len(request.prompts)} prompts were answered with {len(replies)} replies")
            finally:
                self.clock.release()  # from here the child must move: one that does not read has its time run out
            await self.write(reply_frames(request_id, replies))
        except asyncio.CancelledError:
            # A thread may wait for it; the child is not waited for, so that what was cancelled ends.
            self.hand_over(reply_frames(request_id, [SubReply(error=BLOCK_ENDED)] * len(request.prompts)))
            raise

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self.tasks[task]
        if not self.tasks:
            self.waiting_s += time.monotonic() - self._waiting_since
        self._pass_on(task)

    def _pass_on(self, task: asyncio.Task[None]) -> None:
        """End the block with what a task raised."""
        if not task.cancelled() and (error := task.exception()) is not None and not self.done.done():
            self.done.set_exception(error)

    def guard(self, limit: Coroutine[None, None, None]) -> None:
        """Run, beside the block and in the place of what did so before, what ends it."""
        self.end_guard()
        self._guard = asyncio.create_task(limit)
        self._guard.add_done_callback(self._pass_on)

    def end_guard(self) -> None:
        if self._guard is not None:
            self._guard.cancel()

    async def make_room(self) -> None:
        """Wait until another request may be outstanding; until then the child's pipe is not read."""
        while self.tasks and (len(self.tasks) >= MAX_OUTSTANDING or sum(self.tasks.values()) > MAX_OUTSTANDING_BYTES):
            await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)

    async def cancel_requests(self) -> None:
        """Cancel what is outstanding and wait until all of it has ended."""
        tasks = list(self.tasks)
        if not tasks:
            return
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def reply_frames(request_id: int, replies: Sequence[SubReply]) -> Iterator[bytes]:
    """One by one: encoded, the replies to a large batch are as much again as the texts."""
    last = len(replies) - 1
    for index, reply in enumerate(replies):
        text = reply.error if reply.error is not None else reply.text or ""
        header = {"op": "reply", "id": request_id, "index": index, "ok": reply.error is None, "last": index == last}
        yield pack(header, text.encode("utf-8", "replace"))
