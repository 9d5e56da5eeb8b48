"""Bubblewrap around a child, where it is installed and works: a namespace that has not even the names of other files and processes.

It is an addition. What a run requires is held by the child's own confinement, with or without it.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from rlm_desktop.sandbox.child.readable import readable_paths
from rlm_desktop.sandbox.command import START

_OPTIONS = ("--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--hostname", "sandbox", "--chdir", "/")
_DEVICES = ("/dev/null", "/dev/urandom")
_PAGES = "/sys/kernel/mm/transparent_hugepage"
"""Where the C library looks, before anything is confined, how large the pages are that it may ask for (`command.py` has it ask)."""
_SIGNAL_CODES = 128


class Bubblewrap:
    """Whether there is one and what became of it: the first child that it does not start is the last one that it is asked to."""

    def __init__(self) -> None:
        self.refused = ""
        """Why it is not used, in a sentence, once it has failed."""

    @property
    def path(self) -> str | None:
        """Where the program is; None where there is none, or it does not work."""
        return None if self.refused or sys.platform != "linux" else shutil.which("bwrap")

    def give_up(self, why: str) -> None:
        self.refused = f"Bubblewrap is installed and starts nothing here. {why}".strip()


bubblewrap = Bubblewrap()
"""The one of this process."""


def wrapped(path: str, command: list[str]) -> list[str]:
    """Return the command line by which bubblewrap at `path` runs `command`, whose descriptors go through.

    It must be started with the child's own environment: the first process of the namespace shows the one that it was given.
    """
    shown = [path, *_OPTIONS]
    for device in _DEVICES:
        shown += ["--dev-bind", device, device]
    for place in dict.fromkeys([*_interpreter(command[0]), *readable_paths(), str(START.parent), _PAGES]):
        if place not in _DEVICES and Path(place).exists():
            shown += ["--ro-bind", place, place]
    return [*shown, "--", *command]


def _interpreter(executable: str) -> list[str]:
    """Return the interpreter's own file, each that it is a link to, and what tells it where a virtual environment belongs."""
    found = []
    place = executable
    for _ in range(10):
        found += [place, str(Path(place).parent.parent / "pyvenv.cfg"), str(Path(place).with_name("pyvenv.cfg"))]
        if not Path(place).is_symlink():
            break
        place = os.path.normpath(Path(place).parent / Path(place).readlink())
    return found


def inner_process(pid: int) -> int:
    """Return the process that bubblewrap's process `pid` has started: its child's child. `pid` itself where the kernel does not say."""
    for _ in range(2):
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        except OSError:
            return pid
        if len(children) != 1:
            return pid
        pid = int(children[0])
    return pid


def inner_code(code: int) -> int:
    """Return the exit code of the process inside, of which bubblewrap makes 128 and more where a signal ended it."""
    return _SIGNAL_CODES - code if code > _SIGNAL_CODES else code
