"""Small painted controls: check box, chip, progress meter, pane header, a label that never interprets its text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from rlm_desktop.gui.look.button import IconButton
from rlm_desktop.gui.look.foreign import breakable, in_line
from rlm_desktop.gui.look.glyphs import paint_status
from rlm_desktop.gui.look.paint import fill, meter, outline, text, text_width
from rlm_desktop.gui.look.theme import Themes, TypeSize, Weight

MOST_LEAST_PX = 240
"""A label that is longer gives way, and is drawn with its middle left out."""


class CheckBox(QCheckBox):
    """Fusion's box is drawn from the palette and all but vanishes on dark ground; this one is drawn from the tokens."""

    def __init__(self, themes: Themes, words: str, *, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._themes = themes
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(in_line(words))

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(round(text_width(t.ui(), self.text())) + t.px(26), t.height("row"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        side = t.px(16)
        box = QRectF(2, (self.height() - side) / 2, side, side)
        if self.isChecked():
            fill(p, box, t.c("ink" if self.isEnabled() else "text_off"), t.radius("chip"))
            paint_status(p, "ok", box.center(), t, size=11 * t.unit, colour=t.c("on_ink"))
        else:
            fill(p, box, t.c("hover" if self.underMouse() and self.isEnabled() else "card"), t.radius("chip"))
            outline(p, box, t.c("wire" if self.isEnabled() else "edge"), t.radius("chip"))
        if self.hasFocus():
            outline(p, box.adjusted(-2, -2, 2, 2), t.c("focus"), t.radius("control"), 2.0)
        row = QRectF(t.px(24), 0, self.width() - t.px(24), self.height())
        text(p, row, self.text(), t.ui(), t.c("text" if self.isEnabled() else "text_off"))
        p.end()


class Chip(QWidget):
    """A small rounded label: `stdout`, `Draft`. Outlined, or filled with `sunken`."""

    def __init__(self, themes: Themes, words: str, *, is_outlined: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._words, self._is_outlined = themes, words, is_outlined
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(in_line(words))

    def set_words(self, words: str) -> None:
        """Show other words."""
        self._words = words
        self.setAccessibleName(in_line(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(round(text_width(t.ui("caption", "medium"), self._words)) + t.px(13), t.height("chip"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        box = QRectF(self.rect())
        if self._is_outlined:
            outline(p, box, t.c("wire"), t.radius("chip"))
        else:
            fill(p, box, t.c("selected"), t.radius("chip"))
        text(p, box, self._words, t.ui("caption", "medium"), t.c("text" if self._is_outlined else "text_2"), "centre")
        p.end()


class Meter(QWidget):
    """How much of something is done, 4 px high in a row of its own; None is a track without a bar."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float | None) -> None:
        """Set the done part, 0..1."""
        self._share = share
        self.setAccessibleDescription(in_line("" if share is None else f"{share:.0%}"))
        self.update()

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(128), t.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        high = t.px(4)
        meter(p, QRectF(0, (self.height() - high) / 2, self.width(), high), self._share or 0.0, t.c("ink"), t)
        p.end()


class Words(QLabel):
    """A label that shows its text as it is, in a colour and a size by role. It never asks for more room than there is."""

    def __init__(
        self,
        themes: Themes,
        words: str = "",
        *,
        size: TypeSize = "body",
        weight: Weight = "regular",
        role: str = "text",
        wraps: bool = False,
    ) -> None:
        super().__init__()
        self._themes, self._size, self._weight, self._role = themes, size, weight, role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self._dress()
        themes.changed.connect(self._dress)
        self.setText(words)

    def setText(self, words: str) -> None:
        super().setText(breakable(words) if self.wordWrap() else in_line(words))

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._themes.current.px(MOST_LEAST_PX)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        if self.wordWrap() or "\n" in self.text() or text_width(self.font(), self.text()) <= room.width() + 1:
            super().paintEvent(event)
            return
        p = QPainter(self)
        t = self._themes.current
        text(p, QRectF(room), self.text(), self.font(), t.c(self._role), elide=Qt.TextElideMode.ElideMiddle)
        p.end()

    def set_role(self, role: str) -> None:
        """Set the colour's role."""
        if role != self._role:
            self._role = role
            self._dress()

    def showEvent(self, event: QShowEvent) -> None:
        # A style sheet that changed while this was hidden brings back, at the first show, the palette from before.
        self._dress()
        super().showEvent(event)

    def _font(self) -> QFont:
        return self._themes.current.ui(self._size, self._weight)

    def _dress(self) -> None:
        t = self._themes.current
        self.setFont(self._font())
        palette = self.palette()
        palette.setColor(self.foregroundRole(), t.c(self._role))
        self.setPalette(palette)


class CodeWords(Words):
    """What is typed, or came from a machine, in the font of code."""

    def _font(self) -> QFont:
        return self._themes.current.code()


class PaneHeader(QWidget):
    """Title, count and quiet icons on the right, 36 px high."""

    def __init__(self, themes: Themes, title: str, buttons: Sequence[IconButton] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._title, self._count = themes, title, ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(in_line(title))
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self._buttons = tuple(buttons)
        for button in buttons:
            self._row.addWidget(button)
        self._measure()

    def _measure(self) -> None:
        self._row.setContentsMargins(0, 0, self._themes.current.px(10), 0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def set_count(self, count: str) -> None:
        """Set the small figures after the title."""
        self._count = count
        self.setAccessibleDescription(in_line(count))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._themes.current.width("documents"), self._themes.current.height("pane_header"))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._themes.current.height("pane_header"))

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        t = self._themes.current
        left = t.space("xl")
        row = QRectF(left, 0, self.width() - left, self.height())
        used = text(p, row, self._title, t.ui("small", "strong"), t.c("text"))
        room = (self._buttons[0].x() if self._buttons else self.width() - left) - left - used
        text(p, QRectF(left + used + t.px(6), 0.5, max(0.0, room - t.px(6)), self.height()), self._count, t.ui("caption"), t.c("text_3"))
        p.end()
