"""What a sandbox process costs: to start, a block, a request, a context, and what confinement adds; peers take turns with it."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rlm_desktop.engine.spares import Spares
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import Confinement, ContextPart, Executed, SubReply, SubRequest
from tests.benchmarks.figure import figure, tree_memory_bytes
from tests.benchmarks.sandbox_peers import Echo, exec_here

ROOT = Path(__file__).resolve().parents[2]
STARTS = 15
ROUNDS = 500
REQUESTS = 50
PAIRS = 9
LINE = b"The quick brown fox jumps over the lazy dog, and then it rests.\n"
LIMITS_S = {40: 0.06, 400: 0.5}
"""By the megabytes of the context."""
TIMED = "import time, re\nstarted = time.process_time()\n{}\nprint(time.process_time() - started)"
REGEX = TIMED.format(r"len(re.findall(r'\b[a-z]+zy dog\b', context))")
LOOP = TIMED.format("total = 0\nfor number in range(10_000_000): total += number")
SELF_TEST = "import time, sys\nstarted = time.perf_counter()\nsys.modules['rlm_desktop.sandbox.child.selftest'].tries()\n"
SELF_TEST += "print(time.perf_counter() - started)"
CONFINEMENTS: tuple[Confinement, Confinement] = ("required", "unconfined")


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one; each is a median, in a process of its own."""
    yield from asyncio.run(_starts())
    yield from asyncio.run(_rounds())
    with tempfile.TemporaryDirectory() as folder:
        for megabytes, limit_s in LIMITS_S.items():
            path = Path(folder) / f"{megabytes}.txt"
            path.write_bytes(LINE * (megabytes * 1_000_000 // len(LINE)))
            load_s, memory_ratio = asyncio.run(_load(path))
            yield figure(f"sandbox_load_{megabytes}_mb", load_s, "s", limit_s)
            yield figure(f"sandbox_memory_{megabytes}_mb", memory_ratio, "x text", 2.0)
        yield from asyncio.run(_work(Path(folder) / "40.txt"))


async def _starts() -> list[dict[str, Any]]:
    """From nothing to a process that is ready, confined and not; then with a spare that waits, to the first context in it."""
    start_s: dict[Confinement, list[float]] = {confinement: [] for confinement in CONFINEMENTS}
    spare_s, memory, self_test_s = [], [], []
    for _ in range(STARTS):
        for confinement, times in start_s.items():
            started = time.perf_counter()
            async with await Sandbox.start(confinement=confinement):
                times.append(time.perf_counter() - started)
        spares = Spares("required")
        spares.warm()
        await spares.settled()
        memory.append(sum(size for process, size in tree_memory_bytes(os.getpid()).items() if process != os.getpid()))
        started = time.perf_counter()
        async with await spares.take() as sandbox:
            sandbox.adopt(seed="0")
            await sandbox.load_context("str", [ContextPart(text="text")])
            spare_s.append(time.perf_counter() - started)
            self_test_s.append(float((await _run(sandbox, SELF_TEST)).stdout))
        await spares.close()
    confined_s, unconfined_s = (statistics.median(times) for times in start_s.values())
    return [
        figure("sandbox_start", confined_s, "s", 0.06),
        figure("sandbox_start_unconfined", unconfined_s, "s", 0.06),
        figure("sandbox_start_to_unconfined", confined_s / unconfined_s, "x", 2.0, peer="sandbox_start_unconfined"),
        figure("sandbox_self_test", statistics.median(self_test_s), "s", 0.005),
        figure("sandbox_spare", statistics.median(spare_s), "s", 0.005),
        figure("sandbox_spare_memory", statistics.median(memory) / 1e6, "MB", 20.0),
    ]


async def _reply(request: SubRequest) -> Sequence[SubReply]:
    return [SubReply(text="reply")] * len(request.prompts)


async def _run(sandbox: Sandbox, code: str) -> Executed:
    done = await sandbox.execute(code, iteration=0, block=0, on_request=_reply, time_limit_s=600)
    assert not done.is_error, done.stderr
    return done


async def _taken_s(sandbox: Sandbox, code: str) -> float:
    started = time.perf_counter()
    await _run(sandbox, code)
    return time.perf_counter() - started


async def _rounds() -> list[dict[str, Any]]:
    """A block, and a request; beside each a frame there and back with both sides blocking, `exec` here, and an unconfined process."""
    asking = f"for _ in range({REQUESTS}): llm_query('prompt')"
    here: dict[str, Any] = {"llm_query": lambda _prompt: "reply"}
    header = {"op": "exec", "block": 1, "name": "1.0", "captured_bytes": 1 << 20}
    taken: dict[str, list[float]] = {}
    with Echo(str(ROOT)) as echo:
        async with await Sandbox.start() as confined, await Sandbox.start(confinement="unconfined") as unconfined:
            for sandbox in (confined, unconfined):
                await sandbox.load_context("str", [ContextPart(text="text")])
            for number in range(ROUNDS):
                taken.setdefault("echo", []).append(echo.round_s(header, b"pass"))
                taken.setdefault("block", []).append(await _taken_s(confined, "pass"))
                taken.setdefault("block_unconfined", []).append(await _taken_s(unconfined, "pass"))
                taken.setdefault("block_in_process", []).append(exec_here("pass", here)[0])
                if number % 10 == 0:
                    taken.setdefault("llm_query", []).append(await _taken_s(confined, asking) / REQUESTS)
                    taken.setdefault("llm_query_unconfined", []).append(await _taken_s(unconfined, asking) / REQUESTS)
                    taken.setdefault("llm_query_in_process", []).append(exec_here(asking, here)[0] / REQUESTS)
            batches = [await _taken_s(confined, "got = llm_query_batched(['prompt'] * 1_000)") for _ in range(5)]
    found = {name: statistics.median(values) for name, values in taken.items()}
    made = [figure("sandbox_echo", found["echo"], "s", 0.00025)]
    for name, limit_s in (("block", 0.00025), ("llm_query", 0.0002)):
        made += [
            figure(f"sandbox_{name}", found[name], "s", limit_s),
            figure(f"sandbox_{name}_unconfined", found[f"{name}_unconfined"], "s", limit_s),
            figure(f"sandbox_{name}_in_process", found[f"{name}_in_process"], "s", limit_s),
            figure(f"sandbox_{name}_to_echo", found[name] / found["echo"], "x", 2.0, peer="sandbox_echo"),
        ]
    return [*made, figure("sandbox_batch_of_1000", statistics.median(batches), "s", 0.1)]


async def _load(path: Path) -> tuple[float, float]:
    """Return the seconds from the file to the decoded variable, and the child's memory as a multiple of the text."""
    times = []
    memory_bytes = 0
    for _ in range(5):
        async with await Sandbox.start() as sandbox:
            started = time.perf_counter()
            await sandbox.load_context("str", [ContextPart(path=path)])
            times.append(time.perf_counter() - started)
            status = Path(f"/proc/{sandbox.pid}/status")
            if status.exists():
                rss = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
                memory_bytes = int(rss.split()[1]) * 1024
    return statistics.median(times), memory_bytes / path.stat().st_size


async def _work(path: Path) -> list[dict[str, Any]]:
    """What confinement costs code that runs on and on, in CPU time, which other programs on the machine disturb less than the clock's."""
    here = {"context": path.read_text("ascii")}
    made: list[dict[str, Any]] = []
    async with await Sandbox.start() as confined, await Sandbox.start(confinement="unconfined") as unconfined:
        for sandbox in (confined, unconfined):
            await sandbox.load_context("str", [ContextPart(path=path)])
        for name, code, limit_s, pairs in (("regex_40_mb", REGEX, 2.0, PAIRS), ("loop_10_m", LOOP, 3.0, PAIRS // 2)):
            taken: list[list[float]] = [[], []]
            for number in range(pairs):
                for way in (0, 1) if number % 2 else (1, 0):
                    taken[way].append(float((await _run((confined, unconfined)[way], code)).stdout))
            ratio = statistics.median(one / other for one, other in zip(*taken, strict=True))
            made += [
                figure(f"sandbox_{name}", statistics.median(taken[0]), "s", limit_s),
                figure(f"sandbox_{name}_unconfined", statistics.median(taken[1]), "s", limit_s),
                figure(f"sandbox_{name}_in_process", float(exec_here(code, dict(here))[1]), "s", limit_s),
                figure(f"sandbox_{name}_to_unconfined", ratio, "x", 1.05, peer=f"sandbox_{name}_unconfined"),
            ]
    return made
