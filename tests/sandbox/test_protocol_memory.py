"""What the engine's own memory does while a child sends, or does not read, as much as it can."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from rlm_desktop.sandbox import host, requests, schema
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import Executed, SandboxDied, SubReply, SubRequest
from tests.sandbox.box import echo, execute, in_sandbox, run
from tests.sandbox.test_protocol import FIND

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MEGABYTE = 1 << 20


def kilobytes(name: str) -> int:
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields[name].split()[0])


@contextmanager
def grows_by_at_most(most_bytes: int) -> Iterator[None]:
    """Fail where this process takes more memory meanwhile, at any moment."""
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
    before = kilobytes("VmRSS")
    yield
    grown_bytes = (kilobytes("VmHWM") - before) * 1024
    assert grown_bytes <= most_bytes, f"{grown_bytes / MEGABYTE:.0f} MB"


@pytest.fixture(autouse=True, scope="module")
def warm() -> None:
    run("print(llm_query('a'))", on_request=echo)


@pytest.mark.parametrize(
    "attack",
    [
        "frame(b'', head_bytes=0xFFFFFFFF)",
        "frame(DONE, body_bytes=0xFFFFFFFF)",
        "frame({**DONE, 'parts': [0, 0, 0, 0, 2], 'answer_bytes': 2**40}, b'[]')",
        "frame({'op': 'value', 'id': 0, 'found': True}, body_bytes=0xFFFFFFFF)",
        "frame({**REQUEST, 'items': 10**9, 'batch': True})",
        "frame(REQUEST); frame(ITEM, body_bytes=0xFFFFFFFF)",
        "frame({**REQUEST, 'kind': 'rlm'}); frame({**ITEM, 'context': 'list'}, b'x' + struct.pack('<II', 0x0FFFFFFF, 0))",
        "frame({**DONE, 'parts': [0, 0, 0, 0, 1_000_000]}, b'[' + b'[],' * 333_332 + b'[]]')",
    ],
)
def test_a_length_that_is_said_takes_no_room(attack: str) -> None:
    with grows_by_at_most(64 * MEGABYTE), pytest.raises(SandboxDied):
        run(FIND + attack + "\nimport time\ntime.sleep(30)", on_request=echo, time_limit_s=1)


def test_a_context_of_brackets_is_text_and_no_more() -> None:
    """Parsed as JSON it would be ten million lists."""
    with grows_by_at_most(200 * MEGABYTE):
        code = "print(len(rlm_query('q', '[' + '[],' * 10_000_000 + '[]]')))"
        assert run(code, on_request=lambda _request: asyncio.sleep(0, [SubReply(text="ok")]))[0].stdout == "2\n"


def test_replies_that_a_child_does_not_read_wait_as_what_they_are() -> None:
    """They are encoded one by one, each when the child has read the one before. It is killed when the block's time is up."""
    text = "x" * MEGABYTE

    async def act(sandbox: Sandbox) -> list[Executed]:
        barrier = asyncio.Barrier(200)

        async def stop_reading(_request: SubRequest) -> Sequence[SubReply]:
            async with barrier:
                os.kill(sandbox.pid, signal.SIGSTOP)
            return [SubReply(text=text)]

        code = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(200) as p: list(p.map(llm_query, 'x' * 200))"
        return await execute(sandbox, code, on_request=stop_reading, time_limit_s=1)

    with grows_by_at_most(50 * MEGABYTE), pytest.raises(SandboxDied, match="did not end when it was interrupted"):
        in_sandbox(act)


def test_one_long_reply_that_a_child_does_not_read_takes_a_few_times_its_size() -> None:
    text = "x" * (50 * MEGABYTE)

    async def act(sandbox: Sandbox) -> list[Executed]:
        async def stop_reading(_request: SubRequest) -> Sequence[SubReply]:
            os.kill(sandbox.pid, signal.SIGSTOP)
            return [SubReply(text=text)]

        return await execute(sandbox, "llm_query('a')", on_request=stop_reading, time_limit_s=0.2)

    with grows_by_at_most(250 * MEGABYTE), pytest.raises(SandboxDied, match="did not end when it was interrupted"):
        in_sandbox(act)


def test_threads_without_number_that_all_ask_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as the child's memory has room for, up to two thousand; its host holds so many at once and no more."""
    monkeypatch.setattr(requests, "MAX_OUTSTANDING", 100)
    most = now = 0

    async def count(request: SubRequest) -> Sequence[SubReply]:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        return await echo(request)

    code = (
        "import threading\nthreads, got = [], []\ntry:\n    for _ in range(2_000):\n"
        "        threads.append(threading.Thread(target=lambda: got.append(llm_query('a'))))\n        threads[-1].start()\n"
        "except RuntimeError: threads.pop()\nfor t in threads: t.join()\nprint(len(got) == len(threads) > 300)"
    )
    with grows_by_at_most(100 * MEGABYTE):
        assert run(code, on_request=count)[0].stdout == "True\n"
    assert 20 < most <= 100


@pytest.mark.parametrize("prompt_bytes", [1, 1_000_000])
def test_a_flood_of_forged_requests_is_counted_and_ended(prompt_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "MAX_REQUESTS", 500)
    item = f"{{**ITEM, 'prompt_bytes': {prompt_bytes}}}, b'x' * {prompt_bytes}"
    # Held without bound, they and their replies would be a gigabyte; what malloc keeps of those that are done with varies.
    with grows_by_at_most(400 * MEGABYTE), pytest.raises(SandboxDied, match="more than 500 requests|did not end when it was interrupted"):
        run(FIND + f"while True: frame(REQUEST); frame({item})", on_request=echo, time_limit_s=2)


def test_a_request_that_takes_many_times_its_bytes_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MAX_HELD_BYTES", MEGABYTE)
    some = "rlm_query_batched(['q'] * 10, contexts=[['\u4e2d'] * 500] * 10)"  # 40 KB, and 420 KB when they are taken apart
    assert run(some, on_request=echo)[0].error_type is None
    with pytest.raises(SandboxDied, match="too many short texts"):
        run(some.replace("10", "60"), on_request=echo)
