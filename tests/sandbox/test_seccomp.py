"""The filter of system calls, run here by a small machine of the kind that the kernel has, for both numberings."""

from __future__ import annotations

import errno
import os
import struct
import sys

import pytest

from rlm_desktop.sandbox.child import syscalls
from rlm_desktop.sandbox.child.seccomp import program
from rlm_desktop.sandbox.values import SandboxDied
from tests.sandbox.box import run

PID = 4_711
ALLOW, KILL = 0x7FFF0000, 0x80000000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PROBES = {335, 336}
"""Two calls of x86_64 that the kernel answers before any filter: they end whoever makes them from a place that is no probe."""
MACHINES = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])


def decide(machine: str, name: str | int, *arguments: int, architecture: int | None = None) -> int:
    """Return what the filter says of a call: ALLOW, KILL, or the number of an error."""
    known = syscalls.numbers(syscalls.ALLOWED, machine) | syscalls.numbers(syscalls.WITH_ARGUMENTS, machine)
    number = name if isinstance(name, int) else known[name]
    given = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, ARCHITECTURES[machine] if architecture is None else architecture, 0, *given)
    code = list(struct.iter_unpack("<HBBI", program(machine, PID)))
    at = accumulator = 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x54:
                accumulator &= value
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x06:
                answer: int = value
                return answer & 0xFFFF if answer & 0xFFFF0000 == 0x00050000 else answer
            case _:
                raise AssertionError(f"no operation of the filter's: {operation:#x}")


@MACHINES
def test_what_an_interpreter_lives_on_is_allowed(machine: str) -> None:
    for name in syscalls.numbers(syscalls.ALLOWED, machine):
        assert decide(machine, name) == ALLOW


@MACHINES
def test_another_machines_calls_kill(machine: str) -> None:
    i386 = 0x40000003
    assert decide(machine, "read", architecture=i386) == KILL


def test_the_numbers_of_x32_are_not_there() -> None:
    assert decide("x86_64", 0x40000000 + 1) == errno.ENOSYS


@MACHINES
def test_calls_that_nobody_has_heard_of_are_not_there(machine: str) -> None:
    assert {decide(machine, number) for number in (424, 425, 437, 444, 470, 1_000, 0x3FFFFFFF)} == {errno.ENOSYS}


def test_old_calls_that_are_not_listed_are_refused() -> None:
    socket, connect, fork, execve, ptrace, mount, keyctl, setxattr, shmget = 41, 42, 57, 59, 101, 165, 250, 188, 29
    for number in (socket, connect, fork, execve, ptrace, mount, keyctl, setxattr, shmget):
        assert decide("x86_64", number) == errno.EPERM
    socket, connect, execve, ptrace, mount, keyctl, setxattr, shmget = 198, 203, 221, 117, 40, 219, 5, 194
    for number in (socket, connect, execve, ptrace, mount, keyctl, setxattr, shmget):
        assert decide("aarch64", number) == errno.EPERM


@MACHINES
def test_threads_can_be_made_and_processes_cannot(machine: str) -> None:
    thread = 0x003D0F00  # what glibc asks for
    assert decide(machine, "clone", thread) == ALLOW
    for flags in (0, 17, 0x01200011, 0x100 | 17, 0x4000 | 0x100 | 17, thread | 0x10000000, thread | 0x20000, thread & ~0x10000):
        assert decide(machine, "clone", flags) == errno.EPERM
    assert decide(machine, "clone3") == errno.ENOSYS


@MACHINES
def test_only_its_own_process_is_signalled_and_bound(machine: str) -> None:
    for name in ("kill", "tgkill", "prlimit64", "sched_setaffinity", "getsid"):
        assert decide(machine, name, PID) == ALLOW
        assert {decide(machine, name, other) for other in (1, PID - 1, 2**32 - 1, 2**32 - PID)} == {errno.EPERM}
    assert decide(machine, "kill", 0) == errno.EPERM
    assert decide(machine, "prlimit64", 0) == ALLOW


@MACHINES
def test_a_descriptor_sends_no_signals_and_a_terminal_is_not_typed_into(machine: str) -> None:
    f_setown, f_setsig, tiocsti, tiocsetd = 8, 10, 0x5412, 0x5423
    assert {decide(machine, "fcntl", 3, command) for command in (f_setown, f_setsig, 15, 1024, 1026)} == {errno.EPERM}
    assert {decide(machine, "ioctl", 0, command) for command in (tiocsti, tiocsetd, 0x8901, 0x8902)} == {errno.EPERM}
    assert decide(machine, "fcntl", 3, 3) == decide(machine, "ioctl", 0, 0x5401) == ALLOW


