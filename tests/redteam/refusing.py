"""A kernel without something: `python refusing.py CALL=ANSWER… -- COMMAND…` runs the command where these system calls answer that.

CALL is a name below, or `prctl:OPTION` for one option of prctl. ANSWER is the name of an error, or `nothing`: the call then does nothing
and says that it succeeded. What is started below has the same kernel.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

CALLS = {
    "x86_64": {"prctl": 157, "seccomp": 317, "clone3": 435},
    "aarch64": {"prctl": 167, "seccomp": 277, "clone3": 435},
}  # fmt: skip
LANDLOCK = {"landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446}
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, IF_EQUAL, RETURN, ALLOW, ERRNO = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050000


def program(answers: list[str]) -> bytes:
    """Return the filter. It looks at numbers only, as it is no boundary but a stage."""
    code = []
    for answer in answers:
        call, _, result = answer.partition("=")
        name, _, option = call.partition(":")
        number = LANDLOCK.get(name) or CALLS[platform.machine()][name]
        returned = ERRNO if result == "nothing" else ERRNO | int(getattr(errno, result))
        code.append(_op(LOAD, 0))
        if option:
            code += [_op(IF_EQUAL, number, 0, 3), _op(LOAD, 16), _op(IF_EQUAL, int(option), 0, 1), _op(RETURN, returned)]
        else:
            code += [_op(IF_EQUAL, number, 0, 1), _op(RETURN, returned)]
    return b"".join([*code, _op(RETURN, ALLOW)])


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install(answers: list[str]) -> None:
    code = program(answers)
    memory = ctypes.create_string_buffer(code, len(code))
    given = Program(len(code) // 8, ctypes.addressof(memory))
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((NO_NEW_PRIVILEGES, 1, 0, 0, 0), (SET_SECCOMP, FILTER, ctypes.byref(given), 0, 0)):
        if libc.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "no stage could be set")


def main() -> None:
    split = sys.argv.index("--")
    install(sys.argv[1:split])
    os.execv(sys.argv[split + 1], sys.argv[split + 1 :])


if __name__ == "__main__":
    main()
