"""Linux's filter of system calls, written as its small programs are (classic BPF) and installed by ctypes.

Sources: the kernel's `seccomp_filter.rst`, `filter.h`, `seccomp.h`, `audit.h`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from rlm_desktop.sandbox.child import syscalls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_SET_MODE_FILTER, _ALL_THREADS, _WITHOUT_SLOWING = 1, 1, 4
"""The last: without it kernels before 5.16 switch speculation off in whoever has a filter, which costs up to a third of its speed."""

_THREAD, _SHARED_MEMORY = 0x00010000, 0x00000100
_NAMESPACES = 0x7E020000
_UNTRACED = 0x00800000
_ACCESS, _TRUNCATE = 0o3, 0o1000
_WHOLE = 0xFFFFFFFF

_FCNTL = (0, 1, 2, 3, 4, 1030, 1032, 1034)
"""Duplicate, flags, status flags, size of a pipe, seals. Not F_SETOWN, by which a descriptor sends signals to another process."""
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Is it a terminal, how large is it, how much can be read, block or not, close on exec or not. Not TIOCSTI, which types into a terminal."""
_PRCTL = (3, 15, 16, 21, 39, 0x53564D41)
"""What it is, the names of threads and of memory."""
_FUTEX = (0, 1, 3, 4, 5, 9, 10)
"""Wait, wake and requeue. Not the locks that know who holds them: they tell whether a process of any number is there, and hurry it."""
_FUTEX_HOW = 0x180
"""Bits that say whose the lock is and which clock is meant."""
_OTHERS_CLOCK = 0x80000000
"""Set in the number of a clock that shows how much another process has computed."""
_AS_IF_ABSENT = ("clone3", "futex")
"""What arguments lie in memory the filter cannot see: without `clone3`, a library takes `clone`, whose arguments it can. And libraries
know kernels without the locks that know who holds them."""

Word = tuple[int, int, int]
"""A condition: the 32-bit word of the arguments, a mask, and what must be left."""
Rule = tuple[int, list[list[Word]], int]
"""A call's number, the alternatives (of which each is a list of conditions) that allow it, and the error otherwise."""


def _low(argument: int, value: int, mask: int = _WHOLE) -> Word:
    return 2 * argument, mask, value


def _is_null(argument: int) -> list[Word]:
    return [(2 * argument, _WHOLE, 0), (2 * argument + 1, _WHOLE, 0)]


def _rules(machine: str, pid: int, *, may_take_descriptors: bool) -> Iterable[Rule]:
    own = [[_low(0, pid)]]
    own_or_zero = [[_low(0, 0)], *own]

    def opened(flags: int) -> list[list[Word]]:
        # Landlock before Linux 6.2 knows nothing of a file that is emptied while it is opened for reading, or opened in the fourth way.
        return [[_low(flags, 0, _ACCESS | _TRUNCATE)], [_low(flags, 1, _ACCESS)], [_low(flags, 2, _ACCESS)]]

    own_clock = [[_low(0, 0, _OTHERS_CLOCK)]]
    thread_bits = _THREAD | _SHARED_MEMORY
    allowed: dict[str, list[list[Word]]] = {
        "open": opened(1),
        "openat": opened(2),
        "fcntl": [[_low(1, command)] for command in _FCNTL],
        "ioctl": [[_low(1, command)] for command in _IOCTL],
        "prctl": [[_low(0, option)] for option in _PRCTL],
        "clone": [[_low(0, thread_bits, thread_bits | _NAMESPACES | _UNTRACED)]],
        "clone3": [],
        "futex": [[_low(1, operation, _WHOLE ^ _FUTEX_HOW)] for operation in _FUTEX],
        "clock_gettime": own_clock,
        "clock_getres": own_clock,
        "clock_nanosleep": own_clock,
        "timer_create": own_clock,
        "kill": own,
        "tgkill": own,
        "prlimit64": own_or_zero,
        "sched_getaffinity": own_or_zero,
        "sched_setaffinity": own_or_zero,
        "sched_getparam": own_or_zero,
        "sched_getscheduler": own_or_zero,
        "getpgid": own_or_zero,
        "getsid": own_or_zero,
        # asyncio and sockets need a pair of streams; a pair of datagram sockets could send to any socket that has a path.
        "socketpair": [[_low(0, 1), _low(1, 1, 0xF)]],
        "sendto": [_is_null(4)],
        "recvmsg": [[]] if may_take_descriptors else [],
    }
    for name, number in syscalls.numbers(syscalls.WITH_ARGUMENTS, machine).items():
        yield number, allowed[name], errno.ENOSYS if name in _AS_IF_ABSENT else errno.EPERM


