"""How the run that is shown is confined, found in its trace as it grows: status line, title and evidence page share it."""

from __future__ import annotations

from msgspec import structs
from PySide6.QtCore import QObject, Signal

from rlm_desktop.errors import UserError
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.runs.open_runs import OpenRuns
from rlm_desktop.present.confined_run import confinement_of
from rlm_desktop.present.confinement import REQUIRED, Confinement, confinement, with_tries
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.events import SandboxStarted

_STARTED = EVENT_CODE[SandboxStarted]


class RunConfinement(QObject):
    """`changed` comes when `look` finds something else than before."""

    changed = Signal()

    def __init__(self, current_run: CurrentRun, open_runs: OpenRuns, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current_run, self._open_runs = current_run, open_runs
        self.now = confinement(None, None, is_live=True)
        """As `look` found it last."""
        self._run: RunModel | None = None
        self._seen = 0
        self._found: Confinement | None = None
        self._was_live = False
        self._sandboxes: list[SandboxStarted] = []
        current_run.changed.connect(self.look)

    def look(self) -> Confinement:
        """Find how the run stands now."""
        run = self._current_run.run
        if run is not self._run:
            self._run, self._seen, self._found, self._sandboxes = run, 0, None, []
        found = confinement(None, None, is_live=True) if run is None else self._of(run)
        if found != self.now:
            self.now = found
            self.changed.emit()
        return self.now

    def sandboxes(self) -> list[SandboxStarted]:
        """Return every sandbox of the run that is shown, each with its tries; those that are new are read from its trace."""
        run = self._run
        if run is None:
            return []
        try:
            new = run.store.sandboxes(start=len(self._sandboxes))
        except UserError:
            # The file is gone; what was read of it holds.
            return self._sandboxes
        for sandbox in new:
            claims = with_tries(sandbox.claims, self._sandboxes[-1].claims if self._sandboxes else ())
            self._sandboxes.append(structs.replace(sandbox, claims=claims))
        return self._sandboxes

    def _of(self, run: RunModel) -> Confinement:
        if run.columns.run_started is None:
            live = self._open_runs.started_here(str(run.store.path))
            is_lowered = live is not None and live.request.confinement == "unconfined"
            return Confinement(standing="open", missing=REQUIRED) if is_lowered else confinement(None, None, is_live=True)
        new = run.columns.events["type"][self._seen :]
        is_same = self._found is not None and self._found.standing != "refused" and not bool((new == _STARTED).any())
        self._seen += len(new)
        if not is_same or run.is_live != self._was_live or self._found is None:
            self._was_live = run.is_live
            try:
                self._found = confinement_of(run.store, is_live=run.is_live)
            except UserError:
                # The file is gone; what was known of it holds.
                self._found = self._found or confinement(run.columns.run_started, None, is_live=run.is_live)
        return self._found
