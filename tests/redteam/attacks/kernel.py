"""The kernel's rarer doors: an error in one of them is a way out of everything, so none is open."""

from __future__ import annotations

from tests.redteam.attack import Attack

ROOT = "only root may"

KERNEL: tuple[Attack, ...] = (
    Attack(
        number="70",
        name="performance counters",
        code="""
attr = ctypes.create_string_buffer(struct.pack('<IIQ', 1, 112, 9) + bytes(24) + struct.pack('<Q', 0x61), 112)
call('perf_event_open', attr, 0, -1, -1, 0)
print(WORKED)
""",
        may_lack="performance counters are not for ordinary users",
    ),
    Attack(
        number="70b",
        name="programs in the kernel (bpf)",
        code="""
attr = ctypes.create_string_buffer(struct.pack('<IIII', 2, 4, 4, 1), 72)
call('bpf', 0, attr, 72)
print(WORKED)
""",
        may_lack="bpf is not for ordinary users",
    ),
    Attack(
        number="70c",
        name="page faults handled by itself",
        code="""
call('userfaultfd', 1)
print(WORKED)
""",
        may_lack="a kernel without userfaultfd",
    ),
    Attack(
        number="70d",
        name="io_uring",
        code="""
call('io_uring_setup', 8, ctypes.create_string_buffer(120))
print(WORKED)
""",
        may_lack="io_uring is not there or not allowed",
    ),
    Attack(
        number="240",
        name="mount",
        code="""
ok(libc.mount(b'none', b'/tmp', b'tmpfs', ctypes.c_ulong(0), None))
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="240b",
        name="mount by the newer calls",
        code="""
call('fsopen', b'tmpfs', 0)
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="240c",
        name="a tree of files apart",
        code="""
call('open_tree', -100, T.home.encode(), 0)
print(WORKED)
""",
        may_lack="a kernel before 5.2",
    ),
    Attack(
        number="240d",
        name="pivot_root",
        code="""
call('pivot_root', b'/tmp', b'/tmp')
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="240e",
        name="chroot",
        code="""
os.chroot('/tmp')
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="240f",
        name="stand elsewhere (chdir)",
        code="""
os.chdir(T.home)
print(WORKED)
""",
    ),
    Attack(
        number="240g",
        name="stand elsewhere (fchdir)",
        code="""
os.fchdir(os.open(T.home, os.O_PATH))
print(WORKED)
""",
    ),
    Attack(
        number="240h",
        name="list mounts by the newest call",
        code="""
ids = (ctypes.c_uint64 * 64)()
if call('listmount', struct.pack('<IIQQ', 24, 0, 2**64 - 1, 0), ids, 64, 0): print(WORKED)
""",
        may_lack="a kernel before 6.8",
    ),
    Attack(
        number="241",
        name="quotas",
        code="""
call('quotactl', 0x80000100 - 2**32, None, 0, None)
print(WORKED)
""",
        may_lack="a kernel without quotas",
    ),
    Attack(
        number="242",
        name="the kernel's log",
        code="""
b = ctypes.create_string_buffer(4096)
if call('syslog', 3, b, 4096): print(WORKED)
""",
        may_lack="the kernel's log is not for ordinary users",
    ),
    Attack(
        number="243",
        name="behave as on another system",
        code="""
ok(libc.personality(ctypes.c_ulong(0x0040000)))
print(WORKED)
""",
        is_alone=True,
    ),
    Attack(
        number="244",
        name="segments of its own",
        code="""
call('modify_ldt', 0, ctypes.create_string_buffer(99), 99)
print(WORKED)
""",
        may_lack="a kernel without 16-bit segments",
    ),
    Attack(
        number="244b",
        name="ports of the machine",
        code="""
call('ioperm', 0x80, 1, 1)
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="245",
        name="set the clock",
        code="""
time.clock_settime(time.CLOCK_REALTIME, time.time())
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="245b",
        name="ask how the clock is kept (adjtimex)",
        code="if libc.adjtimex(ctypes.create_string_buffer(208)) >= 0: print(WORKED)",
    ),
    Attack(
        number="246",
        name="name the machine",
        code="""
socket.sethostname('evil')
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="247",
        name="restart the machine, by a wrong number",
        code="""
ok(libc.reboot(0))
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="248",
        name="become another user",
        code="""
os.setuid(0)
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="248b",
        name="become the user that it is",
        code="""
os.setuid(os.getuid())
print(WORKED)
""",
    ),
    Attack(
        number="249",
        name="load a module into the kernel",
        code="""
call('init_module', None, 0, b'')
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="249b",
        name="another kernel",
        code="""
call('kexec_load', 0, 0, None, 0)
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="250",
        name="move memory between nodes",
        code="""
call('move_pages', T.neighbour, 0, None, None, None, 0)
print(WORKED)
""",
        may_lack="a kernel for one node",
    ),
    Attack(
        number="251",
        name="what of a file lies in memory",
        code="""
b = ctypes.create_string_buffer(1)
m = mmap.mmap(-1, 4096)
ok(libc.mincore(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(m))), ctypes.c_size_t(4096), b))
print(WORKED)
""",
    ),
    Attack(
        number="251b",
        name="what of a file lies in memory (cachestat)",
        code="""
fd = os.open(T.package, os.O_RDONLY)
call('cachestat', fd, struct.pack('<QQ', 0, 0), ctypes.create_string_buffer(40), 0)
print(WORKED)
""",
        may_lack="a kernel before 6.5",
    ),
    Attack(
        number="252",
        name="which protections the kernel has",
        code="""
call('lsm_list_modules', (ctypes.c_uint64 * 9)(), struct.pack('<Q', 72), 0)
print(WORKED)
""",
        may_lack="a kernel before 6.8",
    ),
    Attack(
        number="253",
        name="go before others (real time)",
        code="""
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="253b",
        name="go before others (nice)",
        code="""
os.nice(-1)
print(WORKED)
""",
        may_lack=ROOT,
    ),
    Attack(
        number="254",
        name="devices of the machine",
        code="""
opened = []
for name in "zero full random urandom tty ptmx fuse kvm net/tun vsock kmsg mem snapshot loop-control rtc0 uinput".split():
    try: opened.append(os.open("/dev/" + name, os.O_RDWR))
    except OSError: pass
if opened: print(WORKED, opened)
""",
    ),
)
