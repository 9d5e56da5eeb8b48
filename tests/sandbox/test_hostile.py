"""Code that does its worst: the host goes on, and says in a sentence what happened (groups E and F of what to try)."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from rlm_desktop.sandbox.clock import BlockClock
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.requests import MAX_OUTSTANDING
from rlm_desktop.sandbox.values import Executed, SandboxDied, SandboxLimits, SubReply, SubRequest
from tests.leftovers import is_alive
from tests.sandbox.box import echo, execute, in_sandbox, run

GIB = 1 << 30


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import os; os._exit(7)", "exit code 7"),
        ("import os; os._exit(0)", "exit code 0"),
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "crashed in native code"),
        ("import os; os.abort()", "SIGABRT"),
        ("import os; os.closerange(3, 100)", "pipe|failed|exit code"),
    ],
)
def test_the_end_of_the_process_is_said_in_a_sentence(code: str, sentence: str) -> None:
    with pytest.raises(SandboxDied, match=sentence):
        run(code)


def test_the_end_of_an_unconfined_process_is_seen_though_another_holds_its_pipes() -> None:
    with pytest.raises(SandboxDied, match="exit code 3"):
        run("import os\nif os.fork(): os._exit(3)\nelse:\n import time; time.sleep(60)", confinement="unconfined")


def test_a_dead_sandbox_stays_dead() -> None:
    async def act(sandbox: Sandbox) -> None:
        for _ in range(2):
            with pytest.raises(SandboxDied, match="exit code 7"):
                await execute(sandbox, "import os; os._exit(7)")
        with pytest.raises(SandboxDied, match="exit code 7"):
            await sandbox.lookup("x")

    in_sandbox(act)


def test_a_sandbox_that_dies_between_blocks_is_seen_at_the_next() -> None:
    async def act(sandbox: Sandbox) -> None:
        await execute(sandbox, "import threading, os\nt = threading.Timer(0.05, os._exit, (5,))\nt.start()")
        await asyncio.wait([sandbox._child.exited])
        with pytest.raises(SandboxDied, match="exit code 5"):
            await execute(sandbox, "import time; time.sleep(9)")

    in_sandbox(act)


@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(60)", "import threading; threading.Event().wait()"])
def test_a_block_over_its_time_is_interrupted_and_its_variables_stay(code: str) -> None:
    first, second = run(f"kept = 1\n{code}", "print(kept)", time_limit_s=0.3)
    assert (first.is_interrupted, first.error_type, second.stdout) == (True, "KeyboardInterrupt", "1\n")
    assert "The block was interrupted: it ran longer than 0.3 s." in first.stderr


DEAF = [
    "import time\nwhile True:\n try: time.sleep(9)\n except KeyboardInterrupt: pass",
    "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(9)",
    "sum(range(10**12))",
    "import re; re.match('(a+)+$', 'a' * 40 + 'b')",
    "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\ntime.sleep(60)",
]


def test_a_block_that_does_not_heed_the_interrupt_is_killed() -> None:
    async def reason(code: str) -> str:
        async with await Sandbox.start() as sandbox:
            with pytest.raises(SandboxDied) as died:
                await execute(sandbox, code, time_limit_s=0.1)
            return died.value.reason

    async def reasons() -> list[str]:
        async with asyncio.timeout(10):
            return await asyncio.gather(*map(reason, DEAF))

    assert all("did not end when it was interrupted (it ran longer than 0.1 s)" in reason for reason in asyncio.run(reasons()))


def test_a_running_block_can_be_interrupted_from_outside() -> None:
    async def act(sandbox: Sandbox) -> Executed:
        asked = asyncio.Event()

        async def never(_request: object) -> list[object]:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

        running = asyncio.create_task(execute(sandbox, "x = 1\nllm_query('a')", on_request=never))  # type: ignore[arg-type]
        await asked.wait()
        assert sandbox.interrupt("it was stopped")
        return (await running)[0]

    done = in_sandbox(act)
    assert done.is_interrupted and done.is_error and "it was stopped" in done.stderr


def test_cancelling_a_block_kills_its_process_and_ends_its_requests() -> None:
    async def act(sandbox: Sandbox) -> list[str]:
        asked = asyncio.Event()
        ended: list[str] = []

        async def never(_request: object) -> list[object]:
            asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("request")
            raise AssertionError

        running = asyncio.create_task(execute(sandbox, "llm_query('a')", on_request=never))  # type: ignore[arg-type]
        await asked.wait()
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
        await sandbox._child.exited
        return ended

    assert in_sandbox(act) == ["request"]


def test_the_clock_can_be_held_while_a_run_is_paused() -> None:
    async def act(sandbox: Sandbox) -> Executed:
        clock = BlockClock()
        clock.hold()
        code = "import time; time.sleep(0.4); print('done')"
        return await sandbox.execute(code, iteration=0, block=0, on_request=echo, clock=clock, time_limit_s=0.1)

    assert in_sandbox(act).stdout == "done\n"


@pytest.mark.parametrize(
    "code",
    ["x = 'a' * 10**12", "x = bytearray(6 * 2**30)", "x = []\nwhile True: x.append('a' * 10**7)", "import mmap; mmap.mmap(-1, 60 * 2**30)"],
)
def test_eating_memory_is_an_error_of_the_block_or_said_in_a_sentence(code: str) -> None:
    try:
        limits = SandboxLimits(memory_bytes=GIB)
        first, second = run(f"kept = 1\n{code}", "del x\nprint(kept)" if "append" in code else "print(kept)", limits=limits)
    except SandboxDied as died:
        reason = died.reason
    else:
        reason = "memory" if first.error_type in ("MemoryError", "OSError") and second.stdout == "1\n" else f"{first.error_type}"
    assert "memory" in reason


def test_numpy_works_within_the_limits() -> None:
    pytest.importorskip("numpy")
    assert run("import numpy as np; print(int(np.ones((500, 500)).dot(np.ones((500, 500))).sum()))")[0].stdout == "125000000\n"


def test_a_flood_of_output_is_cut_with_a_mark() -> None:
    (done,) = run("for _ in range(300): print('x' * 1_000_000)\nprint('the end')")
    assert done.stdout_chars == 300_000_308
    assert len(done.stdout) < 257 * 1024 and done.stdout.endswith("the end\n")
    assert "[… 299,738,164 characters were cut here …]" in done.stdout


def test_ten_million_tiny_prints_are_counted_and_cut() -> None:
    (done,) = run("for _ in range(10_000_000): print()", time_limit_s=60)
    assert done.stdout_chars == 10_000_000 and len(done.stdout) < 257 * 1024


def test_one_line_of_a_gigabyte_ends_nothing() -> None:
    first, second = run("print('x' * 10**9)", "print('alive')")
    assert (first.stdout_chars >= 10**9 or first.error_type == "MemoryError") and second.stdout == "alive\n"


def test_output_is_counted_and_cut_in_characters() -> None:
    limits = SandboxLimits(kept_output_chars=10, captured_output_chars=1024)
    done = run("print('é' * 20, end='')", "print('☃' * 1000, end='')", "print('ab' * 5, end='')", limits=limits)
    assert done[0].stdout == "ééééé\n[… 10 characters were cut here …]\nééééé"
    assert done[1].stdout == "☃☃☃☃☃\n[… 990 characters were cut here …]\n☃☃☃☃☃"
    assert done[2].stdout == "ababababab"
    assert [d.stdout_chars for d in done] == [20, 1000, 10]


def test_what_a_thread_prints_after_its_block_is_in_no_block() -> None:
    thread = (
        "import threading, time\ngo, gone = threading.Event(), threading.Event()\n"
        "def late():\n    go.wait()\n    print('LATE')\n    threading.Thread(target=print, args=('LATER',)).start()\n    gone.set()\n"
        "threading.Thread(target=late).start()"
    )
    fresh = "go.set()\ngone.wait()\nt = threading.Thread(target=print, args=('own thread',))\nt.start()\nt.join()\nprint('own')"
    first, second, third = run(thread, fresh, "print('after')")
    assert (first.stdout, second.stdout, third.stdout) == ("", "own thread\nown\n", "after\n")


def test_what_c_code_prints_is_stray_and_capped() -> None:
    (done,) = run("import os\nfor _ in range(100): os.write(1, b'x' * 10_000)\nos.write(2, b'y')\nprint('ok')")
    assert (done.stdout, done.stray[:3], len(done.stray)) == ("ok\n", "xxx", 64 * 1024)


def test_files_do_not_grow_and_descriptors_are_few() -> None:
    code = "import os\nopened = []\ntry:\n    while True: opened.append(os.open('/dev/null', 0))\n"
    assert run(code + "except OSError as e: print(len(opened) < 300, e.errno)")[0].stdout == "True 24\n"
    grow = "import os\nfd = os.memfd_create('x')\nos.write(fd, b'x')"
    assert "File too large" in run(grow, confinement="unconfined")[0].stderr
    assert "not permitted" in run(grow)[0].stderr


def test_thousands_of_threads_end_nothing() -> None:
    code = "import threading\ngo = threading.Event()\ntry:\n for _ in range(3_000): threading.Thread(target=go.wait).start()\n"
    first, second = run(code + "finally: go.set()", "print('alive')")
    assert first.error_type in (None, "RuntimeError") and second.stdout == "alive\n"


def test_a_recursion_limit_out_of_reason_is_survived_or_said() -> None:
    code = "import sys\nsys.setrecursionlimit(10**9)\ndef f(n): return [f(n + 1)]\nf(0)"
    reason = "It is survived."
    try:
        run(code, time_limit_s=2, limits=SandboxLimits(memory_bytes=300 << 20))
    except SandboxDied as died:
        reason = died.reason
    assert reason.endswith(".")


def test_nothing_of_the_code_runs_when_the_process_ends() -> None:
    code = "import atexit, os\natexit.register(os.write, 2, b'x')\nclass D:\n def __del__(self): os.write(2, b'x')\nd = D()"
    assert in_sandbox(lambda s: execute(s, code))[0].stray == ""


def test_a_forked_copy_of_the_repl_is_harmless() -> None:
    code = "import os\npid = os.fork()\nif pid == 0:\n    print('copy')\nelse:\n    os.waitpid(pid, 0)\n    print('own')"
    first, second = run(code, "print('alive')", confinement="unconfined")
    assert (first.stdout, second.stdout) == ("own\n", "alive\n")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who is below a process")
@pytest.mark.parametrize(
    "leaves", ["os.setsid()", "os.setsid(); os.fork() and os._exit(0)", "os.setpgid(0, 0); [os.fork() for _ in range(3)]"]
)
def test_what_leaves_its_process_group_ends_with_an_unconfined_sandbox(leaves: str) -> None:
    code = (
        f"import os, time\nout, into = os.pipe()\nif os.fork() == 0:\n    {leaves}\n    os.write(into, f'{{os.getpid()}} '.encode())\n"
        "    time.sleep(60)\n    os._exit(0)\nos.close(into)\nprint(os.read(out, 999).decode())"
    )

    async def act(sandbox: Sandbox) -> list[int]:
        return [int(pid) for pid in (await execute(sandbox, code))[0].stdout.split()]

    pids = in_sandbox(act, confinement="unconfined")
    assert pids
    deadline = time.monotonic() + 5
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline, "it outlived its sandbox"
        os.sched_yield()


def test_a_block_that_takes_the_interrupt_takes_it_for_itself_only() -> None:
    taken = "import signal, sys\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])"
    first, second, third = run(taken, "import time\ntime.sleep(60)", "print('alive')", time_limit_s=0.3)
    assert (first.is_error, second.is_interrupted, third.stdout) == (False, True, "alive\n")


def test_a_trace_function_lasts_one_block() -> None:
    code = "import sys\ndef bad(*a): raise ValueError\nsys.settrace(bad)\nsys.setprofile(bad)"
    assert run(code, "print('alive')")[1].stdout == "alive\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_process_over_its_cpu_time_is_said_in_a_sentence() -> None:
    with pytest.raises(SandboxDied, match="used up its CPU time"):
        run("while True: pass", limits=SandboxLimits(cpu_s=1))


def test_deep_recursion_in_many_threads_ends_nothing() -> None:
    code = (
        "import threading\nfrom concurrent.futures import ThreadPoolExecutor\nbarrier = threading.Barrier(300)\n"
        "def deep(n): return sorted([n], key=lambda n: deep(n - 1))[0] if n else 0\n"
        "def work(_):\n    barrier.wait()\n    return deep(200)\n"
        "with ThreadPoolExecutor(300) as pool: print(sum(pool.map(work, range(300))))"
    )
    assert run(code)[0].stdout == f"{200 * 300}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_closed_and_killed_sandboxes_leave_no_descriptor_and_no_process() -> None:
    async def one(number: int) -> int:
        async with await Sandbox.start(confinement="unconfined") as sandbox:
            if number % 2:
                with pytest.raises(SandboxDied):
                    await execute(sandbox, "import os, subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'input()'])\nos._exit(1)")
            return sandbox.pid

    async def go() -> tuple[int, int, list[int]]:
        await one(0)
        before = len(list(Path("/proc/self/fd").iterdir()))
        pids = await asyncio.gather(*map(one, range(16)))
        await asyncio.sleep(0)
        return before, len(list(Path("/proc/self/fd").iterdir())), pids

    before, after, pids = asyncio.run(go())
    assert before == after
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_ten_thousand_requests_at_once_wait_their_turn() -> None:
    most = now = 0

    async def count(request: SubRequest) -> list[SubReply]:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        return [SubReply(text="")]

    code = (
        "import threading\ndef ask():\n    for _ in range(50): llm_query('a')\nts = [threading.Thread(target=ask) for _ in range(200)]\n"
        "for t in ts: t.start()\nfor t in ts: t.join()\nprint('ok')"
    )
    assert run(code, on_request=count)[0].stdout == "ok\n"
    assert most <= MAX_OUTSTANDING
