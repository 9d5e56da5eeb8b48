"""Keeps the bars true: what may be done now, what the run has used, where text goes. At most once a frame."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from rlm_desktop.gui import totals
from rlm_desktop.gui.bars.budget_strip import BudgetStrip
from rlm_desktop.gui.bars.question_bar import QuestionBar, QuestionBarState
from rlm_desktop.gui.bars.status_line import StatusLine
from rlm_desktop.gui.claims import host_claim, hosts_of, sandbox_claim
from rlm_desktop.gui.desk import Desk
from rlm_desktop.gui.limit_presets import CUSTOM, PRESETS
from rlm_desktop.gui.look.picker import Option
from rlm_desktop.gui.models.model_list import BUILTIN_ID
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.present import numbers
from rlm_desktop.trace.events import Limits

FRAME_MS = 33
MANAGE = "manage"
EDIT = "edit"
SAME = "same"


class BarsKeeper(QObject):
    def __init__(self, desk: Desk, question_bar: QuestionBar, strip: BudgetStrip, status_line: StatusLine, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._question_bar, self._strip, self._status_line = desk, question_bar, strip, status_line
        self._run: RunModel | None = None
        self._last_seq_seen = -1
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._show_figures)
        desk.draft.changed.connect(self.show_draft)
        desk.open_runs.live_changed.connect(self._show_all)
        desk.replay.changed.connect(self._frame.start)
        desk.current_run.changed.connect(self._take_run)
        self._take_run()

    def show_draft(self) -> None:
        """Show question, models, limits, and whether they can be run."""
        desk, bar, draft = self._desk, self._question_bar, self._desk.draft
        if bar.question != draft.question.strip():
            bar.set_question(draft.question)
        named = [Option(key=BUILTIN_ID, words=desk.models.name(BUILTIN_ID), detail=self.tr("local"))]
        named += [Option(key=card.card_id, words=card.name, detail=self._model_detail(card.card_id)) for card in desk.models.cards]
        manage = Option(key=MANAGE, words=self.tr("Models…"), is_command=True)
        bar.set_models([*named, manage], current=draft.root_model)
        same = Option(key=SAME, words=self.tr("Same model"))
        bar.set_sub_models([same, *named, manage], current=draft.sub_model or SAME)
        words = {"quick": self.tr("Quick"), "thorough": self.tr("Thorough")}
        limits = [Option(key=key, words=words[key], detail=self._limit_detail(PRESETS[key])) for key in PRESETS]
        custom = Option(key=CUSTOM, words=self.tr("Custom"), detail=self._limit_detail(desk.settings.current.custom_limits))
        edit = Option(key=EDIT, words=self.tr("Set limits…"), is_command=True)
        bar.set_limits([*limits, custom, edit], current=draft.preset if draft.preset in PRESETS else CUSTOM)
        missing = draft.missing()
        live = desk.open_runs.shown_live
        bar.set_state(
            QuestionBarState(
                can_run=not missing,
                run_reason=missing,
                can_pause=live is not None and not live.is_stop_asked and not live.is_pause_asked,
                can_stop=live is not None and not live.is_stop_asked,
                is_paused=live is not None and live.is_paused,
                cost_note=self._cost_note(),
            )
        )
        self._show_claims()

    def _show_all(self) -> None:
        self.show_draft()
        self._frame.start()

    def _model_detail(self, card_id: str) -> str:
        models = self._desk.models
        return self.tr("key missing") if models.missing(card_id) else models.host(card_id) or self.tr("local")

    def _limit_detail(self, limits: Limits) -> str:
        return self.tr("no cost limit") if limits.max_cost_usd is None else numbers.limit_cost(limits.max_cost_usd)

    def _cost_note(self) -> str:
        if self._desk.draft.is_free:
            return self.tr("no cost")
        limit = self._desk.draft.limits.max_cost_usd
        return self.tr("no cost limit") if limit is None else self.tr("up to {0}").format(numbers.limit_cost(limit))

    def _take_run(self) -> None:
        if self._run is not None:
            self._run.grown.disconnect(self._frame.start)
            self._run.cursor_moved.disconnect(self._frame.start)
            self._run.status_changed.disconnect(self._show_all)
            self._run.following_changed.disconnect(self._following_changed)
        self._run = run = self._desk.current_run.run
        if run is not None:
            run.grown.connect(self._frame.start)
            run.cursor_moved.connect(self._frame.start)
            run.status_changed.connect(self._show_all)
            run.following_changed.connect(self._following_changed)
            self._last_seq_seen = run.last_seq
        self.show_draft()
        self._show_figures()

    def _following_changed(self, is_following: bool) -> None:
        if not is_following and self._run is not None:
            self._last_seq_seen = self._run.last_seq
        self._frame.start()

    def _show_figures(self) -> None:
        run = self._run
        if run is None:
            self._strip.set_gauges(())
            self._strip.set_mode("done", "")
            self._show_claims()
            return
        is_past = run.cursor < run.last_seq
        as_of = self.tr("as of {0}").format(numbers.duration(run.as_of().t_s)) if is_past else ""
        self._strip.set_gauges(totals.gauges(run), forecast=as_of)
        live = self._desk.open_runs.shown_live
        mode, words, tip = totals.mode(
            run,
            new=run.last_seq - self._last_seq_seen,
            is_paused=live is not None and live.is_paused,
            is_pause_asked=live is not None and live.is_pause_asked,
            is_stop_asked=live is not None and live.is_stop_asked,
        )
        self._strip.set_mode(mode, words, tip=tip)
        self._show_claims()

    def _show_claims(self) -> None:
        run = self._run
        hosts = hosts_of(run) if run is not None and run.columns.run_started is not None else self._desk.draft.hosts
        self._status_line.set_claims((host_claim(hosts), sandbox_claim(self._desk.confinement.look())))
        if run is None:
            self._status_line.set_note("")
            return
        name = run.store.path.name
        self._status_line.set_note(self.tr("{0} · every event is on disk").format(name) if run.is_live else name)
