"""Themes that are the same on every desktop, and widgets that are shown and put away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.look.sheet import dress
from rlm_desktop.gui.look.theme import Themes

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[Themes]:
    """Return a light theme at 100 %, worn by the application; taken off again afterwards."""
    made = Themes(choice="light", unit=1.0)
    dress(qapp, made.current)
    made.changed.connect(lambda: dress(qapp, made.current))
    yield made
    made.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Callable[[W], W]]:
    """Return a function that shows a widget and waits until it is on screen; the widgets are destroyed afterwards."""
    widgets: list[QWidget] = []

    def show(widget: W) -> W:
        widgets.append(widget)
        widget.show()
        widget.activateWindow()
        qapp.processEvents()
        return widget

    yield show
    for widget in widgets:
        widget.close()
        widget.deleteLater()
