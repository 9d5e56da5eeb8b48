"""Closing the window while a run goes on: asked in place, and done without losing what was paid for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.desk import Desk
from rlm_desktop.gui.look.notice import Notice, Offer
from rlm_desktop.gui.main_window import MainWindow

KEEP, STOP, CANCEL = "keep_running", "stop_and_close", "stay"


class Closing(QObject):
    """`done`: the window is closed, every process is gone, and the program may end."""

    done = Signal()

    def __init__(self, desk: Desk, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._window = desk, window
        self._ends_with_runs = False
        window.close_asked.connect(self.ask)
        window.notice.chosen.connect(self._answered)
        desk.open_runs.live_changed.connect(self._look)

    def ask(self) -> None:
        """Close at once where nothing runs, else ask."""
        running = self._desk.open_runs.live_runs
        if not running:
            self._finish()
            return
        title = self.tr("A run goes on") if len(running) == 1 else self.tr("{0} runs go on").format(len(running))
        sentence = self.tr(
            "Kept running, the window hides and the program ends with the run. Stopped, everything so far is kept in the trace."
        )
        offers = (
            Offer(key=KEEP, words=self.tr("Keep it running")),
            Offer(key=STOP, words=self.tr("Stop it")),
            Offer(key=CANCEL, words=self.tr("Cancel")),
        )
        self._window.notice.tell(Notice(status="running", title=title, sentence=sentence, offers=offers, can_close=False))

    def _answered(self, key: str) -> None:
        if key not in (KEEP, STOP, CANCEL):
            return
        self._window.notice.clear()
        if key == CANCEL:
            return
        self._ends_with_runs = True
        if key == KEEP:
            self._window.hide()
        else:
            for live in self._desk.open_runs.live_runs:
                live.stop()
        self._look()

    def _look(self) -> None:
        if self._ends_with_runs and not self._desk.open_runs.live_runs:
            self._finish()

    def _finish(self) -> None:
        self._desk.abandon()
        self._window.may_close = True
        self._window.close()
        self.done.emit()
