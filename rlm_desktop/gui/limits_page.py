"""The limits of the next runs, to be set one by one."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QGridLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from rlm_desktop.gui.draft import Draft
from rlm_desktop.gui.look.controls import CheckBox, Words
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import Ground
from rlm_desktop.trace.events import Limits

FIELD_PX = 120


class LimitsForm(Ground):
    """Changes act at once, on the custom limits. A limit that is switched off is none."""

    limits_set = Signal()

    def __init__(self, draft: Draft, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        self._draft = draft
        self._is_filling = False
        t = themes.current
        column = QVBoxLayout(self)
        column.setContentsMargins(t.space("xxl"), t.space("m"), t.space("xxl"), t.space("xxl"))
        column.setSpacing(t.space("l"))
        about = self.tr("What one run may use. At a limit nothing new is asked, and the best answer so far is kept.")
        column.addWidget(Words(themes, about, size="small", role="text_2", wraps=True))
        form = QGridLayout()
        form.setVerticalSpacing(t.space("m"))
        form.setHorizontalSpacing(t.space("xl"))
        form.setColumnStretch(2, 1)
        column.addLayout(form)
        self._themes_for_rows = themes
        self.max_depth = self._number(
            form, self.tr("Depth"), 0, 8, self.tr("0: no sub-calls; 1: plain sub-calls; 2 or more: children with a REPL")
        )
        self.iterations = self._number(form, self.tr("Iterations a call"), 1, 1_000, self.tr("model replies of one call"))
        self.calls = self._number(form, self.tr("Calls"), 1, 1_000_000, self.tr("root and sub-calls together"))
        self.cost = self._amount(form, self.tr("Cost"), "$", 2)
        self.time = self._amount(form, self.tr("Minutes"), "", 1)
        self.at_once = self._number(form, self.tr("Requests at once"), 1, 256, self.tr("to the models, of one run"))
        done = QPushButton(self.tr("Back to Thorough"), self)
        done.clicked.connect(lambda: draft.set_preset("thorough"))
        column.addWidget(done, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        draft.changed.connect(self._fill)
        self._fill()

    def _number(self, form: QGridLayout, words: str, least: int, most: int, note: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(least, most)
        box.setGroupSeparatorShown(True)
        box.setToolTip(plain_tip(note))
        box.setAccessibleName(in_line(words))
        box.setAccessibleDescription(in_line(note))
        box.valueChanged.connect(self._changed)
        self._row(form, words, box, Words(self._themes_for_rows, note, size="caption", role="text_3"))
        return box

    def _amount(self, form: QGridLayout, words: str, prefix: str, digits: int) -> tuple[CheckBox, QDoubleSpinBox]:
        box = QDoubleSpinBox(self)
        box.setRange(10.0**-digits, 100_000.0)
        box.setDecimals(digits)
        box.setPrefix(prefix)
        box.setAccessibleName(in_line(words))
        is_limited = CheckBox(self._themes_for_rows, self.tr("limited"))
        is_limited.setAccessibleName(in_line(self.tr("{0} limited").format(words)))
        is_limited.toggled.connect(self._changed)
        box.valueChanged.connect(self._changed)
        self._row(form, words, box, is_limited)
        return is_limited, box

    def _row(self, form: QGridLayout, words: str, box: QAbstractSpinBox, beside: QWidget) -> None:
        box.setFixedWidth(self._themes_for_rows.current.px(FIELD_PX))
        # A style sheet's padding does not reach the text of a number field.
        side = self._themes_for_rows.current.space("s")
        box.lineEdit().setTextMargins(side, 0, side, 0)
        row = form.rowCount()
        centred = Qt.AlignmentFlag.AlignVCenter
        form.addWidget(Words(self._themes_for_rows, words, role="text_2"), row, 0, centred)
        form.addWidget(box, row, 1, centred)
        form.addWidget(beside, row, 2, centred)

    def _fill(self) -> None:
        limits = self._draft.limits
        self._is_filling = True
        self.max_depth.setValue(limits.max_depth)
        self.iterations.setValue(limits.max_iterations)
        self.calls.setValue(limits.max_calls or self.calls.maximum())
        self.at_once.setValue(limits.max_requests_at_once)
        for (is_limited, box), value, unit in ((self.cost, limits.max_cost_usd, 1.0), (self.time, limits.max_time_s, 60.0)):
            is_limited.setChecked(value is not None)
            box.setEnabled(value is not None)
            if value is not None:
                box.setValue(value / unit)
        self._is_filling = False

    def _changed(self) -> None:
        if self._is_filling:
            return
        self._draft.set_custom_limits(self._read())
        self.limits_set.emit()

    def _read(self) -> Limits:
        is_cost_limited, cost = self.cost
        is_time_limited, minutes = self.time
        return msgspec.structs.replace(
            self._draft.limits,
            max_depth=self.max_depth.value(),
            max_iterations=self.iterations.value(),
            max_calls=self.calls.value(),
            max_requests_at_once=self.at_once.value(),
            max_cost_usd=round(cost.value(), 2) if is_cost_limited.isChecked() else None,
            max_time_s=minutes.value() * 60 if is_time_limited.isChecked() else None,
        )
