"""The servers of models that run on this computer: a row for each, and one for each of their models, taken by a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHideEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.paint import CENTRE, fill, outline, text, text_width
from rlm_desktop.gui.look.row_ground import paint_row_ground
from rlm_desktop.gui.look.theme import Theme, Themes
from rlm_desktop.gui.models.model_list import server_of
from rlm_desktop.gui.models.models_process import ModelsProcess, Reply
from rlm_desktop.gui.page import Ground
from rlm_desktop.servers.providers import FoundServer

Index = QModelIndex | QPersistentModelIndex

ROW = Qt.ItemDataRole.UserRole
MOST_ROWS_SHOWN = 14
WIDTH_PX = 520
HEADING_PX = 6
"""Space above a server's row."""


class Row(NamedTuple):
    """A model of a server; without a name the server itself."""

    server: FoundServer
    name: str = ""


class FoundRows(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def set_servers(self, servers: tuple[FoundServer, ...]) -> None:
        self.beginResetModel()
        self._rows = [row for server in servers for row in (Row(server), *(Row(server, name) for name in server.models))]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if not row.name:
                return in_line(f"{self.title(row.server)}, {self.about(row.server)}")
            return in_line(" · ".join(part for part in (self.tr("Use {0}").format(row.name), self.away(row)) if part))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self._rows[index.row()]
        is_taken = bool(row.name) or row.server.needs_key
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if is_taken else Qt.ItemFlag.ItemIsEnabled

    def away(self, row: Row) -> str:
        """Return where a model's text goes though its server is here; empty when it stays."""
        server = server_of(row.server.base_url)
        host = "" if server is None else server.host_of(row.name)
        return self.tr("runs at {0}").format(host) if host else ""

    def title(self, server: FoundServer) -> str:
        return server.name or self.tr("A server of models")

    def about(self, server: FoundServer) -> str:
        """Return where it is, and what a person should know before using it."""
        place = server.base_url.removeprefix("http://").partition("/")[0]
        if server.needs_key:
            return self.tr("{0} · asks for a key").format(place)
        if server.passes_on:
            return self.tr("{0} · passes on what it is asked: text leaves this computer").format(place)
        return place if server.models else self.tr("{0} · no model loaded").format(place)


class _Delegate(QStyledItemDelegate):
    """A server's row is a heading; a model's has its verb at the right, the whole row being the button."""

    def __init__(self, themes: Themes, rows: FoundRows, view: QListView) -> None:
        super().__init__(view)
        self._themes, self._rows, self._view = themes, rows, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        t = self._themes.current
        return QSize(t.px(200), t.px(30 if index.data(ROW).name else 34))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, row = self._themes.current, index.data(ROW)
        state: QStyle.StateFlag = option.state
        box = QRectF(option.rect)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = box.adjusted(t.space("xl"), 0, 0, 0) if row.name else box.adjusted(0, t.px(HEADING_PX), 0, 0)
        line.setRight(box.right() - t.space("xl"))
        if row.name or row.server.needs_key:
            paint_row_ground(p, box, t, state, is_chosen=False, view_has_focus=self._view.hasFocus())
            end = QPointF(line.right(), line.center().y())
            line.setRight(self._paint_verb(p, t, end, self.tr("Use") if row.name else self.tr("Give the key"), state))
        if row.name:
            self._paint_words(p, t, line, t.ui(), row.name, self._rows.away(row))
        else:
            self._paint_words(p, t, line, t.ui("body", "strong"), self._rows.title(row.server), self._rows.about(row.server))
        p.restore()

    def _paint_words(self, p: QPainter, t: Theme, line: QRectF, font: QFont, words: str, caption: str) -> None:
        """Draw words and a caption after them; long words give way to the caption as far as half of the line."""
        gap = t.px(8)
        kept = min(text_width(t.ui("caption"), caption) + gap, line.width() / 2) if caption else 0.0
        used = text(p, QRectF(line.left(), line.top(), line.width() - kept, line.height()), words, font, t.c("text"))
        rest = QRectF(line.left() + used + gap, line.top() + 0.5, max(0.0, line.width() - used - gap), line.height())
        text(p, rest, caption, t.ui("caption"), t.c("text_3"))

    def _paint_verb(self, p: QPainter, t: Theme, end: QPointF, words: str, state: QStyle.StateFlag) -> float:
        """Draw it ending at `end`, the middle of its right side; return where it begins, less a gap."""
        font = t.ui("small", "medium")
        width, high = round(text_width(font, words)) + t.px(18), t.px(22)
        chip = QRectF(round(end.x() - width), round(end.y() - high / 2), width, high)
        is_meant = bool(state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus))
        fill(p, chip, t.c("card"), t.radius("chip"))
        outline(p, chip, t.c("wire" if is_meant else "edge"), t.radius("chip"))
        text(p, chip, words, font, t.c("text" if is_meant else "text_2"), CENTRE)
        return chip.left() - t.space("m")


