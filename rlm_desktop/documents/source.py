"""Where a document's bytes come from: an open file that can be sought, and what is known of it."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from rlm_desktop.documents.refused import RefusedError

_BUFFER_BYTES = 1 << 16
"""What is looked at to say what a file is: for a small one the system is asked once."""

OnShare = Callable[[float], None]


def tell_nobody(share: float) -> None:
    """Nobody watches how far the reading is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`name` is the file's own, which tells what kind of text it is; `encoding` the one that a person chose."""

    file: BinaryIO
    name: str
    size: int
    encoding: str | None = None
    on_share: OnShare = tell_nobody


@contextmanager
def opened(path: str, *, encoding: str | None = None, on_share: OnShare = tell_nobody) -> Iterator[Source]:
    """Open a regular file. Raises RefusedError where there is none or it cannot be read, and at the end where it changed meanwhile."""
    descriptor = _descriptor(path)
    with io.BufferedReader(io.FileIO(descriptor), _BUFFER_BYTES) as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise RefusedError(
                "This is a pipe or a device, not a file, and may never end. Save what comes from it as a file.", "not a file"
            )
        try:
            yield Source(file=file, name=path, size=before.st_size, encoding=encoding, on_share=on_share)
        except OSError as error:
            raise RefusedError(f"The file cannot be read: {error.strerror or error}.", "cannot be read") from error
        after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise RefusedError("The file changed while it was read. Add it again when nothing writes to it any more.", "changing")


def _descriptor(path: str) -> int:
    try:
        # Not blocking: the other end of a FIFO may never come. Regular files do not know the difference.
        return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise RefusedError(f"There is no file at {path}. Look for where it has gone.", "missing") from None
    except PermissionError:
        raise RefusedError("The file may not be read by you: its permissions say so.", "may not be read") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise RefusedError(f"The file cannot be opened: {why}.", "cannot be opened") from None
