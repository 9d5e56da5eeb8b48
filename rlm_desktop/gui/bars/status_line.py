"""Where text goes and what the sandbox holds: the line that is always true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import fill, hline, outline, text, text_width
from rlm_desktop.gui.look.theme import Theme, Themes


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that holds: `Local only` with `no text leaves this computer`. A warning is boxed and never left out."""

    icon: str
    words: str
    detail: str = ""
    is_warning: bool = False
    tip: str = ""


def claim_width(claim: Claim, theme: Theme, *, has_detail: bool) -> float:
    """Return the width that `paint_claim` needs."""
    t = theme
    width = t.px(18) + text_width(t.ui("caption", "medium"), claim.words) + (t.px(12) if claim.is_warning else 0)
    return width + (t.px(6) + text_width(t.ui("caption"), claim.detail) if claim.detail and has_detail else 0)


def paint_claim(p: QPainter, claim: Claim, row: QRectF, theme: Theme, *, has_detail: bool = True) -> float:
    """Draw a claim from the left of `row`; return its right edge. A warning is boxed, worded and shaped, not only coloured.

    Words that do not fit `row` are cut short, but for those of a warning.
    """
    t = theme
    font = t.ui("caption", "medium")
    # On whole pixels, so that the box's edges are sharp.
    x = float(round(row.left()))
    if claim.is_warning:
        box = QRectF(x, row.top() + t.px(2), t.px(30) + round(text_width(font, claim.words)), row.height() - t.px(4))
        fill(p, box, t.c("fail_tint"), t.radius("chip"))
        outline(p, box, t.c("fail"), t.radius("chip"))
        x += t.px(6)
    side = t.px(13)
    paint_icon(p, claim.icon, QRectF(x, row.center().y() - side / 2, side, side), t.c("fail" if claim.is_warning else "text_2"))
    x += t.px(18)
    role = "fail_text" if claim.is_warning else "text_2"
    room = text_width(font, claim.words) if claim.is_warning else max(0.0, row.right() - x)
    x += text(p, QRectF(x, row.top(), room, row.height()), claim.words, font, t.c(role))
    if claim.is_warning:
        x += t.px(6)
    if claim.detail and has_detail:
        x += t.px(6)
        x += text(p, QRectF(x, row.top(), max(0.0, row.right() - x), row.height()), claim.detail, t.ui("caption"), t.c("text_3"))
    return x


class StatusLine(QWidget):
    """Claims from the left, the note on saving at the right. Narrow: details go first, then the note."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._claims: tuple[Claim, ...] = ()
        self._note = ""
        self._places: list[tuple[float, float, Claim]] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Where text goes and what the sandbox holds"))

    def set_claims(self, claims: Sequence[Claim]) -> None:
        """Show what holds now."""
        if tuple(claims) != self._claims:
            self._claims = tuple(claims)
            self._tell()

    def set_note(self, note: str) -> None:
        """Set what stands at the right: the file, and that every event is on disk."""
        if note != self._note:
            self._note = note
            self._tell()

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(700), t.height("status"))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._themes.current.height("status"))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            claim = next((c for left, right, c in self._places if left <= event.pos().x() <= right), None)
            words = (claim.tip or f"{claim.words}: {claim.detail}") if claim else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        p.fillRect(self.rect(), t.c("chrome"))
        hline(p, 0, self.width(), 0, t.c("hair"))
        edge, gap = t.space("xl"), t.space("xxl")
        end = self.width() - edge
        note = text_width(t.ui("caption"), self._note)
        has_detail = self._width(has_detail=True) + note <= end - edge
        x = float(edge)
        self._places = []
        for i, claim in enumerate(self._claims):
            # What comes after and warns keeps its room.
            kept = sum(claim_width(c, t, has_detail=False) + gap for c in self._claims[i + 1 :] if c.is_warning)
            row = QRectF(x, 1, max(0.0, end - kept - x), self.height() - 1)
            right = paint_claim(p, claim, row, t, has_detail=has_detail)
            self._places.append((x, right, claim))
            x = right + gap
        if self._note and x + t.px(80) < end:
            text(p, QRectF(x, 1, end - x, self.height() - 1), self._note, t.ui("caption"), t.c("text_3"), "right")
        p.end()

    def _width(self, *, has_detail: bool) -> float:
        t = self._themes.current
        return sum(claim_width(claim, t, has_detail=has_detail) + t.space("xxl") for claim in self._claims)

    def _tell(self) -> None:
        said = [f"{claim.words}: {claim.detail}" if claim.detail else claim.words for claim in self._claims]
        self.setAccessibleDescription(in_line("; ".join([*said, self._note])))
        self.update()
