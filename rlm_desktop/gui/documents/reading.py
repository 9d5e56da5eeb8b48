"""Keeps the documents read: starts a reading for what was added, ends it for what was removed, and puts down what comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.documents.document import Document
from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.read_process import ReadProcess, Told
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.shown import shown


class _Reading(QObject):
    """One process over the documents that were added together. `over` carries this object: a closure over a sender outlives it badly."""

    over = Signal(object)

    def __init__(self, documents: DocumentList, added: Sequence[Document], process: ReadProcess, parent: QObject) -> None:
        super().__init__(parent)
        self._documents = documents
        self._ids = {_key(document.path or document.name, document.member): document.document_id for document in added}
        self._names = {document.name: document.document_id for document in added}
        self._process = process
        self._given: set[int] = set()
        """Rows of folders and archives in which documents were found."""
        self._found: dict[int, list[DocumentRead]] = {}
        self._changes: dict[int, dict[str, Any]] = {}
        self.sentences: list[str] = []
        """What a person is to be told at the end."""
        process.setParent(self)
        process.received.connect(self._take)
        process.ended.connect(self._ended)
        process.start([document.choice() for document in added])

    def forget(self, document_ids: set[int]) -> None:
        """End when nobody waits for anything of it any more."""
        self._ids = {key: document_id for key, document_id in self._ids.items() if document_id not in document_ids}
        if not any(self._is_open(document_id) for document_id in self._ids.values()):
            self._process.cancel()

    def abandon(self) -> None:
        self._process.abandon()

    def _is_open(self, document_id: int) -> bool:
        document = self._documents.document(document_id)
        return document is not None and document.state in ("waiting", "reading")

    def _take(self, told: list[Told]) -> None:
        """Put down what came at once in as few changes of the list: each is a walk of the views over all rows."""
        for one in told:
            if isinstance(one, DocumentProgressed):
                self._progressed(one)
            elif isinstance(one, DocumentRead):
                self._read(one)
            else:
                self._refused(one)
        for folder_id, found in self._found.items():
            self._documents.put_before(folder_id, found)
        self._documents.update_many(self._changes)
        self._found, self._changes = {}, {}

    def _read(self, event: DocumentRead) -> None:
        document_id = self._ids.get(_key(event.path or event.name, event.member))
        if document_id is not None:
            self._changes[document_id] = {"state": "read", "share": None, "read": event, "reason": ""}
            return
        folder_id = self._folder_of(event)
        if folder_id is not None:
            self._given.add(folder_id)
            self._found.setdefault(folder_id, []).append(event)

    def _folder_of(self, event: DocumentRead) -> int | None:
        """Return the row of the archive or the folder in which a document was found."""
        if event.path is None:
            return None
        archive_id = self._ids.get(_key(event.path, None)) if event.member is not None else None
        if archive_id is not None:
            return archive_id
        return next((self._ids[key] for parent in PurePath(event.path).parents if (key := _key(str(parent), None)) in self._ids), None)

    def _refused(self, event: DocumentRefused) -> None:
        document_id = self._ids.get(_key(event.path or event.name, None), self._names.get(event.name))
        document = None if document_id is None else self._documents.document(document_id)
        if document is None or document_id is None:
            return
        if document.is_folder and not event.left_out:
            self.sentences.append(event.reason)
        self._changes[document_id] = {
            "state": "refused",
            "share": None,
            "reason": event.reason,
            "left_out": event.left_out,
            "left_out_count": event.left_out_count,
        }

    def _progressed(self, progress: DocumentProgressed) -> None:
        document_id = self._names.get(progress.name)
        if document_id is not None and self._is_open(document_id) and document_id not in self._changes:
            self._changes[document_id] = {"state": "reading", "share": progress.share}

    def _ended(self, failure: str) -> None:
        if failure:
            self.sentences.insert(0, failure)
        for document_id in self._ids.values():
            document = self._documents.document(document_id)
            if document is None:
                continue
            if (document.is_folder or document_id in self._given) and not document.is_list:
                self._documents.drop(document_id)
            elif self._is_open(document_id):
                self._documents.update(document_id, state="refused", share=None, reason=failure or self.tr("It was not read."))
        self.over.emit(self)


def _key(path: str, member: str | None) -> tuple[str, str | None]:
    """Return what the events about a document bear: its place, or the name of a pasted text."""
    return shown(path), member


class DocumentReading(QObject):
    """`told` carries a sentence for the person: a reading that failed, or a folder without anything in it."""

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
        for sentence in reading.sentences:
            self.told.emit(sentence)
        reading.deleteLater()
        if not self._readings:
            self.idle.emit()
