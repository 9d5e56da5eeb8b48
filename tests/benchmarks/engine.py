"""What the engine adds to the models' own time: an iteration, and a thousand sub-calls at once, over real HTTP on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from rlm_desktop.program import program_command
from rlm_desktop.trace.codes import LLM
from rlm_desktop.trace.store import TraceStore
from tests.benchmarks.figure import cpu_s, figure, home_environment, run_whole

ROOT = Path(__file__).resolve().parents[2]
RUNS = 3
SUB_CALLS, AT_ONCE, REPLY_S = 1_000, 64, 0.05
_TURN = "I look at the next piece.\n\n```repl\nn = globals().get('n', 0) + 1\nprint(n, context[:300])\n```"
_LAST = "```repl\nanswer['content'], answer['ready'] = 'Done.', True\n```"


class Server(NamedTuple):
    """A model's server in a process of its own."""

    url: str
    process: int


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one; the medians of runs that take turns, so that a loaded machine burdens them alike."""
    taken: dict[int, list[float]] = {50: [], 200: []}
    for _ in range(RUNS):
        for iterations, values in taken.items():
            values.append(iteration_s(iterations))
    few, many = (sorted(values)[RUNS // 2] for values in taken.values())
    yield figure("engine_iteration_of_50", few * 1000, "ms", 10.0)
    yield figure("engine_iteration_of_200", many * 1000, "ms", 10.0)
    yield figure("engine_iteration_of_200_to_of_50", many / few, "x", 1.0, peer="engine_iteration_of_50")
    yield figure("engine_1000_sub_calls", sorted(sub_calls_s() for _ in range(RUNS))[RUNS // 2], "s", 3.0)


@contextmanager
def serving(script: object, folder: Path) -> Iterator[Server]:
    """Serve the replies of a script."""
    path = folder / "script.json"
    path.write_text(json.dumps(script))
    command = [sys.executable, str(ROOT / "tests" / "openai_server.py"), "--model", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip(), process.pid)
        finally:
            process.terminate()


def run(server: Server, folder: Path, options: Sequence[str]) -> TraceStore:
    """Run the program as the window does and return the run's trace."""
    document, trace = folder / "document.txt", folder / "run.rlmtrace"
    document.write_text("It was a long road to the town where nobody had been for years.\n" * 1_000)
    command = program_command(
        "run", str(document), "-q", "How long?", "--model", "m", "--base-url", server.url, "--trace", str(trace), "--jsonl", *options
    )
    run_whole(command, home_environment(folder, OPENAI_API_KEY="benchmark"))
    store = TraceStore.open(trace)
    assert store.status() == "ok"
    return store


def iteration_s(iterations: int) -> float:
    """Return the seconds an iteration takes, from the first request to the end of the call, less what the server used of the CPU."""
    with tempfile.TemporaryDirectory() as name, serving([_TURN] * (iterations - 1) + [_LAST], Path(name)) as server:
        before_s = cpu_s(server.process)
        store = run(server, Path(name), ["--max-iterations", str(iterations)])
        server_s = cpu_s(server.process) - before_s
    calls = store.columns.calls
    assert calls["iterations"][0] == iterations
    return (float(calls["ended_s"][0] - calls["asked_s"][0]) - server_s) / iterations


def sub_calls_s(count: int = SUB_CALLS) -> float:
    """Return the seconds from the first sub-call's start to the last one's end; nothing is subtracted."""
    script = {
        "rules": [
            {"when": "^What is in", "reply": "Nothing.", "delay_s": REPLY_S},
            f"```repl\nnotes = llm_query_batched([f'What is in part {{i}}?' for i in range({count})])\n```",
            _LAST,
        ]
    }
    with tempfile.TemporaryDirectory() as name, serving(script, Path(name)) as server:
        columns = run(server, Path(name), ["--concurrency", str(AT_ONCE)]).columns
    plain = columns.calls["kind"] == LLM
    assert plain.sum() == count
    return float(columns.calls["ended_s"][plain].max() - columns.calls["started_s"][plain].min())
