"""What a trace costs: its size, and opening a large one, without a window and in it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from rlm_desktop.program import program_command
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest
from rlm_desktop.trace.store import TraceStore
from tests.benchmarks.figure import figure, home_environment, median, run_whole
from tests.traces import Scribe

CALLS = 100_000
RUNS = 5
_WORDS = "The party of the first part shall, on or before the date named above, bear the cost of what it has broken. "
_PROSE = "It was a long road to the town where nobody had been for years, and {} of them went on.\n"


def figures() -> Iterator[dict[str, Any]]:
    """Yield the figures one by one."""
    yield figure("trace_size_1_mb_document_10_iterations", size_bytes(), "B", 300_000)
    with tempfile.TemporaryDirectory() as folder:
        path = large(Path(folder) / "large.rlmtrace", CALLS)
        yield figure("trace_open_100000_calls", median(lambda: in_fresh_process("open", path), runs=RUNS), "s", 2.0)
        yield figure("trace_open_100000_calls_until_painted", median(lambda: in_fresh_process("paint", path), runs=RUNS), "s", 2.0)


def large(path: Path, calls: int) -> Path:
    """Write a run with `calls` plain calls of 1 KB of text each: prompt, reply, and the answer that repeats it."""
    reply = _WORDS * 3
    with Scribe(path, max_cost_usd=None) as s:
        root = s.call()
        turns = max(1, calls // 1_000)
        for turn in range(turns):
            s.open_turn(root, turn, "answers = llm_query_batched(prompts)", cost_usd=0.01)
            size = calls // turns
            ids = []
            for index in range(size):
                prompt = f"{turn}.{index}: {_WORDS * 4}"
                batch = ev.Batch(batch_id=turn, index=index, size=size)
                ids.append(s.call(root, kind="llm", depth=1, prompt=prompt, at=(turn, 0, 1), batch=batch))
            for call in ids:
                s.asked(call)
                s.wait(0.01)
            for call in ids:
                s.replied(call, response=reply, cost_usd=0.0002)
                s.ended(call, answer=reply)
                s.wait(0.01)
            s.printed(root, turn, f"{size} replies")
        s.ended(root, answer="Done.")
        s.run_ended(answer="Done.")
    return path


def in_fresh_process(how: str, path: Path) -> float:
    """Return the seconds that opening took, in a process that does nothing else and in which no collector runs, as in the window."""
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.trace", how, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def open_s(path: Path) -> float:
    gc.disable()
    started = time.perf_counter()
    store = TraceStore.open(path)
    taken_s = time.perf_counter() - started
    assert store.problem is None, store.problem
    return taken_s


def paint_s(path: Path) -> float:
    """Return the seconds from the wish to see a trace to the map painted whole, in the real window."""
    from tests.benchmarks.window_parts import Frames, opened_window

    with opened_window() as app:
        frames = Frames(app)
        canvas = app.window.map
        started = time.perf_counter()
        app.take([path])
        frames.wait_until(lambda: canvas.isVisible() and canvas.scene is not None and canvas.is_complete)
        return time.perf_counter() - started


def size_bytes() -> float:
    """Return the size of a real run's trace: each turn keeps pieces of the text in variables, prints 5,000 characters, asks over 5,000."""
    code = "pieces = [context[i:i + 5000] for i in range(0, len(context), 5000)]\nprint(pieces[{0}])\nnote = llm_query(pieces[{0} + 20])"
    replies: list[Any] = [{"when": "^It was|^nobody|^[a-z ,0-9]", "reply": "Nothing in it bears on that."}]
    replies += [f"I look at piece {turn}.\n\n```repl\n{code.format(turn)}\n```" for turn in range(9)]
    replies.append("```repl\nanswer['content'], answer['ready'] = 'Done.', True\n```")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        document, script, trace = home / "document.txt", home / "script.json", home / "run.rlmtrace"
        document.write_text("".join(_PROSE.format(number) for number in range(1_000_000 // len(_PROSE))))
        script.write_text(json.dumps(replies))
        request = RunRequest(
            question="How many went on?",
            documents=(DocumentChoice(path=str(document)),),
            model=ModelChoice(name="scripted", provider="scripted", script=str(script)),
            trace=str(trace),
        )
        line = home / "request.json"
        line.write_bytes(msgspec.json.encode(request) + b"\n")
        run_whole(program_command("run", "--request", "-"), home_environment(home), given=line)
        store = TraceStore.open(trace)
        assert store.columns.calls["iterations"][0] == 10, store.columns.calls["iterations"]
        assert len(store.columns.calls) == 10
        return trace.stat().st_size


if __name__ == "__main__":
    print({"open": open_s, "paint": paint_s}[sys.argv[1]](Path(sys.argv[2])))
