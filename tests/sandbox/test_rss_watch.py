"""A child whose memory the engine watches is killed for it, with the reason, and no other."""

from __future__ import annotations

import asyncio
import ctypes
import os
import subprocess
import sys
from typing import Any

import pytest

from rlm_desktop.sandbox import host, rss_watch
from rlm_desktop.sandbox.context import ContextFile
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.process import start_child
from rlm_desktop.sandbox.rss_watch import MemoryWatch, footprint_bytes, memory_bytes
from rlm_desktop.sandbox.values import SandboxDied, SubReply, SubRequest

asked_here = pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="Windows keeps the limit itself")
HOLDS = "import sys; kept = bytearray(b'x') * (int(sys.argv[1]) << 20); print('ready', flush=True); sys.stdin.read()"


def holding(megabytes: int) -> subprocess.Popen[bytes]:
    child = subprocess.Popen([sys.executable, "-c", HOLDS, str(megabytes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None and child.stdout.readline() == b"ready\n"
    return child


@asked_here
def test_a_process_that_takes_too_much_is_killed_and_told_of() -> None:
    with holding(96) as child:
        reasons: list[str] = []

        def kill(reason: str) -> None:
            reasons.append(reason)
            child.kill()

        asyncio.run(asyncio.wait_for(MemoryWatch(child.pid, 64_000_000, kill).run(), 30))
        assert child.wait(30) != 0
    (reason,) = reasons
    assert "limit of 64 MB" in reason and int(reason.partition(" took ")[2].partition(" MB")[0]) >= 96


@asked_here
def test_a_process_within_its_limit_is_left_alone() -> None:
    async def go(child: subprocess.Popen[bytes]) -> list[str]:
        reasons: list[str] = []
        watch = asyncio.create_task(MemoryWatch(child.pid, 1_000_000_000, reasons.append).run())
        child.communicate(b"")
        await watch
        return reasons

    with holding(8) as child:
        assert asyncio.run(go(child)) == []
        assert child.returncode == 0


def test_the_limit_may_grow_while_it_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rss_watch, "INTERVAL_S", 0)
    sizes = iter([5, 15, 25])
    reasons: list[str] = []

    def ask(_pid: int) -> int | None:
        size = next(sizes)
        watch.limit_bytes = 20 if size == 5 else watch.limit_bytes
        return size * 1

    watch = MemoryWatch(1, 10, reasons.append, ask=ask)
    asyncio.run(watch.run())
    assert list(sizes) == [] and len(reasons) == 1


def test_of_a_process_that_is_gone_nothing_is_known() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait(30)
    if sys.platform in ("linux", "darwin"):
        assert memory_bytes(child.pid) is None


def test_macos_is_asked_for_the_footprint_where_its_structure_has_it() -> None:
    class Usage(ctypes.Structure):
        """`rusage_info_v0` of <sys/resource.h>."""

        _fields_ = (
            ("ri_uuid", ctypes.c_uint8 * 16),
            *((name, ctypes.c_uint64) for name in ("ri_user_time", "ri_system_time", "ri_pkg_idle_wkups", "ri_interrupt_wkups")),
            *((name, ctypes.c_uint64) for name in ("ri_pageins", "ri_wired_size", "ri_resident_size", "ri_phys_footprint")),
            *((name, ctypes.c_uint64) for name in ("ri_proc_start_abstime", "ri_proc_exit_abstime")),
        )

    assert ctypes.sizeof(Usage) == rss_watch._RUSAGE_BYTES
    asked: list[tuple[int, int]] = []

    def answer(pid: int, flavour: int, usage: int) -> int:
        asked.append((pid, flavour))
        if pid != os.getpid():
            return -1
        ctypes.memmove(usage, bytes(Usage(ri_resident_size=1, ri_phys_footprint=123_456_789_012, ri_proc_start_abstime=2)), 96)
        return 0

    class Library:
        proc_pid_rusage: Any = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)(answer)

    assert footprint_bytes(os.getpid(), Library()) == 123_456_789_012
    assert footprint_bytes(1, Library()) is None
    assert asked == [(os.getpid(), 0), (1, 0)]


@asked_here
def test_a_child_that_no_limit_of_its_own_holds_is_watched_from_its_start_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rss_watch, "is_needed", lambda: True)

    async def go() -> str:
        context = ContextFile()
        child = await start_child(context.read_fd, "unconfined")
        try:
            told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            child.limit_memory(1 << 40, told.set_result)
            child.limit_memory(1, told.set_result)
            return await asyncio.wait_for(told, 30)
        finally:
            await child.end()
            context.close()

    assert "more than its limit" in asyncio.run(go())


@asked_here
def test_a_sandbox_ends_with_the_reason_that_the_watch_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rss_watch, "is_needed", lambda: True)
    monkeypatch.setattr(rss_watch, "INTERVAL_S", 0.01)
    monkeypatch.setattr(host, "memory_limit_bytes", lambda _context_bytes: 1)

    async def go() -> SandboxDied:
        async with await Sandbox.prepare("unconfined") as sandbox:
            sandbox.adopt()
            with pytest.raises(SandboxDied) as caught:
                await sandbox.execute("import threading; threading.Event().wait()", iteration=0, block=0, on_request=_none, time_limit_s=60)
            return caught.value

    died = asyncio.run(go())
    assert died.cause == "memory" and "more than its limit" in died.reason


async def _none(_request: SubRequest) -> list[SubReply]:
    return []


def test_a_process_is_not_watched_where_it_holds_its_limit_itself() -> None:
    assert rss_watch.is_needed() == (sys.platform == "darwin")