class FoundServers(Ground):
    """Looks when it is first shown and when it is asked to: only this computer's own ports are asked, and no key is sent.

    `taken` carries a server and the name of one of its models, empty where the server asks for a key first.
    """

    taken = Signal(object, str)

    def __init__(self, themes: Themes, *, make_process: Callable[[], ModelsProcess], parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        self._make_process = make_process
        self._process: ModelsProcess | None = None
        self._has_looked = False
        t = themes.current
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.px(6))
        column.addWidget(Words(themes, self.tr("On this computer"), weight="strong"))
        self.told = Words(themes, size="small", role="text_2", wraps=True)
        column.addWidget(self.told)
        self.rows = FoundRows(self)
        self.view = QListView(self)
        self.view.setModel(self.rows)
        self.view.setItemDelegate(_Delegate(themes, self.rows, self.view))
        self.view.setAccessibleName(self.tr("Models on this computer"))
        self.view.setMouseTracking(True)
        self.view.setMaximumWidth(t.px(WIDTH_PX))
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(self._take)
        self.view.installEventFilter(self)
        column.addWidget(self.view)
        self.look = QPushButton(self.tr("Look for servers on this computer"), self)
        self.look.clicked.connect(self.look_again)
        row = QHBoxLayout()
        row.addWidget(self.look)
        row.addStretch(1)
        column.addSpacing(t.space("s"))
        column.addLayout(row)
        self.show_servers(())
        self.told.setText(self.tr("Servers of models that run here, such as Ollama or LM Studio, are used with one click."))

    def showEvent(self, event: QShowEvent) -> None:
        if not self._has_looked:
            self.look_again()

    def hideEvent(self, event: QHideEvent) -> None:
        # Nobody waits for the answer any more, and a window that closes must leave no process behind.
        if self._process is not None and not event.spontaneous():
            self._process.abandon()
            self._has_looked = False
            self._end(Reply(servers=()))

    def look_again(self) -> None:
        """Ask the usual ports of this computer, in a process of its own."""
        if self._process is not None:
            return
        self._has_looked = True
        self.look.setEnabled(False)
        self.told.setText(self.tr("Looking on the usual ports of this computer…"))
        process = self._process = self._make_process()
        process.setParent(self)
        process.replied.connect(self._end)
        process.find_local()

    def show_servers(self, servers: tuple[FoundServer, ...]) -> None:
        self.rows.set_servers(servers)
        heights = [self.view.sizeHintForRow(row) for row in range(min(self.rows.rowCount(), MOST_ROWS_SHOWN))]
        self.view.setFixedHeight(sum(heights) + 2)
        self.view.setVisible(bool(servers))
        count = sum(len(server.models) for server in servers)
        if servers:
            words = self.tr("One model, used with a click.") if count == 1 else self.tr("{0} models, used with a click.").format(count)
            self.told.setText(words if count else self.tr("Servers that answer here:"))
        else:
            self.told.setText(self.tr("No server of models answers here. Start one, such as Ollama or LM Studio, and look again."))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and getattr(event, "key", int)() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._take(self.view.currentIndex())
            return True
        return super().eventFilter(watched, event)

    def _take(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if isinstance(row, tuple):
            server, name = row
            if name or server.needs_key:
                self.taken.emit(server, name)

    def _end(self, reply: Reply) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        self.look.setEnabled(True)
        if reply.servers is not None:
            self.show_servers(reply.servers)
        else:
            self.told.setText(reply.error or "")
