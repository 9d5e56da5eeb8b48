"""Stop, cancel, pause: what a person may do to a run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.scripted import Given, Script
from rlm_desktop.engine.run import Run
from rlm_desktop.trace import commands
from rlm_desktop.trace import events as ev
from tests.engine.running import repl, run, seen, turns

DONE = "answer['content'] = 'done'; answer['ready'] = True"


def slow_subs(code: str) -> Script:
    def script(messages: Sequence[Message]) -> Awaitable[str] | str:
        if messages[0].role == "user":
            return asyncio.sleep(30 if "slow" in messages[0].content else 0, "reply")
        return repl([code, DONE][min(1, sum(m.role == "assistant" for m in messages))])

    return script


def test_cancelling_one_call_leaves_its_siblings() -> None:
    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.ModelReplied) and e.call_id == 2)
        assert running.obey(commands.Cancel(call_id=1)) is None

    recorded = run(slow_subs("print(llm_query_batched(['slow', 'quick']))"), during=during)
    assert recorded.result.status == "ok"
    out = recorded.store.text(recorded.of(ev.CodeEnded)[0].stdout)
    assert out == "['Error: Stopped by a person.', 'reply']\n"
    assert {e.call_id: e.status for e in recorded.of(ev.CallEnded)} == {0: "ok", 1: "cancelled", 2: "ok"}


def test_cancelling_a_child_ends_all_below_it_first() -> None:
    def script(messages: Sequence[Message]) -> Awaitable[str] | str:
        if messages[0].role == "user":
            return asyncio.sleep(30, "never")
        if "held in `context`" in messages[1].content:
            return repl("llm_query_batched(['x'] * 3)")
        return repl(["print(rlm_query_batched(['child']))", DONE][min(1, sum(m.role == "assistant" for m in messages))])

    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.ModelAsked) and e.call_id >= 2, count=3)
        assert running.obey(commands.Cancel(call_id=1)) is None

    recorded = run(script, during=during)
    assert recorded.result.status == "ok"
    ended = [(e.call_id, e.status) for e in recorded.of(ev.CallEnded)]
    assert sorted(ended[:3]) == [(2, "cancelled"), (3, "cancelled"), (4, "cancelled")]
    assert ended[3:] == [(1, "cancelled"), (0, "ok")]


def test_stop_keeps_everything_and_the_draft() -> None:
    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.ModelAsked) and e.call_id == 1)
        assert running.obey(commands.Stop()) is None

    script = turns("answer['content'] = 'a draft'", "llm_query('slow')")

    def held(messages: Sequence[Message]) -> Awaitable[Given] | Given:
        return asyncio.sleep(30, "never") if messages[0].role == "user" else script(messages)

    recorded = run(held, during=during)
    assert recorded.result.status == "cancelled"
    assert recorded.result.answer == "a draft"
    assert recorded.store.status() == "cancelled"


def test_stop_in_the_middle_of_a_loop_of_pure_code() -> None:
    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CodeStarted))
        running.obey(commands.Stop())

    recorded = run(turns("while True: pass"), during=during, timeout_s=10)
    assert recorded.result.status == "cancelled"


def test_a_command_that_cannot_be_obeyed_is_refused_with_a_reason() -> None:
    refusals: list[str | None] = []

    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.ModelAsked))
        refusals.extend([running.obey(commands.Cancel(call_id=99)), running.obey(commands.Resume())])
        running.obey(commands.Stop())

    run(lambda _messages: asyncio.sleep(30, "never"), during=during)
    assert refusals == ["Call 99 is not running.", "The run is not paused."]


def test_pause_holds_at_the_next_safe_point_and_resume_goes_on() -> None:
    held: list[int] = []

    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CodeStarted))
        assert running.obey(commands.Pause()) is None
        await seen(events, lambda e: isinstance(e, ev.Paused))
        held.append(len(events))
        await asyncio.sleep(0.1)
        held.append(len(events))
        assert running.obey(commands.Resume()) is None

    recorded = run(turns("import time; time.sleep(0.2)", DONE), during=during)
    assert recorded.result.status == "ok"
    assert held[0] == held[1]
    assert len(recorded.of(ev.Resumed)) == 1
