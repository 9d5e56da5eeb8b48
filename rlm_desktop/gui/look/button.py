"""Painted buttons: the base that all of them share, the tall one of the question bar, and the quiet icon of pane headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import fill, outline, text, text_width
from rlm_desktop.gui.look.theme import Theme, Themes

Role = Literal["plain", "primary", "danger"]
State = Literal["off", "pressed", "hover", "rest"]


class PaintedButton(QAbstractButton):
    """A button drawn from the tokens. Subclasses give `sizeHint` and `paint`; Enter presses it as Space does."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        # A click leaves the focus where the person works; Tab reaches every button.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def theme(self) -> Theme:
        """The appearance in force."""
        return self._themes.current

    def state(self) -> State:
        """Return what the pointer does with the button."""
        if not self.isEnabled():
            return "off"
        if self.isDown():
            return "pressed"
        return "hover" if self.underMouse() else "rest"

    def paint(self, p: QPainter, box: QRectF) -> None:
        """Draw the button into `box`."""
        raise NotImplementedError

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(p, QRectF(self.rect()))
        p.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


class TallButton(PaintedButton):
    """Icon, word, and what it costs or when it takes effect in small type. Compact, only the icon is left."""

    def __init__(self, themes: Themes, icon_name: str, word: str, *, role: Role = "plain", parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self._icon, self._role, self._note, self._reason = icon_name, role, "", ""
        self._is_compact = False
        self._widest: tuple[str, ...] = (word,)
        self.setText(word)
        self.setAccessibleName(in_line(word))

    def set_note(self, note: str) -> None:
        """Set the small line below the word."""
        if note == self._note:
            return
        self._note = note
        self.setAccessibleDescription(in_line(note))
        self.updateGeometry()
        self.update()

    def set_icon(self, icon_name: str) -> None:
        """Show another icon: what the button does has changed with its word."""
        self._icon = icon_name
        self.update()

    def keep_room_for(self, words: Sequence[str]) -> None:
        """Be as wide as the widest of these, whichever is shown: what stands beside the button never moves."""
        self._widest = tuple(words)
        self.updateGeometry()

    def set_compact(self, is_compact: bool) -> None:
        """Show the icon alone; the word stays as tool tip and accessible name."""
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self._tell()
            self.updateGeometry()

    def allow(self, is_allowed: bool, *, reason: str = "") -> None:
        """Switch the button on or off; a switched-off one says why in its tip."""
        self._reason = "" if is_allowed else reason
        self.setEnabled(is_allowed)
        self._tell()

    def sizeHint(self) -> QSize:
        t = self.theme
        tall = t.height("tall_control")
        if self._is_compact:
            return QSize(tall, tall)
        font = t.ui("body", "strong" if self._note else "medium")
        words = max(*(text_width(font, word) for word in (self.text(), *self._widest)), text_width(t.ui("caption"), self._note))
        return QSize(round(words) + t.px(50), tall)

    def paint(self, p: QPainter, box: QRectF) -> None:
        t = self.theme
        back, border, word, note = self._colours()
        fill(p, box, back, t.radius("control"))
        outline(p, box, border, t.radius("control"))
        if self.hasFocus():
            outline(p, box, t.c("focus"), t.radius("control"), 2.0)
        shade = t.c("fail") if self._role == "danger" and self.isEnabled() else word
        side = t.icon_px()
        paint_icon(p, self._icon, QRectF(t.px(12), box.center().y() - side / 2, side, side), shade)
        if self._is_compact:
            return
        left = t.px(36)
        if self._note:
            text(p, QRectF(left, t.px(5), box.width(), t.px(16)), self.text(), t.ui("body", "strong"), word)
            text(p, QRectF(left, t.px(20), box.width(), t.px(14)), self._note, t.ui("caption"), note)
        else:
            text(p, QRectF(left, 0, box.width(), box.height()), self.text(), t.ui("body", "medium"), word)

    def _colours(self) -> tuple[QColor, QColor, QColor, QColor]:
        """Return back, border, word, note."""
        t, state = self.theme, self.state()
        if state == "off":
            return t.c("sunken"), t.c("hair"), t.c("text_off"), t.c("text_off")
        if self._role == "primary":
            alpha = {"hover": 0.88, "pressed": 0.76, "rest": 1.0}[state]
            return t.c("ink", alpha), QColor(Qt.GlobalColor.transparent), t.c("on_ink"), t.c("on_ink", 0.8)
        back = {"hover": "hover", "pressed": "pressed", "rest": "card"}[state]
        return t.c(back), t.c("wire" if state == "hover" else "edge"), t.c("text"), t.c("text_3")

    def _tell(self) -> None:
        self.setToolTip(plain_tip(self._reason or (self.text() if self._is_compact else "")))


class IconButton(PaintedButton):
    """A quiet icon with a name for tip and screen reader: pane headers, copy, close."""

    def __init__(self, themes: Themes, icon_name: str, name: str, *, is_small: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self._icon, self._is_small = icon_name, is_small
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Set what the button does, as said by tip and screen reader."""
        self.setAccessibleName(in_line(name))
        self.setToolTip(plain_tip(name))

    def set_icon(self, icon_name: str) -> None:
        """Show another icon: a toggle that is on."""
        self._icon = icon_name
        self.update()

    def sizeHint(self) -> QSize:
        side = self.theme.px(26 if self._is_small else 28)
        return QSize(side, side)

    def paint(self, p: QPainter, box: QRectF) -> None:
        t, state = self.theme, self.state()
        if state in ("hover", "pressed") or self.isChecked():
            fill(p, box, t.c({"hover": "hover", "pressed": "pressed"}.get(state, "selected")), t.radius("control"))
        if self.hasFocus():
            outline(p, box, t.c("focus"), t.radius("control"), 2.0)
        side = t.icon_px("small" if self._is_small else "normal")
        role = {"off": "text_off", "hover": "text", "pressed": "text"}.get(state, "text_2")
        paint_icon(p, self._icon, QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side), t.c(role))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self.update()
        super().changeEvent(event)
