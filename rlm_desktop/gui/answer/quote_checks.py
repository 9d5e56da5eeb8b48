"""Checking the quotations of an answer, a little between frames."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from rlm_desktop.errors import UserError
from rlm_desktop.present.quotes import CheckedQuote, check_quotes
from rlm_desktop.trace.events import DocumentRead
from rlm_desktop.trace.texts import TextReader

SLICE_S = 0.006


class QuoteChecks(QObject):
    """`changed`: more quotations were checked. Raises nothing: a text that cannot be read leaves its quotations unknown."""

    changed = Signal()

    def __init__(self, reader: TextReader, parent: QObject) -> None:
        super().__init__(parent)
        self._reader = reader
        self._checking: Iterator[CheckedQuote | None] = iter(())
        self.checked: list[CheckedQuote] = []
        self.is_done = True
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    def start(self, answer: str, documents: Sequence[DocumentRead]) -> None:
        """Check another answer. What is quick is known on return."""
        self.checked = []
        self._checking = check_quotes(answer, documents, self._reader)
        self.is_done = False
        self._go_on()

    def _go_on(self) -> None:
        end_s = time.monotonic() + SLICE_S
        try:
            while time.monotonic() < end_s:
                found = next(self._checking, self)
                if found is self:
                    self.is_done = True
                    break
                if isinstance(found, CheckedQuote):
                    self.checked.append(found)
        except UserError:
            self.is_done = True
        if self.is_done:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start(0)
        self.changed.emit()
