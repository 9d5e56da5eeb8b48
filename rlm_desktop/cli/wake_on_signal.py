"""Signals wake the event loop: one that comes just before the loop goes to sleep would otherwise be heeded when something else happens."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def wake_on_signal() -> Iterator[None]:
    """Inside, whatever signal Python has a handler for also wakes the running loop, so that the handler is run at once.

    The loop's own handlers would do that, but it takes them away as it closes.
    """
    loop = asyncio.get_running_loop()
    ours, pythons = socket.socketpair()
    ours.setblocking(False)
    pythons.setblocking(False)
    loop.add_reader(ours, ours.recv, 4_096)
    before = signal.set_wakeup_fd(pythons.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        loop.remove_reader(ours)
        ours.close()
        pythons.close()
