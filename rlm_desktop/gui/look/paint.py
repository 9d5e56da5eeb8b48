"""What every canvas shares in painting: text set on cap height, sharp hairlines, cards, meters, hatching."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.theme import Theme

Align = Literal["left", "centre", "right"]
LEFT: Align = "left"
CENTRE: Align = "centre"
RIGHT: Align = "right"


def text_width(font: QFont, words: str) -> float:
    """Return the advance of one line, as `text` draws it, in logical pixels."""
    return QFontMetricsF(font).horizontalAdvance(in_line(words))


def text(
    p: QPainter,
    box: QRectF,
    words: str,
    font: QFont,
    colour: QColor,
    align: Align = LEFT,
    *,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """Draw one line centred in `box` by its capital height, whatever text it is; return the width used.

    QRectF alignment centres ascent plus descent, which differs by font and leaves mixed sizes on mixed baselines.
    """
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(in_line(words), elide, box.width() + 0.5)
    width = metrics.horizontalAdvance(shown)
    x = box.left()
    if align == RIGHT:
        x = box.right() - width
    elif align == CENTRE:
        x = box.center().x() - width / 2
    baseline = round((box.center().y() + metrics.capHeight() / 2) * 2) / 2
    p.setFont(font)
    p.setPen(colour)
    p.drawText(QPointF(x, baseline), shown)
    return width


def _on_grid(at: float, scale: float, shift: float) -> tuple[float, float]:
    """Return the start and thickness, in logical pixels, of a line that fills whole device pixels."""
    return (round(at * scale + shift) - shift) / scale, max(1.0, float(int(scale))) / scale


def hline(p: QPainter, x1: float, x2: float, y: float, colour: QColor) -> None:
    """A hairline whose top is at y, moved to the nearest device pixel: sharp at 1.25x and 1.5x too."""
    m = p.deviceTransform()
    top, thick = _on_grid(y, m.m22(), m.dy())
    p.fillRect(QRectF(x1, top, x2 - x1, thick), colour)


def vline(p: QPainter, x: float, y1: float, y2: float, colour: QColor) -> None:
    """A hairline whose left edge is at x, moved to the nearest device pixel."""
    m = p.deviceTransform()
    left, thick = _on_grid(x, m.m11(), m.dx())
    p.fillRect(QRectF(left, y1, thick, y2 - y1), colour)


def rounded(box: QRectF, radius: float) -> QPainterPath:
    """Return a box with round corners."""
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    return path


def top_rounded(box: QRectF, radius: float) -> QPainterPath:
    """A box whose upper two corners are round: the header of a card."""
    path = QPainterPath()
    path.moveTo(box.left(), box.bottom())
    path.lineTo(box.left(), box.top() + radius)
    path.quadTo(box.topLeft(), QPointF(box.left() + radius, box.top()))
    path.lineTo(box.right() - radius, box.top())
    path.quadTo(box.topRight(), QPointF(box.right(), box.top() + radius))
    path.lineTo(box.bottomRight())
    path.closeSubpath()
    return path


def fill(p: QPainter, box: QRectF, colour: QColor, radius: float = 0.0) -> None:
    """Fill a box; a radius over half its side makes a pill or a disc."""
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    if radius > 0:
        r = min(radius, box.width() / 2, box.height() / 2)
        p.drawRoundedRect(box, r, r)
    else:
        p.fillRect(box, colour)


def outline(
    p: QPainter, box: QRectF, colour: QColor, radius: float, width: float = 1.0, *, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> None:
    """Stroke inside `box`, so that a 1 px line covers whole pixels."""
    p.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(colour, width)
    pen.setStyle(style)
    if style == Qt.PenStyle.CustomDashLine:
        pen.setDashPattern([4 / width, 3 / width])
    p.setPen(pen)
    half = width / 2
    p.drawRoundedRect(box.adjusted(half, half, -half, -half), max(0.0, radius - half), max(0.0, radius - half))


def shadow(p: QPainter, box: QRectF, radius: float, theme: Theme, *, strength: float = 1.0) -> None:
    """A soft shadow in three steps. On dark ground only what floats (strength over 1) has one; a lighter fill lifts a card."""
    if theme.is_dark and strength <= 1.0:
        return
    base = QColor("#000000" if theme.is_dark else "#0E1420")
    strength *= 2.0 if theme.is_dark else 1.0
    for grow, drop, alpha in ((0.5, 1.0, 0.050), (2.0, 2.0, 0.022), (4.0, 4.0, 0.012)):
        base.setAlphaF(min(1.0, alpha * strength))
        fill(p, box.adjusted(-grow, -grow + drop, grow, grow + drop), base, radius + grow)


def hatch(p: QPainter, box: QRectF, colour: QColor, *, gap: float = 5.0, width: float = 1.0) -> None:
    """Diagonal lines at 45 degrees: waiting, failed shares, what is left out. Legible without colour."""
    p.save()
    p.setClipRect(box, Qt.ClipOperation.IntersectClip)
    p.setPen(QPen(colour, width))
    x = box.left() - box.height()
    x -= x % gap
    while x < box.right():
        p.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
        x += gap
    p.restore()


def meter(p: QPainter, box: QRectF, share: float, colour: QColor, theme: Theme, *, expected: float = 0.0) -> None:
    """A bar of `box`'s height: solid to `share`, pale to `expected`, the rest an empty track."""
    radius = box.height() / 2
    fill(p, box, theme.c("edge", 0.55 if theme.is_dark else 0.45), radius)
    p.save()
    p.setClipPath(rounded(box, radius))
    if expected > share:
        pale = QColor(colour)
        pale.setAlphaF(0.38)
        p.fillRect(QRectF(box.left(), box.top(), box.width() * min(1.0, expected), box.height()), pale)
    p.fillRect(QRectF(box.left(), box.top(), max(box.height() if share > 0 else 0, box.width() * min(1.0, share)), box.height()), colour)
    p.restore()


def chip(
    p: QPainter,
    x: float,
    centre_y: float,
    words: str,
    font: QFont,
    fore: QColor,
    back: QColor | None,
    *,
    border: QColor | None = None,
    pad: float = 6.0,
    height: float = 18.0,
) -> float:
    """A small rounded label; return its right edge."""
    width = text_width(font, words) + 2 * pad
    box = QRectF(x, centre_y - height / 2, width, height)
    if back is not None:
        fill(p, box, back, 4)
    if border is not None:
        outline(p, box, border, 4)
    text(p, box.adjusted(pad, 0, -pad + 1, 0), words, font, fore)
    return box.right()


def elbow(start: QPointF, end: QPointF, turn_x: float, radius: float = 8.0) -> QPainterPath:
    """Right-angled connector, out to `turn_x`, up or down, and in; corners rounded."""
    path = QPainterPath(start)
    rise = end.y() - start.y()
    r = min(radius, abs(rise) / 2, max(0.0, turn_x - start.x()), max(0.0, end.x() - turn_x))
    if abs(rise) < 2 * radius:
        path.cubicTo(QPointF(turn_x, start.y()), QPointF(turn_x, end.y()), end)
        return path
    sign = 1 if rise > 0 else -1
    path.lineTo(turn_x - r, start.y())
    path.quadTo(QPointF(turn_x, start.y()), QPointF(turn_x, start.y() + sign * r))
    path.lineTo(turn_x, end.y() - sign * r)
    path.quadTo(QPointF(turn_x, end.y()), QPointF(turn_x + r, end.y()))
    path.lineTo(end)
    return path
