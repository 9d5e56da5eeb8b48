"""Windows' own functions, with the types of their arguments, and what an answer that means failure becomes."""

from __future__ import annotations

import ctypes
import errno
import sys
from collections.abc import Callable, Mapping
from typing import Any

from rlm_desktop.sandbox.windows.structures import BOOL, DWORD, HANDLE

_POINTER = ctypes.c_void_p
_SIZE = ctypes.c_size_t

FUNCTIONS: dict[str, tuple[str, Any, tuple[Any, ...]]] = {
    "CreateJobObjectW": ("kernel32", HANDLE, (_POINTER, _POINTER)),
    "SetInformationJobObject": ("kernel32", BOOL, (HANDLE, ctypes.c_int, _POINTER, DWORD)),
    "TerminateJobObject": ("kernel32", BOOL, (HANDLE, ctypes.c_uint)),
    "IsProcessInJob": ("kernel32", BOOL, (HANDLE, HANDLE, _POINTER)),
    "InitializeProcThreadAttributeList": ("kernel32", BOOL, (_POINTER, DWORD, DWORD, _POINTER)),
    "UpdateProcThreadAttribute": ("kernel32", BOOL, (_POINTER, DWORD, _SIZE, _POINTER, _SIZE, _POINTER, _POINTER)),
    "DeleteProcThreadAttributeList": ("kernel32", None, (_POINTER,)),
    "CreateProcessW": ("kernel32", BOOL, (_POINTER, _POINTER, _POINTER, _POINTER, BOOL, DWORD, _POINTER, _POINTER, _POINTER, _POINTER)),
    "SetHandleInformation": ("kernel32", BOOL, (HANDLE, DWORD, DWORD)),
    "WaitForSingleObject": ("kernel32", DWORD, (HANDLE, DWORD)),
    "GetExitCodeProcess": ("kernel32", BOOL, (HANDLE, _POINTER)),
    "CloseHandle": ("kernel32", BOOL, (HANDLE,)),
    "OpenProcessToken": ("advapi32", BOOL, (HANDLE, DWORD, _POINTER)),
    "GetTokenInformation": ("advapi32", BOOL, (HANDLE, ctypes.c_int, _POINTER, DWORD, _POINTER)),
    "FreeSid": ("advapi32", _POINTER, (_POINTER,)),
    "DeriveAppContainerSidFromAppContainerName": ("userenv", ctypes.c_int32, (_POINTER, _POINTER)),
}
"""Function: its library, the type of its answer, and those of its arguments."""


class WindowsFailure(OSError):
    """A function of Windows' that failed. `number` is Windows' own."""

    def __init__(self, name: str, number: int) -> None:
        said = f"{name}: Windows error {number if number < 1 << 16 else hex(number)}"
        super().__init__(said)
        self.strerror = said
        self.number = number


class Calls:
    """The functions, each under its name. `last_error` gives the number of the last failure."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], last_error: Callable[[], int]) -> None:
        self._functions = functions
        self._last_error = last_error

    def ask(self, name: str, *arguments: Any) -> Any:
        """Call a function whose answer needs no check."""
        return self._functions[name](*arguments)

    def do(self, name: str, *arguments: Any) -> Any:
        """Call a function that answers 0 when it fails. WindowsFailure then."""
        if not (answer := self._functions[name](*arguments)):
            raise WindowsFailure(name, self._last_error())
        return answer

    def do_hresult(self, name: str, *arguments: Any) -> None:
        """Call a function that answers a negative number when it fails. WindowsFailure then."""
        if (answer := self._functions[name](*arguments)) < 0:
            raise WindowsFailure(name, answer & 0xFFFFFFFF)


def load() -> Calls:
    """Load the functions. OSError where this is not Windows, or where one of them is missing, as before Windows 8."""
    if sys.platform != "win32":
        raise OSError(errno.ENOSYS, "only Windows has AppContainers")
    functions: dict[str, Callable[..., Any]] = {}
    for name, (library, answer, arguments) in FUNCTIONS.items():
        try:
            function = ctypes.WinDLL(library, use_last_error=True)[name]
        except AttributeError:
            raise OSError(errno.ENOSYS, f"this Windows has no {name}") from None
        function.restype, function.argtypes = answer, arguments
        functions[name] = function
    return Calls(functions, ctypes.get_last_error)


def wide(text: str) -> ctypes.Array[ctypes.c_char]:
    """Return a text as Windows reads it: UTF-16, ended by a zero, in memory of its own that may be written to."""
    if "\0" in text:
        raise ValueError("a text with a zero in it would end there")
    return ctypes.create_string_buffer(text.encode("utf-16-le", "surrogatepass") + b"\0")
