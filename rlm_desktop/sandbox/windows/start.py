"""Starting a confined child on Windows: with which Python, how narrow, and what to say where Windows does not let it read its files."""

from __future__ import annotations

import asyncio
import ctypes
import functools
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any, Protocol

from rlm_desktop.sandbox.command import START
from rlm_desktop.sandbox.values import SandboxDied
from rlm_desktop.sandbox.windows.calls import Calls, load
from rlm_desktop.sandbox.windows.child import WindowsChild
from rlm_desktop.sandbox.windows.launch import LEVELS, Birth, Born, Level, launch, look
from rlm_desktop.sandbox.windows.structures import DWORD

TRIAL_MS = 15_000
_STARTED = 0
_STILL_RUNS = 259
VENV_LAUNCHER = "__PYVENV_LAUNCHER__"


class Pipes(Protocol):
    """Where pipes come from: this end as the event loop takes it, and the child's end as a handle."""

    def to_child(self) -> tuple[Any, int]: ...
    def from_child(self) -> tuple[Any, int]: ...
    def nothing(self) -> int:
        """Return a handle that is read as empty and forgets what is written."""
        ...


@dataclass(slots=True)
class Machine:
    """Windows, as far as a start needs it; and the level at which this Python was found to start."""

    calls: Calls
    pipes: Pipes
    folder: str
    """Where a child stands: Windows' own folder, which all may read."""
    level: Level | None = None


def without_launcher(command: Sequence[str], environment: Mapping[str, str], base: str) -> tuple[list[str], dict[str, str]]:
    """Return command and environment so that Python itself is started: a venv's `python.exe` only starts `base`, as a second process.

    Python then finds the venv by the variable that its launcher would have set.
    """
    if os.path.normcase(command[0]) == os.path.normcase(base):
        return list(command), dict(environment)
    return [base, *command[1:]], {**environment, VENV_LAUNCHER: command[0]}


def trial_arguments(files: Sequence[str]) -> list[str]:
    """Return the arguments with which Python ends with 0 where it starts, imports libraries of its own, and reads these files."""
    reads = "".join(f"; open({file!r}, 'rb').close()" for file in (*files, os.devnull))
    return ["-s", "-P", "-X", "utf8", "-c", f"import _ctypes, _socket, mmap{reads}"]


def choose_level(trial: Callable[[Level], str | None]) -> tuple[Level | None, list[str]]:
    """Return the narrowest level at which the trial came out, with what went wrong before. `trial` returns None, or what went wrong."""
    reasons: list[str] = []
    for level in LEVELS:
        if (reason := trial(level)) is None:
            return level, reasons
        reasons.append(f"{level.name}: {reason}")
    return None, reasons


def refusal(folders: Sequence[str], program_files: Sequence[str], reasons: Sequence[str]) -> SandboxDied:
    """Return what to say where Python starts at no level. Folders below Program Files are those that every AppContainer may read."""
    readable = [PureWindowsPath(folder) for folder in program_files]
    others = [folder for folder in folders if not any(PureWindowsPath(folder).is_relative_to(base) for base in readable)]
    why = f" (Windows said: {'; '.join(reasons)})"
    if not others:
        return SandboxDied(f"Python does not start in an AppContainer on this machine{why}.", "confinement")
    return SandboxDied(
        f"A confined process may not read {' and '.join(others)}{why}. Install for all users, below Program Files, or let application "
        "packages read there: icacls FOLDER /grant *S-1-15-2-1:(OI)(CI)(RX) *S-1-15-2-2:(OI)(CI)(RX).",
        "confinement",
    )


def find_level(
    machine: Machine, command: Sequence[str], environment: Mapping[str, str], trial: Sequence[str], files: Sequence[str]
) -> Level:
    """Return the narrowest level at which this Python starts, found once. SandboxDied where there is none. Blocks while it tries.

    `trial` is Python's arguments for that; `files` are those that it reads, for what is said where it cannot.
    """
    if machine.level is None:
        machine.level, reasons = choose_level(lambda level: _try_level(machine, level, [command[0], *trial], environment))
        if machine.level is None:
            bases = [value for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)") if (value := os.environ.get(name))]
            folders = dict.fromkeys([sys.base_prefix, *(str(Path(file).parent) for file in files)])
            raise refusal(list(folders), bases, reasons)
    return machine.level


