"""How a child process is started: its command line and its environment, both built and never inherited."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rlm_desktop.sandbox.values import Confinement

CHILD_SUBCOMMAND = "sandbox-child"
"""A frozen program has no `python FILE`: its `__main__` hands this subcommand's arguments to `sandbox.child.repl.main`."""

START = Path(__file__).with_name("child") / "start.py"


def child_command(context_descriptor: int, confinement: Confinement) -> list[str]:
    """Return the command line of a child. The descriptor is that of its context, inherited under this number."""
    arguments = [str(context_descriptor), confinement]
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_SUBCOMMAND, *arguments]
    return [sys.executable, "-s", "-P", "-X", "utf8", str(START), *arguments]


def child_environment() -> dict[str, str]:
    """Return the whole environment of a child. Nothing of the engine's is in it but what Windows cannot start without."""
    environment = {
        "PYTHONHASHSEED": "0",  # sets in the same order when recorded blocks run again
        "PYTHONUTF8": "1",
        "PYTHONSAFEPATH": "1",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "OPENBLAS_NUM_THREADS": "1",  # each such thread takes memory from the child's limit
        "OMP_NUM_THREADS": "1",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # huge pages for large texts: a context is there in two thirds of the time
    }
    if sys.platform == "win32":
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return environment
