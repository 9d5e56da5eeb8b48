"""The middle of the window: the views of a run under their tabs, or one of the pages, with the answer below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from rlm_desktop.gui.look.tabs import Tab, TabRow
from rlm_desktop.gui.look.theme import Themes

PageName = Literal["start", "map", "document", "models", "limits", "confinement", "unconfined", "security", "shortcuts"]
TABS: tuple[PageName, ...] = ("map", "document")
_UNBOUNDED_PX = 16_777_215


class _TabBar(QWidget):
    def __init__(self, themes: Themes, tabs: TabRow, *, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._row = QHBoxLayout(self)
        self._row.addWidget(tabs)
        self._row.addStretch(1)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        t = self._themes.current
        p.fillRect(self.rect(), t.c("panel"))
        p.fillRect(QRectF(0, self.height() - 1, self.width(), 1), t.c("hair"))
        p.end()

    def _measure(self) -> None:
        t = self._themes.current
        self.setFixedHeight(t.height("view_tabs"))
        self._row.setContentsMargins(t.space("m"), 0, t.space("xl"), 1)


class _AnswerSplit(QSplitter):
    """The views above, the answer below. `QSplitter` keeps the room of a widget whose greatest height shrinks, and leaves it empty."""

    def __init__(self, views: QWidget, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._answer: QWidget | None = None
        self.answer_px = 0
        """The height of the answer where it is shown in full."""
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.addWidget(views)
        self.setStretchFactor(0, 1)
        self.splitterMoved.connect(self._moved)

    def set_answer(self, answer: QWidget) -> None:
        self._answer = answer
        self.addWidget(answer)
        self.setStretchFactor(1, 0)

    def set_answer_px(self, height_px: int) -> None:
        self.answer_px = height_px
        self._fit()

    def event(self, event: QEvent) -> bool:
        is_done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return is_done

    def _moved(self) -> None:
        if self._answer is not None and self._answer.maximumHeight() >= _UNBOUNDED_PX:
            self.answer_px = self.sizes()[1]

    def _fit(self) -> None:
        if self._answer is None:
            return
        wanted = min(self.answer_px, self._answer.maximumHeight(), self.height() * 2 // 3)
        wanted = max(wanted, self._answer.minimumSizeHint().height())
        if self._answer.isVisibleTo(self) and self.sizes()[1] != wanted:
            self.setSizes([max(0, self.height() - wanted - self.handleWidth()), wanted])


class Centre(QWidget):
    """Pages are put in once by name, or made when they are first shown. `page_changed` carries the name."""

    page_changed = Signal(str)

    def __init__(self, themes: Themes, *, make_page: Callable[[PageName], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_page = make_page
        self._answer: QWidget | None = None
        self._pages: dict[PageName, QWidget] = {}
        self._has_run = False
        self._before: PageName = "start"
        self.tabs = TabRow(
            themes,
            (Tab(name=self.tr("Map"), icon="map", hint="1"), Tab(name=self.tr("Documents"), icon="book-open", hint="5")),
            is_large=True,
            parent=self,
        )
        self._tab_bar = _TabBar(themes, self.tabs, parent=self)
        self._stack = QStackedWidget(self)
        self.split = _AnswerSplit(self._stack, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tab_bar)
        column.addWidget(self.split, 1)
        self.tabs.chosen.connect(lambda index: self.show_page(TABS[index]))

    def set_answer(self, answer: QWidget) -> None:
        """Put the answer below the views."""
        self._answer = answer
        self.split.set_answer(answer)
        self._show_around()

    def page_named(self, name: PageName) -> QWidget:
        """Return a page, which is made if need be."""
        if name not in self._pages:
            self.put(name, self._make_page(name))
        return self._pages[name]

    def put(self, name: PageName, page: QWidget) -> None:
        self._pages[name] = page
        self._stack.addWidget(page)

    @property
    def page(self) -> PageName:
        shown = self._stack.currentWidget()
        return next(name for name, page in self._pages.items() if page is shown)

    def set_has_run(self, has_run: bool) -> None:
        """Show the views of a run, or the start where there is none."""
        self._has_run = has_run
        if has_run and self.page == "start":
            self.show_page("map")
        elif not has_run and self.page == "map":
            self.show_page("start")
        self._show_around()

    def show_page(self, name: PageName) -> None:
        if name == "map" and not self._has_run:
            name = "start"
        before = self.page
        if before in ("start", *TABS):
            self._before = before
        self._turn_to(self.page_named(name))
        if name in TABS:
            self.tabs.set_current(TABS.index(name))
        self._show_around()
        if name != before:
            self.page_changed.emit(name)

    def _turn_to(self, page: QWidget) -> None:
        """Show a page. A focus within the one before goes to it, not to whatever Qt thinks comes next."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._pages[self.page].isAncestorOf(focused)
        if focused is not None and had_focus:
            focused.clearFocus()
        self._stack.setCurrentWidget(page)
        if had_focus:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def back(self) -> None:
        """Leave a page for what was shown before it."""
        self.show_page("map" if self._before == "start" else self._before)

    def _show_around(self) -> None:
        page = self.page
        self._tab_bar.setVisible(page in TABS)
        if self._answer is not None:
            self._answer.setVisible(self._has_run and page in TABS)
