"""What each action and each wish of a view does: the one place where views, desk and window meet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui import menus, run_notice
from rlm_desktop.gui.actions import Actions
from rlm_desktop.gui.bars.question_field import question_words
from rlm_desktop.gui.bars_keeper import EDIT, MANAGE, SAME, BarsKeeper
from rlm_desktop.gui.centre import PageName
from rlm_desktop.gui.clipboard import copy_words
from rlm_desktop.gui.confinement.lowering import Lowering
from rlm_desktop.gui.desk import RUN_WITH_KEY, TAKE_KEY_OUT, UNDO, Desk
from rlm_desktop.gui.dropping import Dragged, dragged
from rlm_desktop.gui.file_dialogs import FileDialogs
from rlm_desktop.gui.look.foreign import in_title
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.notice import Notice, Offer
from rlm_desktop.gui.look.theme import Choice, Themes
from rlm_desktop.gui.main_window import MainWindow
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.present import numbers
from rlm_desktop.present.running_code import running_code

STOP_OPENING = "stop_opening"
OPENING_SHOWN_MS = 150
"""A trace that opens faster than this says nothing about it."""


class Conductor(QObject):
    def __init__(self, desk: Desk, themes: Themes, turning: Turning, *, sample_title: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._themes = desk, themes
        self._run: RunModel | None = None
        self._shown_question = ""
        self.actions = Actions(self)
        menus.register(self.actions, self._acts())
        menus.add_theme_choices(self.actions, themes, self._choose_theme)
        samples = menus.add_samples(self.actions, desk.samples.choose)
        self.window = MainWindow(desk, themes, turning, self.actions, sample_title=sample_title)
        self.window.start.offer_samples(samples)
        self.dialogs = FileDialogs(self.window)
        window = self.window
        self.bars = BarsKeeper(desk, window.question_bar, window.strip, window.status_line, self)
        self._lowering = Lowering(desk, window, self)
        self._opening_timer = QTimer(self)
        self._opening_timer.setSingleShot(True)
        self._opening_timer.setInterval(OPENING_SHOWN_MS)
        self._opening_timer.timeout.connect(self._show_opening)
        self._wire_desk()
        self._wire_window()
        self._take_run()

    def _acts(self) -> dict[str, Callable[[], None]]:
        desk, replay = self._desk, self._desk.replay
        return {
            "open_trace": lambda: self.dialogs.open_traces(desk.take),
            "add_documents": lambda: self.dialogs.add_documents(desk.take),
            "add_folder": lambda: self.dialogs.add_folder(desk.take),
            "paste_document": self._paste,
            "undo": desk.undo,
            "save_copy": self._save_copy,
            "save_answer": self._save_answer,
            "copy_answer": self._copy_answer,
            "reveal": self._reveal_shown,
            "quit": lambda: self.window.close_asked.emit(),
            "run": desk.run,
            "pause": desk.pause,
            "resume": desk.resume,
            "stop": desk.stop,
            "stop_call": lambda: self._tell_chosen(desk.cancel),
            "interrupt": lambda: self._tell_chosen(desk.interrupt),
            "sample": desk.run_sample,
            "models": lambda: self._show_page("models"),
            "limits": lambda: self._show_page("limits"),
            "confinement": lambda: self._show_to_read("confinement"),
            "view_map": lambda: self._show_page("map"),
            "view_document": self._show_documents,
            "left_side": lambda: self._toggle(left=True),
            "right_side": lambda: self._toggle(left=False),
            "question": lambda: self.window.question_bar.field.setFocus(),
            "play": replay.toggle,
            "event_before": lambda: replay.step(-1),
            "event_after": lambda: replay.step(1),
            "iteration_before": lambda: replay.step_iteration(-1),
            "iteration_after": lambda: replay.step_iteration(1),
            "to_start": replay.to_start,
            "to_end": replay.to_end,
            "shortcuts": lambda: self._show_to_read("shortcuts"),
            "security": lambda: self._show_to_read("security"),
        }

    def _wire_desk(self) -> None:
        desk = self._desk
        desk.told.connect(self.window.notice.tell)
        desk.current_run.changed.connect(self._take_run)
        desk.open_runs.loading_changed.connect(self._loading_changed)
        desk.open_runs.live_changed.connect(self._allow)
        # The task bar says that a run is over, unless the window is in front.
        desk.open_runs.run_over.connect(lambda _live: QApplication.alert(self.window))
        desk.draft.changed.connect(self._allow)
        desk.selection.changed.connect(self._allow)
        desk.confinement.changed.connect(self._show_title)
        desk.recent.removed.connect(lambda _path: self._allow())

    def _wire_window(self) -> None:
        desk, window, bar = self._desk, self.window, self.window.question_bar
        bar.question_changed.connect(desk.draft.set_question)
        bar.run_asked.connect(lambda: desk.run())
        bar.pause_asked.connect(desk.pause)
        bar.resume_asked.connect(desk.resume)
        bar.stop_asked.connect(desk.stop)
        bar.model_picked.connect(self._pick_model)
        bar.sub_model_picked.connect(self._pick_sub_model)
        bar.limits_picked.connect(self._pick_limits)
        window.strip.pill.clicked.connect(desk.replay.to_end)
        window.status_line.chosen.connect(lambda _key: self._show_to_read("confinement"))
        window.dropped.connect(self._take_drop)
        window.notice.chosen.connect(self._offer_chosen)
        window.run_notice.chosen.connect(self._offer_chosen)
        window.documents_pane.add_asked.connect(lambda: self.dialogs.add_documents(desk.take))
        window.documents_pane.document_opened.connect(self._show_document)
        runs = window.runs_pane
        runs.run_chosen.connect(lambda path: desk.open_runs.show(Path(path)))
        runs.remove_asked.connect(desk.recent.remove)
        runs.reveal_asked.connect(lambda path: reveal(Path(path)))
        runs.copy_path_asked.connect(copy_words)
        start = window.start
        start.sample_asked.connect(desk.run_sample)
        start.files_asked.connect(lambda: self.dialogs.add_documents(desk.take))
        start.trace_asked.connect(lambda: self.dialogs.open_traces(desk.take))
        start.models_asked.connect(lambda: self._show_page("models"))
        start.shortcuts_asked.connect(lambda: self._show_to_read("shortcuts"))
        window.centre.page_changed.connect(self._page_changed)
        window.run_views_made.connect(self._wire_run_views)

    def _wire_run_views(self) -> None:
        views = self.window.run_views
        views.answer.quote_chosen.connect(self._show_quote)
        views.answer.save_asked.connect(self._save_answer)
        views.map.cancel_asked.connect(self._desk.cancel)
        views.map.interrupt_asked.connect(self._desk.interrupt)

    def _show_page(self, name: PageName) -> None:
        self.window.centre.show_page(name)

    def _show_to_read(self, name: PageName) -> None:
        """Show a page that has nothing to fill in, and let the keys scroll it, whatever it was asked for from."""
        self._show_page(name)
        self.window.centre.page_named(name).setFocus()

    def _show_documents(self) -> None:
        self.window.document_page.look()
        self._show_page("document")

    def _page_changed(self, name: str) -> None:
        if name == "document":
            self.window.document_page.look()

    def _choose_theme(self, choice: Choice) -> None:
        self._themes.choose(choice)
        self._desk.settings.change(theme=choice)

    def _toggle(self, *, left: bool) -> None:
        side = self.window.left_side if left else self.window.inspector_side
        side.setVisible(side.isHidden())

    def _pick_model(self, key: str) -> None:
        if key == MANAGE:
            self._show_page("models")
        else:
            self._desk.draft.set_root_model(key)

    def _pick_sub_model(self, key: str) -> None:
        if key == MANAGE:
            self._show_page("models")
        else:
            self._desk.draft.set_sub_model("" if key == SAME else key)

    def _pick_limits(self, key: str) -> None:
        if key == EDIT:
            self._show_page("limits")
        else:
            self._desk.draft.set_preset(key)

    def _paste(self) -> None:
        """Take what is on the clipboard as a drop would be taken."""
        what = dragged(QGuiApplication.clipboard().mimeData())
        if what is not None:
            self._take_drop(what)
        else:
            self._desk.paste("")

    def _take_drop(self, what: Dragged) -> None:
        if what.paths:
            self._desk.take(what.paths)
        else:
            self._desk.paste(what.text)

    def _offer_chosen(self, key: str) -> None:
        self.window.notice.clear()
        if key == UNDO:
            self._desk.undo()
        elif key == TAKE_KEY_OUT:
            self._desk.take_key_out()
            self.window.question_bar.field.setFocus()
        elif key == RUN_WITH_KEY:
            self._desk.run(is_key_meant=True)
        elif key == run_notice.AGAIN:
            self._desk.run()
        elif key == run_notice.MODELS:
            self._show_page("models")
        elif key == run_notice.LIMITS:
            self._show_page("limits")
        elif key == run_notice.CONFINEMENT:
            self._show_to_read("confinement")
        elif key == run_notice.UNCONFINED:
            self._lowering.ask()
        elif key == STOP_OPENING:
            self._desk.open_runs.stop_loading()

    def _take_run(self) -> None:
        if self._run is not None:
            self._run.status_changed.disconnect(self._show_run_notice)
            self._run.grown.disconnect(self._allow_of_call)
        run = self._run = self._desk.current_run.run
        self.window.set_has_run(run is not None)
        if run is not None:
            run.status_changed.connect(self._show_run_notice)
            run.grown.connect(self._allow_of_call)
            self.window.runs_pane.show_as_current(str(run.store.path))
            self._show_question(run)
            if self.window.centre.page not in ("map", "document"):
                self._show_page("map")
        else:
            self.window.runs_pane.show_as_current("")
        self._show_title()
        self._show_run_notice()
        self._allow()

    def _show_title(self) -> None:
        """Name the run, and that its code is not confined where that is so: the task bar says it too."""
        parts = [self._run.store.path.stem] if self._run is not None else []
        if self._desk.confinement.look().is_lowered:
            parts.append(self.tr("not confined"))
        self.window.setWindowTitle(in_title(" – ".join((*parts, "RLM Desktop"))))

    def _show_question(self, run: RunModel) -> None:
        """Put the question of a run into its field, unless the person is writing another one there."""
        started = run.columns.run_started
        if started is not None and self._desk.draft.question.strip() in ("", self._shown_question):
            self._shown_question = question_words(run.store.text(started.question))
            self._desk.draft.set_question(self._shown_question)

    def _show_run_notice(self) -> None:
        run = self._run
        notice = None
        if run is not None:
            is_ours = self._desk.open_runs.started_here(str(run.store.path)) is not None
            is_refused = self._desk.confinement.look().standing == "refused"
            notice = run_notice.notice_of(run, is_ours=is_ours, is_refused=is_refused)
        if notice is None:
            self.window.run_notice.clear()
        else:
            self.window.run_notice.tell(notice)

    def _loading_changed(self) -> None:
        loading = self._desk.open_runs.loading
        if loading is None:
            self._opening_timer.stop()
            shown = self.window.notice.notice
            if shown is not None and any(offer.key == STOP_OPENING for offer in shown.offers):
                self.window.notice.clear()
        elif not self._opening_timer.isActive():
            self._opening_timer.start()

    def _show_opening(self) -> None:
        loading = self._desk.open_runs.loading
        if loading is not None:
            offer = Offer(key=STOP_OPENING, words=self.tr("Stop opening"))
            title = self.tr("Opening {0}").format(loading.path.name)
            sentence = self.tr("{0} read").format(numbers.percent(loading.share))
            self.window.notice.tell(Notice(status="running", title=title, sentence=sentence, offers=(offer,), can_close=False))

    def _show_document(self, document_id: int) -> None:
        document = self._desk.documents.document(document_id)
        if document is None:
            return
        if document.read is not None:
            self.window.document_page.show_document(document.read)
        else:
            self.window.document_page.show_left_out(document)
        self._show_page("document")

    def _show_quote(self, name: str, start: int, end: int) -> None:
        run = self._run
        if run is None:
            return
        read = next((read for read in run.store.documents() if read.name == name), None)
        if read is not None:
            self.window.document_page.show_document(read, start=start, end=end)
            self._show_page("document")

    def _tell_chosen(self, tell: Callable[[int], None]) -> None:
        chosen = self._desk.selection.chosen.call_id
        if chosen is not None:
            tell(chosen)

    def _save_copy(self) -> None:
        if self._run is not None:
            self.dialogs.save_copy(self._run.store.path, self._desk.save_copy)

    def _save_answer(self) -> None:
        text = self.window.answer.answer_text()
        if text:
            self.dialogs.save_text(lambda target: self._desk.save_text(text, target))

    def _copy_answer(self) -> None:
        text = self.window.answer.answer_text()
        if text:
            copy_words(text)

    def _reveal_shown(self) -> None:
        if self._run is not None:
            reveal(self._run.store.path)

    def _allow(self) -> None:
        """Switch actions on and off; what is off says why."""
        desk, allow = self._desk, self.actions.allow
        live, missing = desk.open_runs.shown_live, desk.draft.missing()
        has_run = self._run is not None
        nothing_runs, no_run = self.tr("Nothing runs"), self.tr("No run is shown")
        allow("run", not missing, reason=missing)
        allow("stop", live is not None and not live.is_stop_asked, reason=nothing_runs)
        allow("pause", live is not None and not live.is_paused and not live.is_pause_asked, reason=nothing_runs)
        allow("resume", live is not None and live.is_paused, reason=self.tr("Nothing is paused"))
        self._allow_of_call()
        allow("undo", desk.can_undo, reason=self.tr("Nothing was removed"))
        for key in ("save_copy", "save_answer", "copy_answer", "reveal", "view_map", "right_side"):
            allow(key, has_run, reason=no_run)
        for registered in self.actions:
            if registered.is_on_canvas:
                allow(registered.key, has_run, reason=no_run)

    def _allow_of_call(self) -> None:
        """What can be done with the chosen call, which every entry of the run may change."""
        run, chosen = self._run, self._desk.selection.chosen.call_id
        allow, code, has_ended = self.actions.allow, "none", True
        none_chosen = self.tr("Choose a call of a running run first")
        is_one = run is not None and run.is_live and chosen is not None
        if run is not None and is_one and chosen is not None:
            code, has_ended = running_code(run.columns, chosen), bool(run.columns.calls["ended_seq"][chosen] >= 0)
        allow("stop_call", not has_ended, reason=self.tr("This call has ended") if is_one else none_chosen)
        runs_none = self.tr("A block that runs is being ended already") if code == "asked" else self.tr("This call runs no code now")
        allow("interrupt", code == "runs", reason=runs_none if is_one else none_chosen)


def reveal(path: Path) -> None:
    """Show the folder of a file in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
