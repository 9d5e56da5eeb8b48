"""A child in an AppContainer, with the streams of asyncio: what `sandbox.process.Child` is elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import threading
from collections.abc import Callable
from typing import Any

from rlm_desktop.sandbox.windows.calls import Calls
from rlm_desktop.sandbox.windows.job import set_limits
from rlm_desktop.sandbox.windows.launch import Born, Seen, look
from rlm_desktop.sandbox.windows.structures import DWORD

READ_AHEAD_BYTES = 1 << 20
KILLED_EXIT = 1
_FOREVER = 0xFFFFFFFF


class WindowsChild:
    """A child process with three streams. `exited` is set, with its exit code, when the process is gone."""

    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader
    stderr: asyncio.StreamReader
    is_wrapped = False

    def __init__(self, calls: Calls, born: Born, *, held_by: str, cpu_s: int) -> None:
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.pid = born.pid
        self.held_by = held_by
        """What it was born into, in a few words."""
        self._calls = calls
        self._born = born
        self._cpu_s = cpu_s
        self._transports: list[asyncio.BaseTransport] = []
        self._is_ended = False
        self._waiter = threading.Thread(target=self._wait, args=(asyncio.get_running_loop(),), name=f"wait-{born.pid}", daemon=True)
        self._waiter.start()

    async def connect(self, stdin: Any, stdout: Any, stderr: Any) -> None:
        """Make streams of this end of its pipes, which the event loop takes over."""
        loop = asyncio.get_running_loop()
        protocol = asyncio.StreamReaderProtocol(asyncio.StreamReader())
        transport, _ = await loop.connect_write_pipe(lambda: protocol, stdin)
        self._transports.append(transport)
        self.stdin = asyncio.StreamWriter(transport, protocol, None, loop)
        self.stdout = await self._reader(stdout)
        self.stderr = await self._reader(stderr)

    async def _reader(self, pipe: Any) -> asyncio.StreamReader:
        reader = asyncio.StreamReader(limit=READ_AHEAD_BYTES)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        self._transports.append(transport)
        return reader

    @property
    def is_alive(self) -> bool:
        """As far as this loop has been told."""
        return not self.exited.done()

    def inner_pid(self) -> int:
        """Return the process in which the REPL is: no other was started for it."""
        return self.pid

    def look(self) -> Seen:
        """Ask Windows how it is confined. OSError where that cannot be known."""
        return look(self._calls, self._born)

    def limit_memory(self, memory_bytes: int, _too_much: Callable[[str], None]) -> None:
        """Give its job another limit, as when its context is known. The child then gets a MemoryError, so there is nothing to tell."""
        set_limits(self._calls, self._born.job, memory_bytes=memory_bytes, cpu_s=self._cpu_s)

    def kill(self) -> None:
        """Kill the child and whatever there may be in its job."""
        if not self._is_ended and not self.exited.done():
            self._calls.ask("TerminateJobObject", self._born.job, KILLED_EXIT)

    async def end(self) -> None:
        """Kill, wait until it is gone, and close the pipes. May be called again."""
        self.kill()
        await asyncio.shield(self.exited)
        for transport in self._transports:
            transport.close()
        if not self._is_ended:
            self._is_ended = True
            self._waiter.join()  # it uses the handle that is closed next, and has just told that it is done with it
            self._calls.ask("CloseHandle", self._born.process)
            self._calls.ask("CloseHandle", self._born.job)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        code = DWORD()
        self._calls.ask("WaitForSingleObject", self._born.process, _FOREVER)
        self._calls.ask("GetExitCodeProcess", self._born.process, ctypes.byref(code))
        with contextlib.suppress(RuntimeError):  # the loop is closed, and nobody waits any more
            loop.call_soon_threadsafe(self._tell, code.value)

    def _tell(self, code: int) -> None:
        if not self.exited.done():
            self.exited.set_result(code)
