"""One mechanism rebuilds a REPL: the recorded blocks again, their requests answered from the record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.rebuild import Divergence, Rebuilt, RecordedBlock, RecordedItem, RecordedRequest, prompt_sha256, rebuild
from rlm_desktop.sandbox.values import ContextPart, Executed, SubPrompt, SubReply, SubRequest
from tests.sandbox.box import echo


async def started() -> Sandbox:
    sandbox = await Sandbox.start(seed="root/0")
    await sandbox.load_context("str", [ContextPart(text="the context")])
    return sandbox


async def record(sandbox: Sandbox, codes: Sequence[str]) -> tuple[list[Executed], list[RecordedBlock]]:
    """Run blocks with real requests and write down what the trace would hold of them."""
    executed, blocks = [], []
    for iteration, code in enumerate(codes):
        requests: list[RecordedRequest] = []

        async def note(request: SubRequest, requests: list[RecordedRequest] = requests) -> Sequence[SubReply]:
            replies = await echo(request)
            items = [
                RecordedItem(prompt_sha256=prompt_sha256(request.op, p), reply=reply)
                for p, reply in zip(request.prompts, replies, strict=True)
            ]
            requests.append(RecordedRequest(ordinal=request.ordinal, items=tuple(items)))
            return replies

        executed.append(await sandbox.execute(code, iteration=iteration, block=0, on_request=note, time_limit_s=30))
        blocks.append(RecordedBlock(iteration=iteration, block=0, code=code, requests=tuple(requests)))
    return executed, blocks


def twice(*codes: str, look: str = "x") -> tuple[list[Executed], Rebuilt, str | None, str | None]:
    """Return the first run, the second, and what a variable holds after each."""

    async def go() -> tuple[list[Executed], Rebuilt, str | None, str | None]:
        async with await started() as first:
            executed, blocks = await record(first, codes)
            then = await first.lookup(look)
        async with await started() as second:
            rebuilt = await rebuild(second, blocks)
            return executed, rebuilt, then, await second.lookup(look) if rebuilt.divergence is None else None

    return asyncio.run(go())


def test_variables_outputs_and_paid_replies_come_back() -> None:
    codes = ["x = llm_query_batched(['a', 'b'])\nprint(x)", "x.append(rlm_query('c', context='d'))", "1/0", "x.append(len(context))"]
    executed, rebuilt, then, now = twice(*codes)
    assert rebuilt.divergence is None
    assert then == now == '["A", "B", "C", 11]'
    assert [(e.stdout, e.stderr, e.variables) for e in rebuilt.executed] == [(e.stdout, e.stderr, e.variables) for e in executed]


def test_sets_and_random_are_the_same_again() -> None:
    code = (
        "import random\nx = [random.random(), random.sample(range(9), 5), list({str(n) for n in range(50)}), hash('a')]\nllm_query(str(x))"
    )
    _, rebuilt, then, now = twice(code)
    assert rebuilt.divergence is None and then == now


def test_requests_of_threads_are_found_whatever_their_order() -> None:
    code = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as p: x = list(p.map(llm_query, 'abcdefghij'))"
    _, rebuilt, then, now = twice(*[code] * 3)
    assert rebuilt.divergence is None and then == now


def test_a_prompt_that_differs_stops_the_rebuild_there() -> None:
    codes = ["x = 1", "import time\nllm_query('a')\nllm_query_batched(['b', f'at {time.time_ns()}'])", "x = 2"]
    _, rebuilt, _, _ = twice(*codes)
    assert rebuilt.divergence == Divergence(iteration=1, block=0, ordinal=1, item=1, why="The prompt is another one than it was then.")
    assert len(rebuilt.executed) == 1


def run_against(block: RecordedBlock) -> Divergence | None:
    async def go() -> Divergence | None:
        async with await started() as sandbox:
            return (await rebuild(sandbox, [block])).divergence

    return asyncio.run(go())


def answered(prompt: str) -> RecordedItem:
    return RecordedItem(prompt_sha256=prompt_sha256("llm", SubPrompt(prompt=prompt)), reply=SubReply(text="r"))


def recorded(code: str, *requests: Sequence[str]) -> RecordedBlock:
    made = tuple(RecordedRequest(ordinal=n, items=tuple(map(answered, prompts))) for n, prompts in enumerate(requests))
    return RecordedBlock(iteration=3, block=2, code=code, requests=made)


def test_a_request_too_few_too_many_or_of_another_size_is_a_divergence() -> None:
    assert run_against(recorded("llm_query('a')", ["a"])) is None
    cases = [
        (recorded("pass", ["a"]), 0, 0, "A request that was made then is not made now."),
        (recorded("llm_query('a')\nllm_query('b')", ["a"]), 1, 0, "It makes a request that it did not make then."),
        (recorded("llm_query_batched(['a', 'b', 'c'])", ["a", "b"]), 0, 2, "The batch has 3 prompts; then it had 2."),
    ]
    for block, ordinal, item, why in cases:
        assert run_against(block) == Divergence(iteration=3, block=2, ordinal=ordinal, item=item, why=why)


def test_a_prompt_whose_reply_was_never_recorded_is_a_divergence() -> None:
    item = RecordedItem(prompt_sha256=prompt_sha256("llm", SubPrompt(prompt="a")), reply=None)
    block = RecordedBlock(iteration=0, block=0, code="llm_query('a')", requests=(RecordedRequest(ordinal=0, items=(item,)),))
    found = run_against(block)
    assert found is not None and found.why == "The record holds no reply to this prompt."


def test_a_block_that_was_interrupted_is_interrupted_again() -> None:
    async def go() -> tuple[Rebuilt, str | None]:
        async with await started() as sandbox:
            block = RecordedBlock(iteration=0, block=0, code="x = 1\nimport time\ntime.sleep(60)", interrupted_after_s=0.1)
            after = RecordedBlock(iteration=1, block=0, code="x += 1")
            return await rebuild(sandbox, [block, after]), await sandbox.lookup("x")

    rebuilt, x = asyncio.run(go())
    assert rebuilt.executed[0].is_interrupted and (rebuilt.divergence, x) == (None, "2")


def test_a_request_that_was_ended_with_its_block_is_no_divergence() -> None:
    code = "import threading\ndef ask():\n    try: llm_query('x')\n    except LMQueryError: pass\nthreading.Thread(target=ask).start()"
    assert run_against(recorded(code)) is None
    assert run_against(recorded(code, ["y"])) is not None
