"""The main window, put together: bars, panes, pages, and what leads from one to the other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenuBar, QSplitter, QVBoxLayout, QWidget

from rlm_desktop import __version__
from rlm_desktop.gui.actions import Actions
from rlm_desktop.gui.answer.answer_panel import AnswerPanel
from rlm_desktop.gui.bars.budget_strip import BudgetStrip
from rlm_desktop.gui.bars.question_bar import QuestionBar
from rlm_desktop.gui.bars.replay_bar import ReplayBar
from rlm_desktop.gui.bars.status_line import StatusLine
from rlm_desktop.gui.centre import Centre, PageName
from rlm_desktop.gui.desk import Desk
from rlm_desktop.gui.documents.document_page import DocumentPage
from rlm_desktop.gui.documents.documents_pane import DocumentsPane
from rlm_desktop.gui.dropping import Dragged, dragged
from rlm_desktop.gui.empty_state import EmptyState
from rlm_desktop.gui.inspector.inspector import Inspector
from rlm_desktop.gui.limits_page import LimitsForm
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.notice import NoticeBar
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.map.canvas import MapCanvas
from rlm_desktop.gui.models.models_page import ModelsForm
from rlm_desktop.gui.page import Ground, Page, Rule
from rlm_desktop.gui.runs.runs_pane import RunsPane
from rlm_desktop.gui.shortcuts_page import ShortcutsList

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 960, 640


class MainWindow(QMainWindow):
    """`dropped` carries a `Dragged`, `close_asked` nothing: what closing means is decided elsewhere."""

    dropped = Signal(object)
    close_asked = Signal()

    def __init__(self, desk: Desk, themes: Themes, turning: Turning, actions: Actions, *, sample_title: str) -> None:
        super().__init__()
        self._themes = themes
        self.may_close = False
        self.setWindowTitle("RLM Desktop")
        self.setAcceptDrops(True)
        self.actions_registry = actions
        current, selection = desk.current_run, desk.selection
        self.question_bar = QuestionBar(themes)
        self.strip = BudgetStrip(themes)
        self.notice = NoticeBar(themes)
        self.run_notice = NoticeBar(themes)
        self.documents_pane = DocumentsPane(desk.documents, themes, turning)
        self.runs_pane = RunsPane(desk.recent.runs, themes, turning)
        self.answer = AnswerPanel(current, themes)
        self.centre = Centre(themes, self.answer)
        self.start = EmptyState(themes, sample_title=sample_title)
        self.map = MapCanvas(current, selection, themes, turning=turning)
        self.document_page = DocumentPage(current, desk.documents, themes)
        self.models = ModelsForm(desk.models, themes)
        self.limits = LimitsForm(desk.draft, themes)
        self.shortcuts = ShortcutsList(actions, themes, version=__version__)
        self.inspector = Inspector(current, selection, themes)
        self.replay_bar = ReplayBar(current, desk.replay, themes)
        self.status_line = StatusLine(themes)
        self._put_pages()
        self._put_together()

    def set_has_run(self, has_run: bool) -> None:
        """Show what belongs to a run, or the start."""
        self.centre.set_has_run(has_run)
        for widget in (self.strip, self.replay_bar):
            widget.setVisible(has_run)
        self._show_inspector()

    def show_drop(self, what: Dragged | None) -> None:
        """Light up what takes a drop, or let it rest."""
        self.documents_pane.hint.set_hot(what is not None, what.title if what is not None else "")
        self.start.set_drop(what.title, what.names) if what is not None else self.start.set_drop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        what = dragged(event.mimeData())
        if what is not None and event.source() is None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.show_drop(what)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.show_drop(None)

    def dropEvent(self, event: QDropEvent) -> None:
        what = dragged(event.mimeData())
        self.show_drop(None)
        if what is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(what)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close:
            event.accept()
        else:
            event.ignore()
            self.close_asked.emit()

    def _put_pages(self) -> None:
        centre, themes = self.centre, self._themes
        centre.put("start", self.start)
        centre.put("map", self.map)
        centre.put("document", self.document_page)
        pages: tuple[tuple[PageName, str, QWidget], ...] = (
            ("models", self.tr("Models"), self.models),
            ("limits", self.tr("Limits"), self.limits),
            ("shortcuts", self.tr("Shortcuts"), self.shortcuts),
        )
        for name, title, content in pages:
            page = Page(themes, title, content)
            page.closed.connect(centre.back)
            centre.put(name, page)
        centre.page_changed.connect(self._show_inspector)

    def _show_inspector(self) -> None:
        self.inspector_side.setVisible(self.centre.page in ("map", "document") and self.strip.isVisibleTo(self))

    def _put_together(self) -> None:
        themes = self._themes
        bar = QMenuBar(self)
        self.actions_registry.fill(bar)
        self.setMenuBar(bar)
        self.actions_registry.add_to_window(self)
        for canvas in (self.map, self.replay_bar.track):
            self.actions_registry.add_to_canvas(canvas)
        self.left_side = Ground(themes)
        left = _column(self.left_side)
        left.addWidget(self.documents_pane)
        left.addWidget(Rule(themes))
        left.addWidget(self.runs_pane, 1)
        self.inspector_side = Ground(themes)
        _column(self.inspector_side).addWidget(self.inspector)
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        self.sides.setHandleWidth(1)
        self.sides.setChildrenCollapsible(False)
        for side in (self.left_side, self.centre, self.inspector_side):
            self.sides.addWidget(side)
        self.sides.setStretchFactor(1, 1)
        body = Ground(themes, "chrome")
        column = _column(body)
        column.addWidget(self.question_bar)
        column.addWidget(self.strip)
        notices = QWidget()
        self.notices = _column(notices)
        self.notices.addWidget(self.notice)
        self.notices.addWidget(self.run_notice)
        gap = themes.current.space("m")
        self.notices.setSpacing(gap)
        self.notices.setContentsMargins(0, 0, 0, 0)
        column.addWidget(notices)
        column.addWidget(self.sides, 1)
        column.addWidget(self.replay_bar)
        column.addWidget(self.status_line)
        self.setCentralWidget(body)
        t = themes.current
        self.setMinimumSize(LEAST_WIDTH_PX, LEAST_HEIGHT_PX)
        self.left_side.setMinimumWidth(t.px(200))
        self.centre.setMinimumWidth(t.px(360))
        self.inspector_side.setMinimumWidth(t.px(280))


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
