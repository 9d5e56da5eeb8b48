"""A notice in its place: what happened, what it cost or kept, what to do. Never modal, never over the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from rlm_desktop.gui.look.button import IconButton
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import in_line, in_menu
from rlm_desktop.gui.look.glyphs import Status, paint_status
from rlm_desktop.gui.look.paint import fill, outline
from rlm_desktop.gui.look.theme import Themes

_BAD: tuple[Status, ...] = ("error", "limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A button of a notice: a verb, and the key that `chosen` carries. The first is the one that is meant."""

    key: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to be told. `status` gives mark and colour; `sentence` is one or a few full sentences."""

    status: Status
    title: str
    sentence: str = ""
    offers: tuple[Offer, ...] = ()
    can_close: bool = True


class NoticeBar(QWidget):
    """Shows one notice at a time, or is hidden. `chosen` carries the key of an offer, `closed` comes when it was put away."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._notice: Notice | None = None
        self._buttons: list[QPushButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._title = Words(themes, weight="strong")
        self._title.setWordWrap(True)
        self._sentence = Words(themes, size="small", role="text_2")
        self._sentence.setWordWrap(True)
        self._close = IconButton(themes, "x", self.tr("Put this notice away"), parent=self)
        self._close.clicked.connect(self._put_away)
        self._row = QHBoxLayout(self)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        self._row.addLayout(column, 1)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self._measure()
        self.hide()

    @property
    def notice(self) -> Notice | None:
        """What is shown."""
        return self._notice

    def tell(self, notice: Notice) -> None:
        """Show a notice in the place of the one before."""
        self._notice = notice
        self._title.setText(notice.title)
        self._sentence.setText(notice.sentence)
        self._sentence.setVisible(bool(notice.sentence))
        self._close.setVisible(notice.can_close)
        self._set_offers(notice.offers)
        self.setAccessibleName(in_line(notice.title))
        self.setAccessibleDescription(in_line(notice.sentence))
        self.show()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._notice = None
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._notice is None:
            return
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        is_bad = self._notice.status in _BAD
        fill(p, QRectF(self.rect()), t.c("fail_tint" if is_bad else "sunken"), t.radius("card"))
        outline(p, QRectF(self.rect()), t.c("fail_soft" if is_bad else "edge"), t.radius("card"))
        centre = QPointF(t.px(22), self._title.geometry().top() + t.px(9) + 0.5)
        paint_status(p, self._notice.status, centre, t, size=15 * t.unit)
        p.end()

    def _set_offers(self, offers: Sequence[Offer]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        # The one that is meant stands last, at the edge, boxed; the others are quiet.
        for offer in reversed(offers):
            button = QPushButton(in_menu(offer.words), self)
            button.setProperty("role", "plain" if offer is offers[0] else "quiet")
            button.setFont(self._themes.current.ui("small", "medium"))
            button.setProperty("key", offer.key)
            button.clicked.connect(self._choose)
            self._row.insertWidget(self._row.count() - 1, button, 0, Qt.AlignmentFlag.AlignVCenter)
            self._buttons.append(button)
        # The window's last children by birth, they would be its last stops; in sight they stand before the cross.
        stops = [self._close, *self._buttons]
        for before, after in pairwise([*stops, self._close] if self._buttons else stops):
            QWidget.setTabOrder(before, after)

    def _choose(self) -> None:
        button = self.sender()
        if button is not None:
            self.chosen.emit(str(button.property("key")))

    def _put_away(self) -> None:
        self.clear()
        self.closed.emit()

    def _measure(self) -> None:
        t = self._themes.current
        self._row.setContentsMargins(t.px(42), t.px(10), t.px(12), t.px(11))
        self._row.setSpacing(t.px(6))
        for button in self._buttons:
            button.setFont(t.ui("small", "medium"))
