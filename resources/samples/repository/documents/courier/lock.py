"""One process at a time."""

from __future__ import annotations

import os
import time
from pathlib import Path

from courier.errors import Busy


class FileLock:
    """A file that exists while somebody holds the lock. Entering polls for it until the time is up."""

    def __init__(self, path: Path, wait_s: float = 5.0) -> None:
        self.path, self.wait_s = path, wait_s

    def __enter__(self) -> FileLock:
        until = time.monotonic() + self.wait_s
        while True:
            try:
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL))
                return self
            except FileExistsError:
                if time.monotonic() >= until:
                    raise Busy(f"{self.path} is held by another process") from None
            time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)
