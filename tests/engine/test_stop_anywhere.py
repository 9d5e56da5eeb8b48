"""Stopped at whatever point: the run ends soon, its trace ends properly, and nothing of it is left in this process or beside it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from rlm_desktop.engine.asking import Backoff
from rlm_desktop.engine.models.base import Message, ModelError
from rlm_desktop.engine.models.scripted import Given, Script
from rlm_desktop.engine.run import Run
from rlm_desktop.trace import commands
from rlm_desktop.trace import events as ev
from tests.engine.running import Recorded, repl, run, seen, turns
from tests.leftovers import nothing_left

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

IsWanted = Callable[[ev.KnownEvent], bool]
SOON_S = 8.0
"""A block that does not heed an interrupt has 2 s; the rest is for a slow machine."""


def fails(_messages: Sequence[Message]) -> Given:
    raise ModelError("The server is busy.", status_code=503)


def asks_subs(code: str) -> Script:
    """The root runs `code`; plain sub-calls never get a reply."""

    def script(messages: Sequence[Message]) -> Awaitable[Given] | Given:
        return asyncio.sleep(60, "never") if messages[0].role == "user" else repl(code)

    return script


def last_reply(messages: Sequence[Message]) -> Awaitable[Given] | Given:
    return asyncio.sleep(60, "never") if "is reached" in messages[-1].content else repl("x = 1")


def child_of_child(messages: Sequence[Message]) -> Awaitable[Given] | Given:
    if messages[0].role == "user":
        return asyncio.sleep(60, "never")
    held = "held in `context`" in messages[1].content
    return repl("llm_query_batched(['x'] * 3)" if held else "rlm_query_batched(['a', 'b', 'c'])")


@dataclass(frozen=True)
class Point:
    """Somewhere in a run: what leads there, and the event by which one sees that it is reached."""

    script: Script
    is_reached: IsWanted
    count: int = 1
    max_iterations: int = 30
    pauses: bool = False
    context: str = "some text"


def a(kind: type[ev.KnownEvent]) -> IsWanted:
    return lambda event: isinstance(event, kind)


LOST = turns("import time; time.sleep(0.7); x = 1", "import os; os._exit(3)")
POINTS = {
    "a sandbox starts": Point(turns("pass"), a(ev.CallStarted)),
    "a context is loaded": Point(turns("pass"), a(ev.SandboxStarted), context="x" * 40_000_000),
    "the model is asked": Point(lambda _messages: asyncio.sleep(60, "never"), a(ev.ModelAsked)),
    "a block runs": Point(turns("while True: pass"), a(ev.CodeStarted)),
    "a block sleeps": Point(turns("import time; time.sleep(60)"), a(ev.CodeStarted)),
    "a block is deaf": Point(turns("while True:\n try: sum(range(10**7))\n except BaseException: pass"), a(ev.CodeStarted)),
    "a batch is asked": Point(asks_subs("llm_query_batched(['x'] * 30)"), lambda e: isinstance(e, ev.ModelAsked) and e.call_id > 0, 5),
    "threads ask": Point(
        asks_subs("from concurrent.futures import ThreadPoolExecutor as P\nwith P(20) as p: list(p.map(llm_query, 'x' * 20))"),
        lambda e: isinstance(e, ev.ModelAsked) and e.call_id > 0,
        10,
    ),
    "children's sandboxes start": Point(child_of_child, lambda e: isinstance(e, ev.CallStarted) and e.kind == "rlm" and e.call_id > 0),
    "children ask": Point(child_of_child, lambda e: isinstance(e, ev.ModelAsked) and e.call_id > 3, 3),
    "a retry is waited for": Point(fails, a(ev.ModelFailed)),
    "a sandbox is lost": Point(LOST, lambda e: isinstance(e, ev.CodeEnded) and e.is_error),
    "the run is paused": Point(turns("x = 1"), a(ev.Paused), pauses=True),
    "the last answer is asked for": Point(
        last_reply, lambda e: isinstance(e, ev.ModelAsked) and e.iteration == 1, max_iterations=1
    ),
}  # fmt: skip


def stopped(point: Point, command: commands.Command, *, later_s: float = 0.0, ticks: int = 0) -> Recorded:
    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        if point.pauses:
            await seen(events, a(ev.ModelAsked))
            assert running.obey(commands.Pause()) is None
        await seen(events, point.is_reached, count=point.count)
        for _ in range(ticks):
            await asyncio.sleep(0)
        if later_s:
            await asyncio.sleep(later_s)
        running.obey(command)

    recorded = run(
        point.script,
        during=during,
        timeout_s=SOON_S + later_s,
        limits=ev.Limits(max_iterations=point.max_iterations),
        backoff=Backoff(first_s=60.0, most_s=60.0),
        context=point.context,
    )
    ended_properly(recorded)
    return recorded


def ended_properly(recorded: Recorded) -> None:
    """Each call and each block that started has ended, the run last."""
    started, ended = recorded.of(ev.CallStarted), recorded.of(ev.CallEnded)
    assert sorted(e.call_id for e in started) == sorted(e.call_id for e in ended)
    assert isinstance(recorded.events[-1], ev.RunEnded)
    blocks = [(e.call_id, e.iteration, e.block) for e in recorded.of(ev.CodeStarted)]
    assert sorted(blocks) == sorted((e.call_id, e.iteration, e.block) for e in recorded.of(ev.CodeEnded))


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """What the first run imports and keeps open is no run's own."""
    run(turns("answer['content'] = 'x'; answer['ready'] = True"))


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
def test_a_run_is_stopped_at_any_point(point: Point) -> None:
    with nothing_left():
        recorded = stopped(point, commands.Stop())
    assert recorded.result.status == "cancelled"
    assert recorded.store.status() == "cancelled"


@pytest.mark.parametrize("name", [name for name, point in POINTS.items() if not point.pauses])
def test_its_root_call_is_cancelled_at_any_point(name: str) -> None:
    with nothing_left():
        recorded = stopped(POINTS[name], commands.Cancel(call_id=0))
    assert recorded.result.status == "cancelled"


def moments() -> Iterator[tuple[str, float, int]]:
    for name in ("a sandbox starts", "children's sandboxes start", "a sandbox is lost"):
        yield from ((name, 0.0, ticks) for ticks in (1, 3, 8))
        yield from ((name, later_s, 0) for later_s in (0.003, 0.02, 0.05))


@pytest.mark.parametrize(("name", "later_s", "ticks"), list(moments()))
def test_starting_and_rebuilding_are_stopped_at_each_of_their_steps(name: str, later_s: float, ticks: int) -> None:
    with nothing_left():
        stopped(POINTS[name], commands.Stop(), later_s=later_s, ticks=ticks)
