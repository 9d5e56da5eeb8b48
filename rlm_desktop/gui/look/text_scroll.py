"""Where a text view stands in its text, and how it moves: bars, wheel, pixels; and the look-out for lines not known yet."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from rlm_desktop.gui.look.paint import text_width
from rlm_desktop.gui.look.text_lines import Setting, TextLines
from rlm_desktop.gui.look.text_place import START, TextPlaces
from rlm_desktop.gui.look.text_source import PlainTextSource, TextSource
from rlm_desktop.gui.look.theme import Theme, Themes

Face = Literal["code", "output", "reading"]


class TextScroller(QAbstractScrollArea):
    """Holds a text and the place in it. `painted` is the range of lines that were last drawn; drawing is `TextCanvas`'s."""

    def __init__(self, themes: Themes, parent: QWidget | None = None, *, face: Face = "code") -> None:
        super().__init__(parent)
        self._themes, self._face = themes, face
        self._wraps, self._has_numbers = True, False
        self._widest_px = 0.0
        self._source: TextSource = PlainTextSource("")
        self._lines = TextLines(self._source, self._setting())
        self._places = TextPlaces(self._lines)
        self.painted = range(0)
        self._reading = QTimer(self)
        self._reading.timeout.connect(self._read_more)
        self._is_setting_bars = False
        self._aim: int | None = None
        self.verticalScrollBar().valueChanged.connect(self._bar_moved)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)

    @property
    def theme(self) -> Theme:
        """The appearance in force."""
        return self._themes.current

    @property
    def is_reading(self) -> bool:
        """Whether lines are still being looked for."""
        return self._reading.isActive()

    def set_source(self, source: TextSource, *, keeps_place: bool = False) -> None:
        """Show another text, from its start, or from where the last one was if it is the same one grown.

        One that was read at its end is read on at its end. What was given to `set_spans` and `set_bands` is asked for the new lines.
        """
        place, was_at_end = self._places.top, self._source.char_count > 0 and self.is_at_end
        spans, bands = self._lines.spans, self._lines.bands
        self._source = source
        self._lines = TextLines(source, self._setting())
        self._lines.spans, self._lines.bands = spans, bands
        self._places = TextPlaces(self._lines)
        self._widest_px = 0.0
        self._aim = None
        if keeps_place and was_at_end:
            self._places.scroll_by(float("inf"), self._view_px())
        elif keeps_place:
            self._places.go_to(place, self._view_px())
        if source.read_more():
            self._reading.start(0)
        else:
            self._reading.stop()
        self._refresh()

    def set_text(self, words: str, *, keeps_place: bool = False) -> None:
        """Show a `str`."""
        self.set_source(PlainTextSource(words), keeps_place=keeps_place)

    @property
    def source(self) -> TextSource:
        """What is shown."""
        return self._source

    def set_wraps(self, wraps: bool) -> None:
        """Break long lines at the width of the view, or scroll sideways."""
        self._wraps = wraps
        self._widest_px = 0.0
        self._lay_out_again()

    def set_numbers(self, has_numbers: bool) -> None:
        """Show line numbers at the left."""
        self._has_numbers = has_numbers
        self._lay_out_again()

    def show_char(self, char: int) -> None:
        """Bring a position into the upper third of the view, and keep it in view when the width changes."""
        self._aim = char
        self._places.show_char(char, self._view_px())
        self._refresh()

    def scroll_to_start(self) -> None:
        """Show the first line."""
        self._aim = None
        self._places.top = START
        self._refresh()

    def scroll_to_end(self) -> None:
        """Show the last line known so far."""
        self._aim = None
        self._places.scroll_by(float("inf"), self._view_px())
        self._refresh()

    @property
    def is_at_end(self) -> bool:
        """Whether the last line is in view."""
        return self._places.top == self._places.last_top(self._view_px())

    def content_height_px(self, most_px: int) -> int:
        """Return how high the view would have to be to show everything, at most `most_px`."""
        total = 2.0 * self._pad()
        for index in range(self.source.line_count):
            total += self._lines.laid(index).height_px
            if total >= most_px:
                return most_px
        return round(total)

    def scroll_by(self, px: float) -> None:
        """Move the text up by pixels (down, if negative)."""
        self._aim = None
        self._places.scroll_by(px, self._view_px())
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out_again()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._lay_out_again()
        super().changeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.verticalScrollBar().maximum() and not self.horizontalScrollBar().maximum():
            # All of the text is in view: what holds the view may scroll instead.
            event.ignore()
            return
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if abs(angle.x()) > abs(angle.y()):
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - (pixels.x() or angle.x()))
        else:
            # 120 is one notch of a wheel: three lines.
            self.scroll_by(-pixels.y() if pixels.y() else -angle.y() / 120 * 3 * self._lines.setting.row_px)
        event.accept()

    def _view_px(self) -> float:
        return max(1.0, self.viewport().height() - 2.0 * self._pad())

    def _bar_moved(self, ticks: int) -> None:
        if not self._is_setting_bars:
            self._aim = None
            self._places.go_to_ticks(ticks, self._view_px())
            self.viewport().update()

    def _refresh(self) -> None:
        self._set_bars()
        self.viewport().update()

    def _set_bars(self) -> None:
        """Show on the scroll bars where the view stands. They follow the view; only a person moves them otherwise."""
        self._is_setting_bars = True
        view_px = self._view_px()
        bar = self.verticalScrollBar()
        per_line = self._places.ticks_per_line()
        # While lines are still being looked for, the last one changes all the time: not worth laying out.
        end = (self.source.line_count - 1) * per_line if self._reading.isActive() else self._places.ticks(self._places.last_top(view_px))
        bar.setRange(0, end)
        bar.setSingleStep(3 * per_line)
        bar.setPageStep(max(1, len(self.painted) - 1) * per_line)
        bar.setValue(self._places.ticks(self._places.top))
        across = self.horizontalScrollBar()
        room = round(self._lines.setting.width_px)
        across.setRange(0, 0 if self._wraps else max(0, round(self._widest_px) - room))
        across.setPageStep(room)
        across.setSingleStep(self._lines.setting.row_px)
        self._is_setting_bars = False

    def _lay_out_again(self) -> None:
        self._lines.setting = self._setting()
        self._lines.forget()
        self._places.go_to(self._places.top, self._view_px())
        if self._aim is not None:
            self._places.show_char(self._aim, self._view_px())
        self._refresh()

    def _read_more(self) -> None:
        """Look for more lines between events, until all are known; where the view stands does not change."""
        gutter, count = self._gutter(), self.source.line_count
        if not self.source.read_more():
            self._reading.stop()
        if self._has_numbers and self._gutter() != gutter:
            self._lay_out_again()
        elif self.painted.stop >= count:
            self._refresh()
        else:
            self._set_bars()

    # Measures

    def _pad(self) -> int:
        return self._themes.current.px(8)

    def _gutter(self) -> int:
        t = self._themes.current
        if not self._has_numbers:
            return t.space("xl") - t.px(2)
        last = self.source.number(self.source.line_count - 1) or self.source.line_count
        return round(text_width(t.code("code_small"), "0" * max(2, len(str(last))))) + t.px(22)

    def _text_left(self) -> float:
        return self._gutter() + self._themes.current.px(2) - (0 if self._wraps else self.horizontalScrollBar().value())

    def _setting(self) -> Setting:
        t = self._themes.current
        font = {"code": t.code(), "output": t.code("code_small"), "reading": t.ui()}[self._face]
        row = {"code": t.height("code_line"), "output": t.px(17), "reading": t.px(21)}[self._face]
        width = self.viewport().width() - self._gutter() - t.space("l")
        return Setting(t, font, row, max(80.0, float(width)), self._wraps, hangs=self._has_numbers and self._face == "code")
