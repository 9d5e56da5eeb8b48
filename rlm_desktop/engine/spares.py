"""Sandboxes that are started before anybody needs them, so that a call with a REPL does not wait for one to start."""

from __future__ import annotations

import asyncio
from collections import deque

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.to_the_end import to_the_end
from rlm_desktop.sandbox.values import Confinement


class Spares:
    """The spares of one run: confined and self-tested processes that have been given nothing.

    They are started on the thread of the loop: the kernel ends a child with the *thread* that started it. `close` when the run ends.
    """

    def __init__(self, confinement: Confinement) -> None:
        self._confinement = confinement
        self._kept: deque[asyncio.Task[Sandbox]] = deque()
        """The oldest first; some may still be starting, or have failed."""
        self._is_closed = False

    def warm(self) -> None:
        """Begin to start one, unless there is one. That it fails is nobody's business until somebody needs it."""
        if not self._is_closed and not self._kept:
            task = asyncio.create_task(Sandbox.prepare(self._confinement))
            task.add_done_callback(_seen)
            self._kept.append(task)

    async def settled(self) -> None:
        """Return when none is starting any more."""
        if self._kept:
            await asyncio.wait(self._kept)

    async def take(self) -> Sandbox:
        """Return a sandbox that is ready to be adopted, a spare if there is one that lives. The caller closes it. Raises SandboxDied."""
        while self._kept:
            task = self._kept.popleft()
            if not task.done():
                return await self._wait_for(task)
            if task.cancelled() or task.exception() is not None:
                continue  # it failed when nobody needed it, which may have passed
            spare = task.result()
            if spare.is_alive:
                return spare
            await spare.close()
        return await Sandbox.prepare(self._confinement)

    async def _wait_for(self, task: asyncio.Task[Sandbox]) -> Sandbox:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._kept.appendleft(task)  # the one who waited goes, the spare stays
            if self._is_closed:
                await to_the_end(self._close())
            raise

    async def close(self) -> None:
        """End all that nobody has taken, the ones that are still starting too."""
        self._is_closed = True
        await to_the_end(self._close())

    async def _close(self) -> None:
        while self._kept:
            task = self._kept.popleft()
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled() and task.exception() is None:
                await task.result().close()


def _seen(task: asyncio.Task[Sandbox]) -> None:
    """A failure of a spare that nobody takes is not to be reported when its task is thrown away."""
    if not task.cancelled():
        task.exception()
