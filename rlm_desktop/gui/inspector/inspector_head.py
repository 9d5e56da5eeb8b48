"""What is inspected: its mark, name, place and state, and its figures as a table."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from rlm_desktop.gui.look.button import IconButton
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.gui.look.glyphs import Status, paint_kind, paint_status
from rlm_desktop.gui.look.paint import RIGHT, hline, text, text_width
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.present.inspected import Figures, Inspected

_STATUS_WORDS_ROLE = {"error": "fail_text", "limit": "fail_text", "running": "rlm_text"}


class InspectorHead(QWidget):
    """`stepped` carries -1 or 1; `copy_asked` carries `text`, `markdown` or `json`."""

    stepped = Signal(int)
    copy_asked = Signal(str)

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._facts: Inspected | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.before = IconButton(themes, "chevron-left", self.tr("The one before"), parent=self)
        self.after = IconButton(themes, "chevron-right", self.tr("The one after"), parent=self)
        self.copy_button = IconButton(themes, "copy", self.tr("Copy…"), parent=self)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.copy_button.clicked.connect(self.open_menu)
        self.menu = QMenu(self)
        for key, words in (("text", self.tr("Copy as text")), ("markdown", self.tr("Copy as Markdown")), ("json", self.tr("Copy as JSON"))):
            action = self.menu.addAction(words)
            action.setData(key)
            action.triggered.connect(self._copy_chosen)

    @property
    def facts(self) -> Inspected | None:
        return self._facts

    def show_facts(self, facts: Inspected | None, *, can_go: tuple[bool, bool]) -> None:
        """Show what is inspected; `can_go` says whether there is one before and one after."""
        self.before.setEnabled(can_go[0])
        self.after.setEnabled(can_go[1])
        self.copy_button.setEnabled(facts is not None)
        if facts == self._facts:
            return
        self._facts = facts
        self.setAccessibleName(in_line(facts.title if facts is not None else self.tr("Nothing is chosen")))
        self.setAccessibleDescription(in_line("" if facts is None else self._spoken(facts)))
        self.setToolTip("" if facts is None else plain_tip(self._tip(facts)))
        self.update()

    def status_words(self) -> str:
        """Return how it stands, in a word or two."""
        if self._facts is None:
            return ""
        return {
            "queued": self.tr("queued"), "running": self.tr("running"), "waiting": self.tr("waiting"), "ok": self.tr("ok"),
            "error": self.tr("failed"), "limit": self.tr("limit"), "cancelled": self.tr("stopped"),
            "interrupted": self.tr("interrupted"), "future": self.tr("not yet"),
        }[self._facts.status]  # fmt: skip

    def open_menu(self) -> None:
        button = self.copy_button
        self.menu.popup(button.mapToGlobal(QPoint(button.width() - self.menu.sizeHint().width(), button.height())))

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.width("inspector"), t.px(44 + 18 + 20 * 2 + 10))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        t = self._themes.current
        x = self.width() - t.px(10)
        for button in (self.after, self.before, self.copy_button):
            side = button.sizeHint().width()
            x -= side
            button.setGeometry(x, t.px(22) - side // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t, f = self._themes.current, self._facts
        p.fillRect(self.rect(), t.c("panel"))
        left = float(t.space("xl"))
        if f is None:
            text(p, QRectF(left, t.px(8), self.width(), t.px(28)), self.tr("Nothing is chosen"), t.ui("title", "strong"), t.c("text_3"))
            p.end()
            return
        side = t.px(14)
        mark = "rlm" if f.mark == "rlm" else "llm"
        paint_kind(p, f.mark, QRectF(left, t.px(15), side, side), t.c(mark))
        words, font = self.status_words(), t.ui("small", "medium")
        right = float(self.copy_button.x() - t.px(6))
        wide = text_width(font, words)
        text(p, QRectF(right - wide, t.px(8), wide + 2, t.px(28)), words, font, t.c(_STATUS_WORDS_ROLE.get(f.status, "text_2")))
        if f.status != "future":
            status: Status = f.status
            paint_status(p, status, QPointF(right - wide - t.px(11), t.px(22) + 0.5), t, size=t.px(11))
        room = right - wide - t.px(24) - left - t.px(22)
        used = text(p, QRectF(left + t.px(22), t.px(8), room, t.px(28)), f.title, t.ui("title", "strong"), t.c("text"))
        rest = QRectF(left + t.px(30) + used, t.px(9), max(0.0, room - used - t.px(8)), t.px(28))
        text(p, rest, f.place, t.ui("small"), t.c("text_3"))
        self._paint_table(p, f, left, self.width() - left)
        p.end()

    def _paint_table(self, p: QPainter, f: Inspected, left: float, right: float) -> None:
        t = self._themes.current
        label = t.px(48)
        # A cost with unknown parts is the longest of the figures.
        shares = (0.36, 0.2, 0.2, 0.24)
        ends = [left + label + (right - left - label) * sum(shares[: i + 1]) for i in range(4)]
        widths = [(right - left - label) * share for share in shares]
        top = t.px(46)
        names = (self.tr("Cost"), self.tr("Input"), self.tr("Output"), self.tr("Time"))
        for i, name in enumerate(names):
            text(p, QRectF(ends[i] - widths[i], top, widths[i], t.px(16)), name, t.ui("caption"), t.c("text_3"), RIGHT)
        y = top + t.px(17)
        for row, figures in ((self.tr("Self"), f.own), (self.tr("Total"), f.total)):
            hline(p, left, right, y, t.c("hair"))
            text(p, QRectF(left, y + 1, label, t.px(20)), row, t.ui("caption", "medium"), t.c("text_2"))
            for i, value in enumerate(figures):
                box = QRectF(ends[i] - widths[i], y + 1, widths[i], t.px(20))
                text(p, box, value, t.ui("small", "strong" if i == 0 else "regular"), t.c("text"), RIGHT)
            y += t.px(20)

    def _spoken(self, f: Inspected) -> str:
        def line(name: str, row: Figures) -> str:
            return self.tr("{0}: cost {1}, input {2}, output {3}, time {4}").format(name, *row)

        return ". ".join((f.place, self.status_words(), line(self.tr("Self"), f.own), line(self.tr("Total"), f.total)))

    def _tip(self, f: Inspected) -> str:
        return self.tr("{0}, {1}\nSelf: its own requests; its time is {2}.\nTotal: with everything below it.").format(
            f.title, f.place, f.own_time_says
        )

    def _copy_chosen(self) -> None:
        action = self.sender()
        if action is not None:
            self.copy_asked.emit(str(action.data()))  # type: ignore[attr-defined]
