"""Ctrl+C in a terminal, whatever the run is doing: status 130, a trace that has ended, and no process left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rlm_desktop.program import program_command
from rlm_desktop.trace.store import TraceStore
from tests.leftovers import is_alive
from tests.openai_server import Fault, OpenAIServer, Reply

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def code(*lines: str) -> Reply:
    return Reply(text="\n".join(["```repl", *lines, "```"]))


def sub_calls_never(reply: Reply) -> Any:
    return lambda messages, _body: Reply(text="late", delay_s=60) if messages[0]["role"] == "user" else reply


DEAF = code("while True:", "    try:", "        sum(range(10**7))", "    except BaseException:", "        pass")
POINTS = {
    "a block is deaf": (lambda _m, _b: DEAF, b'"code_started"'),
    "a batch is asked": (sub_calls_never(code("llm_query_batched(['a'] * 8)")), b'"model_asked","call_id":8'),
    "children start": (sub_calls_never(code("rlm_query_batched(['a'] * 4)")), b'"call_started","call_id":4'),
    "a retry is waited for": (lambda _m, _b: Fault(status=429, headers={"Retry-After": "60"}), b'"model_failed"'),
    "a sandbox starts": (lambda _m, _b: code("pass"), b'"call_started","call_id":0'),
}


def descendants(pid: int) -> set[int]:
    found, at = set(), [pid]
    while at:
        for path in Path(f"/proc/{at.pop()}/task").glob("*/children"):
            children = {int(child) for child in path.read_text().split()}
            found |= children
            at += children
    return found


@pytest.mark.parametrize(("script", "reached"), POINTS.values(), ids=POINTS)
def test_ctrl_c_at_any_point(tmp_path: Path, script: Any, reached: bytes) -> None:
    document, trace = tmp_path / "log.md", tmp_path / "run.rlmtrace"
    document.write_text("The code of the vault is 4711.\n", "utf-8")
    with OpenAIServer(script) as server:
        process = subprocess.Popen(
            program_command(
                "run", str(document), "-q", "x", "--model", "m", "--base-url", server.base_url, "--trace", str(trace), "--jsonl"
            ),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        while reached not in (line := process.stdout.readline()):
            assert line, process.communicate()
        below = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=15)
    assert process.returncode == 130, errors
    assert errors == b"rlm-desktop: The run was stopped by a person.\n" + f"trace: {trace}\n".encode()
    assert TraceStore.open(trace).status() == "cancelled"
    deadline = time.monotonic() + 5
    while any(map(is_alive, below)):
        assert time.monotonic() < deadline
        os.sched_yield()
