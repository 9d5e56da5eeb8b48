"""Whether it can be learned that another process is there, and what it does."""

from __future__ import annotations

from tests.redteam.attack import Attack

YAMA = "this kernel lets no process trace one that is not its own"
ABSENT = "ABSENT = 4194303\n"

ORACLES: tuple[Attack, ...] = (
    Attack(
        number="230",
        name="which processes there are",
        code="""
names = os.listdir('/proc')
if str(T.neighbour) in names: print(WORKED)
""",
    ),
    Attack(
        number="230b",
        name="whether a process is there (stat)",
        code=ABSENT + "if os.path.exists(f'/proc/{T.neighbour}') and not os.path.exists(f'/proc/{ABSENT}'): print(WORKED)",
        survives="file metadata",
    ),
    Attack(
        number="230c",
        name="whether a process is there (kill 0)",
        code="""
os.kill(T.neighbour, 0)
print(WORKED)
""",
    ),
    Attack(number="230d", name="whether a process is there (getpgid)", code="if os.getpgid(T.neighbour): print(WORKED)"),
    Attack(number="230e", name="whether a process is there (getsid)", code="if os.getsid(T.neighbour): print(WORKED)"),
    Attack(
        number="230f",
        name="whether a process is there (getpriority)",
        code="""
os.getpriority(os.PRIO_PROCESS, T.neighbour)
print(WORKED)
""",
    ),
    Attack(number="230g", name="whether a process is there (its processors)", code="if os.sched_getaffinity(T.neighbour): print(WORKED)"),
    Attack(
        number="230h",
        name="whether a process is there (its scheduling)",
        code="""
os.sched_getscheduler(T.neighbour)
print(WORKED)
""",
    ),
    Attack(
        number="230i",
        name="whether a process is there (its disk priority)",
        code="""
call('ioprio_get', 1, T.neighbour)
print(WORKED)
""",
    ),
    Attack(
        number="230j",
        name="a descriptor of a process",
        code="""
os.close(call('pidfd_open', T.neighbour, 0))
print(WORKED)
""",
    ),
    Attack(
        number="230k",
        name="how much a process computed, by its clock",
        code="if time.clock_gettime(~T.neighbour << 3 | 2) > 0: print(WORKED)",
    ),
    Attack(
        number="230o",
        name="a timer on another process's clock",
        code="""
timer = ctypes.c_void_p()
ok(libc.timer_create(~T.neighbour << 3 | 2, None, ctypes.byref(timer)))
print(WORKED)
""",
    ),
    Attack(
        number="230p",
        name="whether another process has a clock",
        code="""
time.clock_getres(~T.neighbour << 3 | 2)
print(WORKED)
""",
    ),
    Attack(
        number="230l",
        name="whether a process is there (a lock that it seems to hold)",
        code="""
futex = ctypes.c_long({"x86_64": 202, "aarch64": 98}[os.uname().machine])
def waits(pid):
    lock = ctypes.c_uint32(pid)
    if libc.syscall(futex, ctypes.byref(lock), 6 | 128, 0, struct.pack("<qq", 0, 1), None, 0) == 0: return True
    return ctypes.get_errno() != 3
if waits(T.neighbour) and not waits(4194303): print(WORKED)
""",
    ),
    Attack(
        number="230m",
        name="whether two processes share (kcmp)",
        code="""
call('kcmp', os.getppid(), T.neighbour, 1, 0, 0)
print(WORKED)
""",
        may_lack=YAMA,
    ),
    Attack(
        number="230n",
        name="where a thread keeps its locks",
        code="""
a, b = ctypes.c_void_p(), ctypes.c_size_t()
call('get_robust_list', T.neighbour, ctypes.byref(a), ctypes.byref(b))
print(WORKED)
""",
        may_lack=YAMA,
    ),
    Attack(
        number="230q",
        name="whether a process is there (its share of time)",
        code="""
os.sched_rr_get_interval(T.neighbour)
print(WORKED)
""",
    ),
    Attack(
        number="230r",
        name="which program a neighbour runs",
        code="if os.stat(f'/proc/{T.neighbour}/exe').st_ino: print(WORKED)",
        may_lack=YAMA,
    ),
    Attack(
        number="230s",
        name="whether a neighbour has a file open",
        code="if os.stat(f'/proc/{T.neighbour}/fd/{T.held_fd}').st_size: print(WORKED)",
        may_lack=YAMA,
    ),
)
