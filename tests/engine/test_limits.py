"""What a run may use: each limit ends what it should, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

import pytest

from rlm_desktop.engine.context import Context
from rlm_desktop.engine.endpoint import Endpoint
from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest
from rlm_desktop.engine.models.scripted import ScriptedModel
from rlm_desktop.engine.recorder import Recorder
from rlm_desktop.engine.run import Run
from rlm_desktop.trace import commands
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.events import Limits, Usage
from tests.engine.running import QUICK, repl, run, turns

DONE = "answer['content'] = 'done'; answer['ready'] = True"


class Priced:
    """A model whose every request costs the same, by its own account."""

    is_free = False
    host = "models.example"
    is_encrypted = True
    name = "priced"

    def __init__(self, script: object, *, cost_usd: float = 0.01, delay_s: float = 0.0) -> None:
        self._script, self._cost_usd, self._delay_s = script, cost_usd, delay_s
        self.open = self.most_open = self.requests = 0

    async def complete(self, request: ModelRequest) -> ModelReply:
        self.requests += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await asyncio.sleep(self._delay_s)
        finally:
            self.open -= 1
        text = self._script(request.messages)  # type: ignore[operator]
        return ModelReply(text=text, usage=Usage(input_tokens=100, output_tokens=10), cost_usd=self._cost_usd)

    async def aclose(self) -> None:
        return


def test_a_fan_of_1000_under_100_calls_makes_exactly_100() -> None:
    recorded = run(
        turns("print(sum(r.startswith('<') for r in llm_query_batched([str(i) for i in range(1000)])))", DONE), limits=Limits(max_calls=100)
    )
    assert len(recorded.store.columns.calls) == 100
    assert recorded.store.text(recorded.of(ev.CodeEnded)[0].stdout) == "99\n"
    assert recorded.result.status == "limit"
    assert recorded.result.answer == "done"
    assert "100 calls" in (recorded.result.error or "")
    assert len(recorded.of(ev.Noticed)) == 1


def test_when_iterations_run_out_the_best_answer_is_asked_for_once_more() -> None:
    def script(messages: Sequence[Message]) -> str:
        return "The best is seven." if "iterations is reached" in messages[-1].content else repl("print('again')")

    recorded = run(script, limits=Limits(max_iterations=3))
    assert recorded.result.status == "limit"
    assert recorded.result.answer == "The best is seven."
    assert len(recorded.of(ev.ModelAsked)) == 4


def test_a_cost_limit_in_mid_batch_stops_new_requests_and_keeps_enough_for_a_last_answer() -> None:
    def script(messages: Sequence[Message]) -> str:
        if messages[0].role == "user":
            return "sub"
        return "best so far" if "is reached" in messages[-1].content else repl("print(llm_query_batched(['x'] * 50))")

    model = Priced(script, cost_usd=0.01)
    recorded = run(model, limits=Limits(max_cost_usd=0.2))
    assert recorded.result.status == "limit"
    assert recorded.result.answer == "best so far"
    total = recorded.store.columns.calls["self_cost_pico"].sum() / 1e12
    assert 0.15 < total <= 0.2


def test_requests_under_way_are_reserved_so_that_they_cannot_overrun_together() -> None:
    """With a listed price the reservation is known before the request goes out."""

    class Listed(Priced):
        name = "gpt-4o-mini"
        host = "api.openai.com"

        async def complete(self, request: ModelRequest) -> ModelReply:
            reply = await super().complete(request)
            return ModelReply(text=reply.text, usage=Usage(input_tokens=40_000, output_tokens=1_000))

    def script(messages: Sequence[Message]) -> str:
        if messages[0].role == "user":
            return "sub"
        return "best" if "is reached" in messages[-1].content else repl("llm_query_batched(['x' * 160_000] * 60)")

    recorded = run(Listed(script, delay_s=0.01), limits=Limits(max_cost_usd=0.1, max_requests_at_once=32))
    assert recorded.result.status == "limit"
    assert recorded.store.columns.calls["self_cost_pico"].sum() / 1e12 <= 0.1


def test_a_time_limit_in_mid_batch_cancels_what_is_open_and_asks_for_the_best_answer() -> None:
    def script(messages: Sequence[Message]) -> Awaitable[str] | str:
        if messages[0].role == "user":
            return asyncio.sleep(60, "late")
        return "in time" if "is reached" in messages[-1].content else repl("answer['content'] = 'draft'\nllm_query_batched(['x'] * 5)")

    recorded = run(script, limits=Limits(max_time_s=1.0), timeout_s=10)
    assert recorded.result.status == "limit"
    assert recorded.result.answer == "in time"
    assert {e.status for e in recorded.of(ev.CallEnded)} == {"limit"}
    assert recorded.store.columns.events["t_s"][-1] < 5


def test_a_token_limit_counts_input_and_output_of_all_calls() -> None:
    def script(messages: Sequence[Message]) -> str:
        return "enough" if "is reached" in messages[-1].content else repl("print(1)")

    recorded = run(Priced(script), limits=Limits(max_tokens=5_000))
    assert recorded.result.status == "limit"
    assert "5,000 tokens" in (recorded.result.error or "")


def test_no_more_requests_go_out_at_once_than_allowed() -> None:
    model = Priced(turns("llm_query_batched(['x'] * 60)", DONE), delay_s=0.01)
    run(model, limits=Limits(max_requests_at_once=7))
    assert model.most_open == 7


def test_a_block_that_loops_is_interrupted_and_the_run_goes_on() -> None:
    recorded = run(turns("kept = 1\nwhile True: pass", "print(kept)", DONE), limits=Limits(block_time_s=0.4))
    assert recorded.result.status == "ok"
    assert recorded.store.text(recorded.of(ev.CodeEnded)[1].stdout) == "1\n"


def test_waiting_for_sub_calls_does_not_count_as_the_block_s_time() -> None:
    def script(messages: Sequence[Message]) -> Awaitable[str] | str:
        if messages[0].role == "user":
            return asyncio.sleep(0.9, "slow")
        return repl(["print(llm_query('x'))", DONE][sum(m.role == "assistant" for m in messages)])

    recorded = run(script, limits=Limits(block_time_s=0.5))
    assert recorded.store.text(recorded.of(ev.CodeEnded)[0].stdout) == "slow\n"


def test_width_50_at_depth_4_ends_with_at_most_4_children_alive_at_each_depth() -> None:
    """Every child asks for 50 more at the first of its kind, so parents wait at each depth while their children need room."""

    def script(messages: Sequence[Message]) -> str:
        if messages[0].role == "user":
            return "leaf"
        told = messages[1].content
        depth = 0 if "How many?" in told else 1
        return (
            repl(
                "level = 0 if not context.startswith('level') else int(context.split()[1])\n"
                "first = context == 'some text' or context.endswith('first')\n"
                "names = ['level %d %s' % (level + 1, 'first' if i == 0 else 'other') for i in range(50)]\n"
                "out = rlm_query_batched(names) if first else ['x']\n"
                "answer['content'] = str(len(out)); answer['ready'] = True"
            )
            if depth < 9
            else ""
        )

    recorded = run(script, limits=Limits(max_depth=4), timeout_s=100)
    assert recorded.result.answer == "50"
    columns = recorded.store.columns
    calls = columns.calls
    assert int(calls["depth"].max()) == 4
    for depth in (1, 2, 3):
        of_depth = (calls["depth"] == depth) & (calls["kind"] == 0)
        assert of_depth.sum() == 50
        # A child is alive from its process's start to the end of its one block, and little longer: its place is free before it has ended.
        alive = most = 0
        for seq in range(len(columns)):
            event = recorded.events[seq] if seq < len(recorded.events) else None
            if isinstance(event, ev.SandboxStarted) and of_depth[event.call_id]:
                alive += 1
            if isinstance(event, ev.CodeEnded) and of_depth[event.call_id]:
                alive -= 1
            most = max(most, alive)
        assert most <= 4


def test_failures_are_tried_again_each_attempt_an_event_and_final_ones_are_not() -> None:
    tries = iter(["429", "429", None])

    def script(messages: Sequence[Message]) -> str:
        failure = next(tries, None)
        if failure:
            raise ModelError("Too many requests.", status_code=429, retry_after_s=0.001)
        return repl(DONE)

    recorded = run(script)
    assert recorded.result.status == "ok"
    assert [e.attempt for e in recorded.of(ev.ModelAsked)] == [0, 1, 2]
    assert [e.retry_in_s is not None for e in recorded.of(ev.ModelFailed)] == [True, True]

    def refused(messages: Sequence[Message]) -> str:
        raise ModelError("The key was refused.", status_code=401, is_final=True)

    recorded = run(refused)
    assert recorded.result.status == "error"
    assert recorded.result.error == "The key was refused."
    assert len(recorded.of(ev.ModelAsked)) == 1


@pytest.mark.parametrize("attempts", [1, 3])
def test_after_the_last_attempt_the_call_fails(attempts: int) -> None:
    def script(messages: Sequence[Message]) -> str:
        raise ModelError("The server is down.", status_code=503)

    recorded = run(script, limits=Limits(attempts=attempts), backoff=QUICK)
    assert recorded.result.status == "error"
    assert len(recorded.of(ev.ModelFailed)) == attempts


def test_no_calls_allowed_is_a_limit_and_not_a_crash() -> None:
    assert run(turns(DONE), limits=Limits(max_calls=0)).result.status == "limit"


def test_what_is_kept_back_suffices_although_the_last_block_printed_much() -> None:
    def script(messages: Sequence[Message]) -> str:
        if messages[0].role == "user":
            return "y" * 4_000
        if "is reached" in messages[-1].content:
            return "best so far"
        return repl("llm_query_batched(['x'] * 30)\nprint('y' * 20_000)")

    recorded = run(script, limits=Limits(max_tokens=30_000))
    assert recorded.result.status == "limit"
    assert recorded.result.answer == "best so far"
    assert sum(int(recorded.store.columns.calls[f"self_{name}_tokens"].sum()) for name in ("input", "output")) <= 30_000


def test_requests_that_were_taken_back_use_up_the_budget_too() -> None:
    async def during(running: Run, events: list[ev.KnownEvent]) -> None:
        taken_back: set[int] = set()
        while not any(isinstance(e, ev.CallEnded) and e.call_id == 0 for e in events):
            asked = {e.call_id for e in events if isinstance(e, ev.ModelAsked)} - taken_back - {0}
            for call in asked:
                running.obey(commands.Cancel(call_id=call))
            taken_back |= asked
            await asyncio.sleep(0.005)

    class Slow(Priced):
        async def complete(self, request: ModelRequest) -> ModelReply:
            if request.messages[0].role == "user":
                await asyncio.sleep(30)
            return await super().complete(request)

    def script(messages: Sequence[Message]) -> str:
        return (
            "enough"
            if "is reached" in messages[-1].content
            else repl("try:\n    llm_query('x' * 40_000)\nexcept Exception as e:\n    print(e)")
        )

    recorded = run(Slow(script), limits=Limits(max_tokens=40_000, max_iterations=20), during=during)
    # Ten thousand tokens each, as far as anybody knows: the fourth would be one too many.
    assert len([e for e in recorded.of(ev.ModelAsked) if e.call_id > 0]) <= 3
    assert recorded.result.status == "limit"


def test_the_time_limit_holds_the_reading_of_documents_too() -> None:
    async def never(_emit: object) -> Context:
        await asyncio.sleep(30)
        raise AssertionError

    running = Run(question="q", root=Endpoint(ScriptedModel(turns(DONE))), limits=Limits(max_time_s=0.3), recorder=Recorder(None))
    result = asyncio.run(running.start(never))
    assert result.status == "limit"
    assert "while the documents were being read" in (result.error or "")


def test_replies_beyond_what_can_be_held_are_errors_in_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlm_desktop.engine.subcalls.MAX_REPLIES_BYTES", 3 << 20)
    code = "got = llm_query_batched(['x'] * 4)\nanswer['content'] = str([r[:7] for r in got]); answer['ready'] = True"
    recorded = run(turns(code, sub=lambda _prompt: "y" * 1_000_000))
    assert recorded.result.status == "ok"
    assert str(recorded.result.answer).count("yyyyyyy") == 3 and str(recorded.result.answer).count("Error: ") == 1
    assert [e.status for e in recorded.of(ev.CallEnded)] == ["ok"] * 5
