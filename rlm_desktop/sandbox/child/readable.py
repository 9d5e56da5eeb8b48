"""What confined code may read: the files of its interpreter, the system's libraries, the time zones, and no more."""

from __future__ import annotations

import os
import sys

_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib",
    "/etc/ld.so.cache",  # without it no library of the system is found that is loaded later
    "/etc/mime.types", "/usr/share/zoneinfo", "/dev/urandom",
)  # fmt: skip
_STORES = ("/nix/store", "/gnu/store")
"""Where each package lies in a folder of its own, the libraries of Python among them."""


def readable_paths() -> list[str]:
    """Return files and folders, some of which may not be there."""
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    found = [os.path.dirname(os.__file__), os.path.dirname(__file__)]  # noqa: PTH120  (pathlib costs every start 4 ms)
    # Not what else `sys.path` names: a virtual environment may lie in a person's own folder, with other things of theirs beside its `lib`.
    found += [prefix.rstrip("/") + folder for prefix in prefixes for folder in ("/lib", "/lib64")]
    found += [store for store in _STORES if sys.base_prefix.startswith(store + "/")]
    frozen_in: str | None = getattr(sys, "_MEIPASS", None)
    if frozen_in is not None:
        found.append(frozen_in)
    return list(dict.fromkeys([*found, *_SYSTEM]))
