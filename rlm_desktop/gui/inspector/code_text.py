"""The code of one block: coloured, and above each line that made sub-calls what they are and what they cost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from rlm_desktop.gui.look.glyphs import paint_kind, paint_status
from rlm_desktop.gui.look.paint import text
from rlm_desktop.gui.look.text_lines import Band
from rlm_desktop.gui.look.text_source import Span
from rlm_desktop.gui.look.text_view import TextView
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.text_spans import TextSpans
from rlm_desktop.present.passages import Range
from rlm_desktop.present.site_calls import SiteCalls

_LENS_PX = 18


def _coloured(words: str) -> list[Range]:
    # pygments takes 25 ms to import, which the window's start must not pay.
    from rlm_desktop.present.code import coloured

    return coloured(words)


class CodeText(TextView):
    """`calls_chosen` carries the `SiteCalls` of a strip that was clicked."""

    calls_chosen = Signal(object)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent, face="code")
        self._code: str | None = None
        self._calls: tuple[SiteCalls, ...] = ()
        self._pressed: SiteCalls | None = None
        self.set_numbers(True)
        self.setAccessibleName(self.tr("Code"))

    @property
    def calls(self) -> tuple[SiteCalls, ...]:
        return self._calls

    def set_code(self, words: str, calls: Sequence[SiteCalls]) -> bool:
        """Show code and what its lines made; False when both are what is shown already."""
        has_changed = False
        if words != self._code:
            self._code = words
            self.set_text(words)
            self.set_spans(TextSpans(self, [Span(*r) for r in _coloured(words)]))
            has_changed = True
        if tuple(calls) != self._calls:
            self._calls = tuple(calls)
            self.set_bands(self._band if calls else None)
            has_changed = True
        return has_changed

    def calls_at(self, point: QPointF) -> SiteCalls | None:
        """Return what the strip at a point of the viewport stands for."""
        index, top = self._places.line_at(point.y() - self._pad())
        laid = self._lines.laid(index)
        within = point.y() - self._pad() - top
        made = self._of_line(index)
        if laid.band is None or not 0 <= within < laid.band_px or not made:
            return None
        return made[min(len(made) - 1, int(within / (laid.band_px / len(made))))]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what a click on the first strip in view does."""
        made = [calls for index in self.painted for calls in self._of_line(index)]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and made:
            self.calls_chosen.emit(made[0])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self.calls_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if self._pressed is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
        elif self.calls_at(event.position()) == pressed:
            self.calls_chosen.emit(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() == Qt.MouseButton.NoButton and self.calls_at(event.position()) is not None:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            super().mouseMoveEvent(event)

    def _of_line(self, index: int) -> list[SiteCalls]:
        number = self.source.number(index)
        # What no line is known for stands above the first.
        return [made for made in self._calls if number is not None and (made.line == number or (made.line == 0 and number == 1))]

    def _band(self, index: int) -> Band | None:
        made = self._of_line(index)
        if not made:
            return None
        t = self.theme
        lens = t.px(_LENS_PX)
        kind = "rlm" if made[0].mark == "rlm" else "llm"

        def paint(p: QPainter, row: QRectF) -> None:
            for i, calls in enumerate(made):
                self._paint_lens(p, QRectF(row.left(), row.top() + i * lens, row.width(), lens), calls)

        return Band(height_px=float(lens * len(made)), tint=f"{kind}_tint", mark=kind, paint=paint)

    def _paint_lens(self, p: QPainter, row: QRectF, calls: SiteCalls) -> None:
        t = self.theme
        kind = "rlm" if calls.mark == "rlm" else "llm"
        side = t.px(11)
        paint_kind(p, calls.mark, QRectF(row.left(), row.center().y() - side / 2, side, side), t.c(kind))
        x, font = row.left() + t.px(17), t.ui("caption", "medium")

        def put(words: str, role: str, *, is_medium: bool) -> None:
            nonlocal x
            room = QRectF(x, row.top(), max(0.0, row.right() - x - t.px(8)), row.height())
            x += text(p, room, words, font if is_medium else t.ui("caption"), t.c(role)) + t.px(10)

        put(calls.words, f"{kind}_text", is_medium=True)
        put(self.tr("total {0}").format(calls.cost), "text_2", is_medium=False)
        if calls.failed:
            paint_status(p, "error", QPointF(x + t.px(5), row.center().y()), t, size=t.px(10))
            x += t.px(14)
            put(self.tr("{0} failed").format(calls.failed), "fail_text", is_medium=True)
        elif calls.status in ("running", "queued", "waiting"):
            put(self.tr("going on"), f"{kind}_text", is_medium=False)
        if calls.line == 0:
            put(self.tr("from a thread or an earlier block"), "text_2", is_medium=False)
