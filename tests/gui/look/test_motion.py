"""Running marks turn by one clock, which stands still when nobody sees it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.look.motion import Turning

Shown = Callable[[QWidget], QWidget]


def test_the_clock_runs_only_while_something_turns_in_sight(qapp: QApplication, shown: Shown) -> None:
    turning = Turning()
    widget = QWidget()
    turning.keep(widget, True)
    assert not turning.is_turning
    shown(widget)
    assert turning.is_turning
    widget.hide()
    assert not turning.is_turning
    widget.show()
    assert turning.is_turning
    turning.keep(widget, False)
    assert not turning.is_turning
    assert turning.angle_deg() == 0


def test_with_motion_unwanted_nothing_turns(qapp: QApplication, shown: Shown) -> None:
    turning = Turning(is_still=True)
    widget = QWidget()
    shown(widget)
    turning.keep(widget, True)
    assert not turning.is_turning


def test_a_widget_that_is_destroyed_turns_no_more(qapp: QApplication, shown: Shown) -> None:
    turning = Turning()
    widget = QWidget()
    widget.show()
    turning.keep(widget, True)
    widget.deleteLater()
    qapp.processEvents()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not turning.is_turning
