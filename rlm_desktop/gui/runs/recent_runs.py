"""Keeps the runs pane true: what lies in the folder, what was opened elsewhere, what goes on now."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from rlm_desktop.errors import UserError
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.gui.runs.facts_reader import FactsReader
from rlm_desktop.gui.runs.live_run import LiveRun
from rlm_desktop.gui.runs.open_runs import OpenRuns
from rlm_desktop.gui.runs.run_facts import TRACE_SUFFIX, FactsCache, RunFacts, facts_of_file, facts_of_store
from rlm_desktop.gui.runs.run_list import RunList
from rlm_desktop.gui.runs.trace_files import Trash
from rlm_desktop.gui.settings import SettingsFile

LIVE_MS = 500


class RecentRuns(QObject):
    """`removed` carries the path of a trace that `restore` can bring back; `failed` a sentence."""

    removed = Signal(str)
    failed = Signal(str)

    def __init__(
        self, runs_folder: Path, cache_folder: Path, open_runs: OpenRuns, settings: SettingsFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.runs = RunList(self)
        self._folder, self._open_runs, self._settings = runs_folder, open_runs, settings
        self._cache = FactsCache(cache_folder / "runs.json")
        self._trash = Trash(runs_folder / "removed")
        self._removed: list[tuple[Path | None, str]] = []
        self._reader = FactsReader(self)
        self._reader.read.connect(self._read)
        self._live_timer = QTimer(self)
        self._live_timer.setInterval(LIVE_MS)
        self._live_timer.timeout.connect(self._look_at_live)
        open_runs.run_started.connect(self._started)
        open_runs.run_over.connect(self._over)
        open_runs.opened.connect(self._opened)
        open_runs.loading_changed.connect(lambda: self._reader.hold(open_runs.loading is not None))

    def look_around(self) -> None:
        """List the traces in the folder and those opened from elsewhere; what is not known of them is read in the background."""
        self._trash.empty_old()
        paths = {str(path) for path in self._folder.glob(f"*{TRACE_SUFFIX}")} | set(self._settings.current.recent)
        live = {str(run.run.store.path) for run in self._open_runs.live_runs}
        found = [facts for path in paths - live if (facts := facts_of_file(Path(path))) is not None]
        known = {facts.path: self._cache.find(facts) for facts in found}
        listed = [known[facts.path] or facts for facts in found]
        listed += [run.facts() for run in self._open_runs.live_runs]
        self.runs.put_all(listed)
        for facts in sorted(found, key=lambda facts: facts.mtime_ns, reverse=True):
            if known[facts.path] is None:
                self._reader.look_at(facts)

    def add(self, path: Path) -> None:
        """List a trace that was opened from elsewhere."""
        facts = facts_of_file(path)
        if facts is not None and self.runs.facts(facts.path) is None:
            self.runs.put(self._cache.find(facts) or facts)
            self._reader.look_at(facts)

    def disown(self, path: str) -> None:
        """Take a file out of the list that turned out to be no trace; one in our own folder stays, and says so."""
        if Path(path).parent != self._folder:
            self.runs.remove(path)
            self._settings.change(recent=tuple(other for other in self._settings.current.recent if other != path))

    def remove(self, path: str) -> None:
        """Take a trace out of the list: one of ours goes to the trash, any other file stays where it is."""
        facts = self.runs.facts(path)
        if facts is None or facts.status == "running":
            return
        self._open_runs.forget(path)
        lies_at: Path | None = None
        if Path(path).parent == self._folder and Path(path).exists():
            try:
                lies_at = self._trash.put(Path(path))
            except UserError as error:
                self.failed.emit(str(error))
                return
        self.runs.remove(path)
        self._settings.change(recent=tuple(other for other in self._settings.current.recent if other != path))
        self._removed.append((lies_at, path))
        self.removed.emit(path)

    def restore(self) -> str | None:
        """Bring back what was removed last; returns its path."""
        if not self._removed:
            return None
        lies_at, path = self._removed.pop()
        try:
            if lies_at is not None:
                self._trash.restore(lies_at, Path(path))
        except UserError as error:
            self.failed.emit(str(error))
            return None
        self._settings.remember_recent(Path(path))
        self.add(Path(path))
        return path

    def save(self) -> None:
        """Write the cache."""
        self._cache.save(self.runs.paths)

    def _read(self, facts: RunFacts) -> None:
        if self.runs.facts(facts.path) is not None:
            self._cache.keep(facts)
            self.runs.put(facts)

    def _started(self, live: LiveRun) -> None:
        self.runs.put(live.facts())
        self._live_timer.start()

    def _over(self, live: LiveRun) -> None:
        path = live.run.store.path
        if live.run.last_seq < 0:
            self.runs.remove(str(path))
        else:
            self._opened(live.run)
        if not self._open_runs.live_runs:
            self._live_timer.stop()

    def _opened(self, run: RunModel) -> None:
        """Take from a run that is in memory what would else be read from its file once more."""
        facts = facts_of_file(run.store.path)
        if facts is not None:
            self._reader.is_known(facts_of_store(facts, run.store, status=run.status))

    def _look_at_live(self) -> None:
        for live in self._open_runs.live_runs:
            facts = live.facts()
            known = self.runs.facts(facts.path)
            if known is not None:
                self.runs.put(facts)
