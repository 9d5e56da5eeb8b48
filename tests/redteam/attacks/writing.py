"""Writing: changing, making, and losing files, and what is known of them. The child can make only empty files, by its limit."""

from __future__ import annotations

from tests.redteam.attack import Attack

SIZE = "the child's limit on file size"

WRITING: tuple[Attack, ...] = (
    Attack(number="14", name="empty a file of the shell", code="open(T.bashrc, 'w')"),
    Attack(
        number="14b",
        name="write to a file of the shell by mapping it",
        code="with open(T.bashrc, 'r+') as f: mmap.mmap(f.fileno(), 0)[:4] = b'evil'",
    ),
    Attack(
        number="14c",
        name="add to a file of the shell",
        code="with open(T.bashrc, 'a') as f: f.write('evil')",
        held_anyway=SIZE,
    ),
    Attack(number="15", name="start with the session", code="os.symlink('/bin/true', f'{T.home}/.config/autostart/evil.desktop')"),
    Attack(number="16", name="write to /tmp", code="open(f'/tmp/{T.token}', 'w')"),
    Attack(number="16b", name="write to /dev/shm", code="open(f'/dev/shm/{T.token}', 'w')", may_lack="/dev/shm is not there"),
    Attack(number="16c", name="write to /var/tmp", code="open(f'/var/tmp/{T.token}', 'w')", may_lack="/var/tmp is not there"),
    Attack(number="16d", name="make a folder", code="os.mkdir(f'/tmp/{T.token}')"),
    Attack(
        number="16e",
        name="a file without a name",
        code="""
os.open('/tmp', os.O_TMPFILE | os.O_RDWR)
print(WORKED)
""",
        may_lack="a file system without O_TMPFILE",
    ),
    Attack(number="16f", name="make a FIFO", code="os.mkfifo(f'/tmp/{T.token}')"),
    Attack(number="16g", name="make a socket in a folder", code="socket.socket(socket.AF_UNIX).bind(f'/tmp/{T.token}')"),
    Attack(number="16h", name="make a node", code="os.mknod(f'/tmp/{T.token}')"),
    Attack(number="17", name="a .pth file in the program's environment", code="open(f'{T.packages}/{T.token}.pth', 'w')"),
    Attack(
        number="17b", name="a module in the program's environment", code="os.symlink(T.ssh, f'{T.packages}/sitecustomize_{T.token}.py')"
    ),
    Attack(number="17c", name="empty a module that may be read", code="os.open(T.package, os.O_RDONLY | os.O_TRUNC)"),
    Attack(
        number="17d", name="change a module by mapping it", code="with open(T.package, 'r+') as f: mmap.mmap(f.fileno(), 0)[:4] = b'evil'"
    ),
    Attack(
        number="17e",
        name="compile a module into the program's environment",
        code="""
import py_compile
py_compile.compile(T.package, cfile=f'{T.packages}/{T.token}.pyc', doraise=True)
""",
        held_anyway=SIZE,
    ),
    Attack(number="18", name="close a file to its owner", code="os.chmod(T.bashrc, 0)"),
    Attack(number="18b", name="open a private key to all", code="os.chmod(T.ssh, 0o777)"),
    Attack(number="18c", name="chmod by a descriptor that may be read", code="os.fchmod(os.open(T.package, os.O_RDONLY), 0)"),
    Attack(
        number="18d",
        name="chmod by the newest call",
        code="call('fchmodat2', -100, T.bashrc.encode(), 0, 0)",
        may_lack="a kernel before 6.6",
    ),
    Attack(number="18e", name="chmod through /proc/self/fd", code="os.chmod(f'/proc/self/fd/{os.open(T.ssh, os.O_PATH)}', 0o777)"),
    Attack(
        number="18f",
        name="change the owner's group",
        code="""
os.chown(T.bashrc, -1, os.getgid())
print(WORKED)
""",
    ),
    Attack(number="19", name="set a file's times", code="os.utime(T.diary, (1, 1))"),
    Attack(number="19b", name="set times by a descriptor that may be read", code="os.utime(os.open(T.package, os.O_RDONLY), (1, 1))"),
    Attack(
        number="20", name="set an attribute", code="os.setxattr(T.bashrc, 'user.evil', b'')", may_lack="a file system without attributes"
    ),
    Attack(
        number="20b",
        name="set an attribute by a descriptor that may be read",
        code="os.setxattr(os.open(T.package, os.O_RDONLY), 'user.evil', b'')",
        may_lack="a file system without attributes",
    ),
    Attack(number="21", name="cut a file", code="os.truncate(T.empty, 0)"),
    Attack(number="21b", name="cut a file by a descriptor", code="os.ftruncate(os.open(T.empty, os.O_RDWR), 0)"),
    Attack(number="21c", name="empty a file while reading it", code="os.open(T.empty, os.O_RDONLY | os.O_TRUNC)"),
    Attack(number="21d", name="empty a file, opened in the fourth way", code="os.open(T.empty, 3 | os.O_TRUNC)"),
    Attack(
        number="21e",
        name="punch a hole",
        code="""
fd = os.open(T.empty, os.O_RDWR)
ok(libc.fallocate(fd, 3, ctypes.c_long(0), ctypes.c_long(9)))
""",
        may_lack="a file system without holes",
    ),
    Attack(number="22", name="remove a file", code="os.unlink(T.bashrc)"),
    Attack(
        number="22b",
        name="remove a tree",
        code="""
import shutil
shutil.rmtree(T.plugins)
""",
    ),
    Attack(number="23", name="move a file", code="os.rename(T.bashrc, T.home + '/.profile')"),
    Attack(number="23b", name="put a file in the place of another", code="os.replace(T.empty, T.ssh)"),
    Attack(
        number="23c",
        name="exchange two files",
        code="ok(libc.renameat2(-100, T.empty.encode(), -100, T.ssh.encode(), 2))",
        may_lack="a file system that cannot exchange",
    ),
    Attack(number="23d", name="give a file another name", code="os.link(T.ssh, T.home + '/copy')"),
    Attack(
        number="24",
        name="change the context by its descriptor",
        code="""
for fd in range(3, 256):
    try:
        os.pwrite(fd, b'X', 0)
        print(WORKED, fd)
    except OSError: pass
""",
        is_alone=True,
        held_anyway="the context's descriptor is closed once it is read, and never could write",
    ),
    Attack(
        number="24b",
        name="open the engine's end of the context for writing",
        code="""
for fd in range(3, 256):
    try:
        if 'memfd:context' in os.readlink(f'/proc/{T.engine}/fd/{fd}'):
            os.open(f'/proc/{T.engine}/fd/{fd}', os.O_RDWR)
            print(WORKED)
    except OSError: pass
""",
        held_anyway="the engine closes the context once it is handed over",
    ),
    Attack(
        number="210",
        name="write into a neighbour's memory file through /proc",
        code="""
os.pwrite(os.open(f'/proc/{T.neighbour}/fd/{T.held_fd}', os.O_RDWR), b'X', 0)
print(WORKED)
""",
        held_anyway=SIZE,
    ),
    Attack(
        number="211",
        name="a semaphore that others see",
        code="""
import _multiprocessing as m
m.SemLock(1, 1, 1, f'/{T.token}', False)
""",
        held_anyway=SIZE,
    ),
    Attack(
        number="211b",
        name="memory that others see",
        code="""
import _posixshmem as p
p.shm_open(f'/{T.token}', os.O_CREAT | os.O_RDWR, mode=0o600)
""",
        may_lack="/dev/shm is not there",
    ),
    Attack(
        number="211c",
        name="a queue that others see",
        code="""
call('mq_open', T.token.encode(), 0o102, 0o600, None)
print(WORKED)
""",
        may_lack="message queues are not there",
    ),
    Attack(
        number="212",
        name="a temporary file",
        code="""
import tempfile
tempfile.NamedTemporaryFile(prefix=T.token)
print(WORKED)
""",
        held_anyway=SIZE,
    ),
    Attack(
        number="213",
        name="say how files are made (umask)",
        code="""
os.umask(0)
print(WORKED)
""",
    ),
    Attack(
        number="214",
        name="lock a file that others use",
        code="""
import fcntl
fcntl.flock(os.open(T.package, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
print(WORKED)
""",
    ),
    Attack(
        number="214b",
        name="hold up whoever opens a file (a lease)",
        code="""
import fcntl
fcntl.fcntl(os.open(T.package, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)
print(WORKED)
""",
        may_lack="a file system without leases",
    ),
)
