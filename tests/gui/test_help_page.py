"""Help that ships with the program, on a page of the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.app import App
from rlm_desktop.gui.help_page import HelpPage
from rlm_desktop.gui.look.controls import Words
from tests.gui.window_helpers import close_window, open_window


@pytest.fixture
def app(qapp: QApplication) -> Iterator[App]:
    made = open_window(qapp)
    yield made
    close_window(made)


def test_the_help_menu_says_against_whom_and_how_it_was_measured(app: App) -> None:
    app.conductor.actions["security"].trigger()
    (page,) = app.window.findChildren(HelpPage)
    said = [words.text() for words in page.findChildren(Words)]
    assert page.isVisible() and {"Against whom", "What holds", "What remains", "Measured"} <= set(said)
    assert any(words.startswith("A document that you drop may be hostile.") for words in said)
