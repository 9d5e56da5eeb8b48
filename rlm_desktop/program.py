"""How the program is started: it starts itself again, as engines and readers, and tells people what to type."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_HOME = str(Path(__file__).resolve().parent.parent)
_START = (
    f"import sys; home = {_HOME!r}; home in sys.path or sys.path.insert(0, home); "
    "from rlm_desktop.__main__ import main; raise SystemExit(main())"
)


def program_command(*arguments: str) -> list[str]:
    """Return the command line that runs this very program with `arguments`, in a checkout, installed, or frozen into one file.

    Not `python -m`: that imports from the current folder first, which may be one that a person was sent.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-P", "-c", _START, *arguments]


_OF_THE_PLATFORM = {
    "HOME", "USER", "LOGNAME", "PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "NUMBER_OF_PROCESSORS",
    "RLM_DESKTOP_HOME",
}  # fmt: skip
_BEGINNINGS = ("LC_", "XDG_", "PYTHON")


def keyless_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return of `environment` what a process of this program needs that asks no model: an explicit list, so that no key is in it, whatever
    its variable is called.
    """
    return {name: value for name, value in environment.items() if name.upper() in _OF_THE_PLATFORM or name.upper().startswith(_BEGINNINGS)}


def spoken_command(*arguments: str) -> str:
    """Return what a person types to run this program with `arguments`, quoted for the shell. In a checkout that is dev.py's `run`."""
    script = Path(_HOME) / "dev.py"
    is_windows = sys.platform == "win32"
    words = ["rlm-desktop", *arguments]
    if script.is_file() and not getattr(sys, "frozen", False):
        here = Path.cwd()
        named = script.relative_to(here) if script.is_relative_to(here) else script
        words[:1] = ["py" if is_windows else "python3", str(named), "run"]
    return subprocess.list2cmdline(words) if is_windows else shlex.join(words)
