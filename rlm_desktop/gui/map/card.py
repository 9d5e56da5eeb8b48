"""The card of a call: ground, header, figures, and a row for each iteration. Painted at 100 % into a box at the origin."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt

from rlm_desktop.gui.look.glyphs import paint_kind
from rlm_desktop.gui.look.paint import RIGHT, fill, hline, outline, shadow, text, top_rounded
from rlm_desktop.gui.map.drawing import PAD, RADIUS, Chosen, Drawing
from rlm_desktop.present.cards import CardFacts, PlainFacts, RowFacts
from rlm_desktop.present.layout import HEADER, META, ROW
from rlm_desktop.present.standing import Standing

Role = Literal["rlm", "llm"]


def paint_ground(d: Drawing, box: QRectF, *, has_sheets: bool, radius: float = RADIUS) -> None:
    t = d.theme
    if has_sheets:
        for inset, drop in ((10.0, 6.0), (5.0, 3.0)):
            sheet = QRectF(box.left() + inset, box.bottom() - 12, box.width() - 2 * inset, 12 + drop)
            fill(d.p, sheet, t.c("card"), radius)
            outline(d.p, sheet, t.c("edge"), radius)
    else:
        shadow(d.p, box, radius, t)
    fill(d.p, box, t.c("card"), radius)
    outline(d.p, box, t.c("edge"), radius)


def paint_header(d: Drawing, box: QRectF, role: Role, kind: Literal["rlm", "llm", "fan"], title: str, words: str, status: Standing) -> None:
    p, t = d.p, d.theme
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(t.c(f"{role}_tint"))
    p.drawPath(top_rounded(QRectF(box.left() + 1, box.top() + 1, box.width() - 2, HEADER - 1), RADIUS - 1))
    hline(p, box.left() + 1, box.right() - 1, box.top() + HEADER, t.c(f"{role}_soft", 0.7))
    paint_kind(p, kind, QRectF(box.left() + PAD, box.top() + (HEADER - 14) / 2, 14, 14), t.c(role))
    row = QRectF(box.left() + 34, box.top(), box.width() - 34 - 34, HEADER)
    used = text(p, row, title, t.ui("body", "strong"), t.c("text"))
    if row.width() - used > 20:
        text(p, row.adjusted(used + 8, 0.5, 0, 0.5), words, t.ui("caption"), t.c("text_2"))
    d.status(status, QPointF(box.right() - PAD - 5, box.top() + HEADER / 2 + 0.5), size=13)


def paint_pairs(d: Drawing, x: float, row: QRectF, pairs: tuple[tuple[str, str], ...]) -> None:
    """Figures with what they are before them, from left to right."""
    t = d.theme
    for label, value in pairs:
        x += text(d.p, QRectF(x, row.top(), 200, row.height()), label, t.ui("caption"), t.c("text_3")) + 4
        x += text(d.p, QRectF(x, row.top(), 200, row.height()), value, t.ui("caption", "medium"), t.c("text_2")) + 12


def paint_card(d: Drawing, facts: CardFacts, box: QRectF, chosen: Chosen, *, top: float, bottom: float) -> None:
    """`top` and `bottom` bound what is seen: of a card with thousands of rows only those are painted."""
    t = d.theme
    paint_ground(d, box, has_sheets=False)
    paint_header(d, box, "rlm", "rlm", facts.title, facts.words, facts.status)
    meta = QRectF(box.left(), box.top() + HEADER + 1, box.width(), META)
    paint_pairs(d, box.left() + 34, meta, (("self", facts.self_cost), ("total", facts.total_cost)))
    text(d.p, meta.adjusted(0, 0, -PAD, 0), facts.duration, t.ui("caption"), t.c("text_3"), RIGHT)
    first_top = box.top() + HEADER + META
    start = max(0, int((top - first_top) // ROW))
    end = max(0, int((bottom - first_top) // ROW) + 1)
    for place, row in enumerate(facts.rows[start:end], start=start):
        _paint_row(d, row, QRectF(box.left(), first_top + ROW * place, box.width(), ROW), is_chosen=row.number == chosen.row)


def _paint_row(d: Drawing, facts: RowFacts, row: QRectF, *, is_chosen: bool) -> None:
    p, t = d.p, d.theme
    going_on = facts.status in ("running", "waiting", "queued")
    if is_chosen:
        fill(p, row.adjusted(4, 1, -4, 0), t.c("selected"), 5)
        outline(p, row.adjusted(4, 1, -4, 0), t.c("ink"), 5, 1.5)
    elif going_on:
        fill(p, row.adjusted(4, 2, -4, -1), t.c("rlm_tint"), 5)
    else:
        hline(p, row.left() + 34, row.right() - PAD, row.top(), t.c("hair"))
    first = QRectF(row.left() + 34, row.top() + 4, row.width() - 34 - PAD - 18, 16)
    second = QRectF(row.left() + 34, row.top() + 20, row.width() - 34 - PAD, 14)
    number = QRectF(row.left() + 4, first.top(), 20, 16)
    if facts.status == "future":
        outline(p, QRectF(row.left() + 34, first.top() + 4, 132, 8), t.c("wire"), 4, style=Qt.PenStyle.DashLine)
        text(p, number, str(facts.number), t.ui("caption"), t.c("text_3"), RIGHT)
        return
    text(p, number, str(facts.number), t.ui("caption", "medium"), t.c("text_2" if is_chosen else "text_3"), RIGHT)
    text(p, first, facts.code, t.code("code_small") if facts.is_code else t.ui("caption"), t.c("text" if facts.is_code else "text_2"))
    used = text(p, second, facts.cost, t.ui("caption", "medium"), t.c("text_2"), RIGHT)
    shade = "fail_text" if facts.status == "error" else "text_2" if is_chosen or going_on else "text_3"
    text(p, second.adjusted(0, 0, -used - 8, 0), facts.output, t.ui("caption"), t.c(shade))
    d.status(facts.status, QPointF(row.right() - PAD - 5, first.center().y()), size=11)


def paint_plain(d: Drawing, facts: PlainFacts, box: QRectF) -> None:
    """A plain call alone on its line: what it was asked and what it said, in the size of a small fan."""
    p, t = d.p, d.theme
    paint_ground(d, box, has_sheets=False)
    paint_header(d, box, "llm", "llm", facts.title, facts.words, facts.status)
    meta = QRectF(box.left(), box.top() + HEADER + 1, box.width(), META)
    paint_pairs(d, box.left() + PAD, meta, (("line", facts.line), ("total", facts.total_cost)))
    text(p, meta.adjusted(0, 0, -PAD, 0), facts.duration, t.ui("caption"), t.c("text_3"), RIGHT)
    row = QRectF(box.left() + PAD, box.top() + HEADER + META + 3, box.width() - 2 * PAD, 16)
    text(p, row, facts.prompt, t.ui("caption"), t.c("text_2"))
    has_failed = facts.status in ("error", "limit")
    text(p, row.translated(0, 17), facts.reply, t.ui("caption"), t.c("fail_text" if has_failed else "text"))


def paint_future(d: Drawing, box: QRectF, role: Role, kind: Literal["rlm", "llm", "fan"], title: str) -> None:
    """Not reached by the cursor: the same place and size, an outline, a name, no figures."""
    p, t = d.p, d.theme
    outline(p, box, t.c("wire"), RADIUS, style=Qt.PenStyle.DashLine)
    if title:
        paint_kind(p, kind, QRectF(box.left() + PAD, box.top() + (HEADER - 14) / 2, 14, 14), t.c(role, 0.45))
        text(p, QRectF(box.left() + 34, box.top(), box.width() - 60, HEADER), title, t.ui("body"), t.c("text_3"))
