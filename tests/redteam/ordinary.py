"""Becoming an ordinary person: `python ordinary.py UID NEEDED… -- COMMAND…`, started by root, runs the command as that user.

What the command needs may lie below a folder that is closed to others, such as /root. In a private view of the file system each such
folder is replaced by an empty one, in which only what is needed is put back, at its own path.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from pathlib import Path

NEW_NAMESPACE, BIND, RECURSIVE, PRIVATE = 0x00020000, 0x1000, 0x4000, 0x40000
PASSABLE, READABLE = stat.S_IXOTH, stat.S_IROTH | stat.S_IXOTH


def closed_above(path: str) -> str | None:
    """Return the outermost folder on the way to `path` through which others may not pass, None if there is none."""
    folders = reversed(Path(path).resolve().parents)
    return next((str(folder) for folder in folders if not folder.stat().st_mode & PASSABLE), None)


def is_open(path: str) -> bool:
    """Say whether others can read what lies in this folder."""
    return closed_above(path) is None and Path(path).stat().st_mode & READABLE == READABLE


def open_view(needed: list[str]) -> None:
    """Give this process a view in which all that is needed can be reached. OSError where that is not allowed."""
    closed = {path: folder for path in map(os.path.realpath, needed) if (folder := closed_above(path)) is not None}
    if not closed:
        return
    libc = ctypes.CDLL(None, use_errno=True)

    def checked(result: int, what: str) -> None:
        if result != 0:
            raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")

    def mount(source: str, target: str, kind: str, flags: int, data: str) -> None:
        checked(libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), data.encode()), f"mount {target}")

    checked(libc.unshare(NEW_NAMESPACE), "unshare")
    mount("none", "/", "none", RECURSIVE | PRIVATE, "")
    descriptors = {path: os.open(path, os.O_PATH) for path in closed}
    for folder in set(closed.values()):
        mount("tmpfs", folder, "tmpfs", 0, "mode=755")
    for path, descriptor in descriptors.items():
        Path(path).mkdir(0o755, parents=True, exist_ok=True)
        mount(f"/proc/self/fd/{descriptor}", path, "none", BIND | RECURSIVE, "")
        os.close(descriptor)


def main() -> None:
    uid, *rest = sys.argv[1:]
    split = rest.index("--")
    os.umask(0o022)
    open_view(rest[:split])
    os.setgroups([])
    os.setresgid(int(uid), int(uid), int(uid))
    os.setresuid(int(uid), int(uid), int(uid))
    os.execv(rest[split + 1], rest[split + 1 :])


if __name__ == "__main__":
    main()
