"""Picks what to start: the window, or one of the commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import rlm_desktop
from rlm_desktop.errors import UsageError, UserError

_COMMANDS: Final = {
    "run": "rlm_desktop.cli.run",
    "read": "rlm_desktop.cli.read",
    "info": "rlm_desktop.cli.info",
    "models": "rlm_desktop.cli.models",
    "screenshot": "rlm_desktop.gui.screenshot",
    "open": "rlm_desktop.gui.app",
    # A program frozen into one file has no interpreter to start its sandbox with, so it starts itself.
    "sandbox-child": "rlm_desktop.sandbox.child.repl",
}

_USAGE: Final = """\
rlm-desktop [FILE…]                 the window, with documents or traces
rlm-desktop open TRACE              the window, showing a saved trace
rlm-desktop run DOC… -q QUESTION    run without a window; the answer on stdout
rlm-desktop read PATH…              what a model would get of these documents
rlm-desktop info TRACE              what a trace says of its run
rlm-desktop screenshot TRACE -o PNG the map of a trace as a picture
rlm-desktop COMMAND --help          the options of a command
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status. Sentences for the person go to stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] in (["--help"], ["-h"]):
        print(_USAGE, end="")
        return 0
    if given[:1] == ["--version"]:
        print(f"rlm-desktop {rlm_desktop.__version__}")
        return 0
    module, rest = "rlm_desktop.gui.app", given
    if given and given[0] in _COMMANDS:
        module, rest = _COMMANDS[given[0]], given[1:]
    try:
        status: int = import_module(module).main(rest)
    except UsageError as error:
        print(f"rlm-desktop: {error}", file=sys.stderr)
        return 2
    except UserError as error:
        print(f"rlm-desktop: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read the output has gone; the rest has nowhere to go.
        sys.stdout = None
        return 1
    return status


if __name__ == "__main__":
    raise SystemExit(main())
