"""From a refused run to the same run, unconfined this once: asked by name, on a page of its own, and never remembered."""

from __future__ import annotations

from PySide6.QtCore import QObject

from rlm_desktop.errors import UserError
from rlm_desktop.gui.confinement.lowering_page import LoweringPage
from rlm_desktop.gui.desk import Desk
from rlm_desktop.gui.look.notice import Notice
from rlm_desktop.gui.main_window import MainWindow
from rlm_desktop.gui.runs.live_run import LiveRun
from rlm_desktop.redact import LIVE


class Lowering(QObject):
    def __init__(self, desk: Desk, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._window = desk, window
        self._page: LoweringPage | None = None
        self._asked: LiveRun | None = None
        """The run that is asked about, for as long as its page is shown."""
        window.centre.page_changed.connect(self._page_changed)

    def ask(self) -> None:
        """Ask about the run that is shown, if this window started it and it was refused: a trace that was opened never gets here."""
        run = self._desk.current_run.run
        live = self._desk.open_runs.started_here(str(run.store.path)) if run is not None else None
        if live is None or live.is_running or self._desk.confinement.look().standing != "refused":
            return
        if self._page is None:
            page = self._window.content("unconfined")
            assert isinstance(page, LoweringPage)
            self._page = page
            page.confirmed.connect(self._confirmed)
            page.refused.connect(self._window.centre.back)
        try:
            self._page.ask(live.run.store, LIVE(live.request.question))
        except UserError as error:
            self._desk.told.emit(Notice(status="error", title=self.tr("The run cannot be named any more"), sentence=str(error)))
            return
        self._window.centre.show_page("unconfined")
        self._asked = live
        self._page.cancel.setFocus()

    def _confirmed(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self._desk.run_unconfined(asked)

    def _page_changed(self, name: str) -> None:
        if name != "unconfined":
            self._asked = None
