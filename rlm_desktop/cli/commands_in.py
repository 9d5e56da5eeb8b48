"""Commands of a person to a running engine, read from stdin on a thread."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import Callable

import msgspec

from rlm_desktop.trace import commands


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
            reason = f"This line is not a command: {error}."
            deliver(lambda: on_unreadable(reason))
        else:
            deliver(lambda: on_command(command))

    def read() -> None:
        rest = already_read
        while True:
            *lines, rest = rest.split(b"\n")
            for line in lines:
                if line.strip():
                    take(line)
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
    """Return the first line of a descriptor without its newline, and what was read past it."""
    parts: list[bytes] = []
    while chunk := os.read(descriptor, 65_536):
        parts.append(chunk)
        if b"\n" in chunk:
            break
    line, _, rest = b"".join(parts).partition(b"\n")
    return line, rest
