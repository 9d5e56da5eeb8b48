"""A long history costs the client no more than its characters do."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rlm_desktop.engine.models.base import Message, ModelRequest
from rlm_desktop.engine.models.openai_chat import OpenAIChat
from rlm_desktop.servers.address import server_at

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def server_process() -> Iterator[str]:
    """Yield the base URL of an echoing server in a process of its own, so that its time is not the client's."""
    process = subprocess.Popen([sys.executable, "-m", "tests.openai_server"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def cpu_ms_a_call(url: str, turns: int) -> float:
    """Return the median CPU time of this process for one request with `turns` turns behind it, in ms."""
    messages = [Message(role="system", content="S" * 200)]
    for turn in range(turns):
        messages += [Message(role="user", content=f"{turn} " * 20), Message(role="assistant", content=f"{turn} " * 20)]
    request = ModelRequest(messages=[*messages, Message(role="user", content="and now?")])

    async def go() -> float:
        model = OpenAIChat("m", server=server_at(url))
        taken = []
        try:
            for _ in range(12):
                before = time.process_time()
                await model.complete(request)
                taken.append((time.process_time() - before) * 1000)
        finally:
            await model.aclose()
        return statistics.median(taken)

    return asyncio.run(go())


def test_a_request_after_200_turns_costs_the_client_little_more_than_after_10() -> None:
    with server_process() as url:
        short, long = cpu_ms_a_call(url, 10), cpu_ms_a_call(url, 200)
    # Walking 401 messages by reflection takes 40 ms and more; encoding them takes about one.
    assert long - short < 8, f"{short:.1f} ms after 10 turns, {long:.1f} ms after 200"
