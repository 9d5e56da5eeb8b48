"""A call with a REPL takes a process that is ready; whatever happens to the run or to that process, nothing is lost and none is left."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rlm_desktop.engine.context import Context
from rlm_desktop.engine.endpoint import Endpoint
from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.scripted import ScriptedModel
from rlm_desktop.engine.recorder import Recorder
from rlm_desktop.engine.run import Run
from rlm_desktop.engine.spares import Spares
from rlm_desktop.errors import UserError
from rlm_desktop.sandbox.claims import claims_of
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.process import start_child
from rlm_desktop.sandbox.values import Claim, ContextPart, SandboxDied
from rlm_desktop.trace import commands
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.events import Limits
from rlm_desktop.trace.writer import TraceWriter
from tests.engine.running import repl, run, seen, turns

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
STARTED_BY = "rlm_desktop.sandbox.host.start_child"
DONE = "answer['content'] = 'done'; answer['ready'] = True"


def children() -> list[str]:
    """The processes that this thread has started and that have not been reaped."""
    return Path("/proc/thread-self/children").read_text().split()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    before = children(), descriptors()
    yield
    assert (children(), descriptors()) == before


@pytest.fixture
def born(monkeypatch: pytest.MonkeyPatch) -> list[Sandbox]:
    """The sandboxes that have been prepared, in order."""
    prepared: list[Sandbox] = []
    prepare = Sandbox.prepare

    async def noted(confinement: Any) -> Sandbox:
        sandbox = await prepare(confinement)
        prepared.append(sandbox)
        return sandbox

    monkeypatch.setattr(Sandbox, "prepare", noted)
    return prepared


@asynccontextmanager
async def open_spares() -> AsyncIterator[Spares]:
    spares = Spares("required")
    try:
        yield spares
    finally:
        await spares.close()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.001)


async def works(sandbox: Sandbox) -> None:
    async with sandbox:
        sandbox.adopt()
        assert await sandbox.load_context("str", [ContextPart(text="text")]) == 4


def go(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(30):
            await act()

    asyncio.run(limited())


def test_the_one_that_waits_is_taken(born: list[Sandbox]) -> None:
    async def act() -> None:
        async with open_spares() as spares:
            await spares.settled()
            spares.warm()
            spares.warm()
            await spares.settled()
            taken = await spares.take()
            assert taken is born[0]
            await works(taken)
            assert len(born) == 1

    go(act)


def test_one_that_is_still_starting_is_waited_for(born: list[Sandbox]) -> None:
    async def act() -> None:
        async with open_spares() as spares:
            spares.warm()
            await works(await spares.take())
            assert len(born) == 1

    go(act)


def test_who_comes_when_there_is_none_gets_one_of_his_own(born: list[Sandbox]) -> None:
    async def act() -> None:
        async with open_spares() as spares:
            spares.warm()
            taken = await asyncio.gather(*(spares.take() for _ in range(3)))
            assert len({sandbox.pid for sandbox in taken}) == len(born) == 3
            for sandbox in taken:
                await works(sandbox)

    go(act)


def test_one_that_died_is_replaced_before_the_loop_has_heard_of_it(born: list[Sandbox]) -> None:
    async def act() -> None:
        async with open_spares() as spares:
            spares.warm()
            await until(lambda: born)
            os.kill(born[0].pid, signal.SIGKILL)
            while born[0].is_alive:
                os.sched_yield()
            taken = await spares.take()
            assert taken is not born[0]
            await works(taken)

    go(act)


def test_who_is_cancelled_while_he_waits_leaves_the_spare(born: list[Sandbox]) -> None:
    async def act() -> None:
        async with open_spares() as spares:
            spares.warm()
            waiting = asyncio.create_task(spares.take())
            await until(children)
            waiting.cancel()
            await asyncio.wait([waiting])
            await works(await spares.take())
            assert len(born) == 1

    go(act)


def test_who_is_cancelled_while_he_waits_when_all_is_over_leaves_nothing() -> None:
    async def act() -> None:
        async with open_spares() as spares:
            spares.warm()
            waiting = asyncio.create_task(spares.take())
            await until(children)
            await spares.close()
            waiting.cancel()
            await asyncio.wait([waiting])
            assert not children()

    go(act)


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 5, 8])
def test_closing_in_the_middle_of_a_start_leaves_nothing(steps: int) -> None:
    async def act() -> None:
        async with open_spares() as spares:
            spares.warm()
            for _ in range(steps):
                await asyncio.sleep(0)

    go(act)


def test_none_is_started_after_the_end() -> None:
    async def act() -> None:
        async with open_spares() as spares:
            await spares.close()
            spares.warm()
            await asyncio.sleep(0)
            assert not children()

    go(act)


def test_a_failure_is_silent_until_somebody_needs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[str] = []

    async def failing(*_: Any) -> Any:
        failures.append("failed")
        raise OSError(11, "no more processes")

    async def act() -> None:
        complaints: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        async with open_spares() as spares:
            monkeypatch.setattr(STARTED_BY, failing)
            spares.warm()
            await until(lambda: failures)
            monkeypatch.setattr(STARTED_BY, start_child)
            await works(await spares.take())
            monkeypatch.setattr(STARTED_BY, failing)
            with pytest.raises(SandboxDied, match="no more processes"):
                await spares.take()
            spares.warm()
        assert not complaints

    go(act)


def recursive(messages: Sequence[Message]) -> str:
    if "held in `context`" in messages[1].content:
        return repl(DONE)
    return repl(["print(rlm_query('child'))", DONE][min(1, sum(m.role == "assistant" for m in messages))])


def test_a_recursive_call_takes_the_spare_and_its_claims_are_those_recorded(born: list[Sandbox], monkeypatch: pytest.MonkeyPatch) -> None:
    counted = iter(range(100))

    def numbered(*of: Any) -> tuple[Claim, ...]:
        return tuple(replace(claim, evidence=f"number {next(counted)}") for claim in claims_of(*of))

    monkeypatch.setattr("rlm_desktop.sandbox.host.claims_of", numbered)
    before_child: list[int] = []

    async def during(_running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CallStarted) and e.depth == 1)
        before_child.append(len(born))

    async def answered(messages: Sequence[Message]) -> str:
        await until(lambda: len(born) == 2)
        return recursive(messages)

    recorded = run(answered, during=during)
    assert recorded.result.status == "ok"
    assert before_child == [2]
    said = [[claim.evidence for claim in started.claims] for started in recorded.of(ev.SandboxStarted)]
    assert said == [[claim.evidence for claim in sandbox.claims] for sandbox in born[:2]]


def test_without_recursion_no_process_waits_for_it(born: list[Sandbox]) -> None:
    run(turns("print(1)", DONE), limits=Limits(max_depth=1))
    assert len(born) == 1


def test_a_process_that_is_lost_is_replaced_by_the_spare(born: list[Sandbox]) -> None:
    async def during(_running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CodeStarted))
        await until(lambda: len(born) == 2)
        os.kill(born[0].pid, signal.SIGKILL)

    recorded = run(turns("while True: pass", DONE), during=during)
    assert recorded.result.status == "ok"
    assert len(recorded.of(ev.SandboxLost)) == 1
    assert len(recorded.of(ev.SandboxStarted)) == 2


def test_a_run_that_is_stopped_leaves_no_spare() -> None:
    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CodeStarted))
        running.obey(commands.Stop())

    assert run(turns("while True: pass"), during=during).result.status == "cancelled"


def test_a_run_whose_loop_is_interrupted_leaves_no_spare(born: list[Sandbox]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    async def during(_running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CodeStarted))
        await until(lambda: len(born) == 2)
        asyncio.get_running_loop().call_soon(interrupt)

    with pytest.raises(KeyboardInterrupt):
        run(turns("while True: pass"), during=during)


def test_a_run_that_ctrl_c_cancels_leaves_no_spare() -> None:
    async def during(_running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CodeStarted))
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run(turns("while True: pass"), during=during)


def test_documents_that_cannot_be_read_leave_no_spare() -> None:
    async def read(_emit: object) -> Context:
        raise UserError("There is nothing to read.")

    async def act() -> None:
        with closing(TraceWriter(Path(tempfile.mkdtemp()) / "run.rlmtrace")) as writer:
            root = Endpoint(ScriptedModel(recursive))
            result = await Run(question="?", root=root, limits=Limits(), recorder=Recorder(writer)).start(read)
        assert result.status == "error"

    go(act)
