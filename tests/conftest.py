"""Shared fixtures: a home of its own for every test, and an offscreen application that fails a test on any Qt warning."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import pytest

from rlm_desktop.redact import LIVE

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType
    from PySide6.QtWidgets import QApplication

os.environ["QT_QPA_PLATFORM"] = "offscreen"

# A shell starts what runs in its background deaf to Ctrl+C, and the programs that the tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The offscreen platform says this of every bounded window and every menu; no other platform does, and nothing is wrong.
HARMLESS = "This plugin does not support"


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that everything the program writes of its own accord goes below: an empty one for each test."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RLM_DESKTOP_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def keys_of_one_test() -> Iterator[None]:
    """Forget the keys that a test makes known: one that another's begins with would hide that one's beginning, as a piece of it comes."""
    before = LIVE._spellings, LIVE._spellings_bytes
    yield
    LIVE._spellings, LIVE._spellings_bytes = before


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """Return the one application object of the test process, offscreen."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    return application if isinstance(application, QApplication) else QApplication([])


@pytest.fixture(autouse=True)
def no_complaint_from_qt(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that uses `qapp` when Qt warns, or when a slot or an event handler raises (PySide only prints that).

    The garbage collector is off meanwhile and runs at the end, on this thread: on a worker thread it would destroy QObjects.
    """
    if "qapp" not in request.fixturenames:
        yield
        return
    from PySide6.QtCore import QCoreApplication, QEvent, QtMsgType, qInstallMessageHandler

    seen: list[str] = []

    def heard(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and HARMLESS not in text:
            seen.append(text)

    def raised(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        seen.append(f"{kind.__name__}: {error}")
        sys.__excepthook__(kind, error, trace)

    previous = qInstallMessageHandler(heard)
    monkeypatch.setattr(sys, "excepthook", raised)
    gc.disable()
    try:
        yield
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
    finally:
        gc.enable()
        qInstallMessageHandler(previous)
    assert not seen, "Qt complained:\n" + "\n".join(seen)
