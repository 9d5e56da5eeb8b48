"""The replay: a player over the entries, driven by one timer, which moves the run's cursor."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.trace.player import Player

FRAME_MS = 16
EVENTS_PER_S = 20.0
"""The pace of the clock that counts events, at 1×."""

Clock = Literal["time", "events"]


class Replay(QObject):
    """Plays the current run. `changed`: it began or stopped to play, or speed, clock or gaps are others."""

    changed = Signal()

    def __init__(self, current_run: CurrentRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current = current_run
        self._player: Player | None = None
        self.speed = 1.0
        self.clock: Clock = "time"
        self.are_gaps_shortened = False
        self._elapsed = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._advance)
        current_run.changed.connect(self.pause)

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    def play(self) -> None:
        """Go on from the cursor; from the start where it stands at the end."""
        run = self._current.run
        if run is None or run.last_seq < 0:
            return
        player = Player(self._times_s(run), speed=self.speed, are_gaps_shortened=self.are_gaps_shortened)
        player.seek(0 if run.cursor >= run.last_seq else max(0, run.cursor))
        run.seek(player.seq)
        self._player = player
        self._elapsed.start()
        self._timer.start()
        self.changed.emit()

    def pause(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._player = None
            self.changed.emit()

    def toggle(self) -> None:
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def set_speed(self, speed: float) -> None:
        self.speed = speed
        if self._player is not None:
            self._player.speed = speed
        self.changed.emit()

    def set_clock(self, clock: Clock) -> None:
        self.clock = clock
        self._restart()

    def shorten_gaps(self, are_shortened: bool) -> None:
        """Let no wait between two entries last longer than two seconds."""
        self.are_gaps_shortened = are_shortened
        self._restart()

    def seek(self, seq: int) -> None:
        """Put the cursor on an entry; a replay that plays goes on from there."""
        run = self._current.run
        if run is None:
            return
        if self._player is not None:
            self._player.follow(self._times_s(run))
            self._player.seek(max(0, seq))
        run.seek(max(0, seq))

    def step(self, by: int) -> None:
        """Move by events and stop playing."""
        run = self._current.run
        if run is not None:
            self.pause()
            self.seek(min(run.last_seq, run.cursor + by))

    def step_iteration(self, by: Literal[-1, 1]) -> None:
        """Move to the start of the iteration before or after, of the root calls, and stop playing."""
        run = self._current.run
        if run is None:
            return
        self.pause()
        starts = iteration_starts(run)
        if by > 0:
            at = int(np.searchsorted(starts, run.cursor, side="right"))
            self.seek(int(starts[at]) if at < len(starts) else run.last_seq)
        else:
            at = int(np.searchsorted(starts, run.cursor, side="left")) - 1
            self.seek(int(starts[at]) if at >= 0 else 0)

    def to_start(self) -> None:
        self.pause()
        self.seek(0)

    def to_end(self) -> None:
        """Go to the end and follow what comes."""
        self.pause()
        if self._current.run is not None:
            self._current.run.follow()

    def _restart(self) -> None:
        if self.is_playing:
            self.play()
        else:
            self.changed.emit()

    def _advance(self) -> None:
        run, player = self._current.run, self._player
        if run is None or player is None:
            self.pause()
            return
        player.follow(self._times_s(run))
        seq = player.advance(self._elapsed.restart() / 1000)
        if player.is_at_end:
            self.to_end()
        elif seq != run.cursor:
            run.seek(seq)

    def _times_s(self, run: RunModel) -> NDArray[np.float64]:
        times_s: NDArray[np.float64] = run.columns.events["t_s"]
        return np.arange(len(times_s)) / EVENTS_PER_S if self.clock == "events" else times_s


def iteration_starts(run: RunModel) -> NDArray[np.int64]:
    """Return the entries at which the iterations of the root calls start, in order."""
    columns = run.columns
    rows = columns.rows
    if not len(columns.calls):
        return np.zeros(0, np.int64)
    is_root = columns.calls["parent"][rows["call"]] < 0
    starts = rows["asked_seq"][is_root]
    return np.sort(starts[starts >= 0]).astype(np.int64)
