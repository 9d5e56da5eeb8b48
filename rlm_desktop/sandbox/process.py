"""Starting a child process, and ending it for certain."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import subprocess
import sys
from asyncio.subprocess import SubprocessStreamProtocol
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rlm_desktop.sandbox import rss_watch, sandbox_exec
from rlm_desktop.sandbox.bubblewrap import inner_code, inner_process, wrapped
from rlm_desktop.sandbox.child.limits import most_memory_bytes
from rlm_desktop.sandbox.child.readable import readable_paths
from rlm_desktop.sandbox.child.seatbelt import home_folder
from rlm_desktop.sandbox.command import child_command, child_environment
from rlm_desktop.sandbox.descendants import kill_descendants
from rlm_desktop.sandbox.rss_watch import MemoryWatch
from rlm_desktop.sandbox.values import Confinement, SandboxLimits

if TYPE_CHECKING:
    from rlm_desktop.sandbox.windows.child import WindowsChild

_READ_AHEAD_BYTES = 1 << 20
_PIPE_BYTES = 1 << 16
"""What is asked of a pipe at once: all that one holds. asyncio makes room for four times as much, and that takes longer than a frame."""
_GIGABYTE = 1 << 30


class Child(SubprocessStreamProtocol):
    """A child process with three streams.

    `asyncio.subprocess.Process.wait` of Python 3.11 also waits for the pipes, for ever if one is not read to its end or a process that the
    child started holds it (cpython issue 119710). `exited` is set when the process itself is gone.
    """

    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader
    stderr: asyncio.StreamReader
    held_by = ""
    """What it was born into. Here it is born free, and says itself what it has put on."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(limit=_READ_AHEAD_BYTES, loop=loop)
        self.exited: asyncio.Future[int] = loop.create_future()
        self._closed: asyncio.Future[None] = loop.create_future()
        self.is_wrapped = False
        self.is_unconfined = False
        self._memory: MemoryWatch | None = None
        self._watching: asyncio.Task[None] | None = None
        self._child: asyncio.SubprocessTransport | None = None

    @property
    def pid(self) -> int:
        """The process that was started, and leads the group."""
        assert self._child is not None
        return self._child.get_pid()

    @property
    def is_alive(self) -> bool:
        """False once nobody holds the other end of its pipe, which the system knows before this loop has been told of the end."""
        assert self._child is not None
        out = self._child.get_pipe_transport(1)
        if self.exited.done() or out is None or out.is_closing():
            return False
        if sys.platform == "win32":
            return True
        import select

        poll = select.poll()
        poll.register(out.get_extra_info("pipe"), 0)
        return not poll.poll(0)

    def inner_pid(self) -> int:
        """Return the process in which the REPL is, once that is ready."""
        return inner_process(self.pid) if self.is_wrapped else self.pid

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._child = transport
        out = transport.get_pipe_transport(1)
        assert isinstance(out, asyncio.ReadTransport)
        out.set_protocol(_Straight(out.get_protocol(), self.stdout))
        out.max_size = _PIPE_BYTES  # type: ignore[attr-defined]

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if not self._closed.done():
            self._closed.set_result(None)

    def process_exited(self) -> None:
        super().process_exited()
        assert self._child is not None
        if self._watching is not None:
            self._watching.cancel()
        code = self._child.get_returncode()
        self._signal_group()  # what it started and left behind
        if not self.exited.done():  # a loop that is being closed has cancelled it
            self.exited.set_result(-1 if code is None else inner_code(code) if self.is_wrapped else code)

    def limit_memory(self, memory_bytes: int, too_much: Callable[[str], None]) -> None:
        """Hold its memory limit from here, where the system keeps none that it sets for itself. `too_much` is told why it must go."""
        if self._memory is not None:
            self._memory.limit_bytes = memory_bytes
        elif rss_watch.is_needed() and not self.exited.done():
            self._memory = MemoryWatch(self.inner_pid(), memory_bytes, too_much)
            self._watching = asyncio.get_running_loop().create_task(self._memory.run())

    def kill(self) -> None:
        """Kill the child and what it may have started."""
        if self.exited.done():
            return
        if self.is_unconfined and sys.platform == "linux":
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGSTOP)  # so that it starts no more of them meanwhile
            kill_descendants(self.pid)
        self._signal_group()

    def _signal_group(self) -> None:
        try:
            if sys.platform != "win32":
                os.killpg(self.pid, signal.SIGKILL)
            elif self._child is not None:
                self._child.kill()
        except (ProcessLookupError, PermissionError):
            return  # there is nobody left (macOS says the second of a group of zombies)

    async def end(self) -> None:
        """Kill, reap, and close the pipes."""
        self.kill()
        assert self._child is not None
        await self.exited
        if not self.stdin.is_closing():
            self.stdin.transport.abort()  # what nobody will read any more is not waited for
        self._child.close()
        await self._closed


class _Straight(asyncio.Protocol):
    """Takes what comes out of a pipe at once; asyncio's way lets the loop go round once more for it."""

    def __init__(self, usual: asyncio.BaseProtocol, reader: asyncio.StreamReader) -> None:
        self._usual, self._reader = usual, reader

    def data_received(self, data: bytes) -> None:
        self._reader.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._usual.connection_lost(exc)


async def start_child(context_fd: int, confinement: Confinement, wrapper: str | None = None) -> Child | WindowsChild:
    """Start a child with three pipes and its context's descriptor, in a process group and a session of its own.

    `wrapper` is where the bubblewrap is that it shall run in. OSError where the system starts none; SandboxDied where Windows does not
    confine it.
    """
    if sys.platform == "win32" and confinement == "required":
        return await _start_on_windows(context_fd)
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
    pipe = subprocess.PIPE
    command = child_command(number, confinement)
    if sys.platform == "darwin" and confinement == "required" and sandbox_exec.is_needed():
        command = sandbox_exec.confined_command(command, readable_paths(), home=home_folder())
    root = os.path.abspath(os.sep)  # noqa: PTH100  (no folder of a person's is where the child stands)
    _, child = await asyncio.get_running_loop().subprocess_exec(
        Child,
        *(wrapped(wrapper, command) if wrapper is not None else command),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=child_environment(),
        cwd=root,
        **options,
    )
    child.is_wrapped = wrapper is not None
    child.is_unconfined = confinement == "unconfined"
    return child


async def _start_on_windows(context_fd: int) -> WindowsChild:
    if sys.platform != "win32":
        raise OSError(errno.ENOSYS, "this is not Windows")
    import msvcrt

    from rlm_desktop.sandbox.windows.start import start_child_windows

    handle = msvcrt.get_osfhandle(context_fd)
    return await start_child_windows(
        child_command(handle, "required"),
        child_environment(),
        context_handle=handle,
        memory_bytes=memory_limit_bytes(0),
        cpu_s=SandboxLimits().cpu_s,
    )


def memory_limit_bytes(context_bytes: int) -> int:
    """Return 1 GiB and 8 times the context, at least 2 GiB, at most 60 % of the machine's memory."""
    wanted = max(2 * _GIGABYTE, _GIGABYTE + 8 * context_bytes)
    if sys.platform == "win32":
        return wanted
    return min(wanted, most_memory_bytes())
