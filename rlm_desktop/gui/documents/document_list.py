"""The documents of the next run, in order: a list model, and the one thing that may be undone in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from rlm_desktop.gui.documents.document import Document
from rlm_desktop.gui.look.foreign import in_line, plain_tip
from rlm_desktop.present import numbers
from rlm_desktop.trace.document_kinds import kind_in_words
from rlm_desktop.trace.events import DocumentRead

DOCUMENT = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Summary(NamedTuple):
    """What several views need to know of all documents. Rows that only list what was left out are no documents."""

    documents: int
    chars: int
    has_usable: bool
    unread: str
    """The name of the first that is not read yet; empty where there is none."""
    is_reading: bool


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
        self._rows: dict[int, int] | None = None
        """Document id → row; None when rows have moved since it was made."""
        self._summary: Summary | None = None
        # Connected before any view is: none asks for what was before.
        self.documents_changed.connect(self._forget_summary)
        self._next_id = 1
        self._removed: list[list[_Removed]] = []

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(self._documents)

    @property
    def summary(self) -> Summary:
        if self._summary is None:
            count = chars = 0
            has_usable = is_reading = False
            unread = ""
            for document in self._documents:
                count += not document.left_out_count
                if document.state == "read":
                    has_usable = True
                    chars += document.read.chars if document.read is not None else 0
                elif document.state != "refused":
                    unread = unread or document.name
                    is_reading = is_reading or document.state == "reading"
            self._summary = Summary(count, chars, has_usable, unread, is_reading)
        return self._summary

    def _forget_summary(self) -> None:
        self._summary = None

    @property
    def undo_count(self) -> int:
        """How many times `undo` has something to bring back."""
        return len(self._removed)

    def add_paths(self, paths: Iterable[Path]) -> list[Document]:
        """Add files and folders at the end, each once; returns those that are new."""
        self._drop_those_of_run()
        known = {document.path for document in self._documents if document.member is None}
        taken = {document.name for document in self._documents}
        fresh: list[Document] = []
        for path in paths:
            absolute = str(path.absolute())
            if absolute not in known:
                known.add(absolute)
                name = _free_name(path.name or absolute, taken)
                fresh.append(self._made(name, path=absolute, is_folder=path.is_dir()))
        self._add(fresh)
        return fresh

    def add_text(self, text: str, name: str) -> Document:
        """Add a pasted text."""
        self._drop_those_of_run()
        document = self._made(_free_name(name, {document.name for document in self._documents}), text=text)
        self._add([document])
        return document

    def put_before(self, document_id: int, found: Sequence[DocumentRead]) -> None:
        """Add what was read in a folder or an archive, before its own row; nothing happens when that was removed meanwhile."""
        row = self.row_of(document_id)
        if row is None or not found:
            return
        taken = {document.name for document in self._documents}
        fresh = []
        for read in found:
            made = self._made(_free_name(read.name, taken), path=read.path, member=read.member)
            fresh.append(replace(made, state="read", read=read))
        self.beginInsertRows(_NOWHERE, row, row + len(fresh) - 1)
        self._documents[row:row] = fresh
        self._rows = None
        self.endInsertRows()
        self.documents_changed.emit()

    def update(self, document_id: int, **fields: Any) -> None:
        """Replace fields of one document by name; nothing happens when it is gone."""
        self.update_many({document_id: fields})

    def update_many(self, changes: Mapping[int, Mapping[str, Any]]) -> None:
        """Replace fields of documents by their ids and by name; those that are gone are passed over."""
        rows = []
        for document_id, fields in changes.items():
            row = self.row_of(document_id)
            if row is not None:
                self._documents[row] = replace(self._documents[row], **fields)
                rows.append(row)
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))
            self.documents_changed.emit()

    def read_again(self, document_id: int, encoding: str) -> None:
        """Have a document read in another encoding."""
        self.update(document_id, state="waiting", share=None, read=None, reason="", encoding=encoding)
        document = self.document(document_id)
        if document is not None:
            self.documents_added.emit([document])

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
            self._rows = None
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
        """Bring back what was removed last, to its places; under another name where that was given away meanwhile."""
        if not self._removed:
            return
        taken = {document.name for document in self._documents}
        back = [
            replace(removed, document=replace(removed.document, name=_free_name(removed.document.name, taken)))
            for removed in self._removed.pop()
        ]
        for removed in back:
            row = min(removed.row, len(self._documents))
            self.beginInsertRows(_NOWHERE, row, row)
            self._documents.insert(row, removed.document)
            self._rows = None
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
        self._rows = None
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
        if self._rows is None:
            self._rows = {document.document_id: row for row, document in enumerate(self._documents)}
        return self._rows.get(document_id)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._documents)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._documents):
            return None
        document = self._documents[index.row()]
        if role == DOCUMENT:
            return document
        if role == Qt.ItemDataRole.DisplayRole:
            return in_line(document.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return in_line(f"{document.name}, {self.detail(document)}")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(filter(None, self._tip(document))))
        return None

    def detail(self, document: Document) -> str:
        """Return how the document stands, in words."""
        if document.is_list:
            return self.tr("{0} left out").format(numbers.count(document.left_out_count))
        if document.state == "refused":
            return document.reason
        if document.read is not None and document.state == "read":
            # The row has room for how many, the tip for all of it.
            extent = (document.read.extent or "").partition(": ")[0].partition(", ")[0]
            size = extent or self.tr("{0} characters").format(numbers.chars(document.chars))
            return self.tr("{0} · {1} tokens").format(size, numbers.tokens(document.tokens, is_estimate=True))
        if document.state == "waiting":
            return self.tr("waiting")
        share = "" if document.share is None else f" {numbers.percent(document.share)}"
        return self.tr("reading{0}").format(share)

    def _tip(self, document: Document) -> list[str]:
        where = " › ".join(filter(None, (document.path or document.name, document.member)))
        if document.read is None or document.state != "read":
            return [where, document.reason or self.detail(document)]
        characters = self.tr("{0} characters").format(numbers.count(document.chars))
        return [where, kind_in_words(document.read), document.read.extent or "", characters, *document.read.notes]

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

    def _made(self, name: str, **fields: Any) -> Document:
        self._next_id += 1
        return Document(document_id=self._next_id, name=name, **fields)

    def _of_run(self, read: DocumentRead) -> Document:
        made = self._made(read.name)
        return replace(made, state="read", read=msgspec.structs.replace(read, path=None), is_of_run=True)

    def _drop_those_of_run(self) -> None:
        rows = [row for row, document in enumerate(self._documents) if document.is_of_run]
        if rows:
            self._take(rows)

    def _add(self, documents: Sequence[Document]) -> None:
        if not documents:
            return
        row = len(self._documents)
        self.beginInsertRows(_NOWHERE, row, row + len(documents) - 1)
        self._documents.extend(documents)
        self._rows = None
        self.endInsertRows()
        self.documents_changed.emit()
        self.documents_added.emit(list(documents))

    def _take(self, rows: Sequence[int]) -> None:
        gone: list[Document] = []
        for first, last in _stretches(rows):
            self.beginRemoveRows(_NOWHERE, first, last)
            gone += reversed(self._documents[first : last + 1])
            del self._documents[first : last + 1]
            self._rows = None
            self.endRemoveRows()
        self.documents_changed.emit()
        self.documents_removed.emit(gone)


def _stretches(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of rows that follow each other, from the last to the first."""
    ordered = sorted(rows, reverse=True)
    last = ordered[0]
    for above, row in pairwise((*ordered, -2)):
        if row != above - 1:
            yield above, last
            last = row


def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, and take it. Names are keys in the model's `context`: two documents never share one."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name} ({number})", number + 1
    taken.add(candidate)
    return candidate
