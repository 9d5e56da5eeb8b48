"""A bug is shown, never a silent abort: the one hook that sees what no border handled."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from rlm_desktop.redact import LIVE


class BugHook(QObject):
    """`found` carries the report, on the window's thread; neither values of variables nor keys are in it. It goes to stderr in any case."""

    found = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        report = LIVE("".join(traceback.format_exception(kind, error, trace)))
        sys.stderr.write(report)
        if not issubclass(kind, KeyboardInterrupt):
            self.found.emit(report)

    def _caught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._caught(args.exc_type, args.exc_value, args.exc_traceback)
