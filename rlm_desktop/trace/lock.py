"""An advisory lock on a trace while it is being written, so that a run that goes on and one that was cut short differ."""

from __future__ import annotations

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    # Windows locks are mandatory: a byte far behind any trace is locked, so that readers are not kept out.
    _FAR = 2**62

    def try_lock(file: BinaryIO) -> bool:
        """Take the lock without waiting; False when another process holds it."""
        position = file.tell()
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(position)
        return True

    def unlock(file: BinaryIO) -> None:
        position = file.tell()
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        file.seek(position)

    def is_held(file: BinaryIO) -> bool:
        """True while a writer holds the lock on the same trace."""
        if not try_lock(file):
            return True
        unlock(file)
        return False
else:
    import fcntl

    def try_lock(file: BinaryIO) -> bool:
        """Take the lock without waiting; False when another process holds it."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def unlock(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)

    def is_held(file: BinaryIO) -> bool:
        """True while a writer holds the lock on the same trace."""
        try:
            # Shared: two readers that look at once do not take each other for the writer.
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        unlock(file)
        return False
