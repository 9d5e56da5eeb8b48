"""A node at the two levels below the card, titled box and bar. Painted in screen pixels into a box at the origin."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt

from rlm_desktop.gui.look.glyphs import paint_kind, paint_status
from rlm_desktop.gui.look.paint import RIGHT, fill, outline, rounded, text, text_width, top_rounded
from rlm_desktop.gui.map.card import Role, paint_ground
from rlm_desktop.gui.map.drawing import Chosen, Drawing
from rlm_desktop.gui.map.fan_card import role_of
from rlm_desktop.gui.map.fan_marks import paint_histogram, paint_share_bar, paint_tally
from rlm_desktop.present import numbers
from rlm_desktop.present.bars import BarFacts
from rlm_desktop.present.cards import CardFacts, PlainFacts, RowFacts
from rlm_desktop.present.fans import FanFacts
from rlm_desktop.present.layout import HEADER, META, ROW, SMALL_FAN
from rlm_desktop.present.standing import Standing


def _head(
    d: Drawing, box: QRectF, zoom: float, role: Role, kind: Literal["rlm", "llm", "fan"], title: str, words: str, status: Standing,
    cost: str, duration: str,
) -> float:  # fmt: skip
    """Boxes shrink, text does not. Return where the rows begin: where the card has them, or below the header."""
    p, t = d.p, d.theme
    paint_ground(d, box, has_sheets=kind == "fan", radius=6.0)
    head = QRectF(box.left(), box.top(), box.width(), min(max(20.0, HEADER * zoom), box.height()))
    has_figures = META * zoom >= 13 and box.height() >= (HEADER + META) * zoom
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(t.c(f"{role}_tint"))
    inner = head.adjusted(1, 1, -1, 0)
    p.drawPath(top_rounded(inner, 5) if box.height() > head.height() + 2 else rounded(inner, 5))
    paint_kind(p, kind, QRectF(head.left() + 7, head.center().y() - 6, 12, 12), t.c(role))
    d.status(status, QPointF(head.right() - 12, head.center().y() + 0.5), size=11)
    line = QRectF(head.left() + 24, head.top(), head.width() - 46, head.height())
    # A number that is cut is another number: it is written smaller, or not at all.
    fonts = (t.ui("small", "medium"), t.ui("caption", "medium"))
    font = next((font for font in fonts if text_width(font, title) <= line.width()), None)
    used = text(p, line, title, font, t.c("text")) if font is not None else 0.0
    if not has_figures and line.width() - used > 50:
        text(p, line, cost, t.ui("caption", "medium"), t.c("text_2"), RIGHT)
    elif has_figures and line.width() - used > 60:
        text(p, line.adjusted(used + 6, 0.5, 0, 0.5), words, t.ui("caption"), t.c("text_2"))
    if has_figures:
        row = QRectF(box.left() + 8, head.bottom(), box.width() - 16, META * zoom)
        text(p, row, cost, t.ui("caption", "medium"), t.c("text_2"))
        text(p, row, duration, t.ui("caption"), t.c("text_3"), RIGHT)
    return box.top() + max(head.height() + 3, (HEADER + META) * zoom)


def paint_card_title(d: Drawing, facts: CardFacts, box: QRectF, chosen: Chosen, zoom: float) -> None:
    """Two lines an iteration from 30 px, one from 14, a bar of its time from 4."""
    top = _head(d, box, zoom, "rlm", "rlm", facts.title, facts.words, facts.status, facts.total_cost, facts.duration)
    # Where the header cannot shrink further, the rows take what is left.
    pitch = min(ROW * zoom, (box.bottom() - top - 2) / len(facts.rows))
    for i, row in enumerate(facts.rows):
        place = QRectF(box.left() + 4, top + i * pitch, box.width() - 8, pitch)
        if place.bottom() > box.bottom() + 1:
            return
        if pitch >= 14:
            _paint_row(d, row, place, is_chosen=row.number == chosen.row, has_two=pitch >= 30)
        elif pitch >= 4 and row.status != "future":
            line = QRectF(place.left() + 4, place.center().y() - 2, place.width() - 8, 4)
            fill(d.p, line, d.theme.c("sunken"), 2)
            role = "fail" if row.status == "error" else "rlm" if row.status != "ok" else "rlm_soft"
            fill(d.p, QRectF(line.left(), line.top(), max(3.0, line.width() * row.share), 4), d.theme.c(role), 2)


def _paint_row(d: Drawing, facts: RowFacts, row: QRectF, *, is_chosen: bool, has_two: bool) -> None:
    p, t = d.p, d.theme
    going_on = facts.status in ("running", "waiting", "queued")
    if is_chosen:
        fill(p, row.adjusted(0, 0.5, 0, -0.5), t.c("selected"), 4)
        outline(p, row.adjusted(0, 0.5, 0, -0.5), t.c("ink"), 4, 1.5)
    elif going_on:
        fill(p, row.adjusted(0, 0.5, 0, -0.5), t.c("rlm_tint"), 4)
    first = QRectF(row.left() + 4, row.center().y() - (14 if has_two else 8), row.width() - 8, 16)
    used = max(9.0, text(p, first, str(facts.number), t.ui("caption", "medium"), t.c("text_3"))) + 5
    if facts.status == "future":
        outline(p, QRectF(first.left() + used, first.center().y() - 4, first.width() / 2, 8), t.c("wire"), 4, style=Qt.PenStyle.DashLine)
        return
    font = t.code("code_small") if facts.is_code else t.ui("caption")
    text(p, first.adjusted(used, 0, -16, 0), facts.code, font, t.c("text" if facts.is_code else "text_2"))
    d.status(facts.status, QPointF(first.right() - 5, first.center().y()), size=10)
    if has_two:
        second = QRectF(first.left() + used, row.center().y() + 0.5, first.width() - used, 13)
        width = text(p, second, facts.cost, t.ui("caption", "medium"), t.c("text_2"), RIGHT)
        shade = t.c("fail_text" if facts.status == "error" else "text_2" if is_chosen or going_on else "text_3")
        text(p, second.adjusted(0, 0, -width - 8, 0), facts.output, t.ui("caption"), shade)


def paint_plain_title(d: Drawing, facts: PlainFacts, box: QRectF, zoom: float) -> None:
    t = d.theme
    title = facts.title.split("  ")[0]
    top = _head(d, box, zoom, "llm", "llm", title, facts.words, facts.status, facts.total_cost, facts.duration)
    row = QRectF(box.left() + 8, top, box.width() - 16, 14)
    shade = t.c("fail_text" if facts.status in ("error", "limit") else "text_2")
    for words in (facts.prompt, facts.reply):
        if row.bottom() <= box.bottom() - 1:
            text(d.p, row, words, t.ui("caption"), shade if words is facts.reply else t.c("text_3"))
        row.translate(0, 14)


def paint_fan_title(d: Drawing, facts: FanFacts, box: QRectF, zoom: float) -> None:
    title = f"×{numbers.count(facts.expected)}"
    top = _head(d, box, zoom, role_of(facts), "fan", title, facts.words, facts.status, facts.total_cost, facts.duration)
    bar = QRectF(box.left() + 8, min(top + 4 * zoom, box.bottom() - 8), box.width() - 16, 5)
    paint_share_bar(d, bar, facts.tally, facts.expected)
    tally = QRectF(bar.left(), bar.bottom() + 2, bar.width(), 14)
    has_tally = tally.bottom() <= box.bottom() - 2 and (34 - 12) * zoom >= 14
    if has_tally:
        paint_tally(d, tally, facts.tally)
    if facts.expected <= SMALL_FAN:
        return
    chart = QRectF(bar.left(), (tally.bottom() if has_tally else bar.bottom()) + 4, bar.width(), 60 * zoom)
    chart.setBottom(min(chart.bottom(), box.bottom() - 8))
    if chart.height() >= 10:
        paint_histogram(d, chart, facts.histogram, has_labels=False)


def paint_bar(d: Drawing, facts: BarFacts, box: QRectF) -> None:
    """No text: a coloured head, the iterations as lines of their time or the share that is done, and a mark for what matters."""
    p, t = d.p, d.theme
    role = facts.role
    fill(p, box, t.c(f"{role}_tint"), 3)
    outline(p, box, t.c(role), 3)
    fill(p, QRectF(box.left(), box.top(), box.width(), min(6.0, box.height())), t.c(role), 2)
    room = box.height() - 10
    if facts.shares and room > 0:
        step = room / len(facts.shares)
        if step >= 3:
            for i, share in enumerate(facts.shares):
                fill(p, QRectF(box.left() + 4, box.top() + 9 + i * step, (box.width() - 8) * (0.25 + 0.75 * share), 2), t.c(role, 0.8))
    elif not facts.shares and box.height() > 14:
        body = QRectF(box.left() + 4, box.top() + 10, box.width() - 8, box.height() - 14)
        fill(p, QRectF(body.left(), body.top(), body.width() * facts.done, body.height()), t.c(f"{role}_soft"), 1.5)
    corner = QPointF(box.right() - 1, box.top() + 0.5)
    if facts.has_failed:
        paint_status(p, "error", corner, t, size=10)
    elif facts.status not in ("ok", "future"):
        fill(p, QRectF(corner.x() - 5.5, corner.y() - 5.5, 11, 11), t.c("canvas"), 5.5)
        d.status(facts.status, corner, size=10)
