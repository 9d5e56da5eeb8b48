"""A confined process with pipes that block, over a Windows that is played by another system."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rlm_desktop.sandbox.values import SandboxDied
from rlm_desktop.sandbox.windows.blocking import ConfinedProcess, this_machine
from rlm_desktop.sandbox.windows.launch import LEVELS, Level
from rlm_desktop.sandbox.windows.start import Machine
from tests.sandbox.systems.small_windows import FdPipes, SmallWindows

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows played by another system")

WAITS = "import threading; threading.Event().wait()"


@contextmanager
def started(windows: SmallWindows, code: str, level: Level | None = LEVELS[0]) -> Iterator[ConfinedProcess]:
    machine = Machine(windows.calls, FdPipes(), "C:\\Windows", level)
    command = [sys.executable, "-c", code]
    process = ConfinedProcess(
        machine, command, {"A": "1"}, trial=["-c", "1"], files=["/place/file"], memory_bytes=1 << 31, cpu_s=60
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            pipe.close()


def test_it_is_spoken_to_and_its_end_is_known() -> None:
    windows = SmallWindows()
    code = "import os, sys; print(sys.stdin.readline().strip() + os.environ['A'], flush=True); sys.stderr.write('e' * 100_000); sys.exit(7)"
    with started(windows, code) as process:
        assert process.poll() is None
        process.stdin.write(b"hello\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"hello1\n"
        assert process.wait() == 7 and process.poll() == 7
    assert windows.open == set() and "TerminateJobObject" not in windows.called


def test_it_is_confined_as_every_child_is_and_inherits_two_pipes_and_a_null_device() -> None:
    windows = SmallWindows()
    with started(windows, WAITS):
        assert {"capabilities", "jobs", "packages policy", "child process policy"} < set(windows.attributes)
        assert len(windows.attributes["handles"]) == 3 * 8


def test_it_is_tried_first_whether_python_starts() -> None:
    windows = SmallWindows(refuses=lambda attributes: "packages policy" in attributes)
    with started(windows, WAITS, None):
        assert [command[1:] for command in windows.commands] == [["-c", "1"], ["-c", "1"], ["-c", WAITS]]
    with pytest.raises(SandboxDied, match="may not read .*place"), started(SmallWindows(fails={"CreateProcessW": 5}), WAITS, None):
        pass


def test_it_is_killed_once_and_leaves_nothing_open() -> None:
    windows = SmallWindows()
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0  # noqa: PTH208
    with started(windows, WAITS) as process:
        process.limit_memory(5 << 30)
        process.kill()
        assert process.wait() != 0
    assert windows.called.count("TerminateJobObject") == 1 and len(windows.limits) == 2
    assert windows.open == set()
    if sys.platform == "linux":
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_one_that_windows_shows_to_be_unconfined_is_ended() -> None:
    windows = SmallWindows()
    windows.is_app_container = 0
    with pytest.raises(SandboxDied, match="in no AppContainer"), started(windows, WAITS):
        pass
    assert windows.open == set() and all(process.poll() is not None for process in windows.processes.values())


def test_elsewhere_there_is_no_such_machine() -> None:
    with pytest.raises(OSError, match="only Windows"):
        this_machine("C:\\Windows")