@MACHINES
def test_a_pair_of_streams_is_all_there_is_of_sockets(machine: str) -> None:
    cloexec = 0o2000000
    assert decide(machine, "socketpair", 1, 1 | cloexec) == ALLOW
    assert {decide(machine, "socketpair", *pair) for pair in ((1, 2), (1, 5), (2, 1), (16, 1))} == {errno.EPERM}
    assert decide(machine, "sendto", 3, 0x1000, 10, 0, 0) == ALLOW
    assert {decide(machine, "sendto", 3, 0x1000, 10, 0, address) for address in (1, 1 << 32, 0x7FFF00000000)} == {errno.EPERM}
    assert decide(machine, "recvmsg", 3) == errno.EPERM


@pytest.mark.parametrize(("machine", "name", "before"), [("x86_64", "openat", 2), ("aarch64", "openat", 2), ("x86_64", "open", 1)])
def test_nothing_is_emptied_while_it_is_opened_for_reading(machine: str, name: str, before: int) -> None:
    read, write, read_write, fourth, create, truncate, cloexec = 0, 1, 2, 3, 0o100, 0o1000, 0o2000000
    for flags in (read, read | cloexec, write, write | create | truncate, read_write | truncate):
        assert decide(machine, name, *[0] * before, flags) == ALLOW
    for flags in (read | truncate, read | truncate | create, fourth, fourth | truncate):
        assert decide(machine, name, *[0] * before, flags) == errno.EPERM


@MACHINES
def test_the_process_keeps_its_bond_to_its_parent(machine: str) -> None:
    set_pdeathsig, set_dumpable, set_seccomp, set_name = 1, 4, 22, 15
    assert {decide(machine, "prctl", option) for option in (set_pdeathsig, set_dumpable, set_seccomp)} == {errno.EPERM}
    assert decide(machine, "prctl", set_name) == ALLOW


@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine not in syscalls.MACHINES, reason="the kernel's own filter is asked")
def test_the_kernel_refuses_every_number_that_is_not_listed() -> None:
    machine = os.uname().machine
    listed = {*syscalls.numbers(syscalls.ALLOWED, machine).values(), *syscalls.numbers(syscalls.WITH_ARGUMENTS, machine).values()}
    code = (
        "import ctypes\nsystem = ctypes.CDLL(None, use_errno=True)\nfound = set()\n"
        f"for number in sorted(set(range(2_000)) - {listed | PROBES!r}):\n"
        "    result = system.syscall(ctypes.c_long(number), *[ctypes.c_ulong(0)] * 6)\n"
        "    found.add((result, ctypes.get_errno()))\n"
        "print(sorted(found))"
    )
    (done,) = run(code)
    assert done.stdout == f"{[(-1, errno.EPERM), (-1, errno.ENOSYS)]}\n"


@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="these are machine code of x86_64")
def test_the_other_way_into_the_kernel_ends_the_process() -> None:
    code = (
        "import ctypes, mmap\n"
        "code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
        "code.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))  # getpid of i386\n"
        "print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))())"
    )
    with pytest.raises(SandboxDied, match="another kind of machine"):
        run(code)


@MACHINES
def test_clocks_and_locks_tell_nothing_of_other_processes(machine: str) -> None:
    monotonic, own_thread = 1, 3
    anothers = (~1_234 << 3 | 2) & 0xFFFFFFFF
    for name in ("clock_gettime", "clock_getres", "clock_nanosleep", "timer_create"):
        assert decide(machine, name, monotonic) == decide(machine, name, own_thread) == ALLOW
        assert decide(machine, name, anothers) == errno.EPERM
    private, real_time = 128, 256
    for operation in (0, 1, 3, 4, 5, 9, 10):
        assert {decide(machine, "futex", 0, operation | how) for how in (0, private, private | real_time)} == {ALLOW}
    lock_pi, trylock_pi, wait_requeue_pi, cmp_requeue_pi, lock_pi2 = 6, 8, 11, 12, 13
    for operation in (lock_pi, trylock_pi, wait_requeue_pi, cmp_requeue_pi, lock_pi2):
        assert decide(machine, "futex", 0, operation | private) == errno.ENOSYS
