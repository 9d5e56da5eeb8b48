"""What can be known of the Windows back end without Windows: what is asked for, how it is laid out, and what the answers lead to."""

from __future__ import annotations

import asyncio
import ctypes
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rlm_desktop.sandbox import host
from rlm_desktop.sandbox.command import child_command, child_environment
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import Confinement, ContextPart, SandboxDied
from rlm_desktop.sandbox.windows import job, launch, structures
from rlm_desktop.sandbox.windows.calls import FUNCTIONS, WindowsFailure, load, wide
from rlm_desktop.sandbox.windows.child import WindowsChild
from rlm_desktop.sandbox.windows.launch import LEVELS, Level
from rlm_desktop.sandbox.windows.start import Machine, choose_level, find_level, refusal, start_on, trial_arguments, without_launcher
from tests.sandbox.systems.small_windows import SID, FdPipes, SmallWindows, arguments

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows played by another system")

ECHO = "import sys; print(sys.stdin.readline().upper(), end='', flush=True); print('err', file=sys.stderr, flush=True); sys.stdin.read()"


def machine(windows: SmallWindows, level: Level | None = LEVELS[0]) -> Machine:
    return Machine(windows.calls, FdPipes(), "C:\\Windows", level)


def with_child(windows: SmallWindows, code: str, act: Callable[[WindowsChild], Awaitable[Any]], *, inherits: int | None = None) -> Any:
    async def go() -> Any:
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            child = await start_on(
                machine(windows), [sys.executable, "-c", code], {"LANG": "C.UTF-8"},
                context_handle=nothing if inherits is None else inherits, memory_bytes=1 << 31, cpu_s=60,
            )  # fmt: skip
        finally:
            os.close(nothing)
        try:
            return await act(child)
        finally:
            await child.end()

    return asyncio.run(asyncio.wait_for(go(), 60))


async def ended(child: WindowsChild) -> int:
    return await child.exited


@pytest.mark.parametrize(
    ("structure", "size_bytes", "offsets"),
    [
        (structures.StartupInfo, 104, {"dwFlags": 60, "lpReserved2": 72, "hStdInput": 80, "hStdError": 96}),
        (structures.StartupInfoEx, 112, {"lpAttributeList": 104}),
        (structures.ProcessInformation, 24, {"hThread": 8, "dwProcessId": 16, "dwThreadId": 20}),
        (structures.SecurityCapabilities, 24, {"Capabilities": 8, "CapabilityCount": 16}),
        (structures.BasicLimits, 64, {"LimitFlags": 16, "MinimumWorkingSetSize": 24, "ActiveProcessLimit": 40, "Affinity": 48}),
        (structures.ExtendedLimits, 144, {"IoInfo": 64, "ProcessMemoryLimit": 112, "JobMemoryLimit": 120}),
    ],
)
def test_structures_are_laid_out_as_64_bit_windows_has_them(
    structure: type[ctypes.Structure], size_bytes: int, offsets: dict[str, int]
) -> None:
    assert ctypes.sizeof(structure) == size_bytes
    assert {name: getattr(structure, name).offset for name in offsets} == offsets


def test_a_job_holds_one_process_that_ends_with_the_engine() -> None:
    made = bytes(job.limits(5 << 30, 7200))
    process_time, _, flags = struct.unpack_from("<qqI", made)
    assert flags == 0x2 | 0x8 | 0x100 | 0x200 | 0x400 | 0x2000
    assert process_time == 7200 * 10**7
    assert struct.unpack_from("<I", made, 40) == (1,)
    assert struct.unpack_from("<QQ", made, 112) == (5 << 30, 5 << 30)


def test_a_child_is_born_confined() -> None:
    windows = SmallWindows()
    with_child(windows, "", ended)
    capabilities = struct.unpack("<QQII", windows.attributes["capabilities"])
    assert capabilities == (ctypes.addressof(SID), 0, 0, 0), "an AppContainer, and no capability"
    assert windows.attributes["packages policy"] == windows.attributes["child process policy"] == struct.pack("<I", 1)
    assert len(windows.attributes["jobs"]) == 8
    assert windows.flags == 0x80000 | 0x400 | 0x8
    assert windows.ui_limits == [0xFF]
    assert windows.folder == "C:\\Windows"
    assert windows.called.index("SetInformationJobObject") < windows.called.index("CreateProcessW")


