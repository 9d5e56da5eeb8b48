"""What a sandbox process costs: to start, a block, a request, a context."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import ContextPart, SubReply, SubRequest
from tests.benchmarks.figure import figure

STARTS = 15
ROUNDS = 300
LINE = b"The quick brown fox jumps over the lazy dog, and then it rests.\n"


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one; each is a median, in a process of its own."""
    yield figure("sandbox_start", asyncio.run(_start_s()), "s", 0.06)
    block_s, bridge_s, batch_s = asyncio.run(_rounds())
    yield figure("sandbox_block", block_s, "s", 0.002)
    yield figure("sandbox_llm_query", bridge_s, "s", 0.001)
    yield figure("sandbox_batch_of_1000", batch_s, "s", 0.1)
    with tempfile.TemporaryDirectory() as folder:
        for megabytes, limit_s in ((40, 0.15), (400, 1.5)):
            path = Path(folder) / f"{megabytes}.txt"
            path.write_bytes(LINE * (megabytes * 1_000_000 // len(LINE)))
            load_s, memory_ratio = asyncio.run(_load(path))
            yield figure(f"sandbox_load_{megabytes}_mb", load_s, "s", limit_s)
            yield figure(f"sandbox_memory_{megabytes}_mb", memory_ratio, "x text", 2.0)


async def _start_s() -> float:
    times = []
    for _ in range(STARTS):
        started = time.perf_counter()
        async with await Sandbox.start():
            times.append(time.perf_counter() - started)
    return statistics.median(times)


async def _reply(request: SubRequest) -> Sequence[SubReply]:
    return [SubReply(text="reply")] * len(request.prompts)


async def _rounds() -> tuple[float, float, float]:
    async with await Sandbox.start() as sandbox:
        await sandbox.load_context("str", [ContextPart(text="text")])

        async def block(code: str, number: int) -> float:
            started = time.perf_counter()
            await sandbox.execute(code, iteration=number, block=0, on_request=_reply, time_limit_s=60)
            return time.perf_counter() - started

        blocks = [await block("pass", number) for number in range(ROUNDS)]
        bridge_s = await block(f"for _ in range({ROUNDS}): llm_query('prompt')", ROUNDS) / ROUNDS
        batches = [await block("got = llm_query_batched(['prompt'] * 1_000)", ROUNDS + 1) for _ in range(5)]
        return statistics.median(blocks), bridge_s, statistics.median(batches)


async def _load(path: Path) -> tuple[float, float]:
    """Return the seconds from the file to the decoded variable, and the child's memory as a multiple of the text."""
    times = []
    memory_bytes = 0
    for _ in range(3):
        async with await Sandbox.start() as sandbox:
            started = time.perf_counter()
            await sandbox.load_context("str", [ContextPart(path=path)])
            times.append(time.perf_counter() - started)
            status = Path(f"/proc/{sandbox.pid}/status")
            if status.exists():
                rss = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
                memory_bytes = int(rss.split()[1]) * 1024
    return statistics.median(times), memory_bytes / path.stat().st_size
