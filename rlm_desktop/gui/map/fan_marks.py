"""The parts of a fan: share bar, tally, histogram, one square a call."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPen

from rlm_desktop.gui.look.paint import CENTRE, fill, hatch, hline, outline, rounded, text, text_width, vline
from rlm_desktop.gui.map.drawing import Drawing
from rlm_desktop.present import numbers
from rlm_desktop.present.fans import Histogram
from rlm_desktop.present.standing import Standing, Tally

_LEAST_PX = 3.0


def paint_share_bar(d: Drawing, box: QRectF, tally: Tally, expected: int) -> None:
    """Done, failed, running, queued as lengths of one bar; failed is hatched, running striped, what is not asked yet empty."""
    p, t = d.p, d.theme
    fill(p, box, t.c("sunken"), 3)
    p.save()
    p.setClipPath(rounded(box, 3))
    x = box.left()
    stopped = tally.cancelled + tally.interrupted
    for n, kind in ((tally.ok, "ok"), (tally.failed, "failed"), (stopped, "stopped"), (tally.running, "running")):
        if not n:
            continue
        width = max(_LEAST_PX, box.width() * n / max(1, expected))
        # What failed shows at its least width even when all else fills the bar.
        x = min(x, box.right() - width)
        part = QRectF(x, box.top(), width, box.height())
        if kind == "ok":
            p.fillRect(part, t.c("llm"))
        elif kind == "failed":
            p.fillRect(part, t.c("fail"))
            hatch(p, part, t.c("card", 0.6), gap=4, width=1.2)
        elif kind == "stopped":
            p.fillRect(part, t.c("wire", 0.5))
        else:
            p.fillRect(part, t.c("llm_tint"))
            hatch(p, part, t.c("llm"), gap=4, width=1.2)
        x += width
    p.restore()
    outline(p, box, t.c("edge"), 3)


def paint_histogram(d: Drawing, box: QRectF, histogram: Histogram | None, *, has_labels: bool = True) -> None:
    """Calls by cost or time on a logarithmic axis, with the median and the 95th percentile named."""
    p, t = d.p, d.theme
    font = t.ui("caption")
    if histogram is None:
        if has_labels:
            text(p, box, "no reply yet", font, t.c("text_3"), CENTRE)
        return
    bars = QRectF(box.left(), box.top(), box.width(), box.height() - (14 if has_labels else 0))
    step = bars.width() / len(histogram.bars)
    colour = t.c("llm", 0.75)
    for i, share in enumerate(histogram.bars):
        if share:
            height = max(1.5, bars.height() * share)
            p.fillRect(QRectF(bars.left() + i * step, bars.bottom() - height, max(1.0, step - 1), height), colour)
    hline(p, bars.left(), bars.right(), bars.bottom(), t.c("edge"))
    if not has_labels:
        return
    at50, at95 = bars.left() + bars.width() * histogram.p50_at, bars.left() + bars.width() * histogram.p95_at
    row = QRectF(bars.left(), bars.bottom() + 2, bars.width(), 12)
    words50, words95 = f"p50 {histogram.p50}", f"p95 {histogram.p95}"
    width50, width95 = text_width(font, words50), text_width(font, words95)
    left50 = max(row.left(), at50 - width50 - 4)
    left95 = min(row.right() - width95, max(at95 + 5, left50 + width50 + 10))
    left50 = min(left50, left95 - width50 - 10)
    for at, left, words, width in ((at50, left50, words50, width50), (at95, left95, words95, width95)):
        is_over_words = left50 - 2 < at < left50 + width50 + 2 or left95 - 2 < at < left95 + width95 + 2
        vline(p, round(at), bars.top(), bars.bottom() + (0 if is_over_words else 4), t.c("text_3"))
        text(p, QRectF(left, row.top(), width + 2, row.height()), words, font, t.c("text_3"))


def paint_cells(d: Drawing, box: QRectF, cells: tuple[Standing, ...]) -> None:
    """One square a call, in the order they were asked: filled, crossed, hatched, struck, empty, dashed."""
    p, t = d.p, d.theme
    for i, status in enumerate(cells):
        cell = QRectF(box.left() + i * 13, box.top(), 10, 10)
        middle = cell.center()
        if status == "ok":
            fill(p, cell, t.c("llm"), 2)
        elif status in ("error", "limit"):
            fill(p, cell, t.c("fail"), 2)
            p.setPen(QPen(t.c("card"), 1.4))
            p.drawLine(middle + QPointF(-2, -2), middle + QPointF(2, 2))
            p.drawLine(middle + QPointF(-2, 2), middle + QPointF(2, -2))
        elif status in ("running", "waiting"):
            fill(p, cell, t.c("llm_tint"), 2)
            hatch(p, cell.adjusted(1, 1, -1, -1), t.c("llm"), gap=3.5, width=1.0)
            outline(p, cell, t.c("llm"), 2)
        else:
            outline(p, cell, t.c("wire" if status != "queued" else "edge"), 2)
            if status in ("cancelled", "interrupted"):
                p.drawLine(middle + QPointF(-2.5, 0), middle + QPointF(2.5, 0))


def paint_tally(d: Drawing, row: QRectF, tally: Tally) -> float:
    """Counts with their marks; return the right end."""
    p, t = d.p, d.theme
    font = t.ui("caption", "medium")
    x = row.left()
    parts: tuple[tuple[int, Standing, str], ...] = (
        (tally.ok, "ok", "text_2"), (tally.failed, "error", "fail_text"), (tally.cancelled, "cancelled", "text_2"),
        (tally.interrupted, "interrupted", "text_2"), (tally.running, "running", "llm_text"),
        (tally.queued + tally.to_come, "queued", "text_3"),
    )  # fmt: skip
    for n, status, role in parts:
        if not n:
            continue
        d.status(status, QPointF(x + 5, row.center().y()), size=10, colour=t.c("llm") if status == "running" else None)
        x += 14
        x += text(p, QRectF(x, row.top(), 120, row.height()), numbers.count(n), font, t.c(role)) + 12
    if tally.never:
        x += (
            text(p, QRectF(x, row.top(), 120, row.height()), f"{numbers.count(tally.never)} not asked", t.ui("caption"), t.c("text_3")) + 12
        )
    return x
