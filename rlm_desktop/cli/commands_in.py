"""Commands of a person to a running engine, read from stdin on a thread."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import Callable

import msgspec

from rlm_desktop.errors import UsageError
from rlm_desktop.trace import commands

MAX_COMMAND_BYTES = 65_536
MOST_QUOTED_CHARS = 300
MAX_REQUEST_BYTES = 256 << 20
"""A request holds the texts that were pasted for it."""


def read_commands(
    descriptor: int,
    loop: asyncio.AbstractEventLoop,
    *,
    on_command: Callable[[commands.AnyCommand], None],
    on_unreadable: Callable[[str], None],
    on_end: Callable[[], None],
    already_read: bytes = b"",
) -> None:
    """Start reading lines; the callbacks run on `loop`. `on_end` comes when whoever holds the other end of a pipe lets it go."""

    def deliver(call: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(call)

    def take(line: bytes) -> None:
        try:
            command = commands.decode_command(line)
        except msgspec.MsgspecError as error:
            # What the line holds may be quoted in it.
            reason = f"This line is not a command: {str(error)[:MOST_QUOTED_CHARS]}."
            deliver(lambda: on_unreadable(reason))
        else:
            deliver(lambda: on_command(command))

    def read() -> None:
        rest, is_too_long = already_read, False
        while True:
            *lines, rest = rest.split(b"\n")
            for line in lines:
                if line.strip() and not is_too_long:
                    take(line)
                is_too_long = False
            if len(rest) > MAX_COMMAND_BYTES:
                if not is_too_long:
                    deliver(lambda: on_unreadable(f"This line is not a command: it is longer than {MAX_COMMAND_BYTES:,} bytes."))
                rest, is_too_long = b"", True
            chunk = os.read(descriptor, 65_536)
            if not chunk:
                deliver(on_end)
                return
            rest += chunk

    threading.Thread(target=read, name="commands", daemon=True).start()


def has_other_end(descriptor: int) -> bool:
    """True for a pipe or a socket: its end means that whoever started this program is gone. A file's or /dev/null's end means nothing."""
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def read_first_line(descriptor: int) -> tuple[bytes, bytes]:
    """Return the first line of a descriptor without its newline, and what was read past it. Raises UsageError where it does not end."""
    parts: list[bytes] = []
    read_bytes = 0
    while chunk := os.read(descriptor, 65_536):
        parts.append(chunk)
        if b"\n" in chunk:
            break
        read_bytes += len(chunk)
        if read_bytes > MAX_REQUEST_BYTES:
            raise UsageError(f"The first line of the standard input is longer than {MAX_REQUEST_BYTES:,} bytes, so it is not a request.")
    line, _, rest = b"".join(parts).partition(b"\n")
    return line, rest
