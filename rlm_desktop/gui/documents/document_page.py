"""The page of documents: those of the run that is shown, or of the next one, and the text of one of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rlm_desktop.gui.documents.document import Document
from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.documents.document_view import DocumentView
from rlm_desktop.gui.documents.encoding_picker import EncodingPicker
from rlm_desktop.gui.documents.left_out_text import left_out_text
from rlm_desktop.gui.look.picker import Option, Picker
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import Ground
from rlm_desktop.gui.run_model import CurrentRun
from rlm_desktop.present import numbers
from rlm_desktop.trace.events import DocumentRead

MOST_OFFERED = 200
"""A menu of more helps nobody, and takes long to make; the pane at the left has them all."""


class DocumentPage(Ground):
    def __init__(self, current_run: CurrentRun, documents: DocumentList, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        self._current, self._documents, self._themes = current_run, documents, themes
        self._reads: dict[str, DocumentRead] = {}
        self.picker = Picker(themes, self.tr("Document"), parent=self)
        self.picker.picked.connect(self._pick)
        self.view = DocumentView(themes)
        self.encoding = EncodingPicker(themes, parent=self)
        self.encoding.picked.connect(self._read_again)
        self._shown_id: int | None = None
        """The document of the person's own that is shown, if it is one."""
        self._row = QHBoxLayout()
        self._row.addWidget(self.picker)
        self._row.addWidget(self.encoding)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addWidget(self.view, 1)
        self._measure()
        current_run.changed.connect(self._take_run)
        documents.documents_changed.connect(self._follow)

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
        self._shown_id = next((document.document_id for document in self._documents.documents if document.read is read), None)
        self._offer(read.name)

    def show_left_out(self, document: Document) -> None:
        """Show the list of what was left out of a folder or an archive."""
        title = self.tr("Left out of {0}").format(document.name)
        count = numbers.count(document.left_out_count)
        self._shown_id = document.document_id
        self.view.show_list(title, count, left_out_text(document.left_out, document.left_out_count))
        self._offer("")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def _take_run(self) -> None:
        self._shown_id = None
        self.view.show_nothing()
        if self.isVisible():
            self.look()

    def _found(self) -> list[DocumentRead]:
        run = self._current.run
        of_run = run.store.documents() if run is not None else []
        return of_run or [document.read for document in self._documents.documents if document.read is not None]

    def _offer(self, current: str) -> None:
        reads = self._reads if len(self._reads) <= MOST_OFFERED else {}
        options = [Option(key=name, words=name, detail=numbers.chars(read.chars)) for name, read in reads.items()]
        self.picker.set_options(options, current=current)
        self.picker.setVisible(len(options) > 1 and bool(current))
        self.encoding.show_for(None if self._shown_id is None else self._documents.document(self._shown_id))

    def _read_again(self, encoding: str) -> None:
        if self._shown_id is not None:
            self._documents.read_again(self._shown_id, encoding)

    def _follow(self) -> None:
        """Show the document that is in view as it was read again, or say why it was not."""
        document = None if self._shown_id is None else self._documents.document(self._shown_id)
        if document is None or document.is_list:
            return
        if document.read is not None and document.read is not self.view.document:
            self.show_document(document.read)
        elif document.state == "refused":
            self.view.say(document.name, document.reason)

    def _pick(self, name: str) -> None:
        self.show_document(self._reads[name])

    def _measure(self) -> None:
        t = self._themes.current
        self._row.setSpacing(t.space("m"))
        self._row.setContentsMargins(t.space("xl"), t.space("m"), t.space("l"), 0)
