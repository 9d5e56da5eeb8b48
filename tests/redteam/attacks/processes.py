"""Secrets that other processes hold, in their memory, files, keys and environments."""

from __future__ import annotations

from tests.redteam.attack import Attack

YAMA = "this kernel lets no process trace one that is not its own"
MEMORY = """
def read_memory(pid, address, length):
    got = ctypes.create_string_buffer(length)
    mine = struct.pack("<QQ", ctypes.addressof(got), length)
    ok(libc.process_vm_readv(pid, mine, ctypes.c_ulong(1), struct.pack("<QQ", address, length), ctypes.c_ulong(1), ctypes.c_ulong(0)))
    return got.value
"""
TRACE = """
def trace(pid, address, length):
    libc.ptrace.restype, libc.ptrace.argtypes = ctypes.c_long, [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    ok(libc.ptrace(0x4206, pid, None, None))
    ok(libc.ptrace(0x4207, pid, None, None))
    os.waitpid(pid, 0x40000000)
    found = b"".join(struct.pack("<q", libc.ptrace(2, pid, at, None)) for at in range(address, address + length, 8))
    ok(libc.ptrace(17, pid, None, None))
    return found
"""

PROCESSES: tuple[Attack, ...] = (
    Attack(
        number="29",
        name="keys in its own environment",
        code="""
print(os.environ)
libc.getenv.restype = ctypes.c_char_p
print(libc.getenv(b'RLM_REDTEAM_KEY'))
print(open('/proc/self/environ').read())
""",
        held_anyway="the child's environment is built, not inherited",
    ),
    Attack(number="30", name="the engine's environment", code="print(open(f'/proc/{os.getppid()}/environ').read())"),
    Attack(number="30b", name="a neighbour's environment", code="print(open(f'/proc/{T.neighbour}/environ').read())"),
    Attack(
        number="31",
        name="the engine's memory through /proc",
        code="""
fd = os.open(f'/proc/{os.getppid()}/mem', os.O_RDONLY)
print(os.pread(fd, T.key_length, T.key_address))
""",
        may_lack=YAMA,
    ),
    Attack(number="31b", name="what the engine has mapped", code="if open(f'/proc/{os.getppid()}/maps').read(): print(WORKED)"),
    Attack(number="31c", name="the engine's command line", code="print(open(f'/proc/{os.getppid()}/cmdline').read())"),
    Attack(number="31d", name="a neighbour's command line", code="print(open(f'/proc/{T.neighbour}/cmdline').read())"),
    Attack(number="31e", name="a neighbour's open file", code="print(open(f'/proc/{T.neighbour}/fd/{T.held_fd}').read())", may_lack=YAMA),
    Attack(
        number="31f",
        name="a neighbour's pipe",
        code="print(os.read(os.open(f'/proc/{T.neighbour}/fd/{T.pipe_fd}', os.O_RDONLY | os.O_NONBLOCK), 99))",
        may_lack=YAMA,
    ),
    Attack(
        number="31g",
        name="what the neighbour's files are called",
        code="if os.readlink(f'/proc/{T.neighbour}/fd/{T.held_fd}'): print(WORKED)",
        may_lack=YAMA,
    ),
    Attack(number="31h", name="the state of a neighbour", code="if 'VmRSS' in open(f'/proc/{T.neighbour}/status').read(): print(WORKED)"),
    Attack(
        number="32",
        name="write to its own memory past its protection",
        code="""
b = ctypes.create_string_buffer(b'aa')
with open('/proc/self/mem', 'rb+', buffering=0) as f:
    f.seek(ctypes.addressof(b))
    f.write(b'bb')
if b.value == b'bb': print(WORKED)
""",
    ),
    Attack(
        number="32b",
        name="ask less of the kernel's killer when memory is short",
        code="""
open('/proc/self/oom_score_adj', 'w').write('999')
print(WORKED)
""",
        may_lack="a process cannot change this of itself here",
    ),
    Attack(
        number="32c",
        name="make the kernel's killer choose a neighbour",
        code="open(f'/proc/{T.neighbour}/oom_score_adj', 'w').write('1000')",
    ),
    Attack(
        number="33",
        name="trace the engine (ptrace)",
        code=TRACE + "print(trace(os.getppid(), T.key_address, T.key_length))",
        may_lack=YAMA,
    ),
    Attack(
        number="33b",
        name="trace a neighbour (ptrace)",
        code=TRACE + "print(trace(T.neighbour, T.address, T.length))",
        may_lack=YAMA,
    ),
    Attack(
        number="33c",
        name="let others trace it",
        code="""
ok(libc.prctl(0x59616d61, -1, 0, 0, 0))
print(WORKED)
""",
        may_lack="a kernel without Yama",
    ),
    Attack(
        number="34",
        name="read the engine's memory",
        code=MEMORY + "print(read_memory(os.getppid(), T.key_address, T.key_length))",
        may_lack=YAMA,
    ),
    Attack(
        number="34b", name="read a neighbour's memory", code=MEMORY + "print(read_memory(T.neighbour, T.address, T.length))", may_lack=YAMA
    ),
    Attack(
        number="34c",
        name="write a neighbour's memory",
        code="""
evil = ctypes.create_string_buffer(b'evil')
mine = struct.pack('<QQ', ctypes.addressof(evil), 4)
its = struct.pack('<QQ', T.address, 4)
ok(libc.process_vm_writev(T.neighbour, mine, ctypes.c_ulong(1), its, ctypes.c_ulong(1), ctypes.c_ulong(0)))
""",
        may_lack=YAMA,
    ),
    Attack(
        number="34d",
        name="have a neighbour's memory given back",
        code="""
fd = call('pidfd_open', T.neighbour, 0)
vector = struct.pack('<QQ', T.address // 4096 * 4096, 4096)
call('process_madvise', fd, vector, 1, 20, 0)
print(WORKED)
""",
        may_lack="only root advises on others' memory",
    ),
    Attack(
        number="35",
        name="take a descriptor out of a neighbour",
        code="""
fd = call('pidfd_getfd', call('pidfd_open', T.neighbour, 0), T.held_fd, 0)
print(os.pread(fd, 99, 0))
""",
        may_lack=YAMA,
    ),
    Attack(
        number="39",
        name="the person's keys in the kernel",
        code="""
key = call('keyctl', 10, -4, b'user', b'redteam-' + T.token.encode(), 0)
b = ctypes.create_string_buffer(99)
call('keyctl', 11, key, b, 99)
print(b.value)
""",
        may_lack="the kernel keeps no keys for programs here",
    ),
    Attack(
        number="39b",
        name="put a key into the kernel",
        code="""
call('add_key', b'user', T.token.encode(), b'evil', 4, -2)
print(WORKED)
""",
        may_lack="the kernel keeps no keys for programs here",
    ),
    Attack(
        number="39c",
        name="leave for a keyring of its own",
        code="""
call('keyctl', 1, None)
print(WORKED)
""",
        may_lack="the kernel keeps no keys for programs here",
        is_alone=True,
    ),
    Attack(
        number="40",
        name="memory shared by another program (SysV)",
        code="""
place = libc.shmat(T.shm, None, 0)
ok(-1 if place == 2**64 - 1 else 0)
print(ctypes.string_at(place, 32))
""",
        may_lack="a kernel without SysV memory",
    ),
    Attack(
        number="40b",
        name="remove memory shared by another program",
        code="""
ok(libc.shmctl(T.shm, 0, None))
print(WORKED)
""",
        may_lack="a kernel without SysV memory",
    ),
    Attack(
        number="40c",
        name="make a queue for others (SysV)",
        code="""
fd = ok(libc.msgget(0, 0o1600))
libc.msgctl(fd, 0, None)
print(WORKED)
""",
        may_lack="a kernel without SysV queues",
    ),
    Attack(
        number="40d",
        name="make a semaphore for others (SysV)",
        code="""
fd = ok(libc.semget(0, 1, 0o1600))
libc.semctl(fd, 0, 0)
print(WORKED)
""",
        may_lack="a kernel without SysV semaphores",
    ),
    Attack(
        number="43",
        name="the session's secrets over its bus",
        code="""
s = socket.socket(socket.AF_UNIX)
s.connect(T.bus)
print(s.recv(99))
""",
    ),
    Attack(
        number="44",
        name="the clipboard, as the window system has it: an abstract socket",
        code="""
s = socket.socket(socket.AF_UNIX)
s.connect(T.abstract)
print(s.recv(99))
""",
    ),
    Attack(
        number="45",
        name="the environment of the first process",
        code="if open('/proc/1/environ').read(): print(WORKED)",
        held_anyway="the first process is root's; under bubblewrap it is one with a clean environment",
    ),
    Attack(
        number="231",
        name="what the pipe's other end may signal (SO_PEERCRED)",
        code="""
for fd in range(3, 64):
    try:
        s = socket.socket(fileno=os.dup(fd))
        fd = s.getsockopt(socket.SOL_SOCKET, 77)
        call("pidfd_send_signal", fd, int(signal.SIGWINCH), None, 0)
    except OSError: pass
""",
        may_lack="the protocol's pipes are no sockets, or say nothing of who made them",
    ),
)
