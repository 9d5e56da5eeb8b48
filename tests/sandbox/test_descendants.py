"""What is killed below a process is below it, also where a number has gone over to another process meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from rlm_desktop.sandbox import descendants
from rlm_desktop.sandbox.descendants import kill_descendants

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

WAITS = "import sys; sys.stdin.read()"
PARENT = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {WAITS!r}]).pid, flush=True); {WAITS}"


def started(code: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    yield from started(PARENT)


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[str]]:
    yield from started(WAITS)


def child_of(parent: subprocess.Popen[str]) -> int:
    assert parent.stdout is not None
    return int(parent.stdout.readline())


def dies(pid: int) -> bool:
    """Wait for a process that has been killed to be gone."""
    deadline = time.monotonic() + 5
    while descendants._is_alive(pid) and time.monotonic() < deadline:
        os.sched_yield()
    return not descendants._is_alive(pid)


def test_a_number_that_has_gone_over_to_a_stranger_is_spared(
    parent: subprocess.Popen[str], stranger: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    child = child_of(parent)
    found = iter([[stranger.pid, child], []])
    monkeypatch.setattr(descendants, "_below", lambda _pid: next(found))
    kill_descendants(parent.pid)
    assert dies(child)
    assert descendants._is_alive(stranger.pid)


def test_on_a_kernel_that_holds_on_to_no_process_they_are_killed_by_number(
    parent: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_pid: int) -> int:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(os, "pidfd_open", missing)
    child = child_of(parent)
    kill_descendants(parent.pid)
    assert dies(child)
    assert parent.poll() is None
