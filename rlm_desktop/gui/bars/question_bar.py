"""The question, the models and what one may do with the run. Buttons keep their places; only what is allowed changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QWidget

from rlm_desktop.gui.bars.question_field import QuestionField, question_words
from rlm_desktop.gui.look.button import TallButton
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.picker import Option, Picker
from rlm_desktop.gui.look.theme import Themes

NARROW_PX = 1440  # below, Pause and Stop show their icons alone


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionBarState:
    """What is allowed, and why not. `cost_note` stands below Run (`up to $2.00`, `no cost`)."""

    can_run: bool = False
    run_reason: str = ""
    can_pause: bool = False
    can_stop: bool = False
    is_paused: bool = False
    cost_note: str = ""


class QuestionBar(QWidget):
    """One line for the question (Enter or Ctrl+Enter runs), three pickers, Run, Pause, Stop."""

    run_asked = Signal()
    pause_asked = Signal()
    resume_asked = Signal()
    stop_asked = Signal()
    question_changed = Signal(str)
    model_picked = Signal(str)
    sub_model_picked = Signal(str)
    limits_picked = Signal(str)

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._state = QuestionBarState()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.field = QuestionField(self)
        self.field.setProperty("role", "question")
        self.field.setPlaceholderText(self.tr("Ask a question about your documents"))
        self.field.setAccessibleName(self.tr("Question"))
        # Its text, not the signal's: that of what was pasted comes once more after the field has written it out.
        self.field.textChanged.connect(lambda _words: self.question_changed.emit(self.field.text()))
        self.field.returnPressed.connect(self._ask_run)
        self.model = Picker(themes, self.tr("Root model"), parent=self)
        self.sub_model = Picker(themes, self.tr("Sub-calls"), parent=self)
        self.limits = Picker(themes, self.tr("Limits"), parent=self)
        self.run = TallButton(themes, "play", self.tr("Run"), role="primary", parent=self)
        self.pause = TallButton(themes, "pause", self.tr("Pause"), parent=self)
        self.stop = TallButton(themes, "square", self.tr("Stop"), role="danger", parent=self)
        self.model.picked.connect(self.model_picked)
        self.sub_model.picked.connect(self.sub_model_picked)
        self.limits.picked.connect(self.limits_picked)
        self.run.clicked.connect(self._ask_run)
        self.pause.clicked.connect(self._ask_pause)
        self.stop.clicked.connect(self.stop_asked)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.field, 1)
        for picker in (self.model, self.sub_model, self.limits):
            self._row.addWidget(picker)
        self._row.addSpacing(themes.current.space("m"))
        for button in (self.run, self.pause, self.stop):
            self._row.addWidget(button)
        self._measure()
        self.set_state(self._state)

    @property
    def question(self) -> str:
        """The question as typed, without the space around it."""
        return self.field.text().strip()

    def set_question(self, question: str) -> None:
        """Show another question, from its beginning."""
        words = question_words(question)
        if words != self.field.text():
            self.field.setText(words)
            self.field.setCursorPosition(0)

    def set_models(self, options: Sequence[Option], *, current: str) -> None:
        """Offer these root models."""
        self.model.set_options(options, current=current)

    def set_sub_models(self, options: Sequence[Option], *, current: str) -> None:
        """Offer these models for sub-calls."""
        self.sub_model.set_options(options, current=current)

    def set_limits(self, options: Sequence[Option], *, current: str) -> None:
        """Offer these presets of limits."""
        self.limits.set_options(options, current=current)

    def set_state(self, state: QuestionBarState) -> None:
        """Allow what may be done now."""
        self._state = state
        self.run.set_note(state.cost_note)
        self.run.allow(state.can_run, reason=state.run_reason)
        # The longer word is measured once: the buttons after it never move when it changes.
        self.pause.setText(self.tr("Resume") if state.is_paused else self.tr("Pause"))
        self.pause.setAccessibleName(in_line(self.pause.text()))
        self.pause.set_icon("play" if state.is_paused else "pause")
        self.pause.allow(state.can_pause, reason=self.tr("Nothing runs"))
        self.stop.allow(state.can_stop, reason=self.tr("Nothing runs"))

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(1000), t.height("question_bar"))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._themes.current.height("question_bar"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.fillRect(self.rect(), self._themes.current.c("chrome"))
        p.end()

    def _measure(self) -> None:
        t = self._themes.current
        self._row.setContentsMargins(t.space("xl"), t.space("m"), t.space("xl"), t.space("m"))
        self._row.setSpacing(t.space("m"))
        self.field.setFont(t.ui("title", "medium"))
        self.pause.keep_room_for((self.tr("Pause"), self.tr("Resume")))
        self._fit()

    def _fit(self) -> None:
        is_compact = self.width() < self._themes.current.px(NARROW_PX)
        self.pause.set_compact(is_compact)
        self.stop.set_compact(is_compact)

    def _ask_run(self) -> None:
        if self._state.can_run:
            self.run_asked.emit()
        elif self._state.run_reason:
            QToolTip.showText(self.run.mapToGlobal(self.run.rect().bottomLeft()), plain_tip(self._state.run_reason), self.run)

    def _ask_pause(self) -> None:
        if self._state.is_paused:
            self.resume_asked.emit()
        else:
            self.pause_asked.emit()
