"""What was tried for a claim, in aligned rows: the outcome as the system gave it, what was tried, and a mark."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.glyphs import paint_status
from rlm_desktop.gui.look.paint import text
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.present.confinement import MOST_TRIES
from rlm_desktop.present.first_lines import one_line
from rlm_desktop.trace.events import Try

ROW_PX, OUTCOME_PX = 20, 132


class TryRows(QWidget):
    """Only the rows in view are drawn."""

    def __init__(self, themes: Themes, tries: Sequence[Try], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._rows = [(one_line(one.outcome), one_line(one.tried), one.held) for one in tries[:MOST_TRIES]]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What was tried"))
        words = {True: self.tr("as it must be"), False: self.tr("should have been refused")}
        self.setAccessibleDescription(in_line("; ".join(f"{tried}: {outcome}, {words[held]}" for outcome, tried, held in self._rows)))

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(320), len(self._rows) * t.px(ROW_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        high, left = t.px(ROW_PX), t.px(22)
        first, last = event.rect().top() // high, event.rect().bottom() // high
        for at, (outcome, tried, held) in enumerate(self._rows[first : last + 1], first):
            row = QRectF(0, at * high, self.width(), high)
            paint_status(p, "ok" if held else "error", QPointF(t.px(7), row.center().y()), t, size=t.px(10))
            shown = QRectF(left, row.top(), t.px(OUTCOME_PX - 8), high)
            text(p, shown, outcome, t.code("code_small"), t.c("text_2" if held else "fail_text"))
            at_x = left + t.px(OUTCOME_PX)
            text(p, QRectF(at_x, row.top(), max(0.0, self.width() - at_x), high), tried, t.ui("small"), t.c("text"))
        p.end()
