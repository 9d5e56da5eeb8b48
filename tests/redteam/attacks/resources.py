"""Taking more than its share: limits raised, and memory, descriptors, threads and files without end."""

from __future__ import annotations

from tests.redteam.attack import Attack

LIMITS = "the child's own limits hold"

RESOURCES: tuple[Attack, ...] = (
    Attack(
        number="79",
        name="raise its own limits",
        code="""
import resource
for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_CPU):
    soft, hard = resource.getrlimit(kind)
    try:
        resource.setrlimit(kind, (hard + 1, hard + 1))
        print(WORKED, kind)
    except (ValueError, OSError): pass
""",
        held_anyway=LIMITS,
    ),
    Attack(
        number="79b",
        name="raise its own limits by prlimit",
        code="""
import resource
resource.prlimit(os.getpid(), resource.RLIMIT_NOFILE, (100000, 100000))
print(WORKED)
""",
        held_anyway=LIMITS,
    ),
    Attack(
        number="80",
        name="6 GB of memory",
        code="""
b = bytearray(40 << 30)
print(WORKED)
""",
        held_anyway=LIMITS,
        may_end=True,
        is_alone=True,
    ),
    Attack(
        number="80b",
        name="memory that is shared, without end",
        code="""
kept = []
for _ in range(400): kept.append(mmap.mmap(-1, 256 << 20))
print(WORKED)
""",
        held_anyway=LIMITS,
        may_end=True,
        is_alone=True,
    ),
    Attack(
        number="82",
        name="a text of 10**12 characters",
        code="""
t = 'a' * 10**12
print(WORKED)
""",
        held_anyway=LIMITS,
    ),
    Attack(number="83", name="fill the disk with one file", code="open(f'/tmp/{T.token}', 'wb').write(bytes(1 << 20))"),
    Attack(number="83b", name="fill the disk with many files", code="for n in range(200): open(f'/tmp/{T.token}-{n}', 'w').close()"),
    Attack(
        number="84",
        name="5,000 descriptors",
        code="""
kept = []
for _ in range(5000): kept.append(os.dup(0))
print(WORKED)
""",
        held_anyway=LIMITS,
        is_alone=True,
    ),
    Attack(
        number="85",
        name="3,000 threads",
        code="""
import threading
stop = threading.Event()
kept = []
try:
    for _ in range(3000):
        t = threading.Thread(target=stop.wait, daemon=True)
        t.start()
        kept.append(t)
    print(WORKED)
finally:
    stop.set()
""",
        held_anyway=LIMITS,
        is_alone=True,
    ),
    Attack(
        number="260",
        name="leave a core file",
        code="""
import resource
resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
print(WORKED)
""",
        held_anyway=LIMITS,
    ),
    Attack(
        number="262",
        name="a large pipe in the kernel",
        code="""
import fcntl
r, w = os.pipe()
fcntl.fcntl(w, 1031, 1 << 20)
print(WORKED)
""",
    ),
    Attack(
        number="263",
        name="memory that is never given back to others",
        code="""
m = mmap.mmap(-1, 4096)
ok(libc.mlock(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(m))), ctypes.c_size_t(4096)))
print(WORKED)
""",
        may_lack="no memory may be locked here",
    ),
)
