"""Reading files that are not the model's, by every road."""

from __future__ import annotations

from tests.redteam.attack import Attack

IO_URING = """
def ring(operations):
    params = ctypes.create_string_buffer(120)
    fd = call("io_uring_setup", 8, params)
    words = struct.unpack("<30I", params.raw)
    sq, cq = words[10:20], words[20:30]
    size = max(sq[6] + 8 * 4, cq[5] + 16 * 16)
    area = mmap.mmap(fd, size + 4096, mmap.MAP_SHARED, offset=0)
    entries = mmap.mmap(fd, 8 * 64, mmap.MAP_SHARED, offset=0x10000000)
    results = []
    for operation in operations:
        entries[0:64] = operation(results).ljust(64, b"\\0")
        tail, = struct.unpack_from("<I", area, sq[1])
        mask, = struct.unpack_from("<I", area, sq[2])
        struct.pack_into("<I", area, sq[6] + 4 * (tail & mask), 0)
        struct.pack_into("<I", area, sq[1], tail + 1)
        call("io_uring_enter", fd, 1, 1, 1, None, 0)
        head, = struct.unpack_from("<I", area, cq[0])
        mask, = struct.unpack_from("<I", area, cq[2])
        results.append(struct.unpack_from("<i", area, cq[5] + 16 * (head & mask) + 8)[0])
        struct.pack_into("<I", area, cq[0], head + 1)
    return results
path = ctypes.create_string_buffer(T.ssh.encode())
got = ctypes.create_string_buffer(100)
def open_it(_):
    return struct.pack("<BBHiQQII", 18, 0, 0, -100, 0, ctypes.addressof(path), 0, 0)
def read_it(results):
    return struct.pack("<BBHiQQII", 22, 0, 0, results[0], 0, ctypes.addressof(got), 100, 0)
print(ring([open_it, read_it]), got.value.decode())
"""

