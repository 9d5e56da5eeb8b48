"""Help that ships with the program, on a page of the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from rlm_desktop.gui.app import App
from rlm_desktop.gui.help_page import HelpPage
from rlm_desktop.gui.look.controls import Words
from tests.gui.waiting import wait_until
from tests.gui.window_helpers import close_window, open_window


@pytest.fixture
def app(qapp: QApplication) -> Iterator[App]:
    made = open_window(qapp)
    yield made
    close_window(made)


def test_the_keys_scroll_what_there_is_to_read(app: App) -> None:
    for name in ("security", "shortcuts", "confinement"):
        app.conductor.actions[name].trigger()
        assert app.window.centre.page_named(name).hasFocus(), name
    app.conductor.actions["security"].trigger()
    page = app.window.centre.page_named("security")
    bar = max((area.verticalScrollBar() for area in page.findChildren(QScrollArea)), key=lambda one: one.maximum())
    wait_until(lambda: bar.maximum() > 0, "more than fits")
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert bar.value() > 0


def test_further_lines_of_a_point_begin_below_its_first(app: App) -> None:
    app.conductor.actions["security"].trigger()
    (page,) = app.window.findChildren(HelpPage)
    dots = [words for words in page.findChildren(Words) if words.text() == "•"]
    point = next(words for words in page.findChildren(Words) if words.text().startswith("On Linux the code can see"))
    wait_until(lambda: point.height() > point.fontMetrics().height() * 2 - 1, "two lines")
    assert all(dot.geometry().right() < point.geometry().left() for dot in dots) and len(dots) >= 3
    assert any(dot.geometry().top() == point.geometry().top() for dot in dots)


def test_the_help_menu_says_against_whom_and_how_it_was_measured(app: App) -> None:
    app.conductor.actions["security"].trigger()
    (page,) = app.window.findChildren(HelpPage)
    said = [words.text() for words in page.findChildren(Words)]
    assert page.isVisible() and {"Against whom", "What holds", "What remains", "Measured"} <= set(said)
    assert any(words.startswith("A document that you drop may be hostile.") for words in said)
