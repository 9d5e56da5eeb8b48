"""What can be learned of files without reading them: names, sizes, and that somebody uses them."""

from __future__ import annotations

from tests.redteam.attack import Attack

NAMES: tuple[Attack, ...] = (
    Attack(number="4", name="list a folder", code="print(os.listdir(T.home + '/Documents'))"),
    Attack(
        number="4b",
        name="list a folder by scandir and glob",
        code="""
import glob
print(glob.glob(T.home + '/**', recursive=True))
""",
    ),
    Attack(
        number="4c",
        name="list a folder by the C library",
        code="""
libc.opendir.restype = libc.readdir.restype = ctypes.c_void_p
folder = libc.opendir((T.home + "/Documents").encode())
if not folder:
    ok(-1)
while entry := libc.readdir(ctypes.c_void_p(folder)):
    print(ctypes.string_at(entry + 19))
""",
    ),
    Attack(number="4d", name="what lies at the root", code="if 'etc' in os.listdir('/'): print(WORKED)"),
    Attack(number="5", name="size of a file", code="print('size', os.stat(T.diary).st_size)", survives="file metadata"),
    Attack(
        number="5b",
        name="whether a file is there",
        code="""
there, absent = os.access(T.ssh, os.F_OK), os.access(T.ssh + '?', os.F_OK)
if there and not absent: print(WORKED)
""",
        survives="file metadata",
    ),
    Attack(number="5c", name="where a link leads", code="print(os.readlink(T.link))"),
    Attack(
        number="5d",
        name="size of a file by a descriptor that cannot read",
        code="print('size', os.fstat(os.open(T.diary, os.O_PATH)).st_size)",
        survives="file metadata",
    ),
    Attack(number="5e", name="how full the disk is", code="if os.statvfs(T.home).f_blocks: print(WORKED)"),
    Attack(
        number="5f",
        name="extended attributes",
        code="""
os.listxattr(T.ssh)
print(WORKED)
""",
    ),
    Attack(
        number="13",
        name="watch the home folder (inotify)",
        code="""
fd = ok(libc.inotify_init1(0))
ok(libc.inotify_add_watch(fd, T.home.encode(), 0xfff))
print(WORKED)
""",
    ),
    Attack(
        number="13b",
        name="watch a folder that may be read (dnotify)",
        code="""
import fcntl
signal.signal(signal.SIGIO, signal.SIG_IGN)
fd = os.open(T.packages, os.O_RDONLY)
fcntl.fcntl(fd, fcntl.F_NOTIFY, 1)
print(WORKED)
""",
        may_lack="a kernel without dnotify",
    ),
    Attack(
        number="13c",
        name="watch the home folder (fanotify)",
        code="""
fd = call('fanotify_init', 0x200, 0)
ok(libc.fanotify_mark(fd, 1, ctypes.c_uint64(0x8000020), -100, T.home.encode()))
print(WORKED)
""",
        may_lack="fanotify is not there for ordinary users",
    ),
    Attack(
        number="205b",
        name="learn a file's handle",
        code="""
handle = ctypes.create_string_buffer(struct.pack('<Ii', 128, 0), 136)
mount_id = ctypes.c_int()
ok(libc.name_to_handle_at(-100, T.ssh.encode(), handle, ctypes.byref(mount_id), 0))
print(WORKED)
""",
    ),
    Attack(number="208", name="read /proc/net/unix", code="if 'Path' in open('/proc/net/unix').read(): print(WORKED)"),
    Attack(number="208b", name="read where file systems are mounted", code="if open('/proc/self/mountinfo').read(): print(WORKED)"),
    Attack(
        number="208c",
        name="read which machine this is",
        code="print(WORKED if open('/sys/kernel/mm/transparent_hugepage/enabled').read() else '')",
        may_lack="no such file in /sys",
    ),
    Attack(
        number="270",
        name="list any other folder of the machine",
        code="""
seen = []
for folder in "/etc /home /opt /mnt /proc /root /run /srv /sys /tmp /usr /usr/bin /usr/share /usr/local /usr/local/bin /var /dev".split():
    try: seen += [folder] if os.listdir(folder) else []
    except OSError: pass
if seen: print(WORKED, seen)
""",
    ),
    Attack(
        number="271",
        name="which machine this is, by its files",
        code="""
read = []
for path in "/etc/machine-id /etc/hostname /etc/hosts /etc/resolv.conf /proc/cpuinfo /proc/version /proc/meminfo /proc/self/cgroup".split():
    try: read += [path] if open(path).read() else []
    except OSError: pass
if read: print(WORKED, read)
""",
    ),
    Attack(
        number="271b",
        name="what the machine is called, and which kernel it has",
        code="if os.uname().nodename: print(WORKED)",
        survives="informational",
    ),
)