READING: tuple[Attack, ...] = (
    Attack(number="1", name="read a private key", code="print(open(T.ssh).read())"),
    Attack(number="2", name="read the program's own keys", code="print(open(T.config).read())"),
    Attack(
        number="2b",
        name="read passwords by the library that knows them",
        code="""
import netrc
print(netrc.netrc(T.netrc).hosts)
""",
    ),
    Attack(number="3", name="read /etc/passwd", code="print(open('/etc/passwd').read())"),
    Attack(
        number="3b",
        name="ask the system for its accounts",
        code="""
import pwd
for p in pwd.getpwall(): print(':'.join(map(str, p)))
""",
    ),
    Attack(number="6", name="read through /proc/self/root", code="print(open('/proc/self/root' + T.ssh).read())"),
    Attack(number="6b", name="read through /proc/self/cwd", code="print(open('/proc/self/cwd/../' + T.ssh).read())"),
    Attack(number="6c", name="read through a neighbour's root", code="print(open(f'/proc/{T.neighbour}/root{T.ssh}').read())"),
    Attack(number="7", name="read through a link that lies in the program's folder", code="print(open(T.way_out).read())"),
    Attack(
        number="7b",
        name="read through a link made for it",
        code="""
os.symlink(T.ssh, f'/tmp/{T.token}')
print(open(f'/tmp/{T.token}').read())
""",
    ),
    Attack(
        number="8",
        name="read through a hard link made for it",
        code="""
os.link(T.ssh, f'{T.packages}/{T.token}')
print(open(f'{T.packages}/{T.token}').read())
""",
    ),
    Attack(
        number="9",
        name="read by C's open and read",
        code="""
fd = ok(libc.open(T.ssh.encode(), 0))
b = ctypes.create_string_buffer(99)
libc.read(fd, b, 99)
print(b.value)
""",
    ),
    Attack(
        number="9b",
        name="read by fopen",
        code="""
libc.fopen.restype = ctypes.c_void_p
f = libc.fopen(T.ssh.encode(), b'r')
if not f: ok(-1)
b = ctypes.create_string_buffer(99)
libc.fgets(b, 99, ctypes.c_void_p(f))
print(b.value)
""",
    ),
    Attack(number="10", name="read by io_uring", code=IO_URING, may_lack="io_uring is not there or not allowed"),
    Attack(number="11", name="map a file", code="with open(T.ssh) as f: print(mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)[:])"),
    Attack(
        number="12",
        name="open without reading, then again through /proc/self/fd",
        code="""
fd = os.open(T.ssh, os.O_PATH)
print(open(f'/proc/self/fd/{fd}').read())
""",
    ),
    Attack(
        number="12b",
        name="open a folder without reading, then a file below it",
        code="""
fd = os.open(T.home, os.O_PATH)
print(os.read(os.open('.ssh/id_rsa', os.O_RDONLY, dir_fd=fd), 99))
""",
    ),
    Attack(
        number="28",
        name="read what descriptors the engine left open",
        code="""
for fd in range(3, 1001):
    try: print(os.pread(fd, 200, 0))
    except OSError: pass
""",
        is_alone=True,
        held_anyway="the child is born with its own descriptors only",
    ),
    Attack(
        number="200",
        name="copy out by sendfile",
        code="""
r, w = os.pipe()
os.sendfile(w, os.open(T.ssh, os.O_RDONLY), 0, 99)
print(os.read(r, 99))
""",
    ),
    Attack(
        number="201",
        name="copy out by splice",
        code="""
r, w = os.pipe()
os.splice(os.open(T.ssh, os.O_RDONLY), w, 99)
print(os.read(r, 99))
""",
    ),
    Attack(
        number="202",
        name="a database file by sqlite3",
        code="""
import sqlite3
print(*sqlite3.connect(T.database).execute('select * from notes'))
""",
    ),
    Attack(
        number="202b",
        name="a database file by ATTACH",
        code="""
import sqlite3
c = sqlite3.connect(':memory:')
c.execute('attach ? as d', (T.database,))
print(*c.execute('select * from d.notes'))
""",
    ),
    Attack(
        number="203",
        name="import a module of the person",
        code="""
sys.path.insert(0, T.plugins)
import secret_plugin
print(secret_plugin.KEY)
""",
    ),
    Attack(
        number="203b",
        name="import out of a zip file",
        code="""
sys.path.insert(0, T.zip)
import zipped_plugin
print(zipped_plugin.KEY)
""",
    ),
    Attack(
        number="203c",
        name="run a file of the person",
        code="""
import runpy
print(runpy.run_path(T.plugins + '/secret_plugin.py')['KEY'])
""",
    ),
    Attack(
        number="203d",
        name="add a folder by site, as a .pth file would",
        code="""
import site
site.addsitedir(T.plugins)
import secret_plugin
print(secret_plugin.KEY)
""",
    ),
    Attack(
        number="204",
        name="read lines by linecache",
        code="""
import linecache
print(linecache.getlines(T.bashrc))
""",
    ),
    Attack(
        number="205",
        name="open by handle",
        code="""
handle = ctypes.create_string_buffer(struct.pack("<Ii", 128, 0), 136)
mount_id = ctypes.c_int()
ok(libc.name_to_handle_at(-100, T.ssh.encode(), handle, ctypes.byref(mount_id), 0))
fd = ok(libc.open_by_handle_at(os.open(T.home, os.O_RDONLY), handle, 0))
print(os.read(fd, 99))
""",
        may_lack="only root opens files by handle",
    ),
    Attack(
        number="206",
        name="read by openat2",
        code="""
how = struct.pack('<QQQ', 0, 0, 0)
print(os.read(call('openat2', -100, T.ssh.encode(), how, len(how)), 99))
""",
        may_lack="a kernel before 5.6",
    ),
    Attack(
        number="207",
        name="read by code in the thread that reads the protocol",
        code="""
from rlm_desktop.sandbox.child import bridge
found, kept = [], bridge.Bridge._take
def spy(self, header, body):
    try: found.append(open(T.ssh).read())
    except OSError as error: found.append(repr(error))
    kept(self, header, body)
bridge.Bridge._take = spy
try: llm_query("hello")
except Exception: pass
bridge.Bridge._take = kept
print(found)
""",
    ),
    Attack(
        number="207b",
        name="read in a new thread",
        code="""
import threading
def look(): print(open(T.ssh).read())
t = threading.Thread(target=look)
t.start()
t.join()
""",
    ),
    Attack(
        number="207c",
        name="read in a thread that existed before the block",
        code="""
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool: print(*pool.map(lambda _: open(T.ssh).read(), range(4)))
""",
    ),
)
