"""The runs as a list model: newest first, a heading a day, the running ones live."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from rlm_desktop.gui.look.foreign import plain_tip
from rlm_desktop.gui.runs.run_facts import RunFacts
from rlm_desktop.present import numbers
from rlm_desktop.present.first_lines import one_line

FACTS = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class RunList(QAbstractListModel):
    """A row is a `RunFacts`, or a day (`str`) above the runs that started on it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by_path: dict[str, RunFacts] = {}
        self._rows: list[RunFacts | str] = []

    @property
    def run_count(self) -> int:
        return len(self._by_path)

    @property
    def paths(self) -> list[str]:
        return list(self._by_path)

    @property
    def has_running(self) -> bool:
        return any(facts.status == "running" for facts in self._by_path.values())

    def facts(self, path: str) -> RunFacts | None:
        return self._by_path.get(path)

    def put(self, facts: RunFacts) -> None:
        """Add a run, or replace what is known of it; rows keep their places as long as the order stays."""
        known = self._by_path.get(facts.path)
        self._by_path[facts.path] = facts
        if known is not None and known.started_at == facts.started_at:
            row = self.row_of(facts.path)
            if row is not None:
                self._rows[row] = facts
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self._lay_out()

    def put_all(self, runs: list[RunFacts]) -> None:
        """Replace everything."""
        self._by_path = {facts.path: facts for facts in runs}
        self._lay_out()

    def remove(self, path: str) -> None:
        if self._by_path.pop(path, None) is not None:
            self._lay_out()

    def row_of(self, path: str) -> int | None:
        return next((row for row, item in enumerate(self._rows) if isinstance(item, RunFacts) and item.path == path), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        item = self._rows[index.row()]
        if isinstance(item, str):
            return item if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
        if role == FACTS:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(item)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.title(item)}, {self.state_words(item)}, {self.detail(item)}, {numbers.cost_in_cents(item.cost)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join((self.title(item), f"{self.state_words(item)} · {self.detail(item)}", item.path)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def title(self, facts: RunFacts) -> str:
        return one_line(facts.question) or one_line(Path(facts.path).stem)

    def state_words(self, facts: RunFacts) -> str:
        return {
            "ok": self.tr("finished"),
            "error": self.tr("failed"),
            "limit": self.tr("stopped at a limit"),
            "cancelled": self.tr("stopped by you"),
            "running": self.tr("running"),
            "interrupted": self.tr("interrupted"),
            "unread": self.tr("not looked at yet"),
            "no_trace": self.tr("cannot be read"),
        }[facts.status]

    def detail(self, facts: RunFacts) -> str:
        """Return the second line of a row."""
        if facts.status == "unread":
            return numbers.size(facts.size)
        if facts.status == "no_trace":
            return self.tr("cannot be read")
        calls = self.tr("1 call") if facts.calls == 1 else self.tr("{0} calls").format(numbers.count(facts.calls))
        words = f"{calls} · {numbers.duration(facts.duration_s)}"
        if facts.is_lowered:
            words = self.tr("not confined · {0}").format(words)
        return f"{self.state_words(facts)} · {words}" if facts.status in ("error", "limit", "interrupted") else words

    def _lay_out(self) -> None:
        today = date.today()  # noqa: DTZ011  # days as the person counts them
        self.beginResetModel()
        self._rows = []
        day: date | None = None
        for facts in sorted(self._by_path.values(), key=lambda facts: facts.started_at, reverse=True):
            started = datetime.fromtimestamp(facts.started_at).date()  # noqa: DTZ006
            if started != day:
                day = started
                self._rows.append(self._day_words(started, today))
            self._rows.append(facts)
        self.endResetModel()

    def _day_words(self, day: date, today: date) -> str:
        if day >= today:
            return self.tr("Today")
        if day == today - timedelta(days=1):
            return self.tr("Yesterday")
        return str(QLocale().toString(day, QLocale.FormatType.LongFormat))  # type: ignore[call-overload]  # the stubs want a QDate; a date is taken
