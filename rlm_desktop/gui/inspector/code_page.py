"""The tab Code: what ran, below it what it printed, below that what it left: as one page that scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from rlm_desktop.gui.inspector.code_text import CodeText
from rlm_desktop.gui.inspector.passages_view import PassagesView
from rlm_desktop.gui.inspector.vars_list import VarsList
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.paint import hline, outline, text
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import Ground
from rlm_desktop.present.passages import Passage
from rlm_desktop.present.site_calls import SiteCalls
from rlm_desktop.present.variables import Variables

MOST_CODE_PX = 1_400
"""What is longer scrolls within its own view, whatever room there is."""
MOST_VARS = 12
SHARES = (5, 3, 2)
"""Where code, output and variables together are higher than the page: how it is divided among them."""
LEAST_PX = (90, 70, 52)
"""Where not even this much is left for each, the page scrolls as one."""
LINES_AHEAD = (0.86, 0.78, 0.92, 0.7, 0.34)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    code: str
    calls: tuple[SiteCalls, ...]
    title: str = ""
    """Where an iteration has several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One iteration as the page shows it. `reply` stands in the place of code where there is none (yet)."""

    reply: Sequence[Passage] = ()
    blocks: Sequence[Block] = ()
    output: Sequence[Passage] = ()
    is_more_ahead: bool = False
    """Output is recorded that the cursor has not reached."""
    variables: Variables = field(default_factory=Variables)
    vars_note: str = ""


class CodePage(QScrollArea):
    """`calls_chosen` carries the `SiteCalls` of a strip that was clicked."""

    calls_chosen = Signal(object)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = Ground(themes)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.reply = PassagesView(themes)
        self.reply.setAccessibleName(self.tr("Reply of the model"))
        self.codes: list[CodeText] = []
        self._heads: list[SectionHead] = []
        self.output = PassagesView(themes)
        self.output.setAccessibleName(self.tr("Output"))
        self.output.set_top_rule(True)
        self.ahead = Ahead(themes)
        self.vars_head = SectionHead(themes, self.tr("Vars"))
        self.vars = VarsList(themes)
        for widget in (self.reply, self.output, self.ahead, self.vars_head, self.vars):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self.setWidget(body)

    def show_ran(self, ran: Ran, *, is_same: bool) -> None:
        """Show an iteration. `is_same`: it was shown before, and grew."""
        has_changed = self.reply.set_passages(ran.reply, keeps_place=is_same)
        self.reply.setVisible(bool(ran.reply))
        has_changed |= self._show_blocks(ran.blocks)
        has_changed |= self.output.set_passages(ran.output, keeps_place=is_same)
        self.output.setVisible(bool(ran.output))
        self.ahead.setVisible(ran.is_more_ahead)
        has_changed |= self.vars.vars.show(ran.variables)
        has_vars = bool(ran.variables.variables)
        self.vars_head.set_note(ran.vars_note)
        self.vars_head.setVisible(has_vars)
        self.vars.setVisible(has_vars)
        if has_changed:
            self._fit()
        if not is_same:
            self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # A hidden view does not take on the width that it is given.
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.widget() is not None:
            self._fit()

    def _show_blocks(self, blocks: Sequence[Block]) -> bool:
        while len(self.codes) < len(blocks):
            head, view = SectionHead(self._themes, ""), CodeText(self._themes)
            view.calls_chosen.connect(self.calls_chosen)
            at = 1 + 2 * len(self.codes)
            self._column.insertWidget(at, head)
            self._column.insertWidget(at + 1, view)
            self._heads.append(head)
            self.codes.append(view)
        has_changed = False
        for i, (head, view) in enumerate(zip(self._heads, self.codes, strict=True)):
            is_used = i < len(blocks)
            has_changed |= view.isHidden() == is_used
            view.setVisible(is_used)
            head.setVisible(is_used and bool(blocks[i].title))
            if is_used:
                has_changed |= view.set_code(blocks[i].code, blocks[i].calls)
                head.set_title(blocks[i].title)
        return has_changed

    def _fit(self) -> None:
        """Give each part the height it needs; where that is more than the page, divide the page, and let each part scroll by itself.

        Only where the page is too small for that does it scroll as a whole. Then a part has a scroll bar beside the page's only if it
        is longer than `MOST_CODE_PX`.
        """
        room = self.maximumViewportSize().height() - sum(w.height() for w in self._between() if not w.isHidden())
        parts = self._parts()
        heights = divided(room, [part.wanted for part in parts], [part.share for part in parts])
        if any(height < min(part.wanted, part.least) for height, part in zip(heights, parts, strict=True)):
            heights = [part.wanted for part in parts]
        for part, height in zip(parts, heights, strict=True):
            has_all = part.is_whole and height >= part.wanted
            part.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff if has_all else Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            part.view.setFixedHeight(height)

    def _between(self) -> list[QWidget]:
        return [*self._heads, self.ahead, self.vars_head]

    def _parts(self) -> list[_Part]:
        t = self._themes.current
        most = t.px(MOST_CODE_PX)
        codes = [view for view in (self.reply, *self.codes) if not view.isHidden()]
        made = []
        for view in [*codes, self.output]:
            i = 1 if view is self.output else 0
            if view.isHidden():
                continue
            # What shows all of its text has no scroll bar, which would take from the width that the height was found for.
            view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            view.resize(self.viewport().width(), view.height())
            wanted = view.content_height_px(most)
            made.append(_Part(view, wanted, SHARES[i] / (len(codes) if i == 0 else 1), t.px(LEAST_PX[i]), wanted < most))
        if not self.vars.isHidden():
            wanted = self.vars.height_for_all(MOST_VARS)
            made.append(_Part(self.vars, wanted, SHARES[2], t.px(LEAST_PX[2]), self.vars.vars.rowCount() <= MOST_VARS))
        return made


class _Part(NamedTuple):
    """What stands on the page with a height of its own. `is_whole`: the height wanted shows all of it."""

    view: QAbstractScrollArea
    wanted: int
    share: float
    least: int
    is_whole: bool


def divided(room: int, wanted: Sequence[int], shares: Sequence[float]) -> list[int]:
    """Divide `room` by shares. Nobody gets more than is wanted; what one leaves is divided among the others."""
    given = [0] * len(wanted)
    open_parts = list(range(len(wanted)))
    left = max(0, room)
    while open_parts:
        total = sum(shares[i] for i in open_parts)
        content = [i for i in open_parts if wanted[i] <= left * shares[i] / total]
        if not content:
            for i in open_parts:
                given[i] = int(left * shares[i] / total)
            return given
        for i in content:
            given[i] = wanted[i]
        left -= sum(wanted[i] for i in content)
        open_parts = [i for i in open_parts if i not in content]
    return given


class Ahead(QWidget):
    """What is recorded but lies beyond the cursor: outlines of lines, no words."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setAccessibleName(self.tr("Output that is still to come"))
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = self._themes.current
        left = t.space("xl")
        for i, share in enumerate(LINES_AHEAD):
            box = QRectF(left, t.px(2 + 17 * i), (self.width() - 2.5 * left) * share, t.px(9))
            outline(p, box, t.c("wire"), t.px(9) / 2, style=Qt.PenStyle.DashLine)
        p.end()

    def _measure(self) -> None:
        self.setFixedHeight(self._themes.current.px(17 * len(LINES_AHEAD) + 6))


class SectionHead(QWidget):
    """A heading within a page, with what it counts."""

    def __init__(self, themes: Themes, title: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._title, self._note = themes, title, ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._measure()

    def set_title(self, title: str) -> None:
        self._title = title
        self.setAccessibleName(in_line(title))
        self.update()

    def set_note(self, note: str) -> None:
        self._note = note
        self.setAccessibleDescription(in_line(note))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        t = self._themes.current
        hline(p, 0, self.width(), 0, t.c("hair"))
        left = float(t.space("xl"))
        high = self.height()
        left += text(p, QRectF(left, 0, self.width(), high), self._title, t.ui("small", "strong"), t.c("text")) + t.px(8)
        text(p, QRectF(left, 0.5, max(0.0, self.width() - left - t.space("xl")), high), self._note, t.ui("caption"), t.c("text_3"))
        p.end()

    def _measure(self) -> None:
        self.setFixedHeight(self._themes.current.height("section"))