def program(machine: str, pid: int, *, may_take_descriptors: bool = False) -> bytes:
    """Return the filter for a machine, `x86_64` or `aarch64`, and the process whose number is `pid`."""
    code = [_op(_LOAD, _ARCHITECTURE_AT), _op(_IF_EQUAL, _ARCHITECTURES[machine], 1, 0), _op(_RETURN, _KILL_PROCESS)]
    code.append(_op(_LOAD, _NUMBER_AT))
    # First what is decided anew at each call: what is always allowed the kernel works out once and then remembers.
    for number, alternatives, error in _rules(machine, pid, may_take_descriptors=may_take_descriptors):
        block = _block(alternatives, error)
        code += [_op(_IF_EQUAL, number, 0, len(block)), *block]
    for number in sorted(syscalls.numbers(syscalls.ALLOWED, machine).values()):
        code += [_op(_IF_EQUAL, number, 0, 1), _op(_RETURN, _ALLOW)]
    # A foreign numbering of x86_64 has a bit set that makes its numbers larger than any, so they end here too.
    code += [_op(_IF_AT_LEAST, syscalls.FIRST_NEW, 0, 1), _op(_RETURN, _ERRNO | errno.ENOSYS), _op(_RETURN, _ERRNO | errno.EPERM)]
    return b"".join(code)


def _block(alternatives: Sequence[Sequence[Word]], error: int) -> list[bytes]:
    """Return what decides on one call: it always returns."""
    code: list[bytes] = []
    for conditions in alternatives:
        left = sum(2 if mask == _WHOLE else 3 for _, mask, _ in conditions) + 1
        for word, mask, value in conditions:
            load = [_op(_LOAD, _ARGUMENTS_AT + 4 * word)]
            if mask != _WHOLE:
                load.append(_op(_AND, mask))
            left -= len(load) + 1
            code += [*load, _op(_IF_EQUAL, value, 0, left)]
        code.append(_op(_RETURN, _ALLOW))
    return [*code, _op(_RETURN, _ERRNO | error)]


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install(*, may_take_descriptors: bool = False) -> None:
    """Put the filter on all threads of this process, for good. OSError where that cannot be. After PR_SET_NO_NEW_PRIVS only."""
    machine = os.uname().machine
    if machine not in _ARCHITECTURES or sys.maxsize < 2**32:
        raise OSError(errno.ENOSYS, f"there is no table of system calls for {machine}")
    code = program(machine, os.getpid(), may_take_descriptors=may_take_descriptors)
    memory = ctypes.create_string_buffer(code, len(code))
    given = _Program(len(code) // 8, ctypes.addressof(memory))
    system = ctypes.CDLL(None, use_errno=True)
    call = (ctypes.c_long(_SECCOMP[machine]), ctypes.c_ulong(_SET_MODE_FILTER), ctypes.c_ulong(_ALL_THREADS | _WITHOUT_SLOWING))
    if system.syscall(*call, ctypes.byref(given)) != 0:
        number = ctypes.get_errno()
        raise OSError(number or errno.EAGAIN, os.strerror(number) if number else "a thread could not be bound")
