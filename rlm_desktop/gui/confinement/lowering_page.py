"""Asks whether one run may do without its confinement: what becomes possible, with which model, over which documents."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from rlm_desktop.gui.claims import models_in_words
from rlm_desktop.gui.confinement.standing_head import StandingHead
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import ReadingColumn
from rlm_desktop.present.confinement import REQUIRED, on_one_line, possible
from rlm_desktop.trace.store import TraceStore

COLUMN_PX = 640
MOST_NAMES = 8


class LoweringPage(ReadingColumn):
    """`confirmed`: the person chose it. `refused`: they did not. The keyboard is on *Cancel*, as Escape and the cross are."""

    confirmed = Signal()
    refused = Signal()

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, COLUMN_PX, spacing="xl", parent=parent)
        t, column = themes.current, self.column
        title = self.tr("This run could {0}").format(possible(REQUIRED))
        sentence = self.tr(
            "The code that its models write would run with your rights, and nothing would keep it from them. A document may have been "
            "written to make it do so. Go on only if you trust these documents and this model."
        )
        column.addWidget(StandingHead(themes, "shield-off", title, sentence, is_warning=True))
        rows = QGridLayout()
        rows.setHorizontalSpacing(t.space("xl"))
        rows.setVerticalSpacing(t.space("s"))
        rows.setColumnStretch(1, 1)
        column.addLayout(rows)
        self.question = self._row(rows, self.tr("Question"))
        self.model = self._row(rows, self.tr("Model"))
        self.documents = self._row(rows, self.tr("Documents"))
        note = self.tr("Only this run would be unconfined. Its trace says so, and it stays marked. The next run is confined again.")
        column.addWidget(Words(themes, note, size="small", role="text_2", wraps=True))
        self.cancel = QPushButton(self.tr("Cancel"), self.body)
        self.cancel.setProperty("role", "primary")
        self.cancel.setAutoDefault(True)
        self.cancel.clicked.connect(self.refused)
        self.go_on = QPushButton(self.tr("Run unconfined"), self.body)
        self.go_on.setProperty("role", "danger")
        self.go_on.setAutoDefault(True)
        self.go_on.clicked.connect(self.confirmed)
        acts = QHBoxLayout()
        acts.setSpacing(t.space("m"))
        acts.addWidget(self.cancel)
        acts.addWidget(self.go_on)
        acts.addStretch(1)
        column.addLayout(acts)
        column.addStretch(1)

    def ask(self, store: TraceStore, question: str) -> None:
        """Name the run: what it asks, of which model, over which documents. Raises UserError where its trace is gone."""
        started = store.columns.run_started
        self.question.setText(on_one_line(question))
        self.model.setText("" if started is None else models_in_words(started.model, started.sub_model))
        names = [on_one_line(document.name) for document in store.documents()]
        words = ", ".join(names[:MOST_NAMES])
        self.documents.setText(words if len(names) <= MOST_NAMES else self.tr("{0} and {1} more").format(words, len(names) - MOST_NAMES))

    def _row(self, rows: QGridLayout, label: str) -> Words:
        at = rows.rowCount()
        value = Words(self._themes, wraps=True)
        value.setAccessibleName(in_line(label))
        rows.addWidget(Words(self._themes, label, role="text_3"), at, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(value, at, 1)
        return value
