"""One claim of a sandbox: its name, whether it is required and holds, the evidence, and what was tried."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from rlm_desktop.gui.confinement.tries import OUTCOME_PX, TryRows
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import RIGHT, hline, text, text_width
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.present.confinement import MOST_TRIES, on_one_line, title
from rlm_desktop.present.confinement_text import left_out
from rlm_desktop.trace.events import Claim


class ClaimHead(QWidget):
    """Shield, name, `required`; at the right whether it holds. `claim` None: what is required, before a sandbox has said anything."""

    def __init__(self, themes: Themes, name: str, *, is_required: bool, claim: Claim | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._name, self._is_required = themes, title(name), is_required
        self._held = None if claim is None else claim.held
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._state = self.tr("not tried yet") if self._held is None else self.tr("held") if self._held else self.tr("not held")
        self._rank = self.tr("required") if is_required else self.tr("not required")
        self.setAccessibleName(in_line(f"{self._name}: {self._state}, {self._rank}"))

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(320), t.px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        is_bad = self._held is False and self._is_required
        hline(p, 0, self.width(), 0, t.c("hair"))
        row = QRectF(0, t.px(2), self.width(), self.height() - t.px(2))
        side = t.px(14)
        icon = "shield" if self._held is None else "shield-check" if self._held else "shield-off"
        paint_icon(p, icon, QRectF(0, row.center().y() - side / 2, side, side), t.c("fail" if is_bad else "text_2"))
        state = text(p, row, self._state, t.ui("small", "medium"), t.c("fail_text" if is_bad else "text_2"), RIGHT)
        left = t.px(22)
        room = max(0.0, row.width() - left - state - t.px(12))
        font = t.ui("body", "strong")
        used = text(p, QRectF(left, row.top(), room, row.height()), self._name, font, t.c("text"))
        beside = left + max(used + t.px(10), float(t.px(OUTCOME_PX)))
        if beside + text_width(t.ui("caption"), self._rank) < row.width() - state - t.px(12):
            text(p, QRectF(beside, row.top() + 0.5, room, row.height()), self._rank, t.ui("caption"), t.c("text_3"))
        p.end()


class ClaimBlock(QWidget):
    def __init__(self, themes: Themes, claim: Claim, *, is_required: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = themes.current
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, t.space("m"))
        column.setSpacing(t.space("xs"))
        column.addWidget(ClaimHead(themes, claim.name, is_required=is_required, claim=claim))
        evidence = Words(themes, on_one_line(claim.evidence), size="small", role="text_2", wraps=True)
        evidence.setContentsMargins(t.px(22), 0, 0, 0)
        column.addWidget(evidence)
        if claim.tries:
            column.addWidget(TryRows(themes, claim.tries))
        if len(claim.tries) > MOST_TRIES:
            more = Words(themes, left_out(len(claim.tries) - MOST_TRIES), size="small", role="text_3")
            more.setContentsMargins(t.px(22), 0, 0, 0)
            column.addWidget(more)
