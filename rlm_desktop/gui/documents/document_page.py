"""The page of documents: those of the run that is shown, or of the next one, and the text of one of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.documents.document_view import DocumentView
from rlm_desktop.gui.look.picker import Option, Picker
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import Ground
from rlm_desktop.gui.run_model import CurrentRun
from rlm_desktop.present import numbers
from rlm_desktop.trace.events import DocumentRead


class DocumentPage(Ground):
    def __init__(self, current_run: CurrentRun, documents: DocumentList, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        self._current, self._documents, self._themes = current_run, documents, themes
        self._reads: dict[str, DocumentRead] = {}
        self.picker = Picker(themes, self.tr("Document"), parent=self)
        self.picker.picked.connect(self._pick)
        self.view = DocumentView(themes)
        self._row = QHBoxLayout()
        self._row.addWidget(self.picker)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addWidget(self.view, 1)
        self._measure()
        current_run.changed.connect(self._take_run)

    def look(self) -> None:
        """Offer the documents there are, and show the first where none is shown yet."""
        self._reads = {read.name: read for read in self._found()}
        shown = self.view.document
        if self._reads and (shown is None or shown.name not in self._reads):
            self.show_document(next(iter(self._reads.values())))
        else:
            self._offer(shown.name if shown is not None else "")

    def show_document(self, read: DocumentRead, *, start: int | None = None, end: int | None = None) -> None:
        """Show a document's text, at a range of its characters if there is one."""
        self._reads = {found.name: found for found in self._found()} | {read.name: read}
        self.view.show_document(read, start=start, end=end)
        self._offer(read.name)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def _take_run(self) -> None:
        self.view.show_nothing()
        if self.isVisible():
            self.look()

    def _found(self) -> list[DocumentRead]:
        run = self._current.run
        of_run = run.store.documents() if run is not None else []
        return of_run or [document.read for document in self._documents.documents if document.read is not None]

    def _offer(self, current: str) -> None:
        options = [Option(key=name, words=name, detail=numbers.chars(read.chars)) for name, read in self._reads.items()]
        self.picker.set_options(options, current=current)
        self.picker.setVisible(len(options) > 1)

    def _pick(self, name: str) -> None:
        self.show_document(self._reads[name])

    def _measure(self) -> None:
        t = self._themes.current
        self._row.setContentsMargins(t.space("xl"), t.space("m"), t.space("l"), 0)
