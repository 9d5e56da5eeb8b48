"""The command of a child where macOS lacks the function with which a process confines itself: `sandbox-exec` is put in front."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rlm_desktop.sandbox.child.seatbelt import parameters, profile, resolved

SANDBOX_EXEC = "/usr/bin/sandbox-exec"
"""By its whole path: what a PATH finds could be anything."""


def is_needed() -> bool:
    """Return whether this macOS lacks `sandbox_init_with_parameters`."""
    import ctypes

    return not hasattr(ctypes.CDLL(None), "sandbox_init_with_parameters")


def confined_command(command: Sequence[str], readable: Sequence[str], *, home: str) -> list[str]:
    """Return the command that runs `command`, Python with its arguments, under the profile. OSError as `seatbelt.apply`."""
    # What starts under it has yet to be read: the program, its library, and by what file a venv is known.
    program = [command[0], sys.base_exec_prefix, f"{sys.prefix}/pyvenv.cfg"]
    paths = resolved([*readable, *program], home)
    defined = [part for name, value in parameters(paths) for part in ("-D", f"{name}={value}")]
    return [SANDBOX_EXEC, *defined, "-p", profile(len(paths), is_around_exec=True), *command]
