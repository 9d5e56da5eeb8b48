"""The main window, put together: bars, panes, pages, and what leads from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QMenuBar, QSplitter, QVBoxLayout, QWidget

from rlm_desktop.gui.actions import Actions
from rlm_desktop.gui.bars.budget_strip import BudgetStrip
from rlm_desktop.gui.bars.question_bar import QuestionBar
from rlm_desktop.gui.bars.status_line import StatusLine
from rlm_desktop.gui.centre import Centre, PageName
from rlm_desktop.gui.desk import Desk
from rlm_desktop.gui.documents.documents_pane import DocumentsPane
from rlm_desktop.gui.dropping import Dragged, dragged
from rlm_desktop.gui.empty_state import EmptyState
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.notice import NoticeBar
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.notice_place import NoticePlace
from rlm_desktop.gui.page import Ground, Page, Rule
from rlm_desktop.gui.runs.runs_pane import RunsPane

if TYPE_CHECKING:
    from rlm_desktop.gui.answer.answer_panel import AnswerPanel
    from rlm_desktop.gui.bars.replay_bar import ReplayBar
    from rlm_desktop.gui.documents.document_page import DocumentPage
    from rlm_desktop.gui.inspector.inspector import Inspector
    from rlm_desktop.gui.map.canvas import MapCanvas
    from rlm_desktop.gui.run_views import RunViews

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 960, 640


class MainWindow(QMainWindow):
    """`dropped` carries a `Dragged`, `close_asked` nothing: what closing means is decided elsewhere.

    `painted` comes once, after the first paint; `run_views_made` when there is something to show a run with.
    """

    dropped = Signal(object)
    close_asked = Signal()
    painted = Signal()
    run_views_made = Signal()

    def __init__(self, desk: Desk, themes: Themes, turning: Turning, actions: Actions, *, sample_title: str) -> None:
        super().__init__()
        self._desk, self._themes, self._turning, self._actions = desk, themes, turning, actions
        self._run_views: RunViews | None = None
        self._contents: dict[str, QWidget] = {}
        self._was_painted = False
        self.may_close = False
        self.setWindowTitle("RLM Desktop")
        self.setAcceptDrops(True)
        self.question_bar = QuestionBar(themes)
        # A field takes a dropped file for the text of its address.
        self.question_bar.field.setAcceptDrops(False)
        self.strip = BudgetStrip(themes)
        self.notice = NoticeBar(themes)
        self.run_notice = NoticeBar(themes)
        self.documents_pane = DocumentsPane(desk.documents, themes, turning)
        self.runs_pane = RunsPane(desk.recent.runs, themes, turning)
        self.start = EmptyState(themes, sample_title=sample_title)
        self.centre = Centre(themes, make_page=self._make_page)
        self.centre.put("start", self.start)
        self.centre.page_changed.connect(self._show_inspector)
        self.status_line = StatusLine(themes)
        self._put_together()

    @property
    def run_views(self) -> RunViews:
        """What shows a run, made on first use: the first paint need not wait for it."""
        if self._run_views is None:
            from rlm_desktop.gui.run_views import RunViews

            self._run_views = RunViews(self._desk, self._themes, self._turning)
            self._put_run_views(self._run_views)
            self.run_views_made.emit()
        return self._run_views

    @property
    def map(self) -> MapCanvas:
        return self.run_views.map

    @property
    def inspector(self) -> Inspector:
        return self.run_views.inspector

    @property
    def answer(self) -> AnswerPanel:
        return self.run_views.answer

    @property
    def document_page(self) -> DocumentPage:
        return self.run_views.document_page

    @property
    def replay_bar(self) -> ReplayBar:
        return self.run_views.replay_bar

    def content(self, name: PageName) -> QWidget:
        """Return what a page holds, which is made if need be."""
        self.centre.page_named(name)
        return self._contents[name]

    def set_has_run(self, has_run: bool) -> None:
        """Show what belongs to a run, or the start."""
        if has_run or self._run_views is not None:
            self.replay_bar.setVisible(has_run)
        self.centre.set_has_run(has_run)
        self.strip.setVisible(has_run)
        self._show_inspector()

    def show_drop(self, what: Dragged | None) -> None:
        """Light up what takes a drop, or let it rest."""
        title, names = (what.title, what.names) if what is not None else ("", "")
        self.documents_pane.hint.set_hot(what is not None, title)
        self.start.set_drop(title, names)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            # The widgets within are painted after this one, before the loop comes round again.
            QTimer.singleShot(0, self.painted.emit)

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

    def _make_page(self, name: PageName) -> QWidget:
        from rlm_desktop.gui.pages import page_content

        title, content = page_content(name, self._desk, self._themes, self._actions)
        self._contents[name] = content
        page = Page(self._themes, title, content)
        page.closed.connect(self.centre.back)
        return page

    def _show_inspector(self) -> None:
        if self._run_views is not None:
            self.inspector_side.setVisible(self.centre.page in ("map", "document") and self.strip.isVisibleTo(self))

    def _put_run_views(self, views: RunViews) -> None:
        self.centre.put("map", views.map)
        self.centre.put("document", views.document_page)
        self.centre.set_answer(views.answer)
        _column(self.inspector_side).addWidget(views.inspector)
        self._body.insertWidget(self._body.count() - 1, views.replay_bar)
        views.replay_bar.hide()
        for canvas in (views.map, views.replay_bar.track):
            self._actions.add_to_canvas(canvas)

    def _put_together(self) -> None:
        themes = self._themes
        bar = QMenuBar(self)
        self._actions.fill(bar)
        self.setMenuBar(bar)
        self._actions.add_to_window(self)
        self.left_side = Ground(themes)
        left = _column(self.left_side)
        left.addWidget(self.documents_pane)
        left.addWidget(Rule(themes))
        left.addWidget(self.runs_pane, 1)
        self.inspector_side = Ground(themes)
        self.inspector_side.hide()
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        self.sides.setHandleWidth(1)
        self.sides.setChildrenCollapsible(False)
        for side in (self.left_side, self.centre, self.inspector_side):
            self.sides.addWidget(side)
        self.sides.setStretchFactor(1, 1)
        body = Ground(themes, "chrome")
        self._body = _column(body)
        for widget in (self.question_bar, self.strip, NoticePlace(themes, self.notice, self.run_notice)):
            self._body.addWidget(widget)
        self._body.addWidget(self.sides, 1)
        self._body.addWidget(self.status_line)
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
