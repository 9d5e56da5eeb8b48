"""The line above the answer: how it stands, whether its quotations hold, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rlm_desktop.gui.look.button import IconButton
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.glyphs import Status, paint_status
from rlm_desktop.gui.look.paint import RIGHT, chip, hline, text, text_width
from rlm_desktop.gui.look.theme import Themes


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadWords:
    """`label` stands in a box, `note` behind it; `quotes` at the right, with its mark."""

    label: str = ""
    is_bad: bool = False
    note: str = ""
    quotes: str = ""
    quotes_status: Status | None = None


class AnswerHead(QWidget):
    copy_asked = Signal()
    save_asked = Signal()
    fold_asked = Signal()

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._words = HeadWords()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.copy_button = IconButton(themes, "copy", self.tr("Copy the answer"), parent=self)
        self.save_button = IconButton(themes, "download", self.tr("Save the answer…"), parent=self)
        self.fold_button = IconButton(themes, "chevron-down", self.tr("Fold the answer"), parent=self)
        self.copy_button.clicked.connect(self.copy_asked)
        self.save_button.clicked.connect(self.save_asked)
        self.fold_button.clicked.connect(self.fold_asked)

    @property
    def words(self) -> HeadWords:
        return self._words

    def show_words(self, words: HeadWords, *, has_answer: bool) -> None:
        self._words = words
        for button in (self.copy_button, self.save_button, self.fold_button):
            button.setEnabled(has_answer)
        self.setAccessibleName(in_line(", ".join(part for part in (self.tr("Answer"), words.label, words.note, words.quotes) if part)))
        self.setToolTip(plain_tip("\n".join(part for part in (words.note, words.quotes) if part)))
        self.update()

    def show_folded(self, is_folded: bool) -> None:
        self.fold_button.set_icon("chevron-up" if is_folded else "chevron-down")
        self.fold_button.set_name(self.tr("Unfold the answer") if is_folded else self.tr("Fold the answer"))

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(360), t.height("pane_header"))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        t = self._themes.current
        x = self.width() - t.px(14)
        for button in (self.fold_button, self.save_button, self.copy_button):
            side = button.sizeHint().width()
            x -= side
            button.setGeometry(x, (self.height() - side) // 2 + 1, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t, w = self._themes.current, self._words
        p.fillRect(self.rect(), t.c("panel"))
        hline(p, 0, self.width(), 0, t.c("hair"))
        high = self.height() + 2.0
        left = float(t.space("xl"))
        x = left + text(p, QRectF(left, 0, self.width(), high), self.tr("Answer"), t.ui("small", "strong"), t.c("text")) + t.px(10)
        if w.label:
            font = t.ui("caption", "medium")
            role, border = ("fail_text", "fail_soft") if w.is_bad else ("text_2", "wire")
            x = chip(p, x, high / 2, w.label, font, t.c(role), None, border=t.c(border), height=t.height("chip")) + t.px(8)
        right = float(self.copy_button.x() - t.px(6))
        quotes_width = text_width(t.ui("caption"), w.quotes) + t.px(18) if w.quotes else 0.0
        note_width = text_width(t.ui("caption"), w.note)
        if w.quotes and x + min(note_width, t.px(90)) + t.px(12) + quotes_width < right:
            text(p, QRectF(right - quotes_width, 0.5, quotes_width, high), w.quotes, t.ui("caption"), t.c("text_3"), RIGHT)
            if w.quotes_status is not None:
                paint_status(p, w.quotes_status, QPointF(right - quotes_width + t.px(4), high / 2), t, size=t.px(10))
            right -= quotes_width + t.px(12)
        text(p, QRectF(x, 0.5, max(0.0, right - x), high), w.note, t.ui("caption"), t.c("text_3"))
        p.end()
