"""Where text goes and what the sandbox holds: the line that is always true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from rlm_desktop.gui.look.button import PaintedButton
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import fill, hline, outline, text, text_width
from rlm_desktop.gui.look.theme import Theme, Themes

SIDE_PX = 4
"""On either side of a claim that can be pressed: its ground when the pointer is on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that holds: `Local only` with `no text leaves this computer`. A warning is boxed and never left out.

    One with a `key` can be pressed, as it has more to say.
    """

    icon: str
    words: str
    detail: str = ""
    is_warning: bool = False
    tip: str = ""
    key: str = ""

    @property
    def said(self) -> str:
        return f"{self.words}: {self.detail}" if self.detail else self.words


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


class ClaimButton(PaintedButton):
    """A claim that leads to its evidence."""

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(themes, parent)
        self._claim = Claim(icon="", words="")
        self._has_detail = True
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def claim(self) -> Claim:
        return self._claim

    def show_claim(self, claim: Claim, *, has_detail: bool) -> None:
        self._claim, self._has_detail = claim, has_detail
        self.setAccessibleName(in_line(claim.said))
        self.setAccessibleDescription(in_line(claim.tip))
        self.setToolTip(plain_tip(claim.tip or claim.said))
        self.update()

    def sizeHint(self) -> QSize:
        t = self.theme
        width = claim_width(self._claim, t, has_detail=self._has_detail) + 2 * t.px(SIDE_PX)
        return QSize(round(width), t.height("status") - 1)

    def paint(self, p: QPainter, box: QRectF) -> None:
        t = self.theme
        if self.state() in ("hover", "pressed"):
            fill(p, box.adjusted(0, t.px(1), 0, -t.px(1)), t.c("pressed"), t.radius("chip"))
        paint_claim(p, self._claim, box.adjusted(t.px(SIDE_PX), 0, 0, 0), t, has_detail=self._has_detail)
        if self.hasFocus():
            outline(p, box.adjusted(0, t.px(1), 0, -t.px(1)), t.c("focus"), t.radius("chip"), 2.0)


class StatusLine(QWidget):
    """Claims from the left, the note on saving at the right. Narrow: details go first, then the note.

    `chosen` carries the key of a claim that was pressed.
    """

    chosen = Signal(str)

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._claims: tuple[Claim, ...] = ()
        self._note = ""
        self._places: list[tuple[QRectF, Claim]] = []
        self._has_detail = True
        self._end = 0.0
        self._buttons: dict[str, ClaimButton] = {}
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

    def button(self, key: str) -> ClaimButton | None:
        """Return the claim of this key, as what can be pressed."""
        return self._buttons.get(key)

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(700), t.height("status"))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._themes.current.height("status"))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            claim = next((claim for row, claim in self._places if row.left() <= event.pos().x() <= row.right()), None)
            QToolTip.showText(event.globalPos(), plain_tip(claim.tip or claim.said) if claim else "", self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._lay_out()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        p.fillRect(self.rect(), t.c("chrome"))
        hline(p, 0, self.width(), 0, t.c("hair"))
        for row, claim in self._places:
            if not claim.key:
                paint_claim(p, claim, row, t, has_detail=self._has_detail)
        right = self.width() - t.space("xl")
        if self._note and self._end + t.px(80) < right:
            row = QRectF(self._end, 1, right - self._end, self.height() - 1)
            text(p, row, self._note, t.ui("caption"), t.c("text_3"), "right")
        p.end()

    def _lay_out(self) -> None:
        t = self._themes.current
        edge, gap, side = t.space("xl"), t.space("xxl"), t.px(SIDE_PX)
        end = self.width() - edge
        note = text_width(t.ui("caption"), self._note)
        self._has_detail = self._width(has_detail=True) + note <= end - edge
        x = float(edge)
        self._places = []
        for i, claim in enumerate(self._claims):
            # What comes after and warns keeps its room.
            kept = sum(claim_width(c, t, has_detail=False) + gap for c in self._claims[i + 1 :] if c.is_warning)
            wanted = claim_width(claim, t, has_detail=self._has_detail)
            room = max(0.0, end - kept - x)
            width = wanted if claim.is_warning else min(wanted, room)
            self._places.append((QRectF(x, 1, width, self.height() - 1), claim))
            if claim.key:
                self._place(claim, QRect(round(x) - side, 1, round(width) + 2 * side, self.height() - 1))
            x += width + gap
        self._end = x
        for key, button in self._buttons.items():
            button.setVisible(any(claim.key == key for claim in self._claims))
        self.update()

    def _place(self, claim: Claim, box: QRect) -> None:
        button = self._buttons.get(claim.key)
        if button is None:
            button = self._buttons[claim.key] = ClaimButton(self._themes, self)
            button.clicked.connect(partial(self.chosen.emit, claim.key))
        button.show_claim(claim, has_detail=self._has_detail)
        button.setGeometry(box)

    def _width(self, *, has_detail: bool) -> float:
        t = self._themes.current
        return sum(claim_width(claim, t, has_detail=has_detail) + t.space("xxl") for claim in self._claims)

    def _tell(self) -> None:
        self.setAccessibleDescription(in_line("; ".join([*(claim.said for claim in self._claims), self._note])))
        self._lay_out()
