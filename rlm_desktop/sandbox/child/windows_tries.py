"""Confinement on Windows, seen from inside: a child is born with it, and tries what it must refuse. Not yet proven on a machine."""

# ruff: noqa: PTH108, PTH116, PTH208
# (pathlib would cost every start 4 ms)

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rlm_desktop.sandbox.child.tries import Outcome

JOB_IS_FULL = 1816
"""ERROR_NOT_ENOUGH_QUOTA: what a process gets that wants a second one in a job for one."""
_TERMINATE, _READ_MEMORY, _DUPLICATE_HANDLE = 0x1, 0x10, 0x40


def is_app_container(library: Any = None) -> bool:
    """Return whether Windows says that this process was born in an AppContainer."""
    import ctypes

    if library is None:
        if sys.platform != "win32":
            return False
        library = ctypes.WinDLL("advapi32")
    own_token, token_is_app_container = ctypes.c_void_p(-4), 29
    answer, returned = ctypes.c_uint32(), ctypes.c_uint32()
    size = ctypes.sizeof(answer)
    ask = library.GetTokenInformation
    return bool(ask(own_token, token_is_app_container, ctypes.byref(answer), size, ctypes.byref(returned)) and answer.value == 1)


def tries(system_root: str) -> list[Outcome]:
    """Try what must be refused. Of each: (claim, what was tried, what came of it, whether it was refused).

    `system_root` is Windows' own folder, from the environment's SYSTEMROOT.
    """
    import _socket as sockets  # what `socket` is made of; that itself would cost each start 3 ms

    from rlm_desktop.sandbox.child.tries import attempt

    drive = os.path.splitdrive(system_root)[0] or "C:"
    users, shared = f"{drive}\\Users", f"{drive}\\ProgramData"

    def send() -> None:
        made = sockets.socket(sockets.AF_INET, sockets.SOCK_DGRAM)
        try:
            made.sendto(b"", ("127.0.0.1", 9))
        finally:
            made.close()

    def connect() -> None:
        made = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM)
        try:
            made.settimeout(0.25)  # Windows asks a port where nobody listens for two seconds; a refusal by the system comes at once
            made.connect(("127.0.0.1", 9))
        finally:
            made.close()

    return [
        attempt("files read", f"list {users}", lambda: os.listdir(users)),
        attempt("files read", f"list {users}\\Public", lambda: os.listdir(f"{users}\\Public")),
        attempt("files write", f"create a file in {shared}", lambda: _create(shared)),
        attempt("files write", f"create a file in {system_root}\\Temp", lambda: _create(f"{system_root}\\Temp")),
        attempt("network", "send to 127.0.0.1 (UDP)", send),
        attempt("network", "connect to 127.0.0.1 (TCP)", connect),
        attempt("processes", "start a process", lambda: _start(system_root), also_refusals=(JOB_IS_FULL,)),
        attempt("processes", "end the parent", lambda: _open_parent(_TERMINATE)),
        attempt("processes", "read the parent's memory", lambda: _open_parent(_READ_MEMORY)),
        attempt("processes", "take the parent's handles", lambda: _open_parent(_DUPLICATE_HANDLE)),
        attempt("names hidden", f"look at {users}\\Public\\Documents", lambda: os.stat(f"{users}\\Public\\Documents")),
    ]


def _create(folder: str) -> None:
    path = f"{folder}\\rlm-desktop-try-{os.getpid()}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)


def _start(system_root: str) -> None:
    if sys.platform != "win32":
        raise NotImplementedError("Windows only")
    import _winapi

    program = f"{system_root}\\System32\\where.exe"
    process, thread, _, _ = _winapi.CreateProcess(program, None, None, None, False, 0, {"SYSTEMROOT": system_root}, None, None)
    _winapi.TerminateProcess(process, 1)
    _winapi.CloseHandle(thread)
    _winapi.CloseHandle(process)


def _open_parent(access: int) -> None:
    if sys.platform != "win32":
        raise NotImplementedError("Windows only")
    import _winapi

    _winapi.CloseHandle(_winapi.OpenProcess(access, False, os.getppid()))