def _try_level(machine: Machine, level: Level, command: list[str], environment: Mapping[str, str]) -> str | None:
    nothing = machine.pipes.nothing()
    try:
        birth = Birth(
            command=command, environment=environment, folder=machine.folder, handles=(nothing, nothing, nothing), inherited=(),
            memory_bytes=1 << 30, cpu_s=60,
        )  # fmt: skip
        born = launch(machine.calls, level, birth)
    except OSError as error:
        return str(error)
    finally:
        machine.calls.ask("CloseHandle", nothing)
    try:
        code = _exit_code(machine.calls, born)
    finally:
        machine.calls.ask("CloseHandle", born.process)
        machine.calls.ask("CloseHandle", born.job)
    return None if code == _STARTED else f"exit code {code:#x}"


def _exit_code(calls: Calls, born: Born) -> int:
    code = DWORD(_STILL_RUNS)
    calls.ask("WaitForSingleObject", born.process, TRIAL_MS)
    calls.do("GetExitCodeProcess", born.process, ctypes.byref(code))
    return code.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What is started, and how narrow."""

    level: Level
    command: list[str]
    environment: dict[str, str]


def prepare(machine: Machine, command: Sequence[str], environment: Mapping[str, str], trial: Sequence[str], files: Sequence[str]) -> Ready:
    """Find out how to start it. Errors and arguments as `find_level`; blocks, the first time."""
    if getattr(sys, "frozen", False):
        # A program that is its own Python runs no trial. What is installed for all users can be read at this level.
        return Ready(level=LEVELS[1], command=list(command), environment=dict(environment))
    base: str = getattr(sys, "_base_executable", None) or sys.executable
    direct, told = without_launcher(command, environment, base)
    return Ready(level=find_level(machine, direct, told, trial, files), command=direct, environment=told)


def bear(
    machine: Machine, ready: Ready, *, inherited: tuple[int, ...], hears_errors: bool, memory_bytes: int, cpu_s: int
) -> tuple[Born, list[Any]]:
    """Start it with pipes, and return this side's ends of them, too. OSError where Windows refuses.

    Unless `hears_errors` there is no pipe for its stderr, which goes nowhere.
    """
    ours: list[Any] = []
    theirs: list[int] = []
    try:
        for make in (machine.pipes.to_child, *[machine.pipes.from_child] * (2 if hears_errors else 1)):
            end, handle = make()
            ours.append(end)
            theirs.append(handle)
        if not hears_errors:
            theirs.append(machine.pipes.nothing())
        birth = Birth(
            command=ready.command, environment=ready.environment, folder=machine.folder, handles=(theirs[0], theirs[1], theirs[2]),
            inherited=inherited, memory_bytes=memory_bytes, cpu_s=cpu_s,
        )  # fmt: skip
        return launch(machine.calls, ready.level, birth), ours
    except BaseException:
        for end in ours:
            end.close()
        raise
    finally:
        for handle in theirs:
            machine.calls.ask("CloseHandle", handle)


def check(calls: Calls, born: Born) -> None:
    """Raise SandboxDied where Windows does not show a process to be confined."""
    if not (seen := look(calls, born)).is_confined:
        raise SandboxDied(f"Windows shows from outside that the process is not confined as it should be: {seen}.", "confinement")


async def start_on(
    machine: Machine, command: Sequence[str], environment: Mapping[str, str], *, context_handle: int, memory_bytes: int, cpu_s: int
) -> WindowsChild:
    """Start a child with three pipes and its context's handle. Errors as `start_child_windows`."""
    files = [str(START)]
    ready = await asyncio.to_thread(prepare, machine, command, environment, trial_arguments(files), files)
    born, ours = bear(machine, ready, inherited=(context_handle,), hears_errors=True, memory_bytes=memory_bytes, cpu_s=cpu_s)
    child = WindowsChild(machine.calls, born, held_by=ready.level.name, cpu_s=cpu_s)
    try:
        await child.connect(*ours)
        check(machine.calls, born)
    except BaseException:
        await child.end()
        for pipe in ours:
            pipe.close()
        raise
    return child


@functools.cache
def _this_machine(system_root: str) -> Machine:
    from rlm_desktop.sandbox.windows.pipes import OverlappedPipes

    return Machine(load(), OverlappedPipes(), system_root)


async def start_child_windows(
    command: Sequence[str], environment: Mapping[str, str], *, context_handle: int, memory_bytes: int, cpu_s: int
) -> WindowsChild:
    """Start a child that is confined from its first instruction on. `context_handle` is inherited under its number.

    OSError where Windows starts no process; SandboxDied, with the cause `confinement`, where it does not let this Python start confined.
    """
    machine = _this_machine(environment["SYSTEMROOT"])
    return await start_on(machine, command, environment, context_handle=context_handle, memory_bytes=memory_bytes, cpu_s=cpu_s)
