"""The answer below the map: as of the cursor, plain, its quotations marked and checked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rlm_desktop.errors import UserError
from rlm_desktop.gui.answer.answer_head import AnswerHead, HeadWords
from rlm_desktop.gui.answer.quote_checks import QuoteChecks
from rlm_desktop.gui.clipboard import copy_words
from rlm_desktop.gui.long_texts import LongTexts
from rlm_desktop.gui.look.glyphs import Status
from rlm_desktop.gui.look.text_highlights import Highlight
from rlm_desktop.gui.look.text_source import Span
from rlm_desktop.gui.look.text_view import TextView
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.text_spans import TextSpans
from rlm_desktop.paths import texts_folder
from rlm_desktop.present import first_lines, numbers
from rlm_desktop.present.answer import AnswerFacts, Answers
from rlm_desktop.present.quotes import CheckedQuote
from rlm_desktop.trace.texts import TextReader

FRAME_MS = 16


class AnswerPanel(QWidget):
    """`quote_chosen` carries a document's name and a range of characters in it; `save_asked`: the person wants it in a file."""

    quote_chosen = Signal(str, int, int)
    save_asked = Signal()
    folded_changed = Signal(bool)

    def __init__(self, current_run: CurrentRun, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current, self._themes = current_run, themes
        self._run: RunModel | None = None
        self._answers: Answers | None = None
        self._texts: LongTexts | None = None
        self._facts = AnswerFacts()
        self._shown = ""
        self._is_folded = False
        self._checks = QuoteChecks(TextReader(texts_folder()), self)
        self._checks.changed.connect(self._show_quotes)
        self.head = AnswerHead(themes, self)
        self.view = TextView(themes, self, face="reading")
        self.view.setAccessibleName(self.tr("Answer"))
        self.view.highlight_clicked.connect(self._quote_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.view, 1)
        self.head.copy_asked.connect(self.copy)
        self.head.save_asked.connect(self.save_asked)
        self.head.fold_asked.connect(lambda: self.set_folded(not self._is_folded))
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(FRAME_MS)
        self._due.timeout.connect(self._refresh)
        current_run.changed.connect(self._take_run)
        self._measure()
        self._take_run()

    def answer_text(self) -> str:
        """Return the answer as of the cursor, in full; empty where there is none."""
        if self._run is None or self._facts.text is None:
            return ""
        return self._run.store.text(self._facts.text)

    def copy(self) -> None:
        """Put the answer on the clipboard."""
        if self._facts.text is not None:
            copy_words(self.answer_text())

    @property
    def is_folded(self) -> bool:
        return self._is_folded

    def set_folded(self, is_folded: bool) -> None:
        """Show the line above the answer alone, or the answer too."""
        if is_folded != self._is_folded:
            self._is_folded = is_folded
            self.head.show_folded(is_folded)
            self._measure()
            self.folded_changed.emit(is_folded)

    def sizeHint(self) -> QSize:
        t = self._themes.current
        head = self.head.sizeHint().height()
        return QSize(t.px(400), head if self._is_short else t.height("answer"))

    def minimumSizeHint(self) -> QSize:
        head = self.head.sizeHint().height()
        return QSize(0, head if self._is_short else head + self._themes.current.px(48))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    @property
    def _is_short(self) -> bool:
        return self._is_folded or self._facts.text is None

    def _measure(self) -> None:
        self.view.setVisible(not self._is_short)
        self.setMaximumHeight(self.head.sizeHint().height() if self._is_short else 16_777_215)
        self.updateGeometry()

    def _take_run(self) -> None:
        if self._run is not None:
            self._run.cursor_moved.disconnect(self._due.start)
            self._run.status_changed.disconnect(self._due.start)
        if self._texts is not None:
            self._texts.deleteLater()
        run = self._run = self._current.run
        self._answers = self._texts = None
        if run is not None:
            self._answers = Answers(run.store)
            self._texts = LongTexts(run.store, self)
            self._texts.completed.connect(self._refresh)
            run.cursor_moved.connect(self._due.start)
            run.status_changed.connect(self._due.start)
        self._refresh()

    def _refresh(self) -> None:
        run, answers, texts = self._run, self._answers, self._texts
        before, self._facts = self._facts, AnswerFacts()
        words = ""
        problem = ""
        if run is not None and answers is not None and texts is not None:
            try:
                self._facts = answers.as_of(run.cursor, is_over=run.status == "interrupted")
                words = texts.read(self._facts.text) if self._facts.text is not None else ""
            except UserError as error:
                problem = str(error)
        if words != self._shown:
            is_more_of_it = bool(self._shown) and words.startswith(self._shown) and before.text == self._facts.text
            self._shown = words
            self.view.set_text(words, keeps_place=is_more_of_it)
            is_whole = texts is None or not texts.is_reading
            self._checks.start(words if is_whole else "", run.store.documents() if run is not None and words else ())
        self._show_head(problem)
        self._measure()

    def _show_quotes(self) -> None:
        checked = self._checks.checked
        role = {True: "quote", False: "fail_tint", None: "selected"}
        marks = [Highlight(q.start, q.words_end, role[q.is_found], str(i)) for i, q in enumerate(checked)]
        # The reference leads to the place too; its ground is that of the text.
        marks += [Highlight(q.words_end, q.end, "panel", str(i)) for i, q in enumerate(checked) if q.end > q.words_end]
        self.view.set_highlights(marks)
        references = [Span(q.words_end, q.end, "rlm_text") for q in checked if q.end > q.words_end]
        self.view.set_spans(TextSpans(self.view, references) if references else None)
        self._show_head("")

    def _quote_clicked(self, key: str) -> None:
        quote = self._checks.checked[int(key)]
        if quote.document:
            self.quote_chosen.emit(quote.document, quote.at, quote.to)

    def _show_head(self, problem: str) -> None:
        facts = self._facts
        iteration = "" if facts.iteration is None else self.tr("set in iteration {0}").format(facts.iteration + 1)
        label, note, is_bad = {
            "none": ("", self._no_answer(), False),
            "draft": (self.tr("Draft"), self.tr("{0}, not ready").format(iteration), False),
            "ready": (self.tr("Ready"), iteration, False),
            "final": ("", iteration, False),
            "limit": (self.tr("Best answer"), facts.error or self.tr("a limit was reached before it was ready"), True),
            "error": (self.tr("Failed"), facts.error or self.tr("no answer"), True),
            "cancelled": (self.tr("Stopped"), self.tr("the last draft") if facts.text is not None else self.tr("no answer"), False),
            "interrupted": (self.tr("Interrupted"), iteration or self.tr("no answer"), False),
        }[facts.state]
        if facts.state == "limit" and facts.text is None:
            label = self.tr("Limit")
        quotes, status = self._quote_words(self._checks.checked)
        words = HeadWords(
            label=label, is_bad=is_bad, note=problem or first_lines.one_line(note), quotes=quotes, quotes_status=status if quotes else None
        )
        self.head.show_words(words, has_answer=facts.text is not None)

    def _no_answer(self) -> str:
        if self._run is None:
            return self.tr("no run is shown")
        if self._run.cursor < self._run.last_seq:
            return self.tr("No answer yet at this event")
        return self.tr("No answer yet")

    def _quote_words(self, checked: Sequence[CheckedQuote]) -> tuple[str, Status | None]:
        if not checked or self._facts.text is None:
            return "", None
        count, missing = len(checked), sum(q.is_found is False for q in checked)
        unknown = sum(q.is_found is None for q in checked)
        many = self.tr("{0} quotes").format(numbers.count(count)) if count > 1 else self.tr("1 quote")
        if not self._checks.is_done:
            return self.tr("{0} checked so far").format(many), "running"
        if missing:
            return self.tr("{0} of {1} not found in the documents").format(numbers.count(missing), many), "error"
        if unknown:
            return self.tr("{0}, {1} not checked: the text is not on this computer").format(many, numbers.count(unknown)), "queued"
        return (self.tr("{0}, all found in the documents") if count > 1 else self.tr("{0}, found in the documents")).format(many), "ok"