def test_it_inherits_its_pipes_and_its_context_and_no_other_handle() -> None:
    windows = SmallWindows()
    with open(os.devnull, "rb") as context:  # noqa: PTH123
        with_child(windows, "", ended, inherits=context.fileno())
        handles = struct.unpack("<4Q", windows.attributes["handles"])
        assert handles[3] == context.fileno() and sorted(windows.inheritable) == sorted(handles)


def test_each_child_has_an_appcontainer_of_its_own() -> None:
    windows = SmallWindows()
    with_child(windows, "", ended)
    with_child(windows, "", ended)
    assert len(set(windows.names)) == 2
    assert all(name.startswith("rlm-desktop.") and len(name) <= 64 for name in windows.names)
    assert windows.called.count("FreeSid") == 2


@pytest.mark.parametrize(
    ("level", "policies"),
    [(LEVELS[0], {"packages policy", "child process policy"}), (LEVELS[1], {"child process policy"}), (LEVELS[2], set())],
)
def test_levels_differ_in_policies_alone(level: Level, policies: set[str]) -> None:
    windows = SmallWindows()
    find_level(machine(windows, level), [sys.executable], {}, ["-c", "1"], [])
    assert "CreateProcessW" not in windows.called, "what was found is not tried again"

    async def go() -> None:
        with open(os.devnull, "rb") as nothing:  # noqa: ASYNC230, PTH123
            child = await start_on(
                machine(windows, level), [sys.executable, "-c", ""], {}, context_handle=nothing.fileno(), memory_bytes=1 << 30, cpu_s=1
            )
            await child.end()

    asyncio.run(go())
    assert set(windows.attributes) == {"capabilities", "handles", "jobs"} | policies


def test_its_streams_carry_both_ways() -> None:
    async def talk(child: WindowsChild) -> tuple[bytes, bytes]:
        child.stdin.write(b"hello\n")
        await child.stdin.drain()
        return await child.stdout.readline(), await child.stderr.readline()

    windows = SmallWindows()
    assert with_child(windows, ECHO, talk) == (b"HELLO\n", b"err\n")
    assert windows.environment["LANG"] == "C.UTF-8"


def test_a_child_that_does_not_read_holds_the_writer_back() -> None:
    async def fill(child: WindowsChild) -> bool:
        child.stdin.write(b"x" * (1 << 22))
        waiting = asyncio.create_task(child.stdin.drain())
        await asyncio.wait([waiting], timeout=0)
        is_held = not waiting.done()
        child.kill()
        await child.exited
        await asyncio.wait([waiting])
        assert waiting.exception() is None or isinstance(waiting.exception(), ConnectionError)
        return is_held

    assert with_child(SmallWindows(), "import threading; threading.Event().wait()", fill)


def test_its_exit_code_is_told() -> None:
    assert with_child(SmallWindows(), "raise SystemExit(87)", ended) == 87


def test_a_killed_child_is_gone_and_every_handle_and_thread_with_it() -> None:
    windows = SmallWindows()
    threads = threading.active_count()

    async def kill(child: WindowsChild) -> int:
        child.kill()
        return await child.exited

    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0  # noqa: PTH208
    assert with_child(windows, "import threading; threading.Event().wait()", kill) != 0
    assert windows.open == set()
    assert threading.active_count() == threads
    if sys.platform == "linux":
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_ending_it_twice_is_ending_it_once() -> None:
    windows = SmallWindows()

    async def end(child: WindowsChild) -> None:
        await child.end()
        child.kill()

    with_child(windows, "import threading; threading.Event().wait()", end)
    assert windows.called.count("TerminateJobObject") == 1


