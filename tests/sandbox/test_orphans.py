"""Killing the engine outright leaves no sandbox behind, whatever it was doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ENGINE = """
import asyncio, os, sys
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import ContextPart, SubReply
async def busy(request):
    print(sandbox.pid, flush=True)
    if sys.argv[2] == "ask":
        await asyncio.Event().wait()
    return [SubReply(text="")]
async def go():
    global sandbox
    sandbox = await Sandbox.start()
    await sandbox.load_context("str", [ContextPart(text="x")])
    await sandbox.execute(sys.argv[1], iteration=0, block=0, on_request=busy, time_limit_s=60)
asyncio.run(go())
"""
ROOT = Path(__file__).resolve().parents[2]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the second while it goes
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("llm_query('a')\nwhile True: pass", "go on"),
        ("llm_query('a')\nimport time\ntime.sleep(60)", "go on"),
        ("llm_query('a')\nsum(range(10**12))", "go on"),
        ("llm_query('a')", "ask"),
    ],
)
def test_a_sandbox_ends_when_its_engine_is_killed(code: str, how: str) -> None:
    engine = subprocess.Popen([sys.executable, "-c", ENGINE, code, how], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert engine.stdout is not None
    pid = int(engine.stdout.readline())
    assert is_alive(pid)
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait()
    engine.stdout.close()
    deadline = time.monotonic() + 5
    while is_alive(pid):
        assert time.monotonic() < deadline, "an orphaned sandbox"
        os.sched_yield()
