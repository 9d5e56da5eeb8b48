"""The runs that the window holds: those that go on, and the traces that were opened last. One of them is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.runs.live_run import LiveRun
from rlm_desktop.gui.runs.trace_loading import TraceLoading
from rlm_desktop.gui.runs.trace_tail import TraceTail
from rlm_desktop.gui.settings import SettingsFile
from rlm_desktop.trace.request import RunRequest
from rlm_desktop.trace.store import TraceStore

MOST_KEPT = 3
"""Finished runs that stay in memory, so that going back and forth costs nothing."""


class OpenRuns(QObject):
    """`loading_changed`: a trace is being opened, or no longer. `opened` carries its `RunModel`, `load_failed` its path and a sentence.

    `run_started` and `run_over` carry a `LiveRun`, `told` a sentence that an engine said. `live_changed`: one began, ended, paused or
    went on.
    """

    loading_changed = Signal()
    opened = Signal(object)
    load_failed = Signal(str, str)
    run_started = Signal(object)
    run_over = Signal(object)
    live_changed = Signal()
    told = Signal(str)

    def __init__(
        self,
        current_run: CurrentRun,
        settings: SettingsFile,
        parent: QObject | None = None,
        *,
        make_live: Callable[[RunRequest, QObject], LiveRun] = LiveRun,
    ) -> None:
        super().__init__(parent)
        self._current, self._settings, self._make_live = current_run, settings, make_live
        self._live: dict[str, LiveRun] = {}
        self._kept: dict[str, RunModel] = {}
        self._loading: TraceLoading | None = None

    @property
    def loading(self) -> TraceLoading | None:
        return self._loading

    @property
    def live_runs(self) -> list[LiveRun]:
        """Return the runs whose engines are at work."""
        return [live for live in self._live.values() if live.is_running]

    @property
    def shown_live(self) -> LiveRun | None:
        """Return the run that the window shows, if this window runs it."""
        run = self._current.run
        live = self._live.get(str(run.store.path)) if run is not None else None
        return live if live is not None and live.is_running else None

    def started_here(self, path: str) -> LiveRun | None:
        """Return the run of this trace if this window started it, also when it is over."""
        return self._live.get(path)

    def start(self, request: RunRequest) -> LiveRun:
        """Start an engine and show its run. Others go on."""
        live = self._make_live(request, self)
        self._live[str(live.run.store.path)] = live
        live.ended.connect(self._over)
        live.told.connect(self.told)
        live.paused_changed.connect(self.live_changed)
        live.start()
        self._show(live.run)
        self.run_started.emit(live)
        self.live_changed.emit()
        return live

    def show(self, path: Path) -> None:
        """Show the run of a trace, which is opened first where it is not held."""
        name = str(path)
        self.stop_loading()
        if name in self._live:
            self._show(self._live[name].run)
        elif name in self._kept:
            self._show(self._kept[name])
        else:
            self._load(path)

    def stop_loading(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
            self._end_loading()

    def forget(self, path: str) -> None:
        """Let go of a trace that is about to be moved away."""
        run = self._kept.pop(path, None)
        live = self._live.pop(path, None) if path in self._live and not self._live[path].is_running else None
        gone = run or (live.run if live is not None else None)
        if gone is None:
            return
        if self._current.run is gone:
            self._current.show(None)
        (live or gone).deleteLater()

    def remember_cursor(self) -> None:
        """Keep where the cursor of the shown run stands."""
        run = self._current.run
        if run is not None:
            self._settings.remember_cursor(run.store.path, None if run.is_following or run.cursor >= run.last_seq else run.cursor)

    def abandon(self) -> None:
        """Kill every engine, for the end of the window."""
        self.stop_loading()
        for live in self._live.values():
            live.abandon()

    def _show(self, run: RunModel) -> None:
        self.remember_cursor()
        self._current.show(run)
        self._settings.remember_recent(run.store.path)

    def _load(self, path: Path) -> None:
        loading = TraceLoading(path, self)
        self._loading = loading
        loading.progressed.connect(lambda _share: self.loading_changed.emit())
        loading.loaded.connect(self._loaded)
        loading.failed.connect(self._failed)
        loading.start()
        self.loading_changed.emit()

    def _loaded(self, store: TraceStore) -> None:
        is_running = store.status() == "running"
        run = RunModel(store, is_live=is_running, parent=self)
        cursor = self._settings.current.cursors.get(str(store.path))
        if is_running:
            TraceTail(run)
        elif cursor is not None and 0 <= cursor < run.last_seq:
            run.seek(cursor)
        self._keep(run)
        self.opened.emit(run)
        self._end_loading()
        self._show(run)

    def _keep(self, run: RunModel) -> None:
        self._kept[str(run.store.path)] = run
        for name in list(self._kept)[:-MOST_KEPT]:
            old = self._kept[name]
            if old is not self._current.run and not old.is_live:
                del self._kept[name]
                old.deleteLater()

    def _failed(self, problem: str) -> None:
        path = str(self._loading.path) if self._loading is not None else ""
        self._end_loading()
        self.load_failed.emit(path, problem)

    def _end_loading(self) -> None:
        if self._loading is not None:
            self._loading.deleteLater()
            self._loading = None
            self.loading_changed.emit()

    def _over(self, live: LiveRun) -> None:
        path = str(live.run.store.path)
        if live.run.last_seq < 0:
            # It never began: there is nothing to show or to keep.
            del self._live[path]
            if self._current.run is live.run:
                self._current.show(None)
            live.deleteLater()
        self.run_over.emit(live)
        self.live_changed.emit()
