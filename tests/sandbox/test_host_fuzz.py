"""The host against a child that says anything in any order: every wait ends, with a value or with the sandbox dead."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.sandbox.child.wire import LENGTHS, pack
from rlm_desktop.sandbox.context import ContextFile
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import ContextPart, SandboxDied, SubReply, SubRequest
from tests.fuzzing import examples, mutated
from tests.sandbox.sound_frames import any_frame, done, requests


class Written:
    """The pipe to a child: it keeps the whole frames that it is given."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writelines(self, frames: Sequence[bytes]) -> None:
        for frame in frames:
            self.data += frame

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def headers(self) -> list[dict[str, Any]]:
        found, at = [], 0
        while at < len(self.data):
            head, body = LENGTHS.unpack_from(self.data, at)
            found.append(json.loads(self.data[at + 8 : at + 8 + head]))
            at += 8 + head + body
        return found


class Liar:
    """A child process of whom there is nothing but its pipes. Killed, it ends as a real one does."""

    pid = 0

    def __init__(self) -> None:
        self.stdin, self.stdout, self.stderr = Written(), asyncio.StreamReader(), asyncio.StreamReader()
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.stderr.feed_eof()

    def say(self, data: bytes) -> None:
        if not self.exited.done():
            self.stdout.feed_data(data)

    def limit_memory(self, _memory_bytes: int, _too_much: object) -> None:
        """Its system does that."""

    def kill(self) -> None:
        if not self.exited.done():
            self.exited.set_result(-9)
            self.stdout.feed_eof()

    async def end(self) -> None:
        self.kill()


async def answered(request: SubRequest) -> Sequence[SubReply]:
    await asyncio.sleep(0)
    if request.prompts[0].prompt == "never":
        await asyncio.Event().wait()
    return [SubReply(text=prompt.prompt) for prompt in request.prompts]


def sandbox_of(child: Liar) -> Sandbox:
    return Sandbox(child, ContextFile())  # type: ignore[arg-type]


said = st.one_of(any_frame, done(), done(block=1), requests(), mutated(any_frame))


@given(frames=st.lists(said, max_size=8), is_cut=st.booleans(), is_loaded=st.booleans(), is_interrupted=st.booleans())
@examples(100)
def test_whatever_a_child_says_each_wait_ends(frames: list[bytes], is_cut: bool, is_loaded: bool, is_interrupted: bool) -> None:
    async def go() -> None:
        child = Liar()
        sandbox = sandbox_of(child)
        failures: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failures.append(context))
        try:
            if is_loaded:
                child.say(pack({"op": "loaded", "chars": 3, "error": None}))
            waiting = [asyncio.create_task(two_blocks(sandbox, is_loaded=is_loaded))]
            for frame in frames:
                child.say(frame)
                await asyncio.sleep(0)
            if is_interrupted:
                sandbox.interrupt("it was stopped")
            for _ in range(20):
                await asyncio.sleep(0)
            child.say(b"abc" if is_cut else b"")
            child.kill()
            async with asyncio.timeout(10):
                results = await asyncio.gather(*waiting, return_exceptions=True)
            assert not [one for one in results if isinstance(one, BaseException)], results
            with contextlib.suppress(SandboxDied):
                await sandbox.lookup("x")
                raise AssertionError("it is dead")
        finally:
            await sandbox.close()
        assert failures == []
        assert sandbox._reader.cancelled() or sandbox._reader.exception() is None
        only_ours(child.stdin.headers())

    asyncio.run(go())


async def two_blocks(sandbox: Sandbox, *, is_loaded: bool) -> None:
    with contextlib.suppress(SandboxDied):
        if is_loaded:
            await sandbox.load_context("str", [ContextPart(text="abc")])
        for iteration in range(2):
            await sandbox.execute("pass", iteration=iteration, block=0, on_request=answered, time_limit_s=5)


def only_ours(headers: list[dict[str, Any]]) -> None:
    """Nothing that a child said comes back to it but the ids of its own requests."""
    assert {header["op"] for header in headers} <= {"load", "exec", "interrupt", "reply", "lookup"}
    assert all(header["ok"] in (True, False) for header in headers if header["op"] == "reply")
