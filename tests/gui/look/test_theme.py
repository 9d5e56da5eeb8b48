"""One theme for everything, switched while the window is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from rlm_desktop.gui.look.button import TallButton
from rlm_desktop.gui.look.sheet import style_sheet
from rlm_desktop.gui.look.theme import Themes, make_theme


def mean_lightness(widget: QWidget) -> float:
    image = widget.grab().toImage()
    points = [(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)]
    return sum(image.pixelColor(x, y).lightness() for x, y in points) / len(points)


def test_switching_repaints_what_is_open(qapp: QApplication, themes: Themes, shown: Callable[[QWidget], QWidget]) -> None:
    window = QWidget()
    window.setAutoFillBackground(True)
    column = QVBoxLayout(window)
    painted = TallButton(themes, "play", "Run")
    for widget in (painted, QPushButton("Save"), QLineEdit("words")):
        column.addWidget(widget)
    shown(window)
    spy = QSignalSpy(themes.changed)
    light = mean_lightness(window), mean_lightness(painted)
    themes.choose("dark")
    qapp.processEvents()
    assert spy.count() == 1
    dark = mean_lightness(window), mean_lightness(painted)
    assert min(light) > 200
    assert max(dark) < 90


def test_choosing_what_is_chosen_says_nothing(themes: Themes) -> None:
    spy = QSignalSpy(themes.changed)
    themes.choose("light")
    themes.set_unit(1.0)
    assert spy.count() == 0


def test_the_system_is_followed_unless_told_otherwise(qapp: QApplication, themes: Themes) -> None:
    themes.choose("system")
    hints = qapp.styleHints()
    try:
        hints.setColorScheme(Qt.ColorScheme.Dark)
        followed = themes.current.is_dark
        themes.choose("light")
        assert (followed, themes.current.is_dark) == (hints.colorScheme() == Qt.ColorScheme.Dark, False)
    finally:
        hints.unsetColorScheme()


def test_everything_grows_with_the_text(qapp: QApplication) -> None:
    once, twice = make_theme("light"), make_theme("light", unit=2.0)
    assert twice.height("strip") == 2 * once.height("strip")
    assert twice.ui().pixelSize() == 2 * once.ui().pixelSize()
    assert "min-height: 26px" in style_sheet(once)
    assert "min-height: 52px" in style_sheet(twice)
    assert "border: 1px solid" in style_sheet(twice)


def test_high_contrast_turns_hairlines_into_lines_and_tints_into_ground(qapp: QApplication) -> None:
    theme = make_theme("dark", is_high_contrast=True)
    assert theme.hexes["hair"] == theme.hexes["edge"] == theme.hexes["wire"]
    assert theme.hexes["rlm_tint"] == theme.hexes["panel"]


def test_fonts_are_those_asked_for_and_code_has_no_ligatures(qapp: QApplication) -> None:
    theme = make_theme("light")
    for font, families in ((theme.ui(), theme.families.ui), (theme.code(), theme.families.code)):
        assert QFontInfo(font).family() == families[0]
    words = "Which obligations changed"
    regular, strong = (QFontMetricsF(theme.ui("body", weight)).horizontalAdvance(words) for weight in ("regular", "strong"))
    assert strong > regular
    code = QFontMetricsF(theme.code())
    assert code.horizontalAdvance("!==>") == 4 * code.horizontalAdvance("x")


def test_figures_stand_below_one_another(qapp: QApplication) -> None:
    metrics = QFontMetricsF(make_theme("light").ui())
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")
