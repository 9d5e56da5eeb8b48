"""A person ends one block of code: its call goes on, and its model is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

import pytest

from rlm_desktop.engine import repl as engine_repl
from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.scripted import Given
from rlm_desktop.engine.run import Run
from rlm_desktop.trace import commands
from rlm_desktop.trace import events as ev
from tests.engine.running import Recorded, repl, run, seen, turns

DONE = "answer['content'] = str(kept); answer['ready'] = True"
DEAF = "sum(range(10**12))"


async def after_reply(running: Run, events: list[ev.KnownEvent]) -> None:
    await seen(events, lambda e: isinstance(e, ev.CallEnded) and e.call_id == 1)
    assert running.obey(commands.Interrupt(call_id=0)) is None


def told(recorded: Recorded) -> str:
    """Return what the model was told before its last reply."""
    asked = [seq for seq in range(len(recorded.store.columns)) if isinstance(recorded.store.entry(seq).event, ev.ModelAsked)]
    return recorded.store.messages_of(asked[-1])[-1].content


def test_the_block_ends_its_variables_stay_and_the_model_is_told() -> None:
    recorded = run(turns("kept = 7\nllm_query('x')\nwhile True: pass", DONE), during=after_reply)
    assert (recorded.result.status, recorded.result.answer) == ("ok", "7")
    assert recorded.of(ev.InterruptAsked) == [ev.InterruptAsked(call_id=0)]
    assert "The block was interrupted: a person stopped it. The variables it had set are still there." in told(recorded)


def test_the_sub_calls_that_it_waits_for_are_taken_back() -> None:
    script = turns("kept = 7\nllm_query_batched(['x'] * 3)", DONE)

    def never(messages: Sequence[Message]) -> Awaitable[Given] | Given:
        return asyncio.sleep(60, "never") if messages[0].role == "user" else script(messages)

    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.ModelAsked) and e.call_id > 0, count=3)
        assert running.obey(commands.Interrupt(call_id=0)) is None

    recorded = run(never, during=during)
    assert (recorded.result.status, recorded.result.answer) == ("ok", "7")
    assert [e.status for e in recorded.of(ev.CallEnded)] == ["cancelled"] * 3 + ["ok"]


def test_one_that_does_not_heed_it_is_killed_and_the_rest_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's kill is not counted among the losses after which a call fails."""
    monkeypatch.setattr(engine_repl, "MAX_LOSSES", 1)

    recorded = run(turns("kept = 7", f"llm_query('x')\n{DEAF}", DONE), during=after_reply)
    assert (recorded.result.status, recorded.result.answer) == ("ok", "7")
    (lost,) = recorded.of(ev.SandboxLost)
    assert lost.reason == "The block did not end when it was interrupted (a person stopped it), so its process was killed."
    assert lost.reason in told(recorded) and "all blocks before it were run again" in told(recorded)


def test_of_a_child_only_its_own_block_is_ended() -> None:
    def script(messages: Sequence[Message]) -> Given:
        turn = sum(message.role == "assistant" for message in messages)
        if "held in `context`" in messages[1].content:
            child = ["llm_query('x')\nwhile True: pass", "answer['content'] = 'from the child'; answer['ready'] = True"]
            return repl(child[turn])
        return "reply" if messages[0].role == "user" else repl(["kept = rlm_query('child')", DONE][turn])

    def plain(messages: Sequence[Message]) -> Given:
        return "reply" if messages[0].role == "user" else script(messages)

    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CallEnded) and e.call_id == 2)
        assert running.obey(commands.Interrupt(call_id=1)) is None

    recorded = run(plain, during=during)
    assert (recorded.result.status, recorded.result.answer) == ("ok", "from the child")


def test_while_no_block_runs_it_is_refused() -> None:
    refusals: list[str | None] = []

    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.ModelAsked))
        refusals.extend(running.obey(commands.Interrupt(call_id=call_id)) for call_id in (0, 5))
        running.obey(commands.Stop())

    run(lambda _messages: asyncio.sleep(30, "never"), during=during)
    assert refusals == ["Call 0 runs no block of code.", "Call 5 runs no block of code."]


def test_in_a_pause_too() -> None:
    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        await seen(events, lambda e: isinstance(e, ev.CallEnded) and e.call_id == 1)
        assert running.obey(commands.Pause()) is None
        assert running.obey(commands.Interrupt(call_id=0)) is None
        await seen(events, lambda e: isinstance(e, ev.CodeEnded))
        await seen(events, lambda e: isinstance(e, ev.Paused))
        assert running.obey(commands.Resume()) is None

    recorded = run(turns("kept = 7\nllm_query('x')\nwhile True: pass", DONE), during=during)
    assert (recorded.result.status, recorded.result.answer) == ("ok", "7")
