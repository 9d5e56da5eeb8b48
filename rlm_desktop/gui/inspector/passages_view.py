"""Messages, replies and outputs in one text, each under a head of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from rlm_desktop.gui.inspector.joined_source import JoinedSource
from rlm_desktop.gui.look.glyphs import paint_status
from rlm_desktop.gui.look.paint import chip, fill, hline, text, text_width
from rlm_desktop.gui.look.text_lines import Band
from rlm_desktop.gui.look.text_scroll import Face
from rlm_desktop.gui.look.text_source import Span
from rlm_desktop.gui.look.text_view import TextView
from rlm_desktop.gui.look.theme import Theme, Themes
from rlm_desktop.gui.text_spans import TextSpans
from rlm_desktop.present.passages import Passage


class PassagesView(TextView):
    def __init__(self, themes: Themes, parent: QWidget | None = None, *, face: Face = "output") -> None:
        super().__init__(themes, parent, face=face)
        self._passages: tuple[Passage, ...] = ()
        self._starts: list[int] = []
        self._by_start: dict[int, int] = {}
        self._has_top_rule = False
        self.set_bands(self._band)

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self._passages

    def set_passages(self, passages: Sequence[Passage], *, keeps_place: bool = False) -> bool:
        """Show these passages; False when they are what is shown already."""
        if tuple(passages) == self._passages:
            return False
        self._passages = tuple(passages)
        source = JoinedSource([passage.text for passage in passages])
        self._starts = source.starts
        self._by_start = {start: i for i, start in enumerate(source.starts[: len(passages)])}
        self.set_source(source, keeps_place=keeps_place)
        spans = [span for start, passage in zip(source.starts, passages, strict=False) for span in _spans(passage, start)]
        self.set_spans(TextSpans(self, spans) if spans else None)
        return True

    def set_top_rule(self, has_top_rule: bool) -> None:
        """Draw a line above the first head too: where the view follows another on one page."""
        self._has_top_rule = has_top_rule

    def show_passage(self, index: int) -> None:
        """Bring the head of a passage to the upper third."""
        self.show_char(self._starts[index])

    def _band(self, index: int) -> Band | None:
        at = self._by_start.get(self.source.line_start(index))
        if at is None:
            return None
        passage = self._passages[at]
        t = self.theme
        # Below a text the head keeps some distance from it.
        gap = 0 if at == 0 else t.px(4 if passage.tone == "cut" else 8)
        high = float(gap + (t.px(20) if passage.tone == "cut" else t.height("section")))

        def paint(p: QPainter, row: QRectF) -> None:
            box = QRectF(0, row.top() + gap, row.right(), row.height() - gap)
            if passage.tone == "cut":
                _paint_cut(p, box, row.left(), passage, t)
            else:
                _paint_head(p, box, row.left(), passage, t, has_rule=at > 0 or self._has_top_rule)

        return Band(height_px=high, tint=self._ground, mark=self._ground, paint=paint)


def _spans(passage: Passage, start: int) -> list[Span]:
    if passage.is_dim:
        return [Span(start, start + len(passage.text), "text_3")] if passage.text else []
    return [Span(start + r.start, start + r.end, r.role) for r in passage.ranges]


def _paint_cut(p: QPainter, box: QRectF, left: float, passage: Passage, t: Theme) -> None:
    """A dashed line with what it means: on one side of it is what the model read."""
    p.fillRect(box, t.c("panel"))
    used = text(p, QRectF(left, box.top(), box.width(), box.height()), passage.title, t.ui("caption", "medium"), t.c("text_2"))
    pen = QPen(t.c("text_3"), 1.0)
    pen.setStyle(Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([4, 3])
    p.setPen(pen)
    y = round(box.center().y()) + 0.5
    p.drawLine(round(left + used + t.px(8)), y, round(box.right() - t.space("xl")), y)  # type: ignore[call-overload]


def _paint_head(p: QPainter, box: QRectF, left: float, passage: Passage, t: Theme, *, has_rule: bool) -> None:
    is_fail = passage.tone == "fail"
    p.fillRect(box, t.c("fail_tint" if is_fail else "panel"))
    if has_rule:
        hline(p, 0, box.right(), box.top(), t.c("hair"))
    if passage.tone in ("new", "fail"):
        p.fillRect(QRectF(0, box.top(), t.px(3), box.height()), t.c("fail" if is_fail else "ink"))
    x = left
    if is_fail:
        from_centre = box.center()
        from_centre.setX(x + t.px(5))
        paint_status(p, "error", from_centre, t, size=t.px(11))
        x += t.px(16)
    right = box.right() - t.space("l")
    if passage.title:
        font = t.ui("small", "strong")
        role = "fail_text" if is_fail else "text"
        x += text(p, QRectF(x, box.top(), right - x, box.height()), passage.title, font, t.c(role)) + t.px(8)
    if passage.chip:
        font = t.ui("caption", "medium")
        wide = text_width(font, passage.chip) + t.px(12)
        fill(p, QRectF(x, box.center().y() - t.px(9), wide, t.px(18)), t.c("card" if is_fail else "selected"), t.radius("chip"))
        x = chip(p, x, box.center().y(), passage.chip, font, t.c("text_2"), None) + t.px(8)
    if right > x:
        role = "text_2" if is_fail else "text_3"
        text(p, QRectF(x, box.top() + 0.5, right - x, box.height()), passage.note, t.ui("caption"), t.c(role))
