"""The loop among code that forges, floods and sabotages, and a trace that cannot be written."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rlm_desktop.engine.context import Context, of_value
from rlm_desktop.engine.endpoint import Endpoint
from rlm_desktop.engine.models.scripted import ScriptedModel
from rlm_desktop.engine.recorder import Recorder
from rlm_desktop.engine.run import Run, RunResult
from rlm_desktop.sandbox import host
from rlm_desktop.trace import commands, writer
from rlm_desktop.trace.events import CallEnded, CallStarted, CodeEnded, KnownEvent, Limits, RunEnded, SandboxLost
from rlm_desktop.trace.writer import TraceWriter
from tests.engine.running import repl, run, seen, turns

END = "answer['content'] = 'end'; answer['ready'] = True"
FORGE = """
import gc
pipe = next(o for o in gc.get_objects() if type(o).__name__ == "Pipe")
done = dict(op="done", block=0, error=None, parts=[0, 0, 0, 0, 2], stdout_chars=0, stdout_cut=False, stderr_chars=0, stderr_cut=False,
            answer_bytes=None, ready=False)
ask = dict(op="request", id=77, block=0, kind="llm", batch=False, items=1, line=1, model=None)
item = dict(op="item", id=77, index=0, prompt_bytes=1, context=None)
"""


@pytest.mark.parametrize(
    "code",
    [
        "done['stdout_chars'] = 2**53 + 1\npipe.send([(done, b'[]')])",
        "done['stderr_chars'] = 9 * 10**18; done['stderr_cut'] = True\npipe.send([(done, b'[]')])",
        "ask['line'] = 2**31\npipe.send([(ask, b''), (item, b'a')])\nimport time; time.sleep(10)",
    ],
)
def test_a_number_that_no_trace_can_hold_ends_the_process_that_sent_it(code: str) -> None:
    # `run` opens the trace and holds that it has no problem.
    recorded = run(turns(FORGE + code, END))
    assert recorded.result == RunResult(status="ok", answer="end")
    assert "broke the protocol" in recorded.of(SandboxLost)[0].reason


def test_code_that_never_stops_asking_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request is refused at once, but as one is always outstanding, the block's clock stands."""
    monkeypatch.setattr(host, "MAX_REQUESTS", 2_000)
    flood = """
        import threading
        def ask():
            while True:
                try:
                    llm_query("x")
                except LMQueryError:
                    continue
        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """
    recorded = run(turns("\n".join(line[8:] for line in flood.splitlines()), END), limits=Limits(max_calls=5))
    assert recorded.result.answer == "end"
    assert "more than 2,000 requests" in recorded.of(SandboxLost)[0].reason


@pytest.mark.parametrize("more", [1, 4])
def test_stopping_again_while_the_run_cleans_up_changes_nothing(more: int) -> None:
    async def stop_often(running: Run, events: list[KnownEvent]) -> None:
        await seen(events, lambda event: isinstance(event, CallStarted), count=7)
        for _ in range(1 + more):
            running.obey(commands.Stop())
            await asyncio.sleep(0)

    def script(messages: Any) -> str:
        if "held in `context`" in messages[1].content:
            return repl("import time\nllm_query_batched(['x', 'y'])\ntime.sleep(60)")
        return repl("rlm_query_batched(['a', 'b'])")

    stopped = run(lambda messages: "said" if len(messages) == 1 else script(messages), during=stop_often)
    assert stopped.result.status == "cancelled"
    assert len(stopped.of(CallEnded)) == len(stopped.of(CallStarted)) == 7
    assert len(stopped.of(RunEnded)) == 1
    assert len(stopped.of(CodeEnded)) == 3


def test_a_trace_that_cannot_be_written_costs_no_request_and_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_failing_at(tag: str) -> tuple[RunResult, int]:
        asked = 0

        def script(_messages: Any) -> str:
            nonlocal asked
            asked += 1
            return repl(END)

        whole = writer._write_all

        def write_all(descriptor: int, data: bytes) -> None:
            if f'"type":"{tag}"'.encode() in data:
                raise OSError(errno.ENOSPC, "No space left on device")
            whole(descriptor, data)

        monkeypatch.setattr(writer, "_write_all", write_all)
        recorder = Recorder(TraceWriter(tmp_path / tag))

        async def read(_emit: Callable[[KnownEvent], None]) -> Context:
            return of_value("some text")

        async def start() -> RunResult:
            return await Run(question="x", root=Endpoint(ScriptedModel(script)), limits=Limits(), recorder=recorder).start(read)

        result = asyncio.run(start())
        recorder.close()
        monkeypatch.setattr(writer, "_write_all", whole)
        return result, asked

    first, asked = run_failing_at("run_started")
    assert (first.status, asked) == ("error", 0)
    assert "the disk is full" in str(first.error)
    assert not (tmp_path / "run_started").exists()
    last, _ = run_failing_at("run_ended")
    assert (last.status, last.answer) == ("error", "end")
    assert "the disk is full" in str(last.error)
