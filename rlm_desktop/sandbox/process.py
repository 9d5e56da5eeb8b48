"""Starting a child process, and telling in a sentence how one ended."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import Any

from rlm_desktop.sandbox.child.wire import FAILED_EXIT, MEMORY_EXIT, PROTOCOL_EXIT
from rlm_desktop.sandbox.command import child_command, child_environment
from rlm_desktop.sandbox.values import SandboxDied

_READ_AHEAD_BYTES = 1 << 20
_GIGABYTE = 1 << 30


async def start_process(context_fd: int) -> asyncio.subprocess.Process:
    """Start a child with three pipes and its context's descriptor, in a process group and a session of its own."""
    pipe = asyncio.subprocess.PIPE
    options: dict[str, Any] = {}
    number = context_fd
    if sys.platform == "win32":
        import msvcrt

        number = msvcrt.get_osfhandle(context_fd)
        os.set_handle_inheritable(number, True)
        options["startupinfo"] = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [number]})
        options["creationflags"] = subprocess.CREATE_NO_WINDOW
    else:
        options |= {"pass_fds": (context_fd,), "start_new_session": True}
    return await asyncio.create_subprocess_exec(
        *child_command(number), stdin=pipe, stdout=pipe, stderr=pipe, env=child_environment(), cwd=os.path.abspath(os.sep),  # noqa: PTH100
        limit=_READ_AHEAD_BYTES, **options,
    )  # fmt: skip


def kill_process(process: asyncio.subprocess.Process) -> None:
    """Kill the child and what it may have started."""
    if process.returncode is not None:
        return
    try:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended between the two lines


def memory_limit_bytes(context_bytes: int) -> int:
    """Return 1 GiB and 8 times the context, at least 2 GiB, at most 60 % of the machine's memory."""
    wanted = max(2 * _GIGABYTE, _GIGABYTE + 8 * context_bytes)
    if not hasattr(os, "sysconf"):
        return wanted
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(wanted, machine * 6 // 10)


def explain_end(code: int | None) -> SandboxDied:
    """Return what an exit code says. Negative codes are signals."""
    if code is None:
        return SandboxDied("The sandbox process closed its pipe and was ended.", "protocol")
    if code == MEMORY_EXIT:
        return SandboxDied("The sandbox process ran out of memory.", "memory")
    if code == PROTOCOL_EXIT:
        return SandboxDied("The sandbox process could not read a message of its host and ended.", "protocol")
    if code == FAILED_EXIT:
        return SandboxDied("The sandbox process failed in its own code, perhaps because the code that it ran changed it.", "exit")
    if code >= 0:
        return SandboxDied(f"The sandbox process ended itself with exit code {code}.", "exit")
    return _explain_signal(-code)


def _explain_signal(number: int) -> SandboxDied:
    name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    if name == "SIGKILL":
        return SandboxDied(
            "The sandbox process was killed (SIGKILL): by its own code, or by the system because memory was short.", "signal"
        )
    if name == "SIGXCPU":
        return SandboxDied("The sandbox process used up its CPU time and was ended by the system.", "cpu")
    if name in ("SIGSEGV", "SIGBUS"):
        return SandboxDied(f"The sandbox process crashed in native code ({name}).", "signal")
    return SandboxDied(f"The sandbox process was ended by a signal ({name}).", "signal")
