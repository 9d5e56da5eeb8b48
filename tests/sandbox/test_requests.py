"""The REPL's way to models."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import Executed, SubReply, SubRequest
from tests.sandbox.box import echo, execute, in_sandbox, run


def requests_of(*codes: str) -> list[SubRequest]:
    seen: list[SubRequest] = []

    async def note(request: SubRequest) -> Sequence[SubReply]:
        seen.append(request)
        return await echo(request)

    run(*codes, on_request=note)
    return seen


def test_single_and_batched_requests_give_their_replies_in_order() -> None:
    code = "print(llm_query('a'), llm_query_batched(['b', 'c']), rlm_query('d'), rlm_query_batched(['e', 'f']), llm_query_batched([]))"
    assert run(code, on_request=echo)[0].stdout == "A ['B', 'C'] D ['E', 'F'] []\n"


def test_a_request_carries_prompts_models_contexts_and_its_place() -> None:
    first, second, third = requests_of(
        "x = 1\nllm_query('a', model='small')",
        "y = [\n    rlm_query_batched(['b', 'c'], contexts=[['1', 2], {'k': None}]),\n    rlm_query('d', 'text')\n]",
    )
    assert (first.op, first.is_batch, first.line, first.ordinal, first.prompts[0].model) == ("llm", False, 2, 0, "small")
    assert (second.op, second.is_batch, second.line, second.ordinal) == ("rlm", True, 2, 0)
    assert [(p.prompt, p.context) for p in second.prompts] == [("b", ["1", "2"]), ("c", {"k": "None"})]
    assert (third.line, third.ordinal, third.prompts[0].context) == (3, 1, "text")


def test_the_line_is_that_of_the_running_block() -> None:
    helper = "def ask(p):\n    return llm_query(p)\n"
    inner, outer, pooled = requests_of(
        helper + "\nask('a')",
        "x = 1\nask('b')",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as p: p.submit(llm_query, 'c').result()",
    )
    assert (inner.line, outer.line, pooled.line) == (4, None, None)


def test_any_kind_of_prompt_is_sent_as_text() -> None:
    (request,) = requests_of("class L(list):\n def __len__(self): return 10**9\nllm_query_batched(L([1, None, ['x'], 'a\\ud800b', b'y']))")
    assert [p.prompt for p in request.prompts] == ["1", "None", "['x']", "a?b", "b'y'"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("llm_query('x' * 40_000_000)", "ValueError: the prompt has 40,000,000 characters; at most 33,554,432 bytes are possible"),
        ("llm_query('é' * 20_000_000)", "ValueError: the prompt has 40,000,000 bytes as UTF-8; at most 33,554,432 are possible"),
        ("llm_query_batched(['a', 'x' * 40_000_000])", "ValueError: prompt 1 has 40,000,000 characters; at most 33,554,432 bytes are possible"),  # noqa: E501
        ("llm_query_batched(['a'] * 1_000_000)", "ValueError: the batch has more than 100,000 prompts; make several of it"),
        ("import itertools; llm_query_batched(itertools.repeat('a'))", "ValueError: the batch has more than 100,000 prompts; make several of it"),  # noqa: E501
        ("llm_query('x' * 10**9)", "ValueError: the prompt has 1,000,000,000 characters; at most 33,554,432 bytes are possible"),
        ("llm_query('a', model='m' * 300)", "ValueError: the model's name has 300 characters; at most 200 are possible"),
        ("llm_query_batched('text')", "TypeError: prompts must be a list of strings, not one string"),
        ("rlm_query('a', ['b'] * 1_000_001)", "ValueError: the context of the prompt has 1,000,001 pieces; at most 1,000,000 are possible"),
        ("rlm_query('a', ['x' * 10**8] * 3)", "ValueError: the context of the prompt has 300,000,000 characters; at most 268,435,456 bytes are possible"),  # noqa: E501
        ("rlm_query_batched(['a'], contexts=[])", "ValueError: there are 1 prompts and 0 contexts"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_an_error_in_the_code(code: str, error: str) -> None:
    first, second = run(code, "print(llm_query('a'))", on_request=echo)
    assert first.stderr.splitlines()[-1] == error
    assert second.stdout == "A\n"


def test_a_failed_request_raises_and_a_failed_item_is_a_value() -> None:
    async def half(request: SubRequest) -> Sequence[SubReply]:
        return [SubReply(error="over budget") if p.prompt == "bad" else SubReply(text="fine") for p in request.prompts]

    first, second = run("print(llm_query_batched(['good', 'bad']))", "llm_query('bad')", on_request=half)
    assert first.stdout == "['fine', 'Error: over budget']\n"
    assert second.error_type == "LMQueryError" and second.stderr.endswith("\nLMQueryError: over budget\n")
    assert "sandbox" not in second.stderr  # nothing of our own files


def test_replies_already_paid_for_survive_an_exception() -> None:
    assert run("got = llm_query('a')\n1/0", "print(got)", on_request=echo)[1].stdout == "A\n"


def test_requests_from_threads_run_at_once() -> None:
    most = now = 0
    all_are_there = asyncio.Event()

    async def count(request: SubRequest) -> Sequence[SubReply]:
        nonlocal most, now
        now += 1
        most = max(most, now)
        if most == 8:
            all_are_there.set()
        await all_are_there.wait()
        now -= 1
        return await echo(request)

    code = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as pool: print(*pool.map(llm_query, 'abcdefgh'))"
    assert run(code, on_request=count)[0].stdout == "A B C D E F G H\n"
    assert most == 8


def test_asyncio_in_the_code_works() -> None:
    code = (
        "import asyncio\nasync def main(): return await asyncio.gather(*(asyncio.to_thread(llm_query, c) for c in 'ab'))\n"
        "print(asyncio.run(main()))"
    )
    assert run(code, on_request=echo)[0].stdout == "['A', 'B']\n"


def test_thousands_of_requests_from_threads_are_answered() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(200) as p:\n"
        "    print(len(set(p.map(llm_query, map(str, range(3_000))))))"
    )
    assert run(code, on_request=echo)[0].stdout == "3000\n"


def test_a_large_batch_and_large_texts_pass() -> None:
    code = "print(len(llm_query_batched(['p'] * 20_000)))\nprint(len(llm_query('x' * 30_000_000)), len(rlm_query('q', 'y' * 100_000_000)))"
    assert run(code, on_request=echo)[0].stdout == "20000\n30000000 1\n"


def test_the_clock_stands_still_while_a_request_is_outstanding() -> None:
    async def slow(request: SubRequest) -> Sequence[SubReply]:
        await asyncio.sleep(0.5)
        return await echo(request)

    (done,) = run("print(llm_query('a'))", on_request=slow, time_limit_s=0.3)
    assert (done.stdout, done.is_error) == ("A\n", False)
    assert 0.4 < done.waiting_s <= done.duration_s


def test_a_request_of_a_thread_that_outlives_its_block_is_ended_with_it() -> None:
    ended: list[str] = []

    has_come = asyncio.Event()

    async def never(request: SubRequest) -> Sequence[SubReply]:
        if request.prompts[0].prompt != "x":
            await has_come.wait()
            return await echo(request)
        has_come.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(request.prompts[0].prompt)
        raise AssertionError

    async def act(sandbox: Sandbox) -> Executed:
        thread = "import threading\ngot = []\ndef ask():\n    try: llm_query('x')\n    except LMQueryError as e: got.append(e)\n"
        # The block waits for the request to be on its way, and no longer.
        start = "t = threading.Thread(target=ask)\nt.start()\nllm_query('sent after it')"
        await execute(sandbox, thread + start, on_request=never)
        assert ended == ["x"]
        return (await execute(sandbox, "t.join()\nprint(got)"))[0]

    assert "the block that asked has ended" in in_sandbox(act).stdout


def test_without_leave_to_query_each_call_raises() -> None:
    done = in_sandbox(lambda s: execute(s, "llm_query('a')"), may_query=False)
    assert done[0].error_type == "LMQueryError" and "max_depth 0" in done[0].stderr


def test_what_the_engine_raises_ends_the_sandbox_and_is_raised_again() -> None:
    async def broken(request: SubRequest) -> Sequence[SubReply]:
        raise LookupError("a bug")

    with pytest.raises(LookupError, match="a bug"):
        run("llm_query('a')", on_request=broken)
