"""As much of Windows as starting a child needs: its functions, called as C functions with real pointers, over this system's processes.

A handle of a pipe is a file descriptor; others are numbers from 1,000,000 on. What a function was given is read from memory at the offsets
that Windows' headers fix, not with the structures under test.
"""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
from collections.abc import Callable
from typing import Any

from rlm_desktop.sandbox.windows.calls import FUNCTIONS, Calls

SID = ctypes.create_string_buffer(b"a SID", 16)
KNOWN_ATTRIBUTES = {
    0x20002: "handles",
    0x20009: "capabilities",
    0x2000D: "jobs",
    0x2000E: "child process policy",
    0x2000F: "packages policy",
}


def text_at(address: int) -> str:
    """Read UTF-16 up to its zero."""
    data = b""
    while (unit := ctypes.string_at(address + len(data), 2)) != b"\0\0":
        data += unit
    return data.decode("utf-16-le")


def number_at(address: int, offset: int, size_bytes: int = 4) -> int:
    return int.from_bytes(ctypes.string_at(address + offset, size_bytes), "little")


class SmallWindows:
    """`fails` names functions that fail, with the number of their error."""

    def __init__(
        self, *, fails: dict[str, int] | None = None, refuses: Callable[[dict[str, bytes]], bool] = lambda _attributes: False
    ) -> None:
        self.fails = fails or {}
        self.called: list[str] = []
        self.names: list[str] = []
        self.attributes: dict[str, bytes] = {}
        self.limits: list[bytes] = []
        self.ui_limits: list[int] = []
        self.inheritable: list[int] = []
        self.flags = 0
        self.folder = ""
        self.commands: list[list[str]] = []
        self.environment: dict[str, str] = {}
        self.open: set[int] = set()
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self.jobs: dict[int, list[subprocess.Popen[bytes]]] = {}
        self.is_app_container = 1
        self.capability_count = 0
        self._refuses = refuses
        self._next = 1_000_000
        self._error = 0
        self._room: dict[int, int] = {}
        self.kept = {name: self._c_function(name) for name in FUNCTIONS}
        self.calls = Calls(self.kept, lambda: self._error)

    def _c_function(self, name: str) -> Any:
        _, answer, arguments = FUNCTIONS[name]
        inner: Callable[..., Any] = getattr(self, name)

        def called(*given: Any) -> Any:
            self.called.append(name)
            if name in self.fails:
                self._error = self.fails[name]
                return ctypes.c_int32(self._error).value if name.startswith("Derive") else 0
            return inner(*given)

        return ctypes.CFUNCTYPE(answer, *arguments)(called)

    def _handle(self) -> int:
        self._next += 4
        self.open.add(self._next)
        return self._next

    def CreateJobObjectW(self, security: int | None, name: int | None) -> int:
        assert security is None and name is None
        job = self._handle()
        self.jobs[job] = []
        return job

    def SetInformationJobObject(self, job: int, kind: int, information: int, size_bytes: int) -> int:
        assert job in self.open
        if kind == 9:
            assert size_bytes == 144
            self.limits.append(ctypes.string_at(information, size_bytes))
        else:
            assert (kind, size_bytes) == (4, 4)
            self.ui_limits.append(number_at(information, 0))
        return 1

    def TerminateJobObject(self, job: int, code: int) -> int:
        assert job in self.open and code != 0
        for process in self.jobs[job]:
            process.kill()
        return 1

    def IsProcessInJob(self, process: int, job: int, answer: int) -> int:
        ctypes.memmove(answer, struct.pack("<i", int(self.processes[process] in self.jobs[job])), 4)
        return 1

    def InitializeProcThreadAttributeList(self, room: int | None, count: int, flags: int, size: int) -> int:
        needed = 24 + 24 * count
        assert flags == 0
        given = number_at(size, 0, 8)
        ctypes.memmove(size, struct.pack("<Q", needed), 8)
        if room is None or given < needed:
            self._error = 122
            return 0
        self._room[room] = count
        self.attributes = {}
        return 1

    def UpdateProcThreadAttribute(
        self, room: int, flags: int, number: int, value: int, size_bytes: int, previous: int | None, returned: int | None
    ) -> int:
        assert flags == 0 and previous is None and returned is None
        assert len(self.attributes) < self._room[room]
        self.attributes[KNOWN_ATTRIBUTES[number]] = ctypes.string_at(value, size_bytes)
        return 1

    def DeleteProcThreadAttributeList(self, room: int) -> None:
        del self._room[room]

    def SetHandleInformation(self, handle: int, mask: int, flags: int) -> int:
        assert (mask, flags) == (1, 1)
        self.inheritable.append(handle)
        return 1

    def CreateProcessW(
        self, program: int, line: int, security: Any, thread_security: Any, inherits: int, flags: int,
        environment: int, folder: int, start: int, born: int,
    ) -> int:  # fmt: skip
        assert security is None and thread_security is None and inherits == 1
        assert number_at(start, 0) == 112 and number_at(start, 60) == 0x100 and number_at(start, 104, 8) in self._room
        self.flags, self.folder = flags, text_at(folder)
        self.environment = {}
        while entry := text_at(environment):
            name, _, value = entry.partition("=")
            self.environment[name] = value
            environment += 2 * (len(entry) + 1)
        command = arguments(text_at(line))
        assert command[0] == text_at(program)
        self.commands.append(command)
        handles = [number_at(start, offset, 8) for offset in (80, 88, 96)]
        listed = struct.unpack(f"<{len(self.attributes['handles']) // 8}Q", self.attributes["handles"])
        assert set(handles) <= set(listed) <= set(self.inheritable) and len(set(listed)) == len(listed)
        if self._refuses(self.attributes):
            self._error = 5
            return 0
        process = subprocess.Popen(
            command, env=self.environment, stdin=handles[0], stdout=handles[1], stderr=handles[2],
            pass_fds=[handle for handle in listed if handle not in handles], cwd="/",
        )  # fmt: skip
        (job,) = struct.unpack("<Q", self.attributes["jobs"])
        self.jobs[job].append(process)
        process_handle, thread_handle = self._handle(), self._handle()
        self.processes[process_handle] = process
        ctypes.memmove(born, struct.pack("<QQII", process_handle, thread_handle, process.pid, 1), 24)
        return 1

    def WaitForSingleObject(self, process: int, time_ms: int) -> int:
        try:
            self.processes[process].wait(None if time_ms == 0xFFFFFFFF else time_ms / 1000)
        except subprocess.TimeoutExpired:
            return 0x102
        return 0

    def GetExitCodeProcess(self, process: int, answer: int) -> int:
        code = self.processes[process].poll()
        ctypes.memmove(answer, struct.pack("<I", 259 if code is None else code & 0xFFFFFFFF), 4)
        return 1

    def CloseHandle(self, handle: int) -> int:
        if handle < 1_000_000:
            os.close(handle)
            return 1
        self.open.remove(handle)
        for process in self.jobs.get(handle, ()):  # the job's last handle
            process.kill()
            process.wait()
        return 1

    def OpenProcessToken(self, process: int, access: int, token: int) -> int:
        assert process in self.processes and access == 8
        ctypes.memmove(token, struct.pack("<Q", self._handle()), 8)
        return 1

    def GetTokenInformation(self, token: int, kind: int, answer: int, size_bytes: int, returned: int) -> int:
        assert token in self.open and size_bytes >= 4
        ctypes.memmove(answer, struct.pack("<I", {29: self.is_app_container, 30: self.capability_count}[kind]), 4)
        ctypes.memmove(returned, struct.pack("<I", 4), 4)
        return 1

    def FreeSid(self, sid: int) -> int | None:
        assert sid == ctypes.addressof(SID)
        return None

    def DeriveAppContainerSidFromAppContainerName(self, name: int, sid: int) -> int:
        self.names.append(text_at(name))
        ctypes.memmove(sid, struct.pack("<Q", ctypes.addressof(SID)), 8)
        return 0


def arguments(line: str) -> list[str]:
    """Take a command line apart as Windows' C library does."""
    found: list[str] = []
    at = 0
    while at < len(line):
        if line[at] in " \t":
            at += 1
            continue
        word, is_quoted = "", False
        while at < len(line) and (is_quoted or line[at] not in " \t"):
            slashes = len(line[at:]) - len(line[at:].lstrip("\\"))
            at += slashes
            if at < len(line) and line[at] == '"':
                word += "\\" * (slashes // 2)
                if slashes % 2:
                    word += '"'
                else:
                    is_quoted = not is_quoted
                at += 1
            elif slashes:
                word += "\\" * slashes
            else:
                word += line[at]
                at += 1
        found.append(word)
    return found


class FdPipes:
    """Pipes whose handles are file descriptors."""

    def to_child(self) -> tuple[Any, int]:
        theirs, ours = os.pipe()
        return os.fdopen(ours, "wb"), theirs

    def from_child(self) -> tuple[Any, int]:
        ours, theirs = os.pipe()
        return os.fdopen(ours, "rb"), theirs

    def nothing(self) -> int:
        return os.open(os.devnull, os.O_RDWR)
