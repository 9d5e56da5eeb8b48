"""One run as every view sees it: its trace, the cursor in it, and whether the cursor follows the end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from rlm_desktop.trace.columns import AsOf, Columns
from rlm_desktop.trace.commands import TextStreamed
from rlm_desktop.trace.store import RunStatus, TraceStore


class RunModel(QObject):
    """A live run and a replay are the same to the views: entries come in, the cursor moves.

    `grown`: entries were added. `cursor_moved`: what is shown as of the cursor changed (following the end included). `following_changed`:
    the cursor now follows the end, or no longer does. `streamed`: a piece of a reply that is being sent. `status_changed`: the run ended,
    or was found to be over.
    """

    grown = Signal()
    cursor_moved = Signal()
    following_changed = Signal(bool)
    streamed = Signal(object)
    status_changed = Signal()

    def __init__(self, store: TraceStore, *, is_live: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self._is_live = is_live
        self._is_following = True
        self._cursor = len(store.columns) - 1
        self._as_of: AsOf | None = None

    @property
    def columns(self) -> Columns:
        return self.store.columns

    @property
    def cursor(self) -> int:
        """The entry up to which everything is shown; -1 before the first."""
        return self._cursor

    @property
    def last_seq(self) -> int:
        return len(self.store.columns) - 1

    @property
    def is_live(self) -> bool:
        """True while an engine of this window writes the trace."""
        return self._is_live

    @property
    def is_following(self) -> bool:
        return self._is_following

    @property
    def status(self) -> RunStatus:
        return "running" if self._is_live else self.store.status()

    def as_of(self) -> AsOf:
        """Return the calls as of the cursor; the same object until the cursor or the trace moves."""
        if self._as_of is None:
            self._as_of = self.store.columns.as_of(self._cursor)
        return self._as_of

    def append_lines(self, lines: Sequence[bytes]) -> None:
        """Take lines that the engine wrote. A cursor that follows goes along, any other stays."""
        self.store.append_lines(lines)
        self._as_of = None
        if self._is_following:
            self._cursor = self.last_seq
        self.grown.emit()
        if self._is_following:
            self.cursor_moved.emit()

    def text_streamed(self, piece: TextStreamed) -> None:
        self.streamed.emit(piece)

    def seek(self, seq: int) -> None:
        """Put the cursor on entry `seq` by hand; it no longer follows."""
        self._set_following(False)
        self._move(max(-1, min(seq, self.last_seq)))

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._set_following(True)
        self._move(self.last_seq)

    def run_is_over(self) -> None:
        """The engine of this run has ended."""
        self._is_live = False
        self.status_changed.emit()

    def _set_following(self, is_following: bool) -> None:
        if is_following != self._is_following:
            self._is_following = is_following
            self.following_changed.emit(is_following)

    def _move(self, seq: int) -> None:
        if seq != self._cursor:
            self._cursor = seq
            self._as_of = None
            self.cursor_moved.emit()


class CurrentRun(QObject):
    """Which run the window shows; None at the start. Views hold on to this and take the run anew when `changed` comes."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: RunModel | None = None

    @property
    def run(self) -> RunModel | None:
        return self._run

    def show(self, run: RunModel | None) -> None:
        if run is not self._run:
            self._run = run
            self.changed.emit()
