"""Native code, other numberings of system calls, terminals, and what binds the process to the engine."""

from __future__ import annotations

from tests.redteam.attack import Attack

NATIVE: tuple[Attack, ...] = (
    Attack(
        number="71",
        name="the numbers of x32",
        code="if ok(libc.syscall(ctypes.c_long(0x40000000 | 39))) == os.getpid(): print(WORKED)",
        may_lack="a kernel without x32",
        may_end=True,
        is_alone=True,
    ),
    Attack(
        number="71b",
        name="int 0x80, in machine code of its own",
        code="""
if os.uname().machine != "x86_64": raise OSError("not on this machine")
code = bytes.fromhex("b814000000cd80c3")
place = libc.mmap(None, ctypes.c_size_t(4096), 7, 0x22, -1, ctypes.c_long(0))
ctypes.memmove(place, code, len(code))
if ctypes.CFUNCTYPE(ctypes.c_int)(place)() == os.getpid(): print(WORKED)
""",
        may_lack="a kernel without 32-bit programs",
        may_end=True,
        is_alone=True,
    ),
    Attack(
        number="72",
        name="type into a terminal",
        code="""
import fcntl
a, b = os.openpty()
fcntl.ioctl(b, 0x5412, b'x')
print(WORKED)
""",
        may_lack="no terminals, or none that let themselves be typed into",
    ),
    Attack(
        number="72b",
        name="make a terminal",
        code="""
os.openpty()
print(WORKED)
""",
        may_lack="no terminals",
    ),
    Attack(
        number="72c",
        name="the terminal of the person",
        code="""
os.open('/dev/tty', os.O_RDWR)
print(WORKED)
""",
        held_anyway="the child has a session of its own, without a terminal",
    ),
    Attack(
        number="73",
        name="become root by a program that is root's",
        code="""
import subprocess
if subprocess.run(["/bin/su", "--version"], capture_output=True).returncode == 0: print(WORKED)
""",
        may_lack="there is no su",
    ),
    Attack(
        number="74",
        name="outlive the engine",
        code="""
ok(libc.prctl(1, 0, 0, 0, 0))
print(WORKED)
""",
        is_alone=True,
    ),
    Attack(
        number="74b",
        name="leave its session",
        code="""
os.setpgid(0, os.getpgid(os.getppid()))
print(WORKED)
""",
        held_anyway="the child leads a session of its own",
    ),
    Attack(
        number="74c",
        name="be dumped, or not",
        code="""
ok(libc.prctl(4, 0, 0, 0, 0))
print(WORKED)
""",
        is_alone=True,
    ),
    Attack(
        number="74d",
        name="adopt orphans",
        code="""
ok(libc.prctl(36, 1, 0, 0, 0))
print(WORKED)
""",
        is_alone=True,
    ),
    Attack(
        number="74f",
        name="switch the mitigations of the processor",
        code="""
ok(libc.prctl(53, 0, 2, 0, 0))
print(WORKED)
""",
        is_alone=True,
        may_lack="this processor has no such switch",
    ),
    Attack(
        number="78",
        name="a native library of the person",
        code="""
ctypes.CDLL(T.library)
print(WORKED)
""",
    ),
    Attack(
        number="78b",
        name="a native library through sqlite3",
        code="""
import sqlite3
c = sqlite3.connect(":memory:")
if not hasattr(c, "load_extension"): raise OSError("this Python was built without extensions of sqlite3")
c.enable_load_extension(True)
try: c.load_extension(T.library)
except sqlite3.OperationalError as error:
    if "undefined symbol" in str(error): print(WORKED)
    raise
""",
        may_lack="sqlite3 without extensions",
    ),
    Attack(
        number="78c",
        name="an extension module of the person",
        code="""
import importlib.machinery as m, importlib.util as u
loader = m.ExtensionFileLoader('stolen', T.library)
try: u.module_from_spec(u.spec_from_loader('stolen', loader))
except ImportError as e:
    if 'PyInit' in str(e): print(WORKED)
    raise
""",
    ),
    Attack(number="78d", name="a function of the C library", code="if libc.abs(-5) == 5: print(WORKED)", survives="informational"),
    Attack(
        number="78e",
        name="machine code of its own",
        code="""
code = bytes.fromhex({"x86_64": "b82a000000c3", "aarch64": "40058052c0035fd6"}[os.uname().machine])
place = libc.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))
ctypes.memmove(place, code, len(code))
ok(libc.mprotect(ctypes.c_void_p(place), ctypes.c_size_t(4096), 5))
if ctypes.CFUNCTYPE(ctypes.c_int)(place)() == 42: print(WORKED)
""",
        survives="informational",
    ),
)
