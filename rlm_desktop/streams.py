"""The standard streams as they may be found: closed, gone in the middle, or unable to hold what is printed. No key gets out by them.

A terminal obeys what is printed on it, and names, errors and answers come from anywhere: it never gets a control or a mark that turns the
order of letters.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Mapping
from typing import TextIO, cast

from rlm_desktop.errors import UserError
from rlm_desktop.redact import LIVE, RedactedStream


class RedactedText(io.TextIOBase):
    """In front of a text stream: what libraries, warnings, logs and tracebacks write passes the redactor too, in whatever pieces."""

    def __init__(self, behind: TextIO) -> None:
        self._behind = behind
        self._pieces = RedactedStream(LIVE)
        # A signal may come while something is written, and be told of.
        self._lock = threading.RLock()

    def write(self, text: str) -> int:
        with self._lock:
            self._behind.write(self._pieces.feed(text))
        return len(text)

    def flush(self) -> None:
        """What may be the beginning of a key stays back: its rest would be whole beside it."""
        self._behind.flush()

    def write_rest(self) -> None:
        """Write what was held back, as nothing follows."""
        with self._lock:
            self._behind.write(self._pieces.close())
        self._behind.flush()

    def fileno(self) -> int:
        return self._behind.fileno()

    def isatty(self) -> bool:
        return self._behind.isatty()

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._behind.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        return self._behind.errors


def prepare() -> None:
    """Make all three usable, before anything is opened or printed."""
    # The client of OpenAI's protocol would log each prompt and each reply.
    os.environ.pop("OPENAI_LOG", None)
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
    if not isinstance(sys.stderr, RedactedText):
        sys.stderr = cast(TextIO, RedactedText(sys.stderr))


def can_be_drawn_on(environment: Mapping[str, str]) -> bool:
    """True where stderr is a terminal that moves its cursor as it is told."""
    if not sys.stderr.isatty() or environment.get("TERM") == "dumb":
        return False
    # The consoles of Windows that are older than its terminal print what should move the cursor.
    return sys.platform != "win32" or "WT_SESSION" in environment


def tell(text: str) -> None:
    """Print a line on stderr, if anybody is there."""
    try:
        print(_seen(text), file=sys.stderr, flush=True)
    except OSError:
        _let_go(sys.stderr)


def say(text: str | bytes) -> None:
    """Print a line on stdout, or bytes of UTF-8; of either, live keys are left out. A pipe or a file gets the rest as it is.

    Raises BrokenPipeError where the reader has gone, UserError where there is no room.
    """
    try:
        if isinstance(text, str):
            text = LIVE.exact(text)
            print(_seen(text) if sys.stdout.isatty() else text)
        elif sys.stdout.isatty():
            print(_seen(LIVE.exact_bytes(text).decode("utf-8", "replace")), end="", flush=True)
        else:
            sys.stdout.buffer.write(LIVE.exact_bytes(text))
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _let_go(sys.stdout)
        raise UserError(not_written(error)) from error


def _seen(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    # Most lines are plain, and what finds the others takes a moment to make ready.
    from rlm_desktop.trace.invisible import written_out

    return written_out(text.replace("\r\n", "\n"))


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


def flush_stderr() -> None:
    """Send all that was told, at the end of the program."""
    try:
        if isinstance(sys.stderr, RedactedText):
            sys.stderr.write_rest()
    except OSError:
        _let_go(sys.stderr)


def _let_go(stream: io.TextIOBase | object) -> None:
    """Lead a stream nowhere: Python would complain at the end of what it cannot flush."""
    if isinstance(stream, (io.TextIOWrapper, RedactedText)):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
