"""Large contexts: how soon the first block has run over one, how much memory all processes hold, what the built-in model makes of it."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rlm_desktop.program import program_command
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import ContextPart
from rlm_desktop.trace.codes import EVENT_CODE, LLM
from rlm_desktop.trace.events import ModelAsked
from rlm_desktop.trace.store import TraceStore
from tests.benchmarks.figure import figure, home_environment, median, tree_memory_bytes

RUNS = 3
LOOK_S = 0.02
_LINE = "It was a long road to the town where nobody had been for years, and {} of them went on.\n"
_NEEDLE = "The key of the northern lighthouse was handed to Matilda Brandt on 14 March 1907.\n"
QUESTION = "To whom was the key of the northern lighthouse handed?"


class Ended(NamedTuple):
    """A run of the program over a document: when its first block had run, how long all took, the most memory that all processes held."""

    first_output_s: float
    seconds: float
    peak_bytes: int
    trace: Path
    answer: str


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = folder / "40.txt"
        write(text, 40_000_000)
        first_s = median(lambda: ask(text, folder, is_memory_watched=False).first_output_s, runs=RUNS)
        yield figure("large_40_mb_first_output", first_s, "s", 1.5)
        empty_bytes = asyncio.run(sandbox_peak_bytes(None))
        ascii_bytes = asyncio.run(sandbox_peak_bytes(text)) - empty_bytes
        yield figure("large_40_mb_sandbox_peak", ascii_bytes / text.stat().st_size, "x text", 2.0)
        # Python holds a text in as many bytes a character as its widest one needs: two for dashes and curved quotes.
        marked = folder / "40-marked.txt"
        write(marked, 40_000_000, line="“" + _LINE)
        marked_bytes = asyncio.run(sandbox_peak_bytes(marked)) - empty_bytes
        yield figure("large_40_mb_sandbox_peak_wide_characters", marked_bytes / marked.stat().st_size, "x text", 2.0)
        write(text, 400_000_000)
        yield figure("large_400_mb_memory", ask(text, folder).peak_bytes / text.stat().st_size, "x text", 3.0)
        # Apart, as looking at the memory holds up the processes that are looked at.
        done = ask(text, folder, is_memory_watched=False)
        assert "Matilda Brandt" in done.answer, done.answer
        yield figure("large_400_mb_answer", done.seconds, "s", 15.0)
        # Four characters a token, as everywhere in the program.
        write(text, 40_000_000)
        answered = [ask(text, folder, is_memory_watched=False) for _ in range(RUNS)]
        yield figure("large_10m_tokens_built_in", sorted(one.seconds for one in answered)[RUNS // 2], "s", 3.0)
        share, iterations, batches = looked_at(answered[0].trace)
        assert "Matilda Brandt" in answered[0].answer, answered[0].answer
        assert iterations >= 3, iterations
        assert batches >= 1, batches
        yield figure("large_10m_tokens_largest_prompt", share(40_000_000), "share", 0.01)


def write(path: Path, size_bytes: int, *, line: str = _LINE) -> None:
    """Write a text with one sentence in it, in the middle, that answers the question."""
    block = "".join(line.format(number) for number in range(10_000)).encode()
    half = size_bytes // 2 // len(block) + 1
    with path.open("wb") as file:
        for _ in range(half):
            file.write(block)
        file.write(_NEEDLE.encode())
        for _ in range(half):
            file.write(block)


def ask(document: Path, folder: Path, *, is_memory_watched: bool = True) -> Ended:
    """Ask the built-in model through the program, with an empty text store: the document is read anew."""
    with tempfile.TemporaryDirectory(dir=folder) as home:
        trace = Path(tempfile.mkdtemp(dir=folder)) / "run.rlmtrace"
        command = program_command("run", str(document), "-q", QUESTION, "--trace", str(trace), "--jsonl")
        started = time.perf_counter()
        first_s, peak = 0.0, 0

        def watch() -> None:
            nonlocal peak
            while process.poll() is None:
                peak = max(peak, sum(tree_memory_bytes(process.pid).values()))
                time.sleep(LOOK_S)

        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=home_environment(Path(home))
        ) as process:
            assert process.stdout is not None
            watching = threading.Thread(target=watch)
            if is_memory_watched:
                watching.start()
            for line in process.stdout:
                if not first_s and b'"type":"code_ended"' in line:
                    first_s = time.perf_counter() - started
            process.wait()
            seconds = time.perf_counter() - started
        if is_memory_watched:
            watching.join()
        store = TraceStore.open(trace)
        assert store.columns.run_ended is not None
        return Ended(first_s, seconds, peak, trace, store.text(store.columns.run_ended.answer or ""))


async def sandbox_peak_bytes(text: Path | None) -> int:
    """Return the most memory (resident) that a sandbox process held until `text` was its context. Linux only."""
    async with await Sandbox.start() as sandbox:
        await sandbox.load_context("str", [ContextPart(text="") if text is None else ContextPart(path=text)])
        lines = Path(f"/proc/{sandbox.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def looked_at(trace: Path) -> tuple[Callable[[int], float], int, int]:
    """Return the largest prompt as a share of so many characters, the iterations of the root, and the batches."""
    store = TraceStore.open(trace)
    columns = store.columns
    asked = columns.seqs_of_type(EVENT_CODE[ModelAsked])
    largest = max(sum(len(said.content) for said in store.messages_of(int(seq))) for seq in asked)
    batches = np.unique(columns.calls["batch"][columns.calls["kind"] == LLM])
    return lambda chars: largest / chars, int(columns.calls["iterations"][0]), int((batches >= 0).sum())
