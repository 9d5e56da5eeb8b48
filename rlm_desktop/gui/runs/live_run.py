"""A run that this window started: its engine, and the run as it grows from what the engine writes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.engine_process import EngineProcess
from rlm_desktop.gui.lines import LineSplitter
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.gui.runs.run_facts import RunFacts, facts_of_live
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.commands import CommandRefused, TextStreamed
from rlm_desktop.trace.events import Paused, Resumed
from rlm_desktop.trace.request import RunRequest
from rlm_desktop.trace.store import TraceStore


class LiveRun(QObject):
    """`ended` carries this run: the engine is gone. `told` carries a sentence for the person. `paused_changed`: it holds, or goes on."""

    ended = Signal(object)
    told = Signal(str)
    paused_changed = Signal()

    def __init__(self, request: RunRequest, parent: QObject | None = None, *, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        if request.trace is None:
            raise ValueError("The window names the trace of a run that it starts.")
        self.request = request
        self.run = RunModel(TraceStore(Path(request.trace)), is_live=True, parent=self)
        self.started_at = time.time()
        self.is_paused = False
        self.is_pause_asked = False
        self.is_stop_asked = False
        self._engine = EngineProcess(self, command=command)
        self._engine.entries_received.connect(self._take)
        self._engine.progressed.connect(self._progressed)
        self._engine.ended.connect(self._ended)

    @property
    def is_running(self) -> bool:
        return self.run.is_live

    def facts(self) -> RunFacts:
        """Return what the runs pane says of it now."""
        return facts_of_live(self.run, self.request, started_at=self.started_at)

    @property
    def process_id(self) -> int:
        """The engine's; 0 when it does not run."""
        return self._engine.process_id

    @property
    def exit_code(self) -> int | None:
        return self._engine.exit_code

    @property
    def complaint(self) -> str:
        return self._engine.complaint

    def start(self) -> None:
        self._engine.start(self.request)

    def stop(self) -> None:
        self.is_stop_asked = True
        self._engine.stop()

    def pause(self) -> None:
        self.is_pause_asked = True
        self._engine.pause()
        self.paused_changed.emit()

    def resume(self) -> None:
        self._engine.resume()

    def cancel(self, call_id: int) -> None:
        self._engine.cancel(call_id)

    def interrupt(self, call_id: int) -> None:
        self._engine.interrupt(call_id)

    def abandon(self) -> None:
        self._engine.abandon()

    def _take(self, lines: list[bytes]) -> None:
        before = self.run.last_seq
        self.run.append_lines(lines)
        self._look_for_pause(before + 1)
        if self.run.store.problem is not None:
            self.told.emit(self.run.store.problem)

    def _look_for_pause(self, start: int) -> None:
        codes = self.run.columns.events["type"][start:]
        was = self.is_paused
        for code in codes[(codes == EVENT_CODE[Paused]) | (codes == EVENT_CODE[Resumed])]:
            self.is_paused = bool(code == EVENT_CODE[Paused])
            self.is_pause_asked = False
        if self.is_paused != was:
            self.paused_changed.emit()

    def _progressed(self, progress: object) -> None:
        if isinstance(progress, TextStreamed):
            self.run.text_streamed(progress)
        elif isinstance(progress, CommandRefused):
            self.is_pause_asked = False
            self.paused_changed.emit()
            self.told.emit(progress.reason)

    def _ended(self) -> None:
        # What the engine wrote and could not send any more stands in the file.
        if self.run.columns.run_ended is None and self.run.store.path.exists():
            self._take_rest()
        self.is_paused = self.is_pause_asked = False
        self.run.run_is_over()
        self.ended.emit(self)

    def _take_rest(self) -> None:
        try:
            with self.run.store.path.open("rb") as file:
                file.seek(self.run.store.end_bytes)
                rest = LineSplitter().take(file.read())
        except OSError:
            return
        if rest:
            self.run.append_lines(rest)
