"""Ctrl+C in the terminal, and the end of the desktop's session: the window hears of them and closes in order."""

from __future__ import annotations

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class Signals(QObject):
    """`came`: the program is asked to end.

    Python runs its handlers only between its own instructions, and Qt's loop runs none while it waits: a byte on a socket wakes it.
    """

    came = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._before = {number: signal.signal(number, self._heard) for number in (signal.SIGINT, signal.SIGTERM)}
        signal.set_wakeup_fd(self._writing.fileno())
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def stop(self) -> None:
        """Leave signals as they were."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reading.close()
        self._writing.close()

    def _heard(self, _number: int, _frame: object) -> None:
        """The byte on the socket says it."""

    def _woken(self) -> None:
        if self._reading.recv(64):
            self.came.emit()
