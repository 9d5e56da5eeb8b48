"""What a person works with: documents, question, models and runs; and what each of their acts does to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import structs
from PySide6.QtCore import QObject, Signal

from rlm_desktop.errors import UserError
from rlm_desktop.gui.documents.document import Document
from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.documents.reading import DocumentReading
from rlm_desktop.gui.draft import Draft
from rlm_desktop.gui.look.notice import Notice, Offer
from rlm_desktop.gui.models.model_list import BUILTIN_ID, ModelList
from rlm_desktop.gui.read_process import ReadProcess
from rlm_desktop.gui.replay import Replay
from rlm_desktop.gui.run_confinement import RunConfinement
from rlm_desktop.gui.run_model import CurrentRun
from rlm_desktop.gui.runs.live_run import LiveRun
from rlm_desktop.gui.runs.open_runs import OpenRuns
from rlm_desktop.gui.runs.recent_runs import RecentRuns
from rlm_desktop.gui.runs.trace_files import is_trace, new_trace_path, save_copy
from rlm_desktop.gui.sample import load_sample
from rlm_desktop.gui.samples import OnDisk, Samples
from rlm_desktop.gui.selection import Chosen, Selection
from rlm_desktop.gui.settings import SettingsFile
from rlm_desktop.redact import LIVE, SHOWN
from rlm_desktop.trace.request import RunRequest

UNDO = "undo"
MODELS = "models"
TAKE_KEY_OUT = "take_key_out"
RUN_WITH_KEY = "run_with_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where traces are kept, what may be lost is kept, and the texts of documents lie."""

    runs: Path
    cache: Path
    texts: Path


