"""The birth of a child in an AppContainer without capabilities and in its job, with the handles that it is given and no others.

The AppContainer has no profile: its SID is derived from a name that is made up for this child. So there is no folder and no part of the
registry that it could write to, nothing is left on the machine, and no child can reach another's named objects.
"""

from __future__ import annotations

import ctypes
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rlm_desktop.sandbox.windows.calls import Calls, wide
from rlm_desktop.sandbox.windows.job import create_job
from rlm_desktop.sandbox.windows.structures import DWORD, HANDLE, ProcessInformation, SecurityCapabilities, StartupInfoEx

_HANDLE_LIST, _SECURITY_CAPABILITIES, _JOB_LIST = 0x20002, 0x20009, 0x2000D
_CHILD_PROCESS_POLICY, _ALL_APPLICATION_PACKAGES_POLICY = 0x2000E, 0x2000F
_CHILD_PROCESS_RESTRICTED = _ALL_APPLICATION_PACKAGES_OPT_OUT = 1
_EXTENDED_STARTUPINFO_PRESENT, _CREATE_UNICODE_ENVIRONMENT, _DETACHED_PROCESS = 0x80000, 0x400, 0x8
"""Detached: a console would be served by a second process, which the job does not allow."""
CREATION_FLAGS = _EXTENDED_STARTUPINFO_PRESENT | _CREATE_UNICODE_ENVIRONMENT | _DETACHED_PROCESS
_USE_STANDARD_HANDLES = 0x100
_HANDLE_FLAG_INHERIT = 1
_TOKEN_QUERY, _TOKEN_CAPABILITIES, _TOKEN_IS_APP_CONTAINER = 0x8, 30, 29


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How narrow the AppContainer is. In all of them the job allows one process."""

    name: str
    is_less_privileged: bool
    """It does not read what all application packages may, but only what is given to the restricted ones, too."""
    may_start_none: bool
    """The process is also forbidden by its own policy to start another."""


LEVELS = (
    Level(name="AppContainer (LPAC), job", is_less_privileged=True, may_start_none=True),
    Level(name="AppContainer, job", is_less_privileged=False, may_start_none=True),
    Level(name="AppContainer, job (no child process policy)", is_less_privileged=False, may_start_none=False),
)
"""The narrowest first. What Python needs is not given to LPAC everywhere, and the policy has kept programs from starting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What is to be started. `handles` are those of its stdin, stdout and stderr; `inherited` are further ones."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: str
    handles: tuple[int, int, int]
    inherited: tuple[int, ...]
    memory_bytes: int
    cpu_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Born:
    """A process that runs. Closing `job` ends it."""

    pid: int
    process: int
    job: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What Windows says of a process when it is asked from outside."""

    is_app_container: bool
    capability_count: int
    is_in_job: bool

    @property
    def is_confined(self) -> bool:
        return self.is_app_container and self.capability_count == 0 and self.is_in_job

    def __str__(self) -> str:
        container = "in an AppContainer" if self.is_app_container else "in no AppContainer"
        return f"{container}, with {self.capability_count} capabilities, {'in its job' if self.is_in_job else 'outside its job'}"


def environment_block(environment: Mapping[str, str]) -> ctypes.Array[ctypes.c_char]:
    """Return the environment as Windows takes it: sorted, each entry and the whole ended by a zero."""
    for name, value in environment.items():
        if not name or "=" in name or "\0" in name + value:
            raise ValueError(f"no name or value of an environment: {name}={value!r}")
    entries = "".join(f"{name}={environment[name]}\0" for name in sorted(environment, key=str.upper))
    block = (entries or "\0").encode("utf-16-le", "surrogatepass") + b"\0\0"
    return ctypes.create_string_buffer(block, len(block))


def launch(calls: Calls, level: Level, birth: Birth) -> Born:
    """Start a process that is confined from its first instruction on. OSError where Windows refuses any part of it."""
    job = create_job(calls, memory_bytes=birth.memory_bytes, cpu_s=birth.cpu_s)
    try:
        with _container(calls) as sid:
            born = _create(calls, level, birth, sid, job)
        calls.ask("CloseHandle", born.hThread)
        return Born(pid=born.dwProcessId, process=born.hProcess, job=job)
    except BaseException:
        calls.ask("CloseHandle", job)
        raise


@contextmanager
def _container(calls: Calls) -> Iterator[ctypes.c_void_p]:
    sid = ctypes.c_void_p()
    name = wide(f"rlm-desktop.{secrets.token_hex(12)}")
    calls.do_hresult("DeriveAppContainerSidFromAppContainerName", name, ctypes.byref(sid))
    try:
        yield sid
    finally:
        calls.ask("FreeSid", sid)


def _create(calls: Calls, level: Level, birth: Birth, sid: ctypes.c_void_p, job: int) -> ProcessInformation:
    inherited = list(dict.fromkeys([*birth.handles, *birth.inherited]))
    for handle in inherited:
        calls.do("SetHandleInformation", handle, _HANDLE_FLAG_INHERIT, _HANDLE_FLAG_INHERIT)
    values: list[tuple[int, ctypes.Structure | ctypes.Array[ctypes.c_void_p] | ctypes.c_uint32]] = [
        (_SECURITY_CAPABILITIES, SecurityCapabilities(AppContainerSid=sid)),
        (_HANDLE_LIST, (HANDLE * len(inherited))(*inherited)),
        (_JOB_LIST, (HANDLE * 1)(job)),
    ]
    if level.may_start_none:
        values.append((_CHILD_PROCESS_POLICY, DWORD(_CHILD_PROCESS_RESTRICTED)))
    if level.is_less_privileged:
        values.append((_ALL_APPLICATION_PACKAGES_POLICY, DWORD(_ALL_APPLICATION_PACKAGES_OPT_OUT)))
    size = ctypes.c_size_t()
    calls.ask("InitializeProcThreadAttributeList", None, len(values), 0, ctypes.byref(size))  # it fails, and says how much it takes
    attributes = ctypes.create_string_buffer(size.value)
    calls.do("InitializeProcThreadAttributeList", attributes, len(values), 0, ctypes.byref(size))
    try:
        for number, value in values:
            calls.do("UpdateProcThreadAttribute", attributes, 0, number, ctypes.byref(value), ctypes.sizeof(value), None, None)
        start = StartupInfoEx(lpAttributeList=ctypes.addressof(attributes))
        start.StartupInfo.cb = ctypes.sizeof(start)
        start.StartupInfo.dwFlags = _USE_STANDARD_HANDLES
        start.StartupInfo.hStdInput, start.StartupInfo.hStdOutput, start.StartupInfo.hStdError = birth.handles
        born = ProcessInformation()
        calls.do(
            "CreateProcessW", wide(birth.command[0]), wide(subprocess.list2cmdline(birth.command)), None, None, True, CREATION_FLAGS,
            environment_block(birth.environment), wide(birth.folder), ctypes.byref(start), ctypes.byref(born),
        )  # fmt: skip
        return born
    finally:
        calls.ask("DeleteProcThreadAttributeList", attributes)


def look(calls: Calls, born: Born) -> Seen:
    """Ask Windows about a process from outside. OSError where it does not say."""
    token = HANDLE()
    calls.do("OpenProcessToken", born.process, _TOKEN_QUERY, ctypes.byref(token))
    try:
        is_app_container, returned = DWORD(), DWORD()
        size = ctypes.sizeof(is_app_container)
        calls.do("GetTokenInformation", token, _TOKEN_IS_APP_CONTAINER, ctypes.byref(is_app_container), size, ctypes.byref(returned))
        groups = ctypes.create_string_buffer(4096)  # a count, and then as many SIDs; more than fit is a failure, and no confinement
        calls.do("GetTokenInformation", token, _TOKEN_CAPABILITIES, groups, len(groups), ctypes.byref(returned))
    finally:
        calls.ask("CloseHandle", token)
    is_in_job = ctypes.c_int32()
    calls.do("IsProcessInJob", born.process, born.job, ctypes.byref(is_in_job))
    return Seen(
        is_app_container=is_app_container.value == 1,
        capability_count=DWORD.from_buffer(groups).value,
        is_in_job=bool(is_in_job.value),
    )
