"""Linux's Landlock: of all files, only those below the folders that are named can be read, and none can be written.

Source: the kernel's `landlock.rst` and `landlock.h`. The three calls have the same numbers on all machines.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files a version knows: linking elsewhere came with 2, truncating with 3, commands to devices with 5."""
_NET_RIGHTS = 0b11
"""Binding and connecting TCP, from version 4."""
_SCOPES = 0b11
"""Abstract UNIX sockets and signals of others, from version 6."""
_NULL = "/dev/null"


def restrict(readable: Iterable[str]) -> None:
    """Bind this thread, and those that it starts, for good. OSError where that cannot be.

    `readable` are files and folders; those that are not there are passed over. After PR_SET_NO_NEW_PRIVS only.
    """
    ruleset = _new_ruleset(version())
    try:
        for path in readable:
            _allow(ruleset, path, _READ_FILE, _READ_DIR)
        _allow(ruleset, _NULL, _READ_FILE | _WRITE_FILE, 0)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def version() -> int:
    """Return the version that the kernel has. OSError where it has none, or does not let it be used."""
    found = _call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if found < 1:
        raise OSError(errno.ENOSYS, "the kernel names no version of it")
    return found


def _new_ruleset(known: int) -> int:
    file_rights = (1 << _FILE_RIGHTS[min(known, 5)]) - 1
    words = [file_rights]
    if known >= 4:
        words.append(_NET_RIGHTS)
    if known >= 6:
        words.append(_SCOPES)
    attributes = struct.pack(f"<{len(words)}Q", *words)
    return _call(_CREATE_RULESET, attributes, len(attributes), 0)


def _allow(ruleset: int, path: str, file_rights: int, folder_rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there, or not for this person: then there is nothing to allow
    try:
        rights = file_rights | (folder_rights if os.path.isdir(path) else 0)  # noqa: PTH112  (pathlib costs every start 4 ms)
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("<Qi", rights, fd), 0)
    finally:
        os.close(fd)


def _call(number: int, *arguments: int | bytes | None) -> int:
    system = ctypes.CDLL(None, use_errno=True)
    given = [ctypes.c_ulong(value) if isinstance(value, int) else ctypes.c_char_p(value) for value in arguments]
    result: int = system.syscall(ctypes.c_long(number), *given)
    if result < 0:
        raise OSError(ctypes.get_errno() or errno.EINVAL, os.strerror(ctypes.get_errno()))
    return result
