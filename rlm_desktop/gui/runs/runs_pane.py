"""The runs pane: what was run before and what runs now."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QVBoxLayout, QWidget

from rlm_desktop.gui.look.controls import PaneHeader, Words
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.runs.run_delegate import RunDelegate
from rlm_desktop.gui.runs.run_facts import RunFacts
from rlm_desktop.gui.runs.run_list import FACTS, RunList
from rlm_desktop.present import numbers

LEAST_ROWS = 3
"""So many are seen however many documents there are above them."""


class _Rows(QListView):
    remove_asked = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        facts = self.currentIndex().data(FACTS)
        if event.key() == Qt.Key.Key_Delete and isinstance(facts, RunFacts):
            self.remove_asked.emit(facts.path)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(facts, RunFacts):
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class RunsPane(QWidget):
    """Each signal carries the path of a trace."""

    run_chosen = Signal(str)
    remove_asked = Signal(str)
    reveal_asked = Signal(str)
    copy_path_asked = Signal(str)

    def __init__(self, runs: RunList, themes: Themes, turning: Turning, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs, self._turning, self._themes = runs, turning, themes
        self._header = PaneHeader(themes, self.tr("Runs"), parent=self)
        self._nothing = Words(themes, self.tr("Runs and traces appear here"), size="small", role="text_3")
        self.view = _Rows(self)
        self.view.setAccessibleName(self.tr("Runs"))
        self.view.setModel(runs)
        self.view.setMouseTracking(True)
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._delegate = RunDelegate(themes, turning, self.view)
        self.view.setItemDelegate(self._delegate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._nothing)
        column.addWidget(self.view, 1)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self.view.remove_asked.connect(self.remove_asked)
        self.view.customContextMenuRequested.connect(self._open_menu)
        for signal in (runs.modelReset, runs.dataChanged):
            signal.connect(self._count)
        themes.changed.connect(self._dress)
        self._dress()
        self._count()

    def show_as_current(self, path: str) -> None:
        """Mark the run that the window shows."""
        self._delegate.shown_path = path
        row = self._runs.row_of(path)
        if row is not None:
            self.view.setCurrentIndex(self._runs.index(row))
        self.view.viewport().update()

    def _choose(self, index: QModelIndex) -> None:
        facts = index.data(FACTS)
        if isinstance(facts, RunFacts):
            self.run_chosen.emit(facts.path)

    def _open_menu(self, at: QPoint) -> None:
        facts = self.view.indexAt(at).data(FACTS)
        if not isinstance(facts, RunFacts):
            return
        menu = QMenu(self)
        menu.addAction(self.tr("Open"), lambda: self.run_chosen.emit(facts.path))
        menu.addAction(self.tr("Show in folder"), lambda: self.reveal_asked.emit(facts.path))
        menu.addAction(self.tr("Copy path"), lambda: self.copy_path_asked.emit(facts.path))
        menu.addSeparator()
        remove = menu.addAction(self.tr("Remove"), lambda: self.remove_asked.emit(facts.path))
        remove.setEnabled(facts.status != "running")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.view.viewport().mapToGlobal(at))

    def _count(self) -> None:
        count = self._runs.run_count
        self._header.set_count(numbers.count(count) if count else "")
        self._nothing.setVisible(not count)
        self.view.setVisible(bool(count))
        self.view.setMinimumHeight(self._themes.current.height("run_row") * min(LEAST_ROWS, self._runs.rowCount()))
        self._turning.keep(self.view.viewport(), self._runs.has_running)

    def _dress(self) -> None:
        t = self._themes.current
        self._nothing.setContentsMargins(t.space("xl"), t.px(4), t.space("xl"), 0)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.setMinimumHeight(t.height("run_row"))
