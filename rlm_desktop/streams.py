"""The standard streams as they may be found: closed, gone in the middle, or unable to hold what is printed."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping

from rlm_desktop.errors import UserError


def prepare() -> None:
    """Make all three usable, before anything is opened or printed."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # A file opened later, such as a trace, would get this number, and what is printed would go into it.
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def can_be_drawn_on(environment: Mapping[str, str]) -> bool:
    """True where stderr is a terminal that moves its cursor as it is told."""
    if not sys.stderr.isatty() or environment.get("TERM") == "dumb":
        return False
    # The consoles of Windows that are older than its terminal print what should move the cursor.
    return sys.platform != "win32" or "WT_SESSION" in environment


def tell(text: str) -> None:
    """Print a line on stderr, if anybody is there."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _let_go(sys.stderr)


def say(text: str | bytes) -> None:
    """Print a line on stdout, or bytes as they are. Raises BrokenPipeError where the reader has gone, UserError where there is no room."""
    try:
        if isinstance(text, str):
            print(text)
        else:
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _let_go(sys.stdout)
        raise UserError(not_written(error)) from error


def not_written(error: OSError) -> str:
    return f"The standard output cannot be written: {error.strerror}. Lead it elsewhere."


def flush_stdout() -> OSError | None:
    """Send what has been printed; return why that cannot be done. Nothing more is sent then, nor tried at the program's end."""
    try:
        sys.stdout.flush()
    except OSError as error:
        _let_go(sys.stdout)
        return error
    return None


def _let_go(stream: io.TextIOBase | object) -> None:
    """Lead a stream nowhere: Python would complain at the end of what it cannot flush."""
    if isinstance(stream, io.TextIOWrapper):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
