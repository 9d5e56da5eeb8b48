"""The window as a program: what is made in which order at the start, and how it ends."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from rlm_desktop import paths
from rlm_desktop.errors import UserError
from rlm_desktop.gui import window_state
from rlm_desktop.gui.bug_hook import BugHook
from rlm_desktop.gui.clipboard import copy_words
from rlm_desktop.gui.closing import Closing
from rlm_desktop.gui.collector import Collector
from rlm_desktop.gui.conductor import Conductor
from rlm_desktop.gui.desk import Desk, Folders
from rlm_desktop.gui.display import require_display
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.notice import Notice, Offer
from rlm_desktop.gui.look.sheet import keep_dressed
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.sample import load_sample
from rlm_desktop.gui.settings import SettingsFile
from rlm_desktop.gui.signals import Signals
from rlm_desktop.own_process import dump_no_core

COPY_DETAILS = "copy_details"


class App(QObject):
    """Everything of one window, made in order. `show` puts it on the screen."""

    def __init__(self, app: QApplication, *, is_collected_here: bool = True) -> None:
        super().__init__(app)
        self.hook = BugHook(self)
        self.settings = SettingsFile(paths.settings_file(), self)
        self.themes = Themes(self, choice=self.settings.current.theme)
        keep_dressed(app, self.themes)
        self.turning = Turning(self)
        folders = Folders(runs=paths.runs_folder(), cache=paths.cache_folder(), texts=paths.texts_folder())
        self.desk = Desk(self.settings, folders, self)
        self.conductor = Conductor(self.desk, self.themes, self.turning, sample_title=_sample_title(), parent=self)
        self.window = self.conductor.window
        self.closing = Closing(self.desk, self.window, self)
        self.closing.done.connect(app.quit)
        self.window.close_asked.connect(self._keep_layout)
        self.hook.found.connect(self._tell_of_bug)
        self.window.notice.chosen.connect(self._copy_details)
        self._report = ""
        self._files: list[Path] = []
        self._is_ready = False
        window_state.restore(self.window, self.settings, unit=self.themes.current.unit)
        self._is_collected_here = is_collected_here
        self._collector: Collector | None = None

    def show(self, files: Sequence[Path]) -> None:
        """Show the window; once it is painted, what was given to it and what is known of earlier runs."""
        self._files = list(files)
        self.window.painted.connect(self._go_on)
        self.window.show()

    @property
    def is_ready(self) -> bool:
        """True from when the window was painted and what was given to it has been taken."""
        return self._is_ready

    def _go_on(self) -> None:
        if self.settings.problem:
            self.window.notice.tell(Notice(status="limit", title=self.tr("Settings"), sentence=self.settings.problem))
        self.desk.recent.look_around()
        self.take(self._files)
        # Made now, so that the first run does not wait for it.
        _ = self.window.run_views
        if self._is_collected_here:
            self._collector = Collector(self)
        self._is_ready = True

    def take(self, files: Sequence[Path]) -> None:
        """Open traces and add documents, those named on the command line."""
        missing = [path for path in files if not path.exists()]
        if missing:
            words = self.tr("There is no file {0}.").format(", ".join(str(path) for path in missing))
            self.window.notice.tell(Notice(status="error", title=self.tr("Not found"), sentence=words))
        self.desk.take([path for path in files if path.exists()])

    def stop(self) -> None:
        """End every process and let go of what was taken over; for the end of the program."""
        self.desk.abandon()
        if self._is_ready:
            self.window.document_page.view.show_nothing()
        if self._collector is not None:
            self._collector.stop()

    def _keep_layout(self) -> None:
        window_state.keep(self.window, self.settings)

    def _tell_of_bug(self, report: str) -> None:
        self._report = report
        last = report.strip().rpartition("\n")[2]
        sentence = self.tr("{0}. Runs go on and their traces are whole. The details help to mend it.").format(last[:300].rstrip("."))
        offers = (Offer(key=COPY_DETAILS, words=self.tr("Copy details")),)
        self.window.notice.tell(Notice(status="error", title=self.tr("Something in this program failed"), sentence=sentence, offers=offers))

    def _copy_details(self, key: str) -> None:
        if key == COPY_DETAILS:
            copy_words(self._report)


def main(arguments: Sequence[str]) -> int:
    """Run the window until it is closed; returns the exit status."""
    given = _parser().parse_args(arguments)
    dump_no_core()
    require_display(os.environ)
    QGuiApplication.setDesktopFileName(paths.DESKTOP_ID)
    # The window's class on X11, which the desktop entry names: whatever the program was started as.
    application = QApplication(["rlm-desktop"])
    application.setApplicationName("RLM Desktop")
    application.setWindowIcon(QIcon(str(paths.desktop_file("svg"))))
    application.setQuitOnLastWindowClosed(False)
    app = App(application)
    signals = Signals(application)
    signals.came.connect(lambda: application.exit(130))
    if given.measure_first_paint is not None:
        app.window.painted.connect(lambda: _say_first_paint(application, given.measure_first_paint))
    app.show(given.files)
    try:
        return application.exec()
    finally:
        app.stop()
        signals.stop()


def _say_first_paint(application: QApplication, started_s: float) -> None:
    print(json.dumps({"first_paint_s": round(time.time() - started_s, 4)}), flush=True)
    application.exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rlm-desktop", description="The window, with documents or traces.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="documents to add, or traces to open")
    # For the benchmark: seconds since 1970 at which the process was started.
    parser.add_argument("--measure-first-paint", type=float, metavar="SECONDS", help=argparse.SUPPRESS)
    return parser


def _sample_title() -> str:
    try:
        return load_sample().title
    except UserError:
        return ""
