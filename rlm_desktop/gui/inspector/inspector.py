"""The inspector: everything that is known of the chosen call, iteration or fan, as of the cursor."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from rlm_desktop.errors import UserError
from rlm_desktop.gui.clipboard import copy_words
from rlm_desktop.gui.inspector.code_page import CodePage
from rlm_desktop.gui.inspector.contents import Contents
from rlm_desktop.gui.inspector.fan_list import FanList
from rlm_desktop.gui.inspector.inspector_head import InspectorHead
from rlm_desktop.gui.inspector.pages import FIRST, PAGES, PageName, page_words
from rlm_desktop.gui.inspector.passages_view import PassagesView
from rlm_desktop.gui.inspector.raw_view import RawView
from rlm_desktop.gui.inspector.subject import Kind, Subject, neighbour, subject_of
from rlm_desktop.gui.inspector.vars_list import VarsList
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.tabs import Tab, TabRow
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import Ground
from rlm_desktop.gui.run_model import CurrentRun
from rlm_desktop.gui.selection import Chosen, Selection
from rlm_desktop.present import numbers
from rlm_desktop.present.exchange import new_from
from rlm_desktop.present.passages import Passage, as_markdown, as_text
from rlm_desktop.present.site_calls import SiteCalls
from rlm_desktop.trace.commands import TextStreamed
from rlm_desktop.trace.invisible import escaped_json

FRAME_MS = 16
MOST_COPIED_CHARS = 100_000_000


class Inspector(Ground):
    """Follows run, cursor and selection by itself."""

    def __init__(self, current_run: CurrentRun, selection: Selection, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        self._current, self._selection = current_run, selection
        self._contents: Contents | None = None
        self._subject = Subject(kind="run")
        self._shown: dict[PageName, Subject] = {}
        self._page_of: dict[Kind, PageName] = dict(FIRST)
        self.setAccessibleName(self.tr("Inspector"))
        self.head = InspectorHead(themes, self)
        self.tabs = TabRow(themes, (Tab(name=self.tr("Run")),), parent=self)
        self.code = CodePage(themes)
        self.prompt, self.output, self.about = PassagesView(themes), PassagesView(themes), PassagesView(themes)
        # What a call with a REPL says is code and outputs for the most part; what a plain call is asked is prose.
        self.asked, self.reply = PassagesView(themes, face="reading"), PassagesView(themes, face="reading")
        self.vars = VarsList(themes)
        self.fan = FanList(themes)
        self.raw = RawView(themes)
        self._pages: dict[PageName, QWidget] = {
            "prompt": self.prompt, "asked": self.asked, "code": self.code, "output": self.output, "reply": self.reply, "vars": self.vars,
            "calls": self.fan, "run": self.about, "raw": self.raw,
        }  # fmt: skip
        self._stack = QStackedWidget(self)
        for name, page in self._pages.items():
            if isinstance(page, PassagesView):
                page.setAccessibleName(in_line(page_words(name)))
            self._stack.addWidget(page)
        self._blank = QWidget()
        self._stack.addWidget(self._blank)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.head, self.tabs):
            column.addWidget(widget)
        self._measure()
        column.addWidget(self._stack, 1)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(FRAME_MS)
        self._due.timeout.connect(self.refresh)
        self.head.stepped.connect(self.step)
        self.head.copy_asked.connect(self.copy_as)
        self.tabs.chosen.connect(self._tab_chosen)
        self.code.calls_chosen.connect(self._calls_chosen)
        self.fan.call_chosen.connect(lambda call: selection.choose(Chosen(call_id=call)))
        selection.changed.connect(self.refresh)
        current_run.changed.connect(self._take_run)
        self._take_run()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    @property
    def subject(self) -> Subject:
        return self._subject

    @property
    def page(self) -> PageName:
        """The name of the page in view."""
        return self._page_of[self._subject.kind]

    def show_page(self, name: PageName) -> None:
        """Show another page of what is chosen, if it has that page."""
        names = PAGES[self._subject.kind]
        if name in names:
            self._page_of[self._subject.kind] = name
            if self._subject.kind in ("call", "iteration"):
                # From one iteration to another one stays on the same page.
                self._page_of["call"] = self._page_of["iteration"] = name
            self.refresh()

    def step(self, by: int) -> None:
        """Choose what comes before or after."""
        to = neighbour(self._subject, self._contents.now(), by) if self._contents is not None else None
        if to is not None:
            self._selection.choose(to)

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.width("inspector"), t.px(600))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_page_key(event):
            names = PAGES[self._subject.kind]
            by = 1 if event.matches(QKeySequence.StandardKey.NextChild) else -1
            self.show_page(names[(names.index(self.page) + by) % len(names)])
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Qt would take Ctrl+Tab to move the focus on.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_page_key(event):
            event.accept()
            return True
        return super().event(event)

    def copy_as(self, form: str) -> None:
        """Put what the page shows on the clipboard: `text`, `markdown`, or the entries as `json`."""
        if self._contents is None:
            return
        if form == "json":
            raws = (msgspec.Raw(self._contents.run.store.raw(seq)) for seq in self._contents.raw_seqs(self._subject))
            words = escaped_json(msgspec.json.format(msgspec.json.encode(list(raws)), indent=2).decode("utf-8", "replace"))
        else:
            passages = [self._facts_passage(), *self._passages_of_page()]
            words = as_text(passages) if form == "text" else as_markdown(passages)
        copy_words(words)

    def refresh(self) -> None:
        """Show what is chosen as of the cursor: the head, and of the pages the one in view."""
        self._due.stop()
        contents = self._contents
        if contents is None:
            self.head.show_facts(None, can_go=(False, False))
            self.tabs.hide()
            self._stack.setCurrentWidget(self._blank)
            return
        now = contents.now()
        self._subject = subject_of(self._selection.chosen, now)
        can_go = (neighbour(self._subject, now, -1) is not None, neighbour(self._subject, now, 1) is not None)
        self.head.show_facts(contents.inspected(self._subject), can_go=can_go)
        self.tabs.show()
        try:
            self._show_tabs()
            self._fill(contents)
        except UserError as error:
            self._shown.clear()
            self.about.set_passages([Passage(text=str(error), title=self.tr("The trace cannot be read"), tone="fail")])
            self._stack.setCurrentWidget(self.about)

    def _measure(self) -> None:
        # The names stand in line with what is above and below them.
        self.tabs.setContentsMargins(self._themes.current.px(6), 0, 0, 0)

    def _show_tabs(self) -> None:
        names = PAGES[self._subject.kind]
        self.tabs.set_tabs([Tab(name=page_words(name), hint=self._hint(name)) for name in names], current=names.index(self.page))

    def _fill(self, contents: Contents) -> None:
        subject, name = self._subject, self.page
        is_same = self._shown.get(name) == subject
        self._shown[name] = subject
        self._stack.setCurrentWidget(self._pages[name])
        if name == "code":
            self.code.show_ran(contents.ran(subject), is_same=is_same)
        elif name == "vars":
            self.vars.vars.show(contents.variables(subject))
        elif name == "raw":
            self.raw.show_entries(contents.run.store, contents.raw_seqs(subject), keeps_place=is_same)
        elif name == "calls":
            now = contents.now()
            self.fan.show_calls(now.fan_calls(subject.call), now, contents.lines)
        else:
            view = self._pages[name]
            assert isinstance(view, PassagesView)
            passages = self._passages_of_page()
            # A page about the run is read from its top, however it grows; only what is sent or printed is followed at its end.
            stays_at_top = name == "run" and view.verticalScrollBar().value() == 0
            has_changed = view.set_passages(passages, keeps_place=is_same and not stays_at_top)
            fresh = new_from(passages) if name == "prompt" else None
            if has_changed and not is_same and fresh is not None:
                view.show_passage(fresh)

    def _passages_of_page(self) -> list[Passage]:
        contents, subject = self._contents, self._subject
        if contents is None:
            return []
        match self.page:
            case "prompt" | "asked":
                return contents.request(subject)
            case "output":
                return contents.output(subject) or [Passage(text="", title=page_words("output"), note=self.tr("nothing yet at this event"))]
            case "reply":
                return contents.plain_reply(subject)
            case "run":
                return contents.run_passages()
            case "code":
                ran = contents.ran(subject)
                return [*ran.reply, *(Passage(text=b.code, title=b.title or page_words("code")) for b in ran.blocks), *ran.output]
            case "vars":
                rows = [f"{v.name}  {v.type}  {v.short}" for v in contents.variables(subject).variables]
                return [Passage(text="\n".join(rows), title=page_words("vars"))]
            case "raw":
                return [Passage(text=self.raw.source.text(0, MOST_COPIED_CHARS), title=page_words("raw"))]
            case "calls":
                calls = self.fan.fan.calls
                return [Passage(text="\n".join(f"#{call}  {self.fan.fan.words(int(call))}" for call in calls), title=page_words("calls"))]

    def _facts_passage(self) -> Passage:
        facts = self.head.facts
        if facts is None:
            return Passage(text="")
        columns = (self.tr("cost"), self.tr("input"), self.tr("output"), self.tr("time"))
        rows = [
            f"{name}: " + ", ".join(f"{column} {figure}" for column, figure in zip(columns, figures, strict=True))
            for name, figures in ((self.tr("self"), facts.own), (self.tr("total"), facts.total))
        ]
        return Passage(text="\n".join(rows), title=facts.title, chip=facts.place, note=self.head.status_words())

    def _hint(self, name: PageName) -> str:
        if self._contents is None:
            return ""
        if name == "vars":
            known = self._contents.variables(self._subject).variables
            return numbers.count(len(known)) if known else ""
        if name == "calls":
            return numbers.count(len(self._contents.now().fan_calls(self._subject.call)))
        return ""

    def _tab_chosen(self, index: int) -> None:
        self.show_page(PAGES[self._subject.kind][index])

    def _calls_chosen(self, made: SiteCalls) -> None:
        if made.fan is None:
            self._selection.choose(Chosen(call_id=made.first))
        else:
            self._selection.choose(Chosen(call_id=self._subject.call, iteration=self._subject.iteration, fan=made.fan))

    def _take_run(self) -> None:
        if self._contents is not None:
            run = self._contents.run
            run.cursor_moved.disconnect(self._due_soon)
            run.status_changed.disconnect(self._due_soon)
            run.streamed.disconnect(self._take_stream)
            self._contents.texts.stop()
            self._contents.deleteLater()
        run_now = self._current.run
        self._contents = Contents(run_now, self) if run_now is not None else None
        self._shown.clear()
        self.raw.stop()
        if self._contents is not None and run_now is not None:
            run_now.cursor_moved.connect(self._due_soon)
            run_now.status_changed.connect(self._due_soon)
            run_now.streamed.connect(self._take_stream)
            self._contents.texts.completed.connect(self._due_soon)
        self.refresh()

    def _take_stream(self, piece: TextStreamed) -> None:
        if self._contents is not None:
            self._contents.stream(piece)
            if piece.call_id == self._subject.call:
                self._due_soon()

    def _due_soon(self) -> None:
        """Come up to date with the next frame, however often it is said."""
        if not self._due.isActive():
            self._due.start()


def _is_page_key(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.NextChild) or event.matches(QKeySequence.StandardKey.PreviousChild)
