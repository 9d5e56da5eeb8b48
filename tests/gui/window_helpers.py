"""A window as a person has it, and what a person does to it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.app import App
from tests.gui.waiting import wait_until

COPY, LEFT, NO_KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def open_window(qapp: QApplication, files: Sequence[Path] = (), *, width: int = 1280, height: int = 800) -> App:
    """Make and show the whole window; the test process keeps its own collector."""
    # The window would show a bug and go on; here it must fail the test.
    hook = sys.excepthook
    app = App(qapp, is_collected_here=False)
    sys.excepthook = hook
    app.themes.choose("light")
    app.window.resize(width, height)
    app.show(files)
    wait_until(lambda: app.is_ready, "the first paint")
    return app


def close_window(app: App) -> None:
    """End the processes and take the window down."""
    app.stop()
    app.window.may_close = True
    app.window.close()
    app.window.deleteLater()
    app.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def mime_of(paths: Sequence[Path]) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag(window: QWidget, mime: QMimeData) -> QDragEnterEvent:
    """Bring something over the middle of the window."""
    at = QPoint(window.width() // 2, window.height() // 2)
    enter = QDragEnterEvent(at, COPY, mime, LEFT, NO_KEYS)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDragMoveEvent(at, COPY, mime, LEFT, NO_KEYS))
    return enter


def leave(window: QWidget) -> None:
    QApplication.sendEvent(window, QDragLeaveEvent())


def drop(window: QWidget, paths: Sequence[Path]) -> None:
    """Drag files over the window and let go."""
    mime = mime_of(paths)
    drag(window, mime)
    at = QPointF(window.width() / 2, window.height() / 2)
    QApplication.sendEvent(window, QDropEvent(at, COPY, mime, LEFT, NO_KEYS))


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)


def choose_offer(app: App, key: str) -> None:
    """Press a button of the window's notice."""
    notice = app.window.notice
    wait_until(lambda: notice.notice is not None and any(offer.key == key for offer in notice.notice.offers), f"an offer {key}")
    notice.chosen.emit(key)


def wait_for_run(app: App) -> None:
    """Wait until the run that is shown is over."""
    wait_until(lambda: app.desk.current_run.run is not None, "a run")
    wait_until(lambda: not app.desk.open_runs.live_runs, "the end of the run")
