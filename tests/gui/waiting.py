"""Waiting for what the event loop brings, with a time-out: never for a time that should be long enough."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop

TIMEOUT_S = 20.0
_TURN_MS = 20


def wait_until(is_so: Callable[[], bool], what: str = "", *, timeout_s: float = TIMEOUT_S) -> None:
    """Run the event loop until `is_so` says so. Raises AssertionError when it never does."""
    until_s = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < until_s, f"waited in vain for {what or is_so}"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents | QEventLoop.ProcessEventsFlag.AllEvents, _TURN_MS)