def test_its_memory_limit_grows_with_its_context() -> None:
    windows = SmallWindows()

    async def grow(child: WindowsChild) -> None:
        child.limit_memory(9 << 30, lambda _reason: None)

    with_child(windows, "input()", grow)
    first, second = windows.limits
    assert struct.unpack_from("<Q", first, 112) == (1 << 31,) and struct.unpack_from("<Q", second, 112) == (9 << 30,)
    assert first[:112] == second[:112], "and no other limit with it"


@pytest.mark.parametrize(("is_app_container", "capability_count", "is_confined"), [(1, 0, True), (0, 0, False), (1, 1, False)])
def test_it_is_looked_at_from_outside(is_app_container: int, capability_count: int, is_confined: bool) -> None:
    windows = SmallWindows()

    async def look(child: WindowsChild) -> launch.Seen:
        windows.is_app_container, windows.capability_count = is_app_container, capability_count
        return child.look()

    seen = with_child(windows, "input()", look)
    assert (seen.is_app_container, seen.capability_count, seen.is_in_job) == (is_app_container == 1, capability_count, True)
    assert seen.is_confined == is_confined
    assert windows.open == set()


def test_a_child_that_windows_shows_to_be_unconfined_is_ended_and_refused() -> None:
    windows = SmallWindows()
    windows.capability_count = 2
    with pytest.raises(SandboxDied, match="in an AppContainer, with 2 capabilities, in its job") as caught:
        with_child(windows, "input()", ended)
    assert caught.value.cause == "confinement" and windows.open == set()
    assert all(process.poll() is not None for process in windows.processes.values())


def test_a_process_outside_its_job_is_not_confined() -> None:
    assert not launch.Seen(is_app_container=True, capability_count=0, is_in_job=False).is_confined


@pytest.mark.parametrize(
    "function",
    [
        "CreateJobObjectW", "SetInformationJobObject", "DeriveAppContainerSidFromAppContainerName", "SetHandleInformation",
        "InitializeProcThreadAttributeList", "UpdateProcThreadAttribute", "CreateProcessW",
    ],
)  # fmt: skip
def test_whatever_fails_no_child_runs_and_nothing_stays_open(function: str) -> None:
    windows = SmallWindows(fails={function: -2147024891 if function.startswith("Derive") else 5})
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0  # noqa: PTH208
    with pytest.raises(WindowsFailure) as caught:
        with_child(windows, "", ended)
    assert caught.value.number in (5, 0x80070005) and function in str(caught.value)
    assert windows.open == set() and windows.processes == {} and windows._room == {}
    if sys.platform == "linux":
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_failure_has_windows_number_as_windows_writes_it() -> None:
    assert str(WindowsFailure("CreateProcessW", 5)) == "CreateProcessW: Windows error 5"
    assert str(WindowsFailure("Derive", 0x80070005)) == "Derive: Windows error 0x80070005"


def test_every_function_that_is_called_is_declared_and_every_declared_one_is_called() -> None:
    windows = SmallWindows()

    async def kill(child: WindowsChild) -> None:
        child.kill()

    with_child(windows, "input()", kill)
    assert set(windows.called) == set(FUNCTIONS)


def test_elsewhere_there_is_no_such_thing() -> None:
    with pytest.raises(OSError, match="only Windows"):
        load()


@pytest.mark.parametrize("text", ["", "C:\\Program Files\\Ünïcode\\𝒫ython.exe", 'a "quoted" one'])
def test_texts_are_utf_16_with_a_zero(text: str) -> None:
    assert wide(text).raw == (text + "\0").encode("utf-16-le")


def test_a_zero_in_a_text_or_an_environment_is_refused() -> None:
    with pytest.raises(ValueError, match="zero"):
        wide("a\0b")
    for bad in ({"A": "b\0C=d"}, {"A=B": "c"}, {"": "c"}, {"A\0": "c"}):
        with pytest.raises(ValueError, match="environment"):
            launch.environment_block(bad)


def test_an_environment_is_sorted_without_regard_to_case_and_ended_twice() -> None:
    block = launch.environment_block({"b": "2", "A": "1", "SYSTEMROOT": "C:\\Windows"}).raw
    assert block.decode("utf-16-le") == "A=1\0b=2\0SYSTEMROOT=C:\\Windows\0\0"
    assert launch.environment_block({}).raw == b"\0\0\0\0"


