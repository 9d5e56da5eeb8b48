"""Keeps the documents read: starts a reading for what was added, ends it for what was removed, and puts down what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.documents.document import Document
from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.read_process import ReadProcess
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused


class _Reading(QObject):
    """One process over the documents that were added together. `over` carries this object: a closure over a sender outlives it badly."""

    over = Signal(object)

    def __init__(self, documents: DocumentList, added: Sequence[Document], process: ReadProcess, parent: QObject) -> None:
        super().__init__(parent)
        self._documents = documents
        self._ids = {document.path if document.path is not None else document.name: document.document_id for document in added}
        self._folders = {document.path: document.document_id for document in added if document.is_folder and document.path is not None}
        self._process = process
        self._left_out: list[str] = []
        self.failure = ""
        process.setParent(self)
        process.document_read.connect(self._read)
        process.document_refused.connect(self._refused)
        process.progressed.connect(self._progressed)
        process.ended.connect(self._ended)
        process.start([document.choice() for document in added])

    @property
    def left_out(self) -> list[str]:
        """Sentences on what a folder held besides its texts."""
        return self._left_out

    def forget(self, document_ids: set[int]) -> None:
        """End when nobody waits for anything of it any more."""
        self._ids = {key: document_id for key, document_id in self._ids.items() if document_id not in document_ids}
        self._folders = {path: folder_id for path, folder_id in self._folders.items() if folder_id not in document_ids}
        if not any(self._is_open(document_id) for document_id in self._ids.values()):
            self._process.cancel()

    def abandon(self) -> None:
        self._process.abandon()

    def _is_open(self, document_id: int) -> bool:
        document = self._documents.document(document_id)
        return document is not None and document.state in ("waiting", "reading")

    def _id_of(self, name: str, path: str | None) -> int | None:
        """Return whose event this is; a file that was found in a folder gets a row of its own."""
        known = self._ids.get(path if path is not None else name)
        if known is not None or path is None:
            return known
        for folder, folder_id in self._folders.items():
            if path.startswith(folder):
                made = self._documents.put_in_place_of(folder_id, path, name)
                if made is not None:
                    self._ids[path] = made.document_id
                    return made.document_id
        return None

    def _read(self, event: DocumentRead) -> None:
        document_id = self._id_of(event.name, event.path)
        if document_id is not None:
            self._documents.update(document_id, state="read", share=None, read=event, reason="")

    def _refused(self, event: DocumentRefused) -> None:
        if event.path in self._folders:
            self._left_out.append(event.reason)
            return
        document_id = self._id_of(event.name, event.path)
        if document_id is not None:
            self._documents.update(document_id, state="refused", share=None, reason=event.reason)

    def _progressed(self, progress: DocumentProgressed) -> None:
        ours = set(self._ids.values())
        document = next((d for d in self._documents.documents if d.name == progress.name and d.document_id in ours), None)
        if document is not None and document.state in ("waiting", "reading"):
            self._documents.update(document.document_id, state="reading", share=progress.share)

    def _ended(self, failure: str) -> None:
        self.failure = failure
        for folder_id in self._folders.values():
            self._documents.drop(folder_id)
        for document_id in self._ids.values():
            if self._is_open(document_id):
                self._documents.update(document_id, state="refused", share=None, reason=failure or self.tr("It was not read."))
        self.over.emit(self)


class DocumentReading(QObject):
    """`told` carries a sentence for the person: a reading that failed, or what was left out of a folder."""

    told = Signal(str)
    idle = Signal()

    def __init__(
        self, documents: DocumentList, parent: QObject | None = None, *, make_process: Callable[[], ReadProcess] = ReadProcess
    ) -> None:
        super().__init__(parent)
        self._documents = documents
        self._make_process = make_process
        self._readings: list[_Reading] = []
        documents.documents_added.connect(self._start)
        documents.documents_removed.connect(self._forget)

    @property
    def is_reading(self) -> bool:
        return bool(self._readings)

    def abandon(self) -> None:
        """End all readings at once, for the end of the window."""
        for reading in self._readings:
            reading.abandon()

    def _start(self, added: list[Document]) -> None:
        reading = _Reading(self._documents, added, self._make_process(), self)
        self._readings.append(reading)
        reading.over.connect(self._over)

    def _forget(self, gone: list[Document]) -> None:
        for reading in list(self._readings):
            reading.forget({document.document_id for document in gone})

    def _over(self, reading: _Reading) -> None:
        self._readings.remove(reading)
        for sentence in (reading.failure, *reading.left_out):
            if sentence:
                self.told.emit(sentence)
        reading.deleteLater()
        if not self._readings:
            self.idle.emit()
