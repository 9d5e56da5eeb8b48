"""Picks what to start: the window, or one of the commands."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Final

import rlm_desktop
from rlm_desktop import streams
from rlm_desktop.errors import UsageError, UserError

_WINDOW: Final = "rlm_desktop.gui.app"
_WITHOUT_WINDOW: Final = "rlm_desktop.cli.demo"
_COMMANDS: Final = {
    "run": "rlm_desktop.cli.run",
    "read": "rlm_desktop.cli.read",
    "info": "rlm_desktop.cli.info",
    "models": "rlm_desktop.cli.models",
    "doctor": "rlm_desktop.cli.doctor",
    "sample": "rlm_desktop.cli.sample",
    "integrate": "rlm_desktop.cli.integrate",
    "screenshot": "rlm_desktop.gui.screenshot",
    "open": _WINDOW,
    # A program frozen into one file has no interpreter to start its sandbox with, so it starts itself, as it does to read documents.
    "sandbox-child": "rlm_desktop.sandbox.child.repl",
    "read-worker": "rlm_desktop.documents.worker",
}

_USAGE: Final = """\
rlm-desktop [FILE…]                 the window, with documents or traces
rlm-desktop open TRACE              the window, showing a saved trace
rlm-desktop run DOC… -q QUESTION    run without a window; the answer on stdout
rlm-desktop read PATH…              what a model would get of these documents
rlm-desktop models COMMAND          providers, servers and models: providers, local, list
rlm-desktop doctor                  what this computer can do to confine models' code, tried out
rlm-desktop info TRACE              what a trace says of its run
rlm-desktop sample [NAME]           documents with a question and its true answer, to try it on
rlm-desktop screenshot TRACE -o PNG the map of a trace as a picture
rlm-desktop integrate               on Linux: into the desktop's menu; a double click opens a trace
rlm-desktop COMMAND --help          the options of a command
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status. Sentences for the person go to stderr."""
    streams.prepare()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] in (["--help"], ["-h"]):
        print(_USAGE, end="")
        return 0
    if given[:1] == ["--version"]:
        print(f"rlm-desktop {rlm_desktop.__version__}")
        return 0
    module, rest = _WINDOW, given
    if given and given[0] in _COMMANDS:
        module, rest = _COMMANDS[given[0]], given[1:]
    elif not given and not _names_display():
        module = _WITHOUT_WINDOW
    if module.startswith("rlm_desktop.cli."):
        # As Ctrl+C, so that what is half-written is removed; a window has an event loop of its own, which would not see it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        status: int = _imported(module).main(rest)
    except UsageError as error:
        streams.tell(f"rlm-desktop: {error}")
        status = 2
    except UserError as error:
        streams.tell(f"rlm-desktop: {error}")
        status = 1
    except KeyboardInterrupt:
        streams.tell("rlm-desktop: stopped.")
        status = 130
    except BrokenPipeError:
        # Whoever read the output has gone; the rest has nowhere to go.
        status = 1
    if arguments is None:
        # What is left is to leave: a signal now would only make the exit status another one.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
    failure = streams.flush_stdout()
    if failure is not None and not isinstance(failure, BrokenPipeError):
        streams.tell(f"rlm-desktop: {streams.not_written(failure)}")
        status = status or 1
    streams.flush_stderr()
    return status


def _names_display() -> bool:
    from rlm_desktop.gui.display import names_display

    return names_display(os.environ)


def _imported(module: str) -> ModuleType:
    """Import what was chosen without collecting garbage, of which there is next to none: a fifth of the time that importing takes."""
    gc.disable()
    imported = import_module(module)
    # The window takes the collector over when it stands.
    if module != _WINDOW:
        gc.enable()
        # A request makes thousands of objects and next to no cycles: looking for those less often spares a tenth of its time.
        gc.set_threshold(50_000, 20, 50)
    return imported


if __name__ == "__main__":
    raise SystemExit(main())
