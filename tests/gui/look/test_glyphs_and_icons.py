"""Marks differ by shape, icons are there and sharp."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

import rlm_desktop.gui
from rlm_desktop.gui.look.glyphs import KINDS, STATUSES, paint_kind, paint_status
from rlm_desktop.gui.look.icons import icon_pixmap, paint_icon
from rlm_desktop.gui.look.theme import make_theme
from rlm_desktop.paths import resource

BLACK = QColor("black")


def drawn(paint: Callable[[QPainter], None], side: int = 14) -> list[int]:
    """Return how dark each pixel is, all in black on white."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return [255 - image.pixelColor(x, y).lightness() for y in range(side) for x in range(side)]


def test_every_mark_has_a_shape_of_its_own_at_ten_pixels(qapp: QApplication) -> None:
    theme = make_theme("light")
    pictures = {
        status: drawn(lambda p, s=status: paint_status(p, s, QPointF(7, 7), theme, size=10, colour=BLACK))  # type: ignore[misc]
        for status in STATUSES
    }
    pictures |= {kind: drawn(lambda p, k=kind: paint_kind(p, k, QRectF(2, 2, 10, 10), BLACK)) for kind in KINDS}  # type: ignore[misc]
    for one, other in combinations(pictures, 2):
        apart = sum(abs(a - b) for a, b in zip(pictures[one], pictures[other], strict=True))
        assert apart > 5 * 255, f"{one} and {other} look alike"


def test_the_running_mark_turns(qapp: QApplication) -> None:
    theme = make_theme("light")
    first, second = (
        drawn(lambda p, turn=turn: paint_status(p, "running", QPointF(7, 7), theme, turn_deg=turn))  # type: ignore[misc]
        for turn in (0, 120)
    )
    assert first != second


NAMED = re.compile(r"(?:paint_icon\(\s*\w+,|\bicon\(\s*[\w.]+,|icon=|(?:Icon|Tall)Button\(\s*[\w.]+,)\s*\"([a-z0-9-]+)\"")


def names_in_source() -> set[str]:
    """Return what the window's source names as an icon."""
    files = Path(rlm_desktop.gui.__file__).parent.rglob("*.py")
    return {name for file in files for name in NAMED.findall(file.read_text(encoding="utf-8"))}


def test_every_icon_that_is_named_is_there() -> None:
    have = {file.stem for file in resource("look", "icons").glob("*.svg")}
    assert names_in_source() <= have
    assert {"play", "chevron-down"} <= names_in_source()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_icons_are_rendered_for_the_screen_in_the_colour_asked_for(qapp: QApplication, ratio: float) -> None:
    for file in resource("look", "icons").glob("*.svg"):
        pixmap = icon_pixmap(file.stem, 16, QColor("#D55E00"), ratio)
        assert pixmap.width() == round(16 * ratio)
        image = pixmap.toImage()
        inks = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).alpha() > 250]
        assert all(abs(ink.red() - 0xD5) < 6 and ink.blue() < 12 for ink in inks)
        assert any(image.pixelColor(x, y).alpha() > 60 for x in range(image.width()) for y in range(image.height())), file.stem


def test_an_icon_is_rendered_at_the_painters_scale(qapp: QApplication) -> None:
    image = QImage(32, 32, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(2.0)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_icon(painter, "square", QRectF(0, 0, 16, 16), QColor("black"))
    painter.end()
    assert image.pixelColor(16, 16).lightness() < 10
    assert image.pixelColor(1, 1).lightness() > 250


def test_what_we_ship_of_others_carries_its_licence() -> None:
    assert "ISC License" in resource("look", "icons", "LICENSE").read_text(encoding="utf-8")
    for name in ("Inter-LICENSE.txt", "JetBrainsMono-LICENSE.txt"):
        assert "SIL OPEN FONT LICENSE" in resource("look", "fonts", name).read_text(encoding="utf-8")
