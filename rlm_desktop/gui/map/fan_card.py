"""A fan: siblings from one line of code, as one card with shares, a histogram, and its failures or its open list."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from rlm_desktop.gui.look.glyphs import paint_status
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.paint import CENTRE, RIGHT, fill, hline, text
from rlm_desktop.gui.map.card import Role, paint_ground, paint_header, paint_pairs
from rlm_desktop.gui.map.drawing import PAD, Chosen, Drawing
from rlm_desktop.gui.map.fan_marks import paint_cells, paint_histogram, paint_share_bar, paint_tally
from rlm_desktop.present import numbers
from rlm_desktop.present.fans import FanFacts, ListFacts
from rlm_desktop.present.layout import FAN_BODY, FAN_FAILURE, HEADER, LIST_ROW, META, SMALL_FAN, SMALL_FAN_BODY, list_height


def fan_title(facts: FanFacts) -> str:
    return f"×{numbers.count(facts.expected)}  {facts.title}"


def role_of(facts: FanFacts) -> Role:
    return "rlm" if facts.is_rlm else "llm"


def list_top(expected: int) -> float:
    """Return where a fan's failures, or the rows of its list, begin below its top."""
    return HEADER + META + (FAN_BODY if expected > SMALL_FAN else SMALL_FAN_BODY)


def paint_fan(d: Drawing, facts: FanFacts, box: QRectF, chosen: Chosen) -> None:
    p, t = d.p, d.theme
    paint_ground(d, box, has_sheets=True)
    paint_header(d, box, role_of(facts), "fan", fan_title(facts), facts.words, facts.status)
    meta = QRectF(box.left(), box.top() + HEADER + 1, box.width(), META)
    paint_pairs(d, box.left() + PAD, meta, (("line", facts.line), ("total", facts.total_cost), ("p95", facts.p95)))
    text(p, meta.adjusted(0, 0, -PAD, 0), facts.duration, t.ui("caption"), t.c("text_3"), RIGHT)
    left, right = box.left() + PAD, box.right() - PAD
    y = box.top() + HEADER + META + 4
    row = QRectF(left, y + (12 if facts.expected > SMALL_FAN else 16), right - left, 16)
    used = paint_tally(d, row, facts.tally)
    if facts.expected > SMALL_FAN:
        paint_share_bar(d, QRectF(left, y, right - left, 8), facts.tally, facts.expected)
        label = "time per call" if facts.histogram is not None and facts.histogram.of == "time" else "cost per call"
        if used < right - 72:
            text(p, row, label, t.ui("caption"), t.c("text_3"), RIGHT)
        paint_histogram(d, QRectF(left, y + 34, right - left, 66), facts.histogram)
    else:
        paint_cells(d, QRectF(left, y, right - left, 10), facts.cells)
    y = box.top() + list_top(facts.expected)
    if facts.opened is not None:
        _paint_list(d, facts.opened, QRectF(left, y, right - left, list_height(facts.opened.count)), box, chosen)
    elif facts.failure:
        hline(p, box.left() + 1, box.right() - 1, y, t.c("hair"))
        paint_status(p, "error", QPointF(left + 5, y + FAN_FAILURE / 2), t, size=11)
        text(p, QRectF(left + 18, y, right - left - 34, FAN_FAILURE), facts.failure, t.ui("caption"), t.c("fail_text"))
        _chevron(p, QPointF(right - 3, y + FAN_FAILURE / 2), t.c("text_3"))


def _paint_list(d: Drawing, opened: ListFacts, room: QRectF, box: QRectF, chosen: Chosen) -> None:
    p, t = d.p, d.theme
    caption, medium = t.ui("caption"), t.ui("caption", "medium")
    for i, member in enumerate(opened.rows):
        row = QRectF(room.left(), room.top() + i * LIST_ROW, room.width(), LIST_ROW)
        if member.call == chosen.member:
            fill(p, row.adjusted(-8, 1, 8, 0), t.c("selected"), 5)
        hline(p, box.left() + 1, box.right() - 1, row.top(), t.c("hair"))
        d.status(member.status, QPointF(row.left() + 5, row.center().y()), size=10)
        named = text(p, row.adjusted(16, 0, 0, 0), f"#{member.call}", medium, t.c("text_2"))
        cost = text(p, row, member.cost, caption, t.c("text_2"), RIGHT)
        start = max(44.0, 16 + named + 8)
        shade = t.c("fail_text" if member.status in ("error", "limit") else "text_2" if member.call == chosen.member else "text_3")
        text(p, row.adjusted(start, 0, -cost - 8, 0), member.words, caption, shade)
    _paint_pager(d, opened, QRectF(room.left(), room.bottom() - LIST_ROW, room.width(), LIST_ROW), box)


def _paint_pager(d: Drawing, opened: ListFacts, row: QRectF, box: QRectF) -> None:
    """The last row: what is listed, pages to turn, and a way to close. `hits` knows the same places."""
    p, t = d.p, d.theme
    hline(p, box.left() + 1, box.right() - 1, row.top(), t.c("hair"))
    words = "failed only" if opened.failed_only else "all calls"
    text(p, row, words, t.ui("caption", "medium"), t.c("text_2"))
    if opened.count > len(opened.rows):
        pages = f"{numbers.count(opened.first + 1)}–{numbers.count(opened.first + len(opened.rows))} of {numbers.count(opened.count)}"
        text(p, row, pages, t.ui("caption"), t.c("text_3"), CENTRE)
        for name, x in (("chevron-left", row.center().x() - 70), ("chevron-right", row.center().x() + 58)):
            paint_icon(p, name, QRectF(x, row.center().y() - 6, 12, 12), t.c("text_2"))
    paint_icon(p, "chevron-up", QRectF(row.right() - 12, row.center().y() - 6, 12, 12), t.c("text_2"))


def _chevron(p: QPainter, at: QPointF, colour: QColor) -> None:
    p.setPen(QPen(colour, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawPolyline([QPointF(at.x() - 2, at.y() - 3.5), QPointF(at.x() + 1.5, at.y()), QPointF(at.x() - 2, at.y() + 3.5)])
