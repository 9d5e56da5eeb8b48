"""The real window, offscreen, in the process that measures it, and what its frames cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.app import App


class MeasuredApplication(QApplication):
    """Counts what its thread has done: seconds in handlers of events, whatever they read, fold, lay out or paint."""

    def __init__(self) -> None:
        super().__init__(["benchmark"])
        self.worked_s = 0.0
        self._depth = 0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        self._depth += 1
        started = time.perf_counter()
        try:
            return super().notify(receiver, event)
        finally:
            self._depth -= 1
            # An event that is sent while another is handled belongs to that one.
            if not self._depth:
                self.worked_s += time.perf_counter() - started


@contextmanager
def opened_window() -> Iterator[App]:
    """Yield the window of the program at its usual size, shown."""
    application = QApplication.instance() or MeasuredApplication()
    assert isinstance(application, MeasuredApplication)
    application.setQuitOnLastWindowClosed(False)
    app = App(application)
    app.window.resize(1600, 1000)
    app.show([])
    try:
        yield app
    finally:
        app.stop()
        app.window.hide()
        app.deleteLater()
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Frames(QObject):
    """The frames of a window: `worked_s` and `cpu_s` hold, for each, what the window's thread did since the frame before and for it.

    That is what decides whether the next frame comes in time: reading what the engine wrote, folding it into the columns, layout,
    painting. `worked_s` is wall clock in handlers of events, others' use of the processor included; `cpu_s` is the thread's own.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app)
        application = QApplication.instance()
        assert isinstance(application, MeasuredApplication)
        self._application = application
        self.on_frame: Callable[[float], None] | None = None
        """Called with the time (`time.time()`) at which a frame was on the screen; not counted."""
        self.worked_s: list[float] = []
        self.cpu_s: list[float] = []
        self._loop = QEventLoop(self)
        self._is_so: Callable[[], bool] = lambda: False
        self._since_s = self._now_s()
        app.window.installEventFilter(self)

    def clear(self) -> None:
        self.worked_s.clear()
        self.cpu_s.clear()

    def wait_until(self, is_so: Callable[[], bool], *, timeout_s: float = 60.0) -> None:
        """Run the window until `is_so()`, looked at after each frame and now and then. Raises TimeoutError."""
        self._is_so = is_so
        looking, ending = QTimer(self), QTimer(self)
        looking.timeout.connect(self._look)
        looking.start(20)
        ending.timeout.connect(lambda: self._loop.exit(1))
        ending.start(round(timeout_s * 1000))
        is_late = self._loop.exec()
        for timer in (looking, ending):
            timer.stop()
            timer.deleteLater()
        if is_late:
            raise TimeoutError("What was waited for did not come.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        started = time.perf_counter()
        watched.event(event)
        now_s, (worked_s, cpu_s) = time.time(), self._now_s()
        # The handler that this runs in is counted when it is over.
        painted_s = time.perf_counter() - started
        self.worked_s.append(worked_s + painted_s - self._since_s[0])
        self.cpu_s.append(cpu_s - self._since_s[1])
        if self.on_frame is not None:
            self.on_frame(now_s)
        self._look()
        worked_s, cpu_s = self._now_s()
        self._since_s = worked_s + time.perf_counter() - started, cpu_s
        return True

    def _now_s(self) -> tuple[float, float]:
        return self._application.worked_s, time.thread_time()

    def _look(self) -> None:
        if self._is_so():
            self._loop.exit(0)
