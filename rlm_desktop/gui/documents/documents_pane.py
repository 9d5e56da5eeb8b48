"""The documents pane: what the next run reads, in order."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy, QVBoxLayout, QWidget

from rlm_desktop.gui.documents.document_delegate import DocumentDelegate
from rlm_desktop.gui.documents.document_list import DOCUMENT, DocumentList
from rlm_desktop.gui.documents.drop_hint import DropHint
from rlm_desktop.gui.look.button import IconButton
from rlm_desktop.gui.look.controls import PaneHeader
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.present import numbers

LEAST_ROWS = 2


class _Rows(QListView):
    """Delete removes, Alt with Up or Down moves, Enter opens; the height follows the rows until the pane is full."""

    remove_asked = Signal(list)
    move_asked = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wanted_px = 0

    def set_rows(self, count: int, row_px: int) -> None:
        self._wanted_px = count * row_px
        self.setMinimumHeight(row_px * min(LEAST_ROWS, count))
        self.setMaximumHeight(self._wanted_px)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._wanted_px)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = sorted(index.row() for index in self.selectedIndexes())
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and rows:
            self.remove_asked.emit(rows)
        elif is_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and len(rows) == 1:
            self.move_asked.emit(rows[0], rows[0] + (1 if event.key() == Qt.Key.Key_Down else -1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class DocumentsPane(QWidget):
    """`add_asked`: the person wants to choose files. `document_opened` carries the id of a document that is to be shown."""

    add_asked = Signal()
    document_opened = Signal(int)

    def __init__(self, documents: DocumentList, themes: Themes, turning: Turning, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._documents, self._themes, self._turning = documents, themes, turning
        self._add = IconButton(themes, "plus", self.tr("Add documents"), parent=self)
        self._add.clicked.connect(self.add_asked)
        self._header = PaneHeader(themes, self.tr("Documents"), (self._add,), parent=self)
        self.view = _Rows(self)
        self.view.setAccessibleName(self.tr("Documents"))
        self.view.setModel(documents)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.view.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.view.setDragDropOverwriteMode(False)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self._delegate = DocumentDelegate(themes, turning, self.view)
        self.view.setItemDelegate(self._delegate)
        self.hint = DropHint(themes, parent=self)
        self.hint.clicked.connect(self.add_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.view)
        column.addWidget(self.hint)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._delegate.remove_asked.connect(self._remove_row)
        self.view.remove_asked.connect(self.remove_rows)
        self.view.move_asked.connect(self._move)
        self.view.activated.connect(self._open)
        self.view.clicked.connect(self._open)
        documents.documents_changed.connect(self._count)
        themes.changed.connect(self._count)
        self._count()

    def remove_rows(self, rows: list[int]) -> None:
        """Remove, and leave the next row chosen."""
        self._documents.remove(rows)
        if rows and self._documents.rowCount():
            self.view.setCurrentIndex(self._documents.index(min(rows[0], self._documents.rowCount() - 1)))

    def choose(self, document_id: int) -> None:
        """Show which document is looked at."""
        row = self._documents.row_of(document_id)
        if row is not None:
            self.view.setCurrentIndex(self._documents.index(row))

    def _remove_row(self, row: int) -> None:
        self.remove_rows([row])

    def _move(self, row: int, to: int) -> None:
        if self._documents.move(row, to):
            moved = self._documents.index(to)
            self.view.selectionModel().setCurrentIndex(moved, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _open(self, index: QModelIndex) -> None:
        document = index.data(DOCUMENT)
        if document is not None and (document.is_usable or document.is_list):
            self.document_opened.emit(document.document_id)

    def _count(self) -> None:
        found, rows = self._documents.summary, self._documents.rowCount()
        words = numbers.count(found.documents) if found.documents else ""
        if found.chars:
            words = self.tr("{0} · {1} chars").format(words, numbers.chars(found.chars))
        self._header.set_count(words)
        self.view.setVisible(bool(rows))
        self.view.set_rows(rows, self._themes.current.height("run_row"))
        self._turning.keep(self.view.viewport(), found.is_reading)
