"""The system's file dialogs, one at a time. The window goes on behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from rlm_desktop.gui.runs.run_facts import TRACE_SUFFIX


class FileDialogs(QObject):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: QFileDialog | None = None
        """The one that is open."""

    def open_traces(self, then: Callable[[Sequence[Path]], object]) -> None:
        dialog = self._made(self.tr("Open a trace"))
        dialog.setNameFilters([self.tr("Traces (*{0} *.jsonl)").format(TRACE_SUFFIX), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self._ask(dialog, then)

    def add_documents(self, then: Callable[[Sequence[Path]], object]) -> None:
        dialog = self._made(self.tr("Add documents"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self._ask(dialog, then)

    def add_folder(self, then: Callable[[Sequence[Path]], object]) -> None:
        dialog = self._made(self.tr("Add a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._ask(dialog, then)

    def save_copy(self, source: Path, then: Callable[[Path], None]) -> None:
        dialog = self._made(self.tr("Save a copy of the trace"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(TRACE_SUFFIX.removeprefix("."))
        dialog.setNameFilter(self.tr("Traces (*{0})").format(TRACE_SUFFIX))
        dialog.selectFile(source.name)
        self._ask(dialog, lambda paths: then(paths[0]))

    def save_text(self, then: Callable[[Path], None]) -> None:
        dialog = self._made(self.tr("Save the answer"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(self.tr("answer.txt"))
        self._ask(dialog, lambda paths: then(paths[0]))

    def _made(self, title: str) -> QFileDialog:
        return QFileDialog(self._window, title)

    def _ask(self, dialog: QFileDialog, then: Callable[[Sequence[Path]], object]) -> None:
        self.dialog = dialog
        dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
