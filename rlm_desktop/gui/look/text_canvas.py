"""Plain text of any length, painted: only what is visible is laid out, so 100 MB open at once. `TextView` adds pointer and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QBrush, QPainter, QPaintEvent, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QWidget

from rlm_desktop.gui.look.foreign import in_lines
from rlm_desktop.gui.look.paint import outline, text
from rlm_desktop.gui.look.text_highlights import Highlight, Highlights
from rlm_desktop.gui.look.text_lines import Band, LaidLine, format_range
from rlm_desktop.gui.look.text_scroll import Face, TextScroller
from rlm_desktop.gui.look.text_source import Span, TextSource
from rlm_desktop.gui.look.theme import Theme, Themes


class TextCanvas(TextScroller):
    """Paints the lines in view, with colours, strips, highlights and a chosen range. Positions are `str` indices in the whole text."""

    def __init__(self, themes: Themes, parent: QWidget | None = None, *, face: Face = "code") -> None:
        super().__init__(themes, parent, face=face)
        self._ground = "panel"
        self._highlights = Highlights()
        self._shown_range: tuple[int, int] | None = None
        self._anchor = self._cursor = 0
        self._has_ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(True)
        self._lay_ground()

    def set_source(self, source: TextSource, *, keeps_place: bool = False) -> None:
        """Show another text; what was highlighted or chosen in the one before stays only where the place does."""
        if not keeps_place:
            self._highlights, self._shown_range = Highlights(), None
            self._anchor = self._cursor = 0
        super().set_source(source, keeps_place=keeps_place)

    def set_spans(self, spans: Callable[[int], Sequence[Span]] | None) -> None:
        """Colour the text: `spans(line index)` is asked when a line comes into view."""
        self._lines.spans = spans
        self._lay_out_again()

    def set_bands(self, bands: Callable[[int], Band | None] | None) -> None:
        """Put strips above lines: `bands(line index)` is asked when a line comes into view."""
        self._lines.bands = bands
        self._lay_out_again()

    def set_highlights(self, highlights: Sequence[Highlight]) -> None:
        """Lay these ranges on a ground of their own. They may overlap."""
        self._highlights = Highlights(highlights)
        self.viewport().update()

    def set_ground(self, role: str) -> None:
        """Set the colour role of the ground: `panel`, or `sunken` for a well."""
        self._ground = role
        self._lay_ground()
        self.viewport().update()

    def scroll_to(self, start: int, end: int | None = None) -> None:
        """Bring a range into the upper third of the view and mark it."""
        self._shown_range = (start, end) if end is not None and end > start else None
        self.show_char(start)

    @property
    def selection(self) -> tuple[int, int]:
        """The chosen range; empty where both ends are the same."""
        return min(self._anchor, self._cursor), max(self._anchor, self._cursor)

    def select(self, start: int, end: int) -> None:
        """Choose a range."""
        self._anchor, self._cursor = start, end
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self.viewport())
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        view = QRectF(self.viewport().rect())
        p.fillRect(view, t.c(self._ground))
        first = index = self._places.top.line
        y = self._pad() - self._places.top.px
        while index < self.source.line_count and y < view.height():
            laid = self._lines.laid(index)
            self._paint_line(p, index, laid, y, view)
            self._widest_px = max(self._widest_px, laid.width_px)
            y += laid.height_px
            index += 1
        self.painted = range(first, index)
        if self._has_ring:
            outline(p, view, t.c("focus"), 0, 2.0)
        p.end()
        self._set_bars()
        if QAccessible.isActive():
            self._tell()

    def _paint_line(self, p: QPainter, index: int, laid: LaidLine, y: float, view: QRectF) -> None:
        t = self._themes.current
        if laid.band is not None:
            p.fillRect(QRectF(0, y, view.width(), laid.height_px), t.c(laid.band.tint))
            p.fillRect(QRectF(0, y, t.px(3), laid.height_px), t.c(laid.band.mark))
            laid.band.paint(p, QRectF(self._text_left(), y, view.width() - self._text_left(), laid.band_px))
        number = self.source.number(index)
        if self._has_numbers and number is not None:
            row = QRectF(0, y + laid.band_px, self._gutter() - t.px(10), self._lines.setting.row_px)
            text(p, row, str(number), t.code("code_small"), t.c("text_3"), "right")
        p.save()
        p.setClipRect(QRectF(self._gutter(), 0, view.width(), view.height()), Qt.ClipOperation.IntersectClip)
        p.setPen(t.c("text"))
        at = QPointF(self._text_left(), y + laid.band_px)
        laid.layout.draw(p, at, self._grounds(index, laid, t), view)
        p.restore()

    def _grounds(self, index: int, laid: LaidLine, theme: Theme) -> list[QTextLayout.FormatRange]:
        """Return highlights, the range scrolled to and the selection as far as they touch the line, later ones on top."""
        start = self.source.line_start(index)
        end = self.source.line_start(index + 1) if index + 1 < self.source.line_count else self.source.char_count
        ranges = [(h.start, h.end, h.role) for h in self._highlights.within(start, end)]
        if self._shown_range is not None:
            ranges.append((*self._shown_range, "quote"))
        ranges.append((*self.selection, "mark_text"))
        made = []
        for low, high, role in ranges:
            if low < end and high > start and low < high:
                look = QTextCharFormat()
                look.setBackground(QBrush(theme.c(role)))
                made.append(format_range(laid.shown.to_shown(max(low, start) - start), laid.shown.to_shown(min(high, end) - start), look))
        return made

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._lay_ground()
        super().changeEvent(event)

    def _tell(self) -> None:
        """Give a screen reader what is in view: Qt's text interface cannot be made from Python."""
        words = in_lines("\n".join(self.source.line(index) for index in self.painted))
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _lay_ground(self) -> None:
        """Colour what lies behind the scroll bars like the text's ground."""
        palette = self.palette()
        colour = self._themes.current.c(self._ground)
        if palette.color(self.backgroundRole()) != colour:
            palette.setColor(self.backgroundRole(), colour)
            self.setPalette(palette)
