"""How the program starts itself again: the window starts engines, and both start readers."""

from __future__ import annotations

import sys
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
