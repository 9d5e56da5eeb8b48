"""New processes and programs, by every road."""

from __future__ import annotations

from tests.redteam.attack import Attack

STAY = "import time\nif pid == 0:\n    time.sleep(60)\n    os._exit(0)\n"
IN_A_COPY = """
try: copy = os.fork()
except OSError: copy = 0
if copy:
    os.waitpid(copy, 0)
else:
    ok(libc.unshare({flags}))
    {act}
    os.mkdir(f"/tmp/{{T.token}}")
"""
"""Only a process with one thread gets a user namespace, so a copy of it tries where there can be one."""

EXECUTION: tuple[Attack, ...] = (
    Attack(
        number="63",
        name="subprocess",
        code="""
import subprocess
print(subprocess.run(['/bin/cat', T.ssh], capture_output=True, check=True).stdout)
""",
    ),
    Attack(number="63b", name="os.system", code="os.system(f'cat {T.ssh} >&2; : > /tmp/{T.token}')"),
    Attack(number="63c", name="posix_spawn", code="os.waitpid(os.posix_spawn('/bin/mkdir', ['mkdir', f'/tmp/{T.token}'], {}), 0)"),
    Attack(number="63d", name="popen", code="print(os.popen(f'cat {T.ssh}').read())"),
    Attack(
        number="63e",
        name="a program started by asyncio",
        code="""
async def go():
    p = await asyncio.create_subprocess_exec('/bin/cat', T.ssh, stdout=-1)
    print((await p.communicate())[0])
asyncio.run(go())
""",
    ),
    Attack(
        number="63f",
        name="a program started by the C library",
        code="""
libc.popen.restype = ctypes.c_void_p
libc.system(f': > /tmp/{T.token}'.encode())
""",
    ),
    Attack(
        number="63g",
        name="a program in a terminal of its own",
        code="import pty\npid, fd = pty.fork()\n" + STAY,
        may_lack="a machine without terminals",
    ),
    Attack(number="64", name="fork", code="pid = os.fork()\n" + STAY),
    Attack(
        number="64b", name="fork by its number", code="pid = call('fork')\n" + STAY, is_alone=True, may_lack="a machine without this call"
    ),
    Attack(number="64d", name="clone as fork does", code="pid = call('clone', 17, None, None, None, None)\n" + STAY),
    Attack(
        number="64e",
        name="clone3 as fork does",
        code="args = ctypes.create_string_buffer(struct.pack('<8Q', 0, 0, 0, 0, 17, 0, 0, 0), 64)\npid = call('clone3', args, 64)\n" + STAY,
        may_lack="a kernel that hides clone3",
    ),
    Attack(
        number="64f",
        name="a process that shares memory but is no thread",
        code="""
stack = libc.mmap(None, ctypes.c_size_t(1 << 16), 3, 0x22, -1, ctypes.c_long(0))
sleep = ctypes.cast(libc.pause, ctypes.c_void_p)
ok(libc.clone(sleep, ctypes.c_void_p(stack + (1 << 16)), 0x100 | 17, None))
""",
        is_alone=True,
        may_end=True,
    ),
    Attack(
        number="65",
        name="a fork bomb (of 40)",
        code="""
import time
for _ in range(40):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
""",
    ),
    Attack(
        number="65b",
        name="a process that leaves the session",
        code="""
middle = os.fork()
if middle == 0:
    os.setsid()
    if os.fork() == 0:
        import time
        time.sleep(60)
    os._exit(0)
os.waitpid(middle, 0)
""",
    ),
    Attack(
        number="66",
        name="become another program",
        code="os.execv('/bin/sh', ['sh', '-c', f': > /tmp/{T.token}'])",
        is_alone=True,
    ),
    Attack(
        number="66b",
        name="become another program (execveat)",
        code="""
fd = os.open("/bin/mkdir", os.O_PATH)
argv = (ctypes.c_char_p * 3)(b"mkdir", f"/tmp/{T.token}".encode(), None)
call("execveat", fd, b"", argv, None, 0x1000)
""",
        is_alone=True,
    ),
    Attack(
        number="67",
        name="become a program in memory",
        code="""
fd = os.memfd_create('evil')
os.write(fd, open('/bin/mkdir', 'rb').read())
os.execve(fd, ['mkdir', f'/tmp/{T.token}'], {})
""",
        held_anyway="the child's limit on file size counts for files in memory too",
        is_alone=True,
    ),
    Attack(
        number="67b",
        name="a file in memory",
        code="""
os.memfd_create('evil')
print(WORKED)
""",
    ),
    Attack(
        number="67c",
        name="memory hidden from the kernel",
        code="""
call('memfd_secret', 0)
print(WORKED)
""",
        may_lack="a kernel without secret memory",
    ),
    Attack(
        number="67d",
        name="become the system's loader by its descriptor, and through it another program",
        code="""
loader = {"x86_64": "/lib64/ld-linux-x86-64.so.2", "aarch64": "/lib/ld-linux-aarch64.so.1"}[os.uname().machine]
os.execve(os.open(loader, os.O_RDONLY), ["loader", "/bin/mkdir", f"/tmp/{T.token}"], {})
""",
        may_lack="a system with another loader",
        is_alone=True,
    ),
    Attack(
        number="68",
        name="multiprocessing",
        code="""
import multiprocessing, time
multiprocessing.get_context('fork').Process(target=time.sleep, args=(60,)).start()
""",
    ),
    Attack(
        number="68b",
        name="a pool of processes",
        code="""
from concurrent.futures import ProcessPoolExecutor
import multiprocessing, time
pool = ProcessPoolExecutor(2, multiprocessing.get_context('fork'))
pool.submit(time.sleep, 60)
""",
        held_anyway="the child's limit on file size keeps its semaphores from it",
    ),
    Attack(
        number="69",
        name="a user namespace",
        code=IN_A_COPY.format(flags="0x10000000", act=""),
        may_lack="user namespaces are not for ordinary users",
    ),
    Attack(
        number="69b",
        name="a user namespace, and all rights in it",
        code=IN_A_COPY.format(flags="0x10020000", act="ok(libc.mount(b'none', b'/var', b'tmpfs', ctypes.c_ulong(0), None))"),
        may_lack="user namespaces are not for ordinary users",
    ),
    Attack(
        number="69c",
        name="a user namespace by clone",
        code="pid = call('clone', 0x10000000 | 17, None, None, None, None)\n" + STAY,
        may_lack="user namespaces are not for ordinary users",
    ),
    Attack(
        number="69d",
        name="join another's namespace",
        code="""
ok(libc.setns(os.open(f'/proc/{T.neighbour}/ns/net', os.O_RDONLY), 0))
print(WORKED)
""",
        may_lack="only root joins another's namespace",
    ),
    Attack(
        number="69e",
        name="share no files with its own threads",
        code="""
ok(libc.unshare(0x200))
print(WORKED)
""",
        is_alone=True,
    ),
)
