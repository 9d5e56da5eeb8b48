"""The documents of the next run, in order: a list model, and the one thing that may be undone in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from rlm_desktop.gui.documents.document import Document
from rlm_desktop.gui.look.tips import plain_tip
from rlm_desktop.present import numbers
from rlm_desktop.trace.events import DocumentRead

DOCUMENT = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class _Removed:
    row: int
    document: Document


class DocumentList(QAbstractListModel):
    """`documents_changed`: anything about them. `documents_added` carries those to be read, `documents_removed` those that went."""

    documents_changed = Signal()
    documents_added = Signal(list)
    documents_removed = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._documents: list[Document] = []
        self._next_id = 1
        self._removed: list[list[_Removed]] = []

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(self._documents)

    @property
    def undo_count(self) -> int:
        """How many times `undo` has something to bring back."""
        return len(self._removed)

    def add_paths(self, paths: Iterable[Path]) -> list[Document]:
        """Add files and folders at the end, each once; returns those that are new."""
        self._drop_those_of_run()
        known = {document.path for document in self._documents}
        fresh: list[Document] = []
        for path in paths:
            absolute = str(path.absolute())
            if absolute not in known:
                known.add(absolute)
                name = self._free_name(path.name or absolute, fresh)
                fresh.append(self._made(name, path=absolute, is_folder=path.is_dir()))
        self._add(fresh)
        return fresh

    def add_text(self, text: str, name: str) -> Document:
        """Add a pasted text."""
        self._drop_those_of_run()
        document = self._made(self._free_name(name), text=text)
        self._add([document])
        return document

    def put_in_place_of(self, folder_id: int, path: str, name: str) -> Document | None:
        """Add a document that was found in a folder, before the folder's own row; None when the folder was removed meanwhile."""
        row = self.row_of(folder_id)
        if row is None:
            return None
        document = self._made(self._free_name(name), path=path)
        self.beginInsertRows(_NOWHERE, row, row)
        self._documents.insert(row, document)
        self.endInsertRows()
        self.documents_changed.emit()
        return document

    def update(self, document_id: int, **fields: Any) -> None:
        """Replace fields of one document by name; nothing happens when it is gone."""
        row = self.row_of(document_id)
        if row is None:
            return
        self._documents[row] = replace(self._documents[row], **fields)
        self.dataChanged.emit(self.index(row), self.index(row))
        self.documents_changed.emit()

    def show_those_of_run(self, reads: Iterable[DocumentRead]) -> None:
        """Show the documents of a run in the place of another run's. A person's own stay as they are.

        Only their texts in the store are used: where a trace says that a document lay is a foreign claim, and is not opened.
        """
        if any(not document.is_of_run for document in self._documents):
            return
        self._drop_those_of_run()
        shown = [self._of_run(read) for read in reads]
        if shown:
            self.beginInsertRows(_NOWHERE, 0, len(shown) - 1)
            self._documents += shown
            self.endInsertRows()
            self.documents_changed.emit()

    def keep_all(self) -> None:
        """From here all of them are the person's own: a run was started with them."""
        self._documents = [replace(document, is_of_run=False) for document in self._documents]

    def drop(self, document_id: int) -> None:
        """Take a row away that the person did not put there; this is not undone."""
        row = self.row_of(document_id)
        if row is not None:
            self._take([row])

    def remove(self, rows: Iterable[int]) -> None:
        """Remove documents; `undo` brings them back."""
        wanted = sorted({row for row in rows if 0 <= row < len(self._documents)})
        if wanted:
            self._removed.append([_Removed(row, self._documents[row]) for row in wanted])
            self._take(wanted)

    def undo(self) -> None:
        """Bring back what was removed last, to its places."""
        if not self._removed:
            return
        back = self._removed.pop()
        for removed in back:
            row = min(removed.row, len(self._documents))
            self.beginInsertRows(_NOWHERE, row, row)
            self._documents.insert(row, removed.document)
            self.endInsertRows()
        unread = [removed.document for removed in back if removed.document.state in ("waiting", "reading")]
        self.documents_changed.emit()
        if unread:
            self.documents_added.emit(unread)

    def move(self, row: int, to: int) -> bool:
        """Put the document of `row` at `to`, counted without it; False where it stands there already or one of them does not exist."""
        count = len(self._documents)
        if not (0 <= row < count and 0 <= to < count) or row == to:
            return False
        self.beginMoveRows(_NOWHERE, row, row, _NOWHERE, to + 1 if to > row else to)
        self._documents.insert(to, self._documents.pop(row))
        self.endMoveRows()
        self.documents_changed.emit()
        return True

    def clear(self) -> None:
        """Remove all; `undo` brings them back."""
        self.remove(range(len(self._documents)))

    def document(self, document_id: int) -> Document | None:
        row = self.row_of(document_id)
        return None if row is None else self._documents[row]

    def row_of(self, document_id: int) -> int | None:
        return next((row for row, document in enumerate(self._documents) if document.document_id == document_id), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._documents)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._documents):
            return None
        document = self._documents[index.row()]
        if role == DOCUMENT:
            return document
        if role == Qt.ItemDataRole.DisplayRole:
            return document.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{document.name}, {self.detail(document)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(part for part in (document.path or document.name, self.detail(document)) if part))
        return None

    def detail(self, document: Document) -> str:
        """Return how the document stands, in words."""
        if document.state == "refused":
            return document.reason
        if document.state == "read":
            return self.tr("{0} characters · {1} tokens").format(
                numbers.chars(document.chars), numbers.tokens(document.tokens, is_estimate=True)
            )
        if document.state == "waiting":
            return self.tr("waiting")
        share = "" if document.share is None else f" {numbers.percent(document.share)}"
        return self.tr("reading{0}").format(share)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def moveRows(self, source: Index, row: int, count: int, target: Index, to: int) -> bool:
        """Qt's way to move rows: `to` is counted with the row still in its place."""
        if source.isValid() or target.isValid() or count != 1:
            return False
        return self.move(row, to - 1 if to > row else to)

    def _made(self, name: str, *, path: str | None = None, text: str | None = None, is_folder: bool = False) -> Document:
        self._next_id += 1
        return Document(document_id=self._next_id, name=name, path=path, text=text, is_folder=is_folder)

    def _of_run(self, read: DocumentRead) -> Document:
        made = self._made(read.name)
        return replace(made, state="read", read=msgspec.structs.replace(read, path=None), is_of_run=True)

    def _drop_those_of_run(self) -> None:
        rows = [row for row, document in enumerate(self._documents) if document.is_of_run]
        if rows:
            self._take(rows)

    def _free_name(self, name: str, besides: Sequence[Document] = ()) -> str:
        """Names are keys in the model's `context`: two documents never share one."""
        taken = {document.name for document in (*self._documents, *besides)}
        candidate, number = name, 2
        while candidate in taken:
            candidate, number = f"{name} ({number})", number + 1
        return candidate

    def _add(self, documents: Sequence[Document]) -> None:
        if not documents:
            return
        row = len(self._documents)
        self.beginInsertRows(_NOWHERE, row, row + len(documents) - 1)
        self._documents.extend(documents)
        self.endInsertRows()
        self.documents_changed.emit()
        self.documents_added.emit(list(documents))

    def _take(self, rows: Sequence[int]) -> None:
        gone: list[Document] = []
        for row in reversed(rows):
            self.beginRemoveRows(_NOWHERE, row, row)
            gone.append(self._documents.pop(row))
            self.endRemoveRows()
        self.documents_changed.emit()
        self.documents_removed.emit(gone)
