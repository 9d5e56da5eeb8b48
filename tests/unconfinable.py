"""The program on a machine that does not confine: its sandbox processes end as those do that cannot confine themselves.

`python tests/unconfinable.py run …` is `rlm-desktop run …` there; what is started unconfined works.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rlm_desktop.sandbox import process
from rlm_desktop.sandbox.child.wire import NOT_CONFINED_EXIT
from rlm_desktop.sandbox.command import child_command
from rlm_desktop.sandbox.values import Confinement

WHY = "Landlock, which keeps files from it, does not work here (Function not implemented)."


def command(context_descriptor: int, confinement: Confinement) -> list[str]:
    """Return what starts a child here."""
    if confinement == "unconfined":
        return child_command(context_descriptor, confinement)
    return [sys.executable, "-c", f"import os; os.write(2, {WHY.encode()!r}); os._exit({NOT_CONFINED_EXIT})"]


def engine() -> list[str]:
    """Return the command line of the program on such a machine."""
    return [sys.executable, str(Path(__file__).resolve())]


if __name__ == "__main__":
    from rlm_desktop.__main__ import main

    vars(process)["child_command"] = command
    raise SystemExit(main())
