"""What can be done to other processes: limits, priorities, signals."""

from __future__ import annotations

from tests.redteam.attack import Attack

SIGNALS: tuple[Attack, ...] = (
    Attack(
        number="36",
        name="lower the engine's limits",
        code="""
import resource
soft, hard = resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)
resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (soft - 1, hard))
""",
    ),
    Attack(
        number="36b",
        name="lower a neighbour's limits",
        code="""
import resource
resource.prlimit(T.neighbour, resource.RLIMIT_NOFILE, (50, 50))
""",
    ),
    Attack(
        number="36c",
        name="read the engine's limits",
        code="""
import resource
if resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE): print(WORKED)
""",
    ),
    Attack(number="37", name="make a neighbour slower (nice)", code="os.setpriority(os.PRIO_PROCESS, T.neighbour, 19)"),
    Attack(
        number="37b",
        name="take processors from the engine",
        code="os.sched_setaffinity(os.getppid(), [min(os.sched_getaffinity(os.getppid()))])",
        may_lack="a machine with one processor",
    ),
    Attack(
        number="37c",
        name="change how a neighbour is scheduled",
        code="os.sched_setscheduler(T.neighbour, os.SCHED_IDLE, os.sched_param(0))",
    ),
    Attack(
        number="37d",
        name="make a neighbour's disk slower",
        code="""
call('ioprio_set', 1, T.neighbour, 3 << 13)
print(WORKED)
""",
    ),
    Attack(
        number="37e",
        name="make a group of processes slower",
        code="os.setpriority(os.PRIO_PGRP, T.neighbour, 5)",
    ),
    Attack(number="38", name="signal the engine", code="os.kill(os.getppid(), signal.SIGWINCH)"),
    Attack(number="38b", name="signal all processes of the person", code="os.kill(-1, signal.SIGWINCH)"),
    Attack(number="38c", name="stop a neighbour", code="os.kill(T.neighbour, signal.SIGSTOP)"),
    Attack(number="38d", name="kill a neighbour", code="os.kill(T.neighbour, signal.SIGKILL)"),
    Attack(number="38e", name="signal a group of processes", code="os.killpg(T.neighbour, signal.SIGWINCH)"),
    Attack(number="38f", name="signal a thread (tkill)", code="call('tkill', T.neighbour, signal.SIGWINCH)"),
    Attack(number="38g", name="signal a thread (tgkill)", code="call('tgkill', T.neighbour, T.neighbour, signal.SIGWINCH)"),
    Attack(
        number="38h",
        name="signal with a value",
        code="""
libc.sigqueue.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
ok(libc.sigqueue(T.neighbour, signal.SIGWINCH, None))
""",
    ),
    Attack(
        number="38i",
        name="signal by a descriptor of a process",
        code="call('pidfd_send_signal', call('pidfd_open', T.neighbour, 0), int(signal.SIGWINCH), None, 0)",
        may_lack="a kernel before 5.3",
    ),
    Attack(
        number="38j",
        name="have a pipe signal a neighbour",
        code="""
import fcntl
r, w = os.pipe()
fcntl.fcntl(r, fcntl.F_SETOWN, T.neighbour)
fcntl.fcntl(r, 10, int(signal.SIGWINCH))
fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC)
os.write(w, b"x")
fcntl.fcntl(r, fcntl.F_SETFL, 0)
""",
    ),
    Attack(
        number="38k",
        name="have a pipe signal a neighbour, set by ioctl",
        code="""
import fcntl
a, b = socket.socketpair()
fcntl.ioctl(a, 0x8901, struct.pack("<i", T.neighbour))
fcntl.fcntl(a, fcntl.F_SETFL, os.O_ASYNC)
b.send(b"x")
fcntl.fcntl(a, fcntl.F_SETFL, 0)
""",
    ),
    Attack(
        number="38l",
        name="have a timer signal a neighbour",
        code="""
event = struct.pack('<QiiI44x', 0, int(signal.SIGWINCH), 4, T.neighbour)
timer = ctypes.c_int()
ok(libc.syscall(ctypes.c_long({'x86_64': 222, 'aarch64': 107}[os.uname().machine]), 1, event, ctypes.byref(timer)))
print(WORKED)
""",
        held_anyway="a timer signals threads of its own process only",
    ),
)
