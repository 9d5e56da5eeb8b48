"""What the pages of the inspector hold for a subject: gathered from the run as of the cursor, a page at a time."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject

from rlm_desktop.gui.inspector.code_page import Block, Ran
from rlm_desktop.gui.inspector.subject import Subject
from rlm_desktop.gui.long_texts import LongTexts
from rlm_desktop.gui.run_model import RunModel
from rlm_desktop.present import numbers
from rlm_desktop.present.call_log import CallLog
from rlm_desktop.present.exchange import reply_passages, request_passages
from rlm_desktop.present.first_lines import FirstLines
from rlm_desktop.present.inspected import Inspected, inspect_call, inspect_fan, inspect_iteration, inspect_run
from rlm_desktop.present.now import Now
from rlm_desktop.present.output import call_end_passages, output_passages
from rlm_desktop.present.passages import Passage
from rlm_desktop.present.run_passages import run_passages
from rlm_desktop.present.site_calls import site_calls
from rlm_desktop.present.variables import Variables, variables_as_of
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.commands import TextStreamed
from rlm_desktop.trace.events import CodeEdited, CodeStarted, Limits, ModelFailed, ModelReplied, TextPart


class Contents(QObject):
    """One run. Logs of calls that were looked at stay; texts come from `texts`, whole or as far as they are read."""

    def __init__(self, run: RunModel, parent: QObject) -> None:
        super().__init__(parent)
        self.run = run
        self.texts = LongTexts(run.store, self)
        self.lines = FirstLines(run.store)
        self._logs: dict[int, CallLog] = {}
        self._streamed: dict[tuple[int, int], list[str]] = {}
        self._output: list[Passage] = []
        self._output_of: tuple[object, ...] = ()
        self._now: Now | None = None
        self._now_of: tuple[object, bool] | None = None

    def now(self) -> Now:
        """Return the columns as of the cursor; the same object until the cursor or the trace moves."""
        as_of = self.run.as_of()
        key = (as_of, self.run.status == "running")
        if self._now is None or self._now_of is None or self._now_of[0] is not as_of or self._now_of[1] != key[1]:
            self._now, self._now_of = Now(self.run.columns, as_of, is_over=not key[1]), key
        return self._now

    def stream(self, piece: TextStreamed) -> None:
        """Take a piece of a reply that is being sent."""
        self._streamed.setdefault((piece.call_id, piece.iteration), []).append(piece.text)

    def inspected(self, subject: Subject) -> Inspected | None:
        now = self.now()
        if subject.kind == "fan":
            return inspect_fan(now, subject.call)
        if subject.kind == "iteration":
            return inspect_iteration(now, subject.call, subject.iteration)
        if subject.kind == "call" and subject.iteration >= 0:
            facts = inspect_call(now, subject.call)
            return replace(facts, place=_tr("iteration {1} below · {0}").format(facts.place, subject.iteration + 1))
        if subject.kind in ("call", "plain"):
            return inspect_call(now, subject.call)
        return inspect_run(now) if now.columns.run_started is not None else None

    def request(self, subject: Subject) -> list[Passage]:
        """Return the messages, and below them what came back."""
        found = request_passages(self._log(subject.call), subject.iteration, self.run.cursor, self.texts.read, self._limits)
        return [*found, *self.reply(subject)]

    def reply(self, subject: Subject) -> list[Passage]:
        streamed = self._streamed_of(subject)
        return reply_passages(self._log(subject.call), subject.iteration, self.run.cursor, self.texts.read, streamed=streamed)

    def plain_reply(self, subject: Subject) -> list[Passage]:
        """Return the attempts of a plain call, and how it ended where that says more."""
        found = self.reply(subject)
        ends = call_end_passages(self._log(subject.call), self.run.cursor, self.texts.read)
        said = {passage.text for passage in found}
        return [*found, *(end for end in ends if end.text not in said)]

    def output(self, subject: Subject) -> list[Passage]:
        now = self.now()
        following = now.row_of(subject.call, subject.iteration + 1)
        is_last = following < 0 or not now.happened(int(now.columns.rows["asked_seq"][following]))
        log = self._log(subject.call)
        # Of an output of 100 MB each look would make a copy.
        key = (subject.call, subject.iteration, len(log.seqs(self.run.cursor)), is_last, self.texts.version)
        if key != self._output_of:
            self._output = output_passages(log, subject.iteration, self.run.cursor, self.texts.read, self._limits, is_last=is_last)
            self._output_of = key
        return self._output

    def ran(self, subject: Subject) -> Ran:
        """Return what the tab Code shows."""
        blocks = self._blocks(subject)
        variables = self.variables(subject)
        return Ran(
            reply=() if blocks else self.reply(subject),
            blocks=blocks,
            output=self.output(subject),
            is_more_ahead=self._is_output_ahead(subject),
            variables=variables,
            vars_note=self.vars_note(subject, variables),
        )

    def variables(self, subject: Subject) -> Variables:
        return variables_as_of(self._log(subject.call), subject.iteration, self.run.cursor)

    def vars_note(self, subject: Subject, variables: Variables) -> str:
        if variables.iteration is None:
            return ""
        if variables.iteration != subject.iteration:
            return _tr("as of iteration {0}, none changed since").format(variables.iteration + 1)
        return _tr("{0} changed by this iteration").format(numbers.count(len(variables.changed)))

    def raw_seqs(self, subject: Subject) -> list[int]:
        """Return the entries of the subject up to the cursor."""
        cursor = self.run.cursor
        if subject.kind == "run":
            events = self.run.columns.events
            is_own = (events["call"][: cursor + 1] < 0) & (events["type"][: cursor + 1] != EVENT_CODE[TextPart])
            found: list[int] = is_own.nonzero()[0].tolist()
            return found
        iteration = subject.iteration if subject.kind == "iteration" else None
        return self._log(subject.call).seqs(cursor, iteration=iteration)

    def run_passages(self) -> list[Passage]:
        return run_passages(self.run.store, self.run.cursor, self.texts.read)

    def _log(self, call: int) -> CallLog:
        if call not in self._logs:
            self._logs[call] = CallLog(self.run.store, call)
        return self._logs[call]

    @property
    def _limits(self) -> Limits:
        started = self.run.columns.run_started
        return started.limits if started is not None else Limits()

    def _blocks(self, subject: Subject) -> list[Block]:
        codes: dict[int, str] = {}
        for logged in self._log(subject.call).of_iteration(subject.iteration, self.run.cursor):
            if isinstance(logged.event, (CodeStarted, CodeEdited)):
                codes[logged.event.block] = self.texts.read(logged.event.code)
        now = self.now()
        return [
            Block(
                code=code,
                calls=tuple(site_calls(now, subject.call, subject.iteration, block)),
                title=_tr("Block {0}").format(block + 1) if len(codes) > 1 else "",
            )
            for block, code in codes.items()
        ]

    def _is_output_ahead(self, subject: Subject) -> bool:
        """Say whether output is recorded that the cursor has not reached."""
        now = self.now()
        row = now.row_of(subject.call, subject.iteration)
        ended = int(now.columns.rows["code_ended_seq"][row]) if row >= 0 else -1
        return ended > now.seq

    def _streamed_of(self, subject: Subject) -> str:
        key = (subject.call, subject.iteration)
        if key not in self._streamed or self.run.cursor < self.run.last_seq:
            return ""
        last = self.now().columns.events["type"]
        seqs = self._log(subject.call).seqs(self.run.cursor, iteration=subject.iteration)
        over = (EVENT_CODE[ModelReplied], EVENT_CODE[ModelFailed])
        if seqs and last[seqs[-1]] in over:
            # What a failed attempt sent is void, and a reply stands in the trace.
            del self._streamed[key]
            return ""
        return "".join(self._streamed[key])


def _tr(words: str) -> str:
    return QCoreApplication.translate("Inspector", words)
