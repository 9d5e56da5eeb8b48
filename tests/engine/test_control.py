"""Stop, cancel, pause: what a person may do to a run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

import pytest

from rlm_desktop.engine import RLM
from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.scripted import Given, Script, ScriptedModel
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


def test_pause_in_mid_fan_holds_what_waits_for_a_slot() -> None:
    counts: list[int] = []

    def asked(events: list[ev.KnownEvent]) -> int:
        return sum(isinstance(e, ev.ModelAsked) for e in events)

    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.ModelAsked), count=6)
        running.obey(commands.Pause())
        await seen(events, lambda e: isinstance(e, ev.Paused))
        counts.append(asked(events))
        await asyncio.sleep(0.2)
        counts.append(asked(events))
        running.obey(commands.Resume())

    def script(messages: Sequence[Message]) -> Awaitable[Given] | Given:
        if messages[0].role == "user":
            return asyncio.sleep(0.02, "reply")
        return repl(["llm_query_batched(['x'] * 40)", DONE][min(1, sum(m.role == "assistant" for m in messages))])

    recorded = run(script, during=during, limits=ev.Limits(max_requests_at_once=4))
    assert recorded.result.status == "ok"
    assert counts[0] == counts[1] < 20


def test_a_pause_at_the_last_request_does_not_eat_its_time() -> None:
    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CodeStarted))
        running.obey(commands.Pause())
        await seen(events, lambda e: isinstance(e, ev.Paused))
        await asyncio.sleep(1.2)
        running.obey(commands.Resume())

    def script(messages: Sequence[Message]) -> str:
        return "in time" if "is reached" in messages[-1].content else repl("import time; time.sleep(0.3)")

    recorded = run(script, during=during, limits=ev.Limits(max_time_s=1.0, max_iterations=1))
    assert recorded.result.answer == "in time"


def test_the_caller_s_own_cancel_ends_the_run_and_is_raised_again() -> None:
    events: list[ev.KnownEvent] = []

    async def whole() -> None:
        async with asyncio.timeout(0.5):
            await RLM(ScriptedModel(lambda _messages: asyncio.sleep(30, "never"))).run("q", "text", on_event=events.append)

    with pytest.raises(TimeoutError):
        asyncio.run(whole())
    assert isinstance(events[-1], ev.RunEnded)
    assert events[-1].status == "cancelled"
    assert isinstance(events[-2], ev.CallEnded)
