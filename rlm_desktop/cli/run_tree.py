"""A run's progress at a terminal that can be drawn on: a small tree, drawn again in its place while the run goes on.

The cursor is never hidden and rests below the tree, so that nothing has to be put right when the process is killed.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from rlm_desktop.present import call_tree
from rlm_desktop.present.cells import cut
from rlm_desktop.present.first_lines import FirstLines
from rlm_desktop.present.numbers import count, duration
from rlm_desktop.present.plain import plain
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.store import TraceStore

_AGAIN_AFTER_S: Final = 0.1
_MOST_LINES: Final = 24
_MOST_FAILURES: Final = 10
_GREEN, _RED, _QUIET, _RESET = "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"
# What a mark becomes where the terminal's encoding has none of them. One character each, so that lines stay as wide.
_ASCII: Final = str.maketrans("├└│×✓✗–…·‹›", "|`|x+!-.,<>")


class RunTree:
    """Takes the trace's lines and events as they are written, inside a running event loop."""

    def __init__(self, trace: Path, redact: Callable[[str], str]) -> None:
        self._store, self._redact = TraceStore(trace), redact
        self._first_lines = FirstLines(self._store)
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._pending: list[bytes] = []
        self._drawn = self._documents = self._chars = 0
        self._failures = itertools.count(1)
        self._is_gone = False
        self._has_colour = not os.environ.get("NO_COLOR")
        self._is_ascii = not _can_encode("├✓")

    def lines(self, lines: Sequence[bytes]) -> None:
        self._pending += lines
        if self._timer is None:
            self._timer = self._loop.call_later(_AGAIN_AFTER_S, self._draw)

    def event(self, event: ev.KnownEvent) -> None:
        """Say above the tree what does not show in it."""
        match event:
            case ev.DocumentRead():
                self._documents, self._chars = self._documents + 1, self._chars + event.chars
            case ev.DocumentRefused():
                self._say(f"not read: {event.name}: {event.reason}")
            case ev.CallStarted(parent_id=None, call_id=0):
                documents = "1 document" if self._documents == 1 else f"{count(self._documents)} documents"
                self._say(f"read {documents}, {count(self._chars)} characters")
            case ev.ModelFailed() if (failed := next(self._failures)) <= _MOST_FAILURES:
                again = f" Again in {duration(event.retry_in_s)}." if event.retry_in_s is not None else ""
                more = " Further ones are counted in the tree and stand in the trace." if failed == _MOST_FAILURES else ""
                self._say(f"call {event.call_id}: {event.error}{again}{more}")
            case ev.SandboxLost():
                self._say(f"call {event.call_id}: {event.reason} {event.lost}")
            case ev.Noticed():
                self._say(event.message)
            case _:
                return

    def close(self) -> None:
        """Draw the last state, which stays, and stop."""
        self._draw()
        if self._drawn:
            self._write("\n")
        self._is_gone = True

    def _say(self, text: str) -> None:
        line = plain(self._redact(text), keeps_lines=False)
        self._write(f"{self._up()}\x1b[J{self._encodable(line)}\n")
        self._drawn = 0
        self._draw()

    def _draw(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._is_gone:
            return
        lines, self._pending = self._pending, []
        self._store.append_lines(lines)
        columns = self._store.columns
        if not len(columns.calls):
            return
        columns_wide, lines_high = _size()
        # A line that fills the last column would move the cursor on.
        width, height = max(1, columns_wide - 1), min(_MOST_LINES, max(2, lines_high - 2))
        shown = call_tree.call_tree(columns, self._first_lines.code, width=width, height=height - 1)
        shown.append(cut(call_tree.figures(columns), width))
        body = "".join(f"{self._dressed(line)}\x1b[K\n" for line in shown)
        self._write(f"{self._up()}{body}\x1b[J")
        self._drawn = len(shown)

    def _up(self) -> str:
        return f"\r\x1b[{self._drawn}A" if self._drawn else "\r"

    def _dressed(self, line: str) -> str:
        line = self._encodable(line)
        if not self._has_colour:
            return line
        guides = re.match(r"[ ├└│|`]*", line)
        at = guides.end() if guides else 0
        rest = re.sub(r"^✓|(?<=  )✓(?= \d)", f"{_GREEN}✓{_RESET}", line[at:])
        rest = re.sub(r"^✗|(?<= )✗(?= \d)", f"{_RED}✗{_RESET}", rest)
        return (f"{_QUIET}{line[:at]}{_RESET}" if at else "") + rest

    def _encodable(self, line: str) -> str:
        return line.translate(_ASCII) if self._is_ascii else line

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            # Whoever looked has gone; the run goes on.
            self._is_gone = True


def _size() -> tuple[int, int]:
    """Return columns and lines of the terminal on stderr: stdout may lead elsewhere."""
    try:
        found = os.get_terminal_size(sys.stderr.fileno())
    except (OSError, ValueError):
        return 80, 24
    # A terminal that knows nothing of itself says 0.
    return found.columns or 80, found.lines or 24


def _can_encode(marks: str) -> bool:
    try:
        marks.encode(sys.stderr.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
