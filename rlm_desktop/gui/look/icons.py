"""Lucide icons, tinted to a token: rendered from SVG, drawn from a cache by name, colour, size and pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from rlm_desktop.gui.look.theme import Theme
from rlm_desktop.paths import resource

STROKE = 1.75  # on the 24 px grid; 1.17 px at 16 px, which sits with text of weight 400 to 500
SOLID_STROKE = 1.5
SOLID = frozenset({"play", "pause", "square"})  # transport marks are filled, as on every player


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource("look", "icons", f"{name}.svg").read_text(encoding="utf-8")


def _render(p: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    is_solid = name in SOLID
    source = _source(name).replace("currentColor", colour.name())
    source = source.replace('stroke-width="2"', f'stroke-width="{SOLID_STROKE if is_solid else STROKE}"')
    if is_solid:
        source = source.replace('fill="none"', f'fill="{colour.name()}"')
    QSvgRenderer(QByteArray(source.encode())).render(p, box)


def icon_pixmap(name: str, size_px: float, colour: QColor, ratio: float) -> QPixmap:
    """Return the icon, `size_px` logical pixels a side, for a screen of that pixel ratio."""
    key = f"icon:{name}:{size_px:g}:{colour.rgb():x}:{ratio:g}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    side = round(size_px * ratio)
    made = QPixmap(QSize(side, side))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    p = QPainter(made)
    _render(p, name, QRectF(0, 0, size_px, size_px), colour)
    p.end()
    QPixmapCache.insert(key, made)
    return made


def paint_icon(p: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """Draw an icon into `box`, sharp at the painter's scale; the colour's alpha thins it."""
    scale = p.deviceTransform().m11()
    pixmap = icon_pixmap(name, box.width(), colour, scale if scale > 0 else 1.0)
    opacity = p.opacity()
    p.setOpacity(opacity * colour.alphaF())
    p.drawPixmap(box, pixmap, QRectF(pixmap.rect()))
    p.setOpacity(opacity)


def icon(theme: Theme, name: str, role: str = "text_2", *, size_px: int | None = None) -> QIcon:
    """Return a QIcon, normal and switched off, for every screen there is; ask again when the theme changes."""
    size = size_px if size_px is not None else theme.icon_px()
    made = QIcon()
    for ratio in {screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0}:
        made.addPixmap(icon_pixmap(name, size, theme.c(role), ratio), QIcon.Mode.Normal)
        made.addPixmap(icon_pixmap(name, size, theme.c("text_off"), ratio), QIcon.Mode.Disabled)
    return made