class Desk(QObject):
    """`told` carries a `Notice` for the person. `abandoned`: the window goes, and with it every process."""

    told = Signal(object)
    abandoned = Signal()

    def __init__(
        self,
        settings: SettingsFile,
        folders: Folders,
        parent: QObject | None = None,
        *,
        make_live: Callable[[RunRequest, QObject], LiveRun] = LiveRun,
        make_reader: Callable[[], ReadProcess] = ReadProcess,
    ) -> None:
        super().__init__(parent)
        self.settings, self.folders = settings, folders
        self.current_run = CurrentRun(self)
        self.selection = Selection(self)
        self.replay = Replay(self.current_run, self)
        self.documents = DocumentList(self)
        self.reading = DocumentReading(self.documents, self, make_process=make_reader)
        self.models = ModelList(settings, self)
        self.draft = Draft(self.documents, self.models, settings, self)
        self.open_runs = OpenRuns(self.current_run, settings, self, make_live=make_live)
        self.confinement = RunConfinement(self.current_run, self.open_runs, self)
        self.samples = Samples(folders.cache, self)
        self.recent = RecentRuns(folders.runs, folders.cache, self.open_runs, settings, self)
        self._undoable: list[Literal["documents", "run"]] = []
        self._runs_when_read = False
        self.current_run.changed.connect(self._run_changed)
        self.documents.documents_removed.connect(self._documents_removed)
        self.reading.idle.connect(self._all_read)
        self.reading.told.connect(lambda sentence: self.told.emit(Notice(status="limit", title=self.tr("Documents"), sentence=sentence)))
        self.open_runs.load_failed.connect(self._load_failed)
        self.open_runs.run_over.connect(self._run_over)
        self.open_runs.told.connect(lambda sentence: self.told.emit(Notice(status="limit", title=self.tr("The engine"), sentence=sentence)))
        self.recent.failed.connect(lambda sentence: self.told.emit(Notice(status="error", title=self.tr("Runs"), sentence=sentence)))
        self.recent.removed.connect(self._run_removed)
        self.samples.ready.connect(self._take_sample)
        self.samples.failed.connect(lambda sentence: self.told.emit(Notice(status="error", title=self.tr("No sample"), sentence=sentence)))
        settings.failed.connect(lambda sentence: self.told.emit(Notice(status="limit", title=self.tr("Settings"), sentence=sentence)))

    def take(self, paths: Iterable[Path]) -> list[Document]:
        """Take what was dropped or chosen: a trace is opened (the last of several is shown), anything else becomes a document."""
        documents: list[Path] = []
        traces: list[Path] = []
        for path in paths:
            (traces if path.is_file() and is_trace(path) else documents).append(path.absolute())
        if traces:
            # First, so that nothing else reads the same file beside.
            self.open_runs.show(traces[-1])
        for trace in traces:
            self.recent.add(trace)
        if documents:
            # A sample that is still being written would take their place.
            self.samples.forget()
        return self.documents.add_paths(documents)

    def paste(self, text: str) -> None:
        """Make a document of a text."""
        if text.strip():
            self.samples.forget()
            self.documents.add_text(text, self.tr("Pasted text"))
        else:
            self.told.emit(
                Notice(status="limit", title=self.tr("Nothing to paste"), sentence=self.tr("The clipboard holds no text. Copy some first."))
            )

    def run(self, *, is_key_meant: bool = False) -> None:
        """Start the draft, or say what it lacks. A key in the question is asked about first, unless it is meant to be there."""
        missing = self.draft.missing()
        if missing:
            self.told.emit(Notice(status="limit", title=self.tr("Not ready to run"), sentence=missing))
            return
        if not is_key_meant and LIVE.holds_key(self.draft.question):
            self.told.emit(self._key_in_question())
            return
        self.documents.keep_all()
        self.open_runs.start(self.draft.request(self._new_trace(self.draft.question)))

    def run_unconfined(self, refused: LiveRun) -> None:
        """Start a run that was refused once more, unconfined: this one alone, as the person has just said by name."""
        trace = self._new_trace(refused.request.question)
        self.open_runs.start(structs.replace(refused.request, trace=str(trace), run_id=None, confinement="unconfined"))

    def take_key_out(self) -> None:
        """Leave the question without the key, for the person to look at."""
        self.draft.set_question(" ".join(LIVE(self.draft.question).replace(SHOWN, " ").split()))

    def run_sample(self) -> None:
        """Fill in the sample's documents and question and run them, on the built-in model, as soon as they are read."""
        try:
            sample = load_sample()
        except UserError as error:
            self.told.emit(Notice(status="error", title=self.tr("No sample"), sentence=str(error)))
            return
        self.samples.forget()
        self.documents.clear()
        self.draft.set_root_model(BUILTIN_ID)
        self.draft.set_sub_model("")
        self.draft.set_question(sample.question)
        self._runs_when_read = True
        self.documents.add_paths(sample.paths())

    def stop(self) -> None:
        live = self.open_runs.shown_live
        if live is not None:
            live.stop()
            self.open_runs.live_changed.emit()

    def pause(self) -> None:
        live = self.open_runs.shown_live
        if live is not None:
            live.pause()

    def resume(self) -> None:
        live = self.open_runs.shown_live
        if live is not None:
            live.resume()

    def cancel(self, call_id: int) -> None:
        """Stop one call of the run that is shown, and all below it."""
        live = self.open_runs.shown_live
        if live is not None:
            live.cancel(call_id)

    def interrupt(self, call_id: int) -> None:
        """End the block of code that one call of the run that is shown runs; the call goes on."""
        live = self.open_runs.shown_live
        if live is not None:
            live.interrupt(call_id)

    def save_copy(self, target: Path) -> None:
        """Copy the trace that is shown."""
        run = self.current_run.run
        if run is None:
            return
        try:
            save_copy(run.store.path, target)
        except UserError as error:
            self.told.emit(Notice(status="error", title=self.tr("The copy was not saved"), sentence=str(error)))
            return
        self.told.emit(Notice(status="ok", title=self.tr("A copy was saved"), sentence=str(target)))

    def save_text(self, text: str, target: Path) -> None:
        """Write a text, such as the answer, to a file of its own."""
        try:
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            why = self.tr("{0} cannot be written: {1}.").format(target, error.strerror)
            self.told.emit(Notice(status="error", title=self.tr("The answer was not saved"), sentence=why))
            return
        self.told.emit(Notice(status="ok", title=self.tr("The answer was saved"), sentence=str(target)))

    def _new_trace(self, question: str) -> Path:
        taken = [str(live.run.store.path) for live in self.open_runs.live_runs]
        return new_trace_path(self.folders.runs, question, datetime.now().astimezone(), taken=taken)

    @property
    def can_undo(self) -> bool:
        return bool(self._undoable)

    def undo(self) -> None:
        """Bring back what was removed last: documents or a run."""
        if not self._undoable:
            return
        if self._undoable.pop() == "documents":
            self.documents.undo()
            return
        path = self.recent.restore()
        if path is not None:
            self.open_runs.show(Path(path))

    def abandon(self) -> None:
        """End every process at once and write what is to be remembered: the window goes."""
        self.open_runs.remember_cursor()
        self.reading.abandon()
        self.samples.abandon()
        self.open_runs.abandon()
        self.abandoned.emit()
        self.recent.save()
        self.settings.save()

    def _key_in_question(self) -> Notice:
        hosts = self.tr(" and ").join(dict.fromkeys(host for host in self.draft.hosts if host))
        goes = self.tr("With the question it would go to {0}.").format(hosts) + " " if hosts else ""
        sentence = goes + self.tr("Keys belong on the models page. Nothing has been started or stored.")
        offers = (Offer(key=TAKE_KEY_OUT, words=self.tr("Take it out")), Offer(key=RUN_WITH_KEY, words=self.tr("Run with it")))
        return Notice(status="limit", title=self.tr("The question holds what looks like a key"), sentence=sentence, offers=offers)

    def _run_changed(self) -> None:
        self.selection.choose(Chosen())
        run = self.current_run.run
        self.documents.show_those_of_run(run.store.documents() if run is not None else ())

    def _documents_removed(self, gone: Sequence[Document]) -> None:
        if self._undoable.count("documents") < self.documents.undo_count:
            self._undoable.append("documents")
            name = gone[0].name if len(gone) == 1 else self.tr("{0} documents").format(len(gone))
            offer = Offer(key=UNDO, words=self.tr("Undo"))
            self.told.emit(Notice(status="cancelled", title=self.tr("{0} removed").format(name), offers=(offer,)))

    def _run_removed(self, path: str) -> None:
        self._undoable.append("run")
        offer = Offer(key=UNDO, words=self.tr("Undo"))
        sentence = (
            self.tr("It is kept for 30 days.") if Path(path).parent == self.folders.runs else self.tr("The file itself stays where it is.")
        )
        title = self.tr("{0} removed from the list").format(Path(path).name)
        self.told.emit(Notice(status="cancelled", title=title, sentence=sentence, offers=(offer,)))

    def _all_read(self) -> None:
        if self._runs_when_read:
            self._runs_when_read = False
            self.run()

    def _take_sample(self, sample: OnDisk) -> None:
        """Put a further sample in place; the person runs it, with the model that they want."""
        self._runs_when_read = False
        self.documents.clear()
        self.draft.set_question(sample.question)
        self.documents.add_paths([sample.documents])
        needs = sample.listed.needs_language_model
        model = self.tr("It needs a language model.") if needs else self.tr("The built-in model answers it.")
        sentence = self.tr("{0} Its true answer, which no run gets, lies in {1}.").format(model, sample.answer)
        offers = (Offer(key=MODELS, words=self.tr("Models")),) if needs and self.draft.root_model == BUILTIN_ID else ()
        self.told.emit(Notice(status="ok", title=sample.listed.title, sentence=sentence, offers=offers))

    def _load_failed(self, path: str, problem: str) -> None:
        self.recent.disown(path)
        self.told.emit(Notice(status="error", title=self.tr("{0} was not opened").format(Path(path).name), sentence=problem))

    def _run_over(self, live: LiveRun) -> None:
        if live.run.last_seq < 0:
            why = live.complaint or self.tr("The engine ended before it wrote anything.")
            offer = Offer(key=MODELS, words=self.tr("Models"))
            self.told.emit(Notice(status="error", title=self.tr("The run could not start"), sentence=why, offers=(offer,)))
