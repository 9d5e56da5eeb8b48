"""What the run has used of its limits, in one line. Every figure is the total of the run as of the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.paint import fill, hline, meter, outline, text, text_width, vline
from rlm_desktop.gui.look.pill import Mode, Pill
from rlm_desktop.gui.look.theme import Themes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One figure: `Cost $0.41 of $2.00`, with a meter (`share`, `expected`) or pips (used, of)."""

    label: str
    value: str
    limit: str = ""
    share: float | None = None
    expected: float = 0.0
    is_near_limit: bool = False
    pips: tuple[int, int] | None = None
    tip: str = ""


class BudgetStrip(QWidget):
    """Gauges from the left, the forecast after them, the mode at the right. Narrow: meters go first, then the last gauges."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._gauges: tuple[Gauge, ...] = ()
        self._forecast = ""
        self._places: list[tuple[float, float, Gauge]] = []
        self.pill = Pill(themes, parent=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Budget"))

    def set_gauges(self, gauges: Sequence[Gauge], *, forecast: str = "") -> None:
        """Show these figures; `forecast` is a sentence such as `≈ $0.47 at the end` or `as of 1:36`."""
        if tuple(gauges) == self._gauges and forecast == self._forecast:
            return
        self._gauges, self._forecast = tuple(gauges), forecast
        self.setAccessibleDescription(in_line("; ".join(f"{g.label} {g.value} {g.limit}".strip() for g in gauges)))
        self.update()

    def set_mode(self, mode: Mode, words: str, *, tip: str = "") -> None:
        """Show which state the view is in."""
        self.pill.set_mode(mode, words, tip=tip)
        self._place_pill()
        self.update()

    def shown_gauges(self) -> list[Gauge]:
        """Return the gauges that found room when the strip was last painted."""
        return [gauge for _, _, gauge in self._places]

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(900), t.height("strip"))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._themes.current.height("strip"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_pill()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._place_pill()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            gauge = next((g for left, right, g in self._places if left <= event.pos().x() <= right), None)
            QToolTip.showText(event.globalPos(), plain_tip(gauge.tip if gauge else ""), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        p.fillRect(self.rect(), t.c("chrome"))
        hline(p, 0, self.width(), 0, t.c("hair"))
        hline(p, 0, self.width(), self.height() - 1, t.c("hair"))
        gap = t.space("xl")
        room = self.pill.x() - gap if not self.pill.isHidden() else self.width() - gap
        has_meters = sum(self._gauge_width(g, has_meters=True) + 2 * gap for g in self._gauges) <= room
        x = float(gap)
        self._places = []
        for i, gauge in enumerate(self._gauges):
            if x + (gap + 1 if i else 0) + self._gauge_width(gauge, has_meters=has_meters) > room:
                break
            if i:
                vline(p, x, t.px(10), t.px(22), t.c("hair"))
                x += gap
            left = x
            x = self._paint_gauge(p, gauge, x, has_meters=has_meters)
            self._places.append((left, x, gauge))
            x += gap
        if self._forecast and x + text_width(t.ui("small"), self._forecast) < room:
            text(p, QRectF(x, 0, room - x, self.height()), self._forecast, t.ui("small"), t.c("text_3"))
        p.end()

    def _place_pill(self) -> None:
        size = self.pill.sizeHint()
        left = self.width() - self._themes.current.space("xl") - size.width()
        self.pill.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())

    def _gauge_width(self, gauge: Gauge, *, has_meters: bool) -> float:
        t = self._themes.current
        value = t.ui("small", "strong" if gauge.limit else "medium")
        width = text_width(t.ui("small"), gauge.label) + t.px(10) + text_width(value, gauge.value)
        width += text_width(t.ui("small"), gauge.limit)
        if has_meters and gauge.share is not None:
            width += t.px(64)
        return width + (t.px(8) + t.px(11) * gauge.pips[1] if gauge.pips is not None else 0)

    def _paint_gauge(self, p: QPainter, gauge: Gauge, x: float, *, has_meters: bool) -> float:
        t = self._themes.current

        def row(left: float) -> QRectF:
            return QRectF(left, 0, t.px(400), self.height())

        x += text(p, row(x), gauge.label, t.ui("small"), t.c("text_3")) + t.px(6)
        shade = t.c("fail_text") if gauge.is_near_limit else t.c("text")
        x += text(p, row(x), gauge.value, t.ui("small", "strong" if gauge.limit else "medium"), shade) + t.px(4)
        x += text(p, row(x), gauge.limit, t.ui("small"), t.c("text_3"))
        if gauge.share is not None and has_meters:
            colour = t.c("fail") if gauge.is_near_limit else t.c("ink")
            high = t.px(4)
            bar = QRectF(x + t.px(8), (self.height() - high) / 2, t.px(56), high)
            meter(p, bar, gauge.share, colour, t, expected=gauge.expected)
            x += t.px(64)
        if gauge.pips is not None:
            x += t.px(8)
            side = t.px(8)
            for i in range(gauge.pips[1]):
                pip = QRectF(x + i * t.px(11), (self.height() - side) / 2, side, side)
                if i < gauge.pips[0]:
                    fill(p, pip, t.c("ink"), 2)
                else:
                    outline(p, pip, t.c("wire"), 2)
            x += t.px(11) * gauge.pips[1] - t.px(3)
        return x
