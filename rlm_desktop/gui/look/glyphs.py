"""Our own marks: what a call is and how it stands. Drawn by shape first, so that they read in grey and at 10 px."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from rlm_desktop.gui.look.paint import fill, outline
from rlm_desktop.gui.look.theme import Theme

Status = Literal["queued", "running", "waiting", "paused", "gate", "ok", "error", "limit", "cancelled", "interrupted", "recorded"]
Kind = Literal["rlm", "llm", "fan", "code", "person"]

STATUSES: tuple[Status, ...] = get_args(Status)
KINDS: tuple[Kind, ...] = get_args(Kind)

STATUS_ROLE: dict[Status, str] = {
    "queued": "text_3",
    "running": "rlm",
    "waiting": "rlm",
    "paused": "person",
    "gate": "person",
    "ok": "text_3",
    "error": "fail",
    "limit": "fail",
    "cancelled": "text_3",
    "interrupted": "text_3",
    "recorded": "text_3",
}
KIND_ROLE: dict[Kind, str] = {"rlm": "rlm", "llm": "llm", "fan": "llm", "code": "code", "person": "person"}

_RING = QRectF(-4.4, -4.4, 8.8, 8.8)


def paint_status(
    p: QPainter, status: Status, centre: QPointF, theme: Theme, *, size: float = 12.0, turn_deg: float = 0.0, colour: QColor | None = None
) -> None:
    """Draw one status mark, `size` logical pixels across. `turn_deg` turns the running arc."""
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.translate(centre)
    p.scale(size / 12, size / 12)
    ink = colour if colour is not None else theme.c(STATUS_ROLE[status])
    if status == "running":
        _running(p, ink, turn_deg)
    elif status in _FILLED:
        _FILLED[status](p, ink, theme.c("card"))
    else:
        p.setBrush(Qt.BrushStyle.NoBrush)
        _LINES[status](p, ink)
    p.restore()


def paint_kind(p: QPainter, kind: Kind, box: QRectF, colour: QColor) -> None:
    """rlm: a square that holds a square; llm: a disc; fan: one point that goes out to three; code: a prompt; person."""
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.translate(box.topLeft())
    p.scale(box.width() / 14, box.height() / 14)
    _KINDS[kind](p, colour)
    p.restore()


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _closed(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for x, y in points[1:]:
        path.lineTo(x, y)
    path.closeSubpath()
    return path


def _running(p: QPainter, ink: QColor, turn_deg: float) -> None:
    faint = QColor(ink)
    faint.setAlphaF(0.28)
    p.setPen(_pen(faint, 1.8))
    p.drawEllipse(_RING)
    p.setPen(_pen(ink, 1.8))
    p.drawArc(_RING, int((90 - turn_deg) * 16), -110 * 16)


def _waiting(p: QPainter, ink: QColor) -> None:
    pen = _pen(ink, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([1.72, 1.16])
    p.setPen(pen)
    p.drawEllipse(_RING)


def _ok(p: QPainter, ink: QColor) -> None:
    p.setPen(_pen(ink, 1.6))
    p.drawPolyline([QPointF(-3.8, 0.2), QPointF(-1.2, 2.9), QPointF(3.9, -3.0)])


def _queued(p: QPainter, ink: QColor) -> None:
    p.setPen(_pen(ink, 1.3))
    p.drawEllipse(QRectF(-3.9, -3.9, 7.8, 7.8))


def _cancelled(p: QPainter, ink: QColor) -> None:
    p.setPen(_pen(ink, 1.3))
    p.drawEllipse(_RING)
    p.drawLine(QPointF(-2.0, 0), QPointF(2.0, 0))


def _interrupted(p: QPainter, ink: QColor) -> None:
    p.setPen(_pen(ink, 1.5))
    p.drawPolyline([QPointF(0.9, -5), QPointF(-2.2, 0.6), QPointF(2.2, -0.6), QPointF(-0.9, 5)])


def _paused(p: QPainter, ink: QColor) -> None:
    fill(p, QRectF(-3.6, -4.2, 2.6, 8.4), ink, 0.8)
    fill(p, QRectF(1.0, -4.2, 2.6, 8.4), ink, 0.8)


def _recorded(p: QPainter, ink: QColor) -> None:
    p.setPen(_pen(ink, 1.3))
    p.drawArc(QRectF(-4.2, -4.2, 8.4, 8.4), 150 * 16, -290 * 16)
    p.drawPolyline([QPointF(-4.6, -4.2), QPointF(-4.0, -1.4), QPointF(-1.3, -2.1)])


def _error(p: QPainter, ink: QColor, on: QColor) -> None:
    fill(p, QRectF(-5.5, -5.5, 11, 11), ink, 5.5)
    p.setPen(_pen(on, 1.6))
    p.drawLine(QPointF(-2.1, -2.1), QPointF(2.1, 2.1))
    p.drawLine(QPointF(-2.1, 2.1), QPointF(2.1, -2.1))


def _limit(p: QPainter, ink: QColor, on: QColor) -> None:
    p.setPen(_pen(ink, 1.2))
    p.setBrush(ink)
    p.drawPath(_closed((0, -5.4), (5.8, 4.8), (-5.8, 4.8)))
    p.setPen(_pen(on, 1.5))
    p.drawLine(QPointF(0, -1.8), QPointF(0, 1.1))
    p.drawPoint(QPointF(0, 3.3))


def _gate(p: QPainter, ink: QColor, on: QColor) -> None:
    p.setPen(_pen(ink, 1.0))
    p.setBrush(ink)
    p.drawPath(_closed((0, -5.6), (5.6, 0), (0, 5.6), (-5.6, 0)))
    p.setPen(_pen(on, 1.5))
    p.drawLine(QPointF(0, -2.2), QPointF(0, 0.5))
    p.drawPoint(QPointF(0, 2.5))


def _rlm(p: QPainter, colour: QColor) -> None:
    outline(p, QRectF(1, 1, 12, 12), colour, 3.0, 1.5)
    fill(p, QRectF(5.4, 5.4, 4.9, 4.9), colour, 1.2)


def _llm(p: QPainter, colour: QColor) -> None:
    fill(p, QRectF(3, 3, 8, 8), colour, 4)


def _fan(p: QPainter, colour: QColor) -> None:
    p.setPen(_pen(colour, 1.2))
    for y in (2.4, 7.0, 11.6):
        p.drawLine(QPointF(2.6, 7), QPointF(10.6, y))
    for x, y, r in ((2.6, 7.0, 1.9), (11.2, 2.4, 1.7), (11.2, 7.0, 1.7), (11.2, 11.6, 1.7)):
        fill(p, QRectF(x - r, y - r, 2 * r, 2 * r), colour, r)


def _code(p: QPainter, colour: QColor) -> None:
    p.setPen(_pen(colour, 1.5))
    p.drawPolyline([QPointF(2, 3.5), QPointF(5.5, 7), QPointF(2, 10.5)])
    p.drawLine(QPointF(7.5, 11), QPointF(12, 11))


def _person(p: QPainter, colour: QColor) -> None:
    fill(p, QRectF(4.6, 1.6, 4.8, 4.8), colour, 2.4)
    path = QPainterPath(QPointF(2.2, 12.4))
    path.quadTo(QPointF(2.2, 7.9), QPointF(7, 7.9))
    path.quadTo(QPointF(11.8, 7.9), QPointF(11.8, 12.4))
    path.closeSubpath()
    p.fillPath(path, colour)


_LINES: dict[Status, Callable[[QPainter, QColor], None]] = {
    "waiting": _waiting,
    "ok": _ok,
    "queued": _queued,
    "cancelled": _cancelled,
    "interrupted": _interrupted,
    "paused": _paused,
    "recorded": _recorded,
}
_FILLED: dict[Status, Callable[[QPainter, QColor, QColor], None]] = {"error": _error, "limit": _limit, "gate": _gate}
_KINDS: dict[Kind, Callable[[QPainter, QColor], None]] = {"rlm": _rlm, "llm": _llm, "fan": _fan, "code": _code, "person": _person}