@pytest.mark.parametrize("argument", ["", "a b", 'say "x"', "C:\\dir\\", 'C:\\a b\\"', "\\\\server\\share", "tab\there"])
def test_arguments_arrive_as_they_were_given(argument: str) -> None:
    assert arguments(subprocess.list2cmdline(["python.exe", argument, "last"])) == ["python.exe", argument, "last"]


def test_a_venvs_launcher_is_passed_by_and_its_venv_still_found() -> None:
    base, venv = "/python/python.exe", "/venv/Scripts/python.exe"
    assert without_launcher([venv, "-s"], {"A": "1"}, base) == ([base, "-s"], {"A": "1", "__PYVENV_LAUNCHER__": venv})
    assert without_launcher([base, "-s"], {"A": "1"}, base) == ([base, "-s"], {"A": "1"})


def test_the_narrowest_level_that_works_is_chosen() -> None:
    for working in range(len(LEVELS)):
        tried: list[Level] = []

        def trial(level: Level, works: Level = LEVELS[working], tried: list[Level] = tried) -> str | None:
            tried.append(level)
            return None if level is works else "exit code 0xc0000142"

        level, reasons = choose_level(trial)
        assert level is LEVELS[working] and tried == list(LEVELS[: working + 1]) and len(reasons) == working
    assert choose_level(lambda _level: "no")[0] is None


def test_where_the_narrowest_does_not_start_python_the_next_is_tried_and_remembered() -> None:
    windows = SmallWindows(refuses=lambda attributes: "packages policy" in attributes)
    here = machine(windows, None)
    for _ in range(2):
        assert find_level(here, [sys.executable], {}, trial_arguments([]), []) is LEVELS[1]
    assert len(windows.commands) == 2 and windows.open == set()


def test_a_trial_fails_where_a_file_cannot_be_read() -> None:
    for files, code in (([os.devnull], 0), (["/no/such/file"], 1)):
        done = subprocess.run([sys.executable, *trial_arguments(files)], check=False, timeout=60, stderr=subprocess.DEVNULL)
        assert done.returncode == code


def test_where_python_starts_at_no_level_the_run_is_refused_with_the_folders_and_the_reasons() -> None:
    windows, files = SmallWindows(), ["/no-such-place/start.py"]
    with pytest.raises(SandboxDied, match="may not read .*no-such-place.*exit code 0x1") as caught:
        find_level(machine(windows, None), [sys.executable], {}, trial_arguments(files), files)
    assert caught.value.cause == "confinement" and len(windows.commands) == len(LEVELS) and windows.open == set()


def test_a_refusal_names_only_folders_that_confined_programs_cannot_read() -> None:
    own, shared = "C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python312", "C:\\Program Files\\RLM Desktop"
    said = refusal([own, shared], ["C:\\Program Files", "C:\\Program Files (x86)"], ["AppContainer, job: exit code 0xc0000135"]).reason
    assert own in said and shared not in said and "icacls" in said and "0xc0000135" in said
    said = refusal([shared], ["c:\\program files"], ["x"]).reason
    assert "does not start in an AppContainer" in said and "icacls" not in said


def test_a_sandbox_works_with_a_child_of_this_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = SmallWindows()

    async def start(context_fd: int, confinement: Confinement, _wrapper: str | None = None) -> WindowsChild:
        return await start_on(
            machine(windows), child_command(context_fd, confinement), child_environment(), context_handle=context_fd,
            memory_bytes=1 << 31, cpu_s=60,
        )  # fmt: skip

    monkeypatch.setattr(host, "start_child", start)

    async def go() -> str | None:
        async with await Sandbox.start(confinement="unconfined") as sandbox:
            await sandbox.load_context("str", [ContextPart(text="the text")])
            await sandbox.execute("found = context.upper()", iteration=0, block=0, on_request=_no_requests, time_limit_s=30)
            return await sandbox.lookup("found")

    assert asyncio.run(go()) == "THE TEXT"
    assert windows.open == set()


async def _no_requests(_request: Any) -> Any:
    raise AssertionError("nothing is asked for")
