"""First start: one way to see it work at once, one target for documents, nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from rlm_desktop.gui.key_cap import key_cap_width, paint_key_cap
from rlm_desktop.gui.look.button import PaintedButton, TallButton
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import CENTRE, elbow, fill, outline, shadow, text, text_width
from rlm_desktop.gui.look.theme import Theme, Themes

WIDTH_PX, HEIGHT_PX = 640, 488


class _Link(PaintedButton):
    """An icon, words, and the keys that do the same."""

    def __init__(self, themes: Themes, icon_name: str, words: str, keys: str, *, parent: QWidget) -> None:
        super().__init__(themes, parent)
        self._icon, self._keys = icon_name, keys
        self.setText(words)
        self.setAccessibleName(in_line(words))

    def sizeHint(self) -> QSize:
        t = self.theme
        width = t.px(30) + text_width(t.ui(), self.text())
        return QSize(round(width + (t.px(8) + key_cap_width(self._keys, t) if self._keys else 0)) + t.px(8), t.px(28))

    def paint(self, p: QPainter, box: QRectF) -> None:
        t = self.theme
        shade = t.c("text" if self.state() in ("hover", "pressed") else "text_2")
        side = t.icon_px("small")
        paint_icon(p, self._icon, QRectF(t.px(4), box.center().y() - side / 2, side, side), shade)
        x = t.px(26) + text(p, QRectF(t.px(26), 0, box.width(), box.height()), self.text(), t.ui(), shade) + t.px(8)
        if self._keys:
            paint_key_cap(p, QPointF(x, box.center().y()), self._keys, t)
        if self.hasFocus():
            outline(p, box, t.c("focus"), t.radius("control"), 2.0)


class EmptyState(QWidget):
    sample_asked = Signal()
    files_asked = Signal()
    trace_asked = Signal()
    models_asked = Signal()
    shortcuts_asked = Signal()

    def __init__(self, themes: Themes, *, sample_title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._sample_title = themes, sample_title
        self._drop: tuple[str, str] | None = None
        self.setAccessibleName(self.tr("Start"))
        self.sample = TallButton(themes, "play", self.tr("Open the sample"), role="primary", parent=self)
        self.sample.setEnabled(bool(sample_title))
        self.more = _Link(themes, "chevron-down", self.tr("More samples"), "", parent=self)
        self.more_menu = QMenu(self.more)
        self.more_menu.setAccessibleName(in_line(self.more.text()))
        self.more.hide()
        self.choose = QPushButton(self.tr("Choose files"), self)
        self.trace = _Link(themes, "folder-open", self.tr("Open a trace"), "Ctrl O", parent=self)
        self.models = _Link(themes, "key-round", self.tr("Connect a model"), "", parent=self)
        self.shortcuts = _Link(themes, "keyboard", self.tr("Shortcuts"), "F1", parent=self)
        self.sample.clicked.connect(self.sample_asked)
        self.more.clicked.connect(lambda: self.more_menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2))))
        self.choose.clicked.connect(self.files_asked)
        self.trace.clicked.connect(self.trace_asked)
        self.models.clicked.connect(self.models_asked)
        self.shortcuts.clicked.connect(self.shortcuts_asked)
        themes.changed.connect(self._dress)
        self._dress()

    def offer_samples(self, actions: Sequence[QAction]) -> None:
        """Offer further samples beside the first; nothing is shown where there are none."""
        self.more_menu.addActions(actions)
        self.more.setVisible(bool(actions))

    def set_drop(self, title: str = "", names: str = "") -> None:
        """Light the target up and say what a drop does; without a title it is quiet again."""
        self._drop = (title, names) if title else None
        self.choose.setVisible(self._drop is None)
        self.update()

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(WIDTH_PX + 32), t.px(HEIGHT_PX + 32))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._dress()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        p.fillRect(self.rect(), t.c("canvas"))
        left, top, width = self._frame()
        title = self.tr("Ask a question over documents of any length")
        text(p, QRectF(left, top, width, t.px(32)), title, t.ui("display", "strong"), t.c("text"))
        lines = (
            self.tr("A model writes code that reads them piece by piece and asks other models about the pieces."),
            self.tr("You see each call, what it read and what it cost, and can stop it and check its quotes."),
        )
        for i, line in enumerate(lines):
            text(p, QRectF(left, top + t.px(40 + 22 * i), width, t.px(22)), line, t.ui(), t.c("text_2"))
        self._paint_sample(p, t, self._sample_box())
        self._paint_drop(p, t, self._drop_box())
        p.end()

    def _frame(self) -> tuple[float, float, float]:
        t = self._themes.current
        width = min(t.px(WIDTH_PX), self.width() - t.px(32))
        return (self.width() - width) / 2, max(t.px(16), self.height() / 2 - t.px(276)), width

    def _sample_box(self) -> QRectF:
        t = self._themes.current
        left, top, width = self._frame()
        return QRectF(left, top + t.px(100), width, t.px(156))

    def _drop_box(self) -> QRectF:
        t = self._themes.current
        left, top, width = self._frame()
        return QRectF(left, top + t.px(272), width, t.px(164))

    def _place(self) -> None:
        t = self._themes.current
        box = self._sample_box()
        size = self.sample.sizeHint()
        self.sample.setGeometry(round(box.left() + t.px(232)), round(box.top() + t.px(100)), size.width(), size.height())
        beside, of_button = self.more.sizeHint(), self.sample.geometry()
        self.more.setGeometry(
            of_button.right() + round(t.px(12)), of_button.center().y() - beside.height() // 2 + 1, beside.width(), beside.height()
        )
        drop = self._drop_box()
        size = self.choose.sizeHint()
        self.choose.move(round(drop.center().x() - size.width() / 2), round(drop.top() + t.px(118)))
        x, y = drop.left() - t.px(4), round(drop.bottom() + t.px(14))
        for link in (self.trace, self.models, self.shortcuts):
            link.setGeometry(round(x), y, link.sizeHint().width(), link.sizeHint().height())
            x += link.sizeHint().width() + t.px(20)

    def _dress(self) -> None:
        self._place()
        self.update()

    def _paint_sample(self, p: QPainter, t: Theme, box: QRectF) -> None:
        shadow(p, box, t.radius("card"), t)
        fill(p, box, t.c("card"), t.radius("card"))
        outline(p, box, t.c("edge"), t.radius("card"))
        paint_small_tree(p, QRectF(box.left() + t.px(12), box.top() + t.px(12), t.px(200), t.px(132)), t)
        x, room = box.left() + t.px(232), box.width() - t.px(244)
        text(p, QRectF(x, box.top() + t.px(16), room, t.px(22)), self.tr("See it work first"), t.ui("title", "strong"), t.c("text"))
        about = self._sample_title or self.tr("The sample is missing: install the program again.")
        text(p, QRectF(x, box.top() + t.px(38), room, t.px(20)), about, t.ui(), t.c("text_2"))
        lines = (self.tr("Runs live on the built-in extractive model"), self.tr("(not a language model): no key, no network, no cost."))
        for i, line in enumerate(lines):
            text(p, QRectF(x, box.top() + t.px(58 + 17 * i), room, t.px(17)), line, t.ui("small"), t.c("text_3"))

    def _paint_drop(self, p: QPainter, t: Theme, box: QRectF) -> None:
        centre, radius = box.center().x(), t.radius("card")

        def row(top_px: float, height_px: float) -> QRectF:
            return QRectF(box.left() + t.px(12), box.top() + t.px(top_px), box.width() - t.px(24), t.px(height_px))

        if self._drop is not None:
            title, names = self._drop
            fill(p, box, t.c("rlm_tint"), radius)
            outline(p, box, t.c("focus"), radius, 2.0)
            side = t.px(28)
            paint_icon(p, "file-plus", QRectF(centre - side / 2, box.top() + t.px(30), side, side), t.c("rlm"))
            text(p, row(70, 24), title, t.ui("title", "strong"), t.c("rlm_text"), CENTRE)
            text(p, row(97, 20), names, t.ui(), t.c("text_2"), CENTRE, elide=Qt.TextElideMode.ElideMiddle)
            note = self.tr("They are read on this computer. Nothing is sent until you run a question.")
            text(p, row(120, 18), note, t.ui("small"), t.c("text_2"), CENTRE)
            return
        outline(p, box, t.c("wire"), radius, 1.0, style=Qt.PenStyle.DashLine)
        side = t.px(24)
        paint_icon(p, "file-plus", QRectF(centre - side / 2, box.top() + t.px(28), side, side), t.c("text_3"))
        text(p, row(64, 22), self.tr("Drop documents or a folder here"), t.ui("title", "medium"), t.c("text"), CENTRE)
        text(
            p,
            row(88, 18),
            self.tr("PDF, Word, Excel, PowerPoint, web pages, e-mail, source code, archives, any text"),
            t.ui("small"),
            t.c("text_3"),
            CENTRE,
        )


def paint_small_tree(p: QPainter, box: QRectF, theme: Theme) -> None:
    """Draw what a run looks like from far away: the root, a fan, two children with a fan each."""
    t = theme
    fill(p, box, t.c("canvas"), t.radius("control"))
    p.save()
    p.translate(box.topLeft())
    p.scale(box.width() / 200, box.height() / 132)
    root, fan = QRectF(18, 18, 40, 58), QRectF(82, 12, 40, 36)
    one, two = QRectF(82, 54, 40, 38), QRectF(82, 98, 40, 28)
    small, other = QRectF(146, 54, 34, 18), QRectF(146, 98, 34, 18)
    p.setPen(t.c("wire"))
    p.setBrush(Qt.BrushStyle.NoBrush)
    for x, y, target in ((58, 48, fan), (58, 66, one), (58, 66, two), (122, 68, small), (122, 110, other)):
        end = QPointF(target.left(), target.top() + 6)
        p.drawPath(elbow(QPointF(x, y), end, (x + end.x()) / 2, radius=5))
    for shape, role, rows in ((root, "rlm", 5), (fan, "llm", 0), (one, "rlm", 3), (two, "rlm", 2), (small, "llm", 0), (other, "llm", 0)):
        fill(p, shape, t.c("card"), 4)
        outline(p, shape, t.c("edge"), 4)
        fill(p, QRectF(shape.left() + 1, shape.top() + 1, shape.width() - 2, 6), t.c(f"{role}_soft"), 3)
        for i in range(rows):
            width = shape.width() - (10 if i % 2 else 16)
            fill(p, QRectF(shape.left() + 5, shape.top() + 12 + 9 * i, width, 3), t.c("edge"), 1.5)
    for i, height in enumerate((3, 6, 11, 17, 20, 16, 12, 7, 4, 2)):
        p.fillRect(QRectF(fan.left() + 5 + 3 * i, fan.bottom() - 3 - height, 2.2, height), t.c("llm", 0.8))
    for shape in (small, other):
        for i in range(4):
            fill(p, QRectF(shape.left() + 5 + 6 * i, shape.top() + 10, 4, 4), t.c("llm"), 1)
    p.restore()
    outline(p, box, t.c("hair"), t.radius("control"))
