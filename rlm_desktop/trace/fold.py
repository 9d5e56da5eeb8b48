"""Entries -> rows of the columns, with the laws of the trace checked on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.trace import events as ev
from rlm_desktop.trace.codec import Line, TraceFormatError, newer_format
from rlm_desktop.trace.codes import AMOUNTS, EVENT_CODE, LLM, RLM, STATUS_CODE, UNKNOWN_CODE, pico

if TYPE_CHECKING:
    from rlm_desktop.trace.columns import Columns

_Place = tuple[int, int]
_NOWHERE: _Place = (-1, -1)
_MOST_CHARGED = 2**62
"""Picodollars and tokens together: no sum of any of them leaves 64 bits."""


def add_up(call: NDArray[Any], amount: NDArray[np.int64], own: NDArray[np.int64], total: NDArray[np.int64], parent: NDArray[Any]) -> None:
    """Add each `amount` to its call in `own`, and in `total` to its call and all above it. As many passes as the tree is deep."""
    np.add.at(own, call, amount)
    at = call
    while len(at):
        np.add.at(total, at, amount)
        at = parent[at]
        kept = at >= 0
        at, amount = at[kept], amount[kept]


class Fold:
    """One batch on its way into the columns. Single values go straight into the arrays; what is only appended goes through lists,
    which numpy takes faster as a whole. `close` makes the rows visible."""

    def __init__(self, columns: Columns, entries: int) -> None:
        self._columns = columns
        # Single values are read and written through a memoryview in half the time that numpy takes, and come out as Python's own.
        self._calls: dict[str, Any] = {name: array.data for name, array in columns.calls.room(entries).items()}
        self._rows: dict[str, Any] = {name: array.data for name, array in columns.rows.room(entries).items()}
        self._call_count = len(columns.calls)
        self._row_count = len(columns.rows)
        self._seq = len(columns.events)
        self._types: list[int] = []
        self._places: list[_Place] = []
        self._times: list[float] = []
        self._charges: list[tuple[int, ...]] = []

    def take(self, entries: Sequence[Line | ev.Entry]) -> None:
        """Raises TraceFormatError at the first entry that breaks a law of the trace; those before it are taken."""
        add_place, add_type, add_time = self._places.append, self._types.append, self._times.append
        for entry in entries:
            if entry.seq != self._seq:
                raise TraceFormatError(f"Entry {self._seq:,} should follow here, but entry {entry.seq:,} stands in its place.")
            event, t_s = entry.event, entry.t_s
            handler, code = _HANDLERS.get(type(event), _UNKNOWN)
            add_place(handler(self, event, t_s))
            add_type(code)
            add_time(t_s)
            self._seq += 1

    def close(self) -> None:
        columns, count = self._columns, len(self._types)
        columns.calls.grow(self._call_count)
        columns.rows.grow(self._row_count)
        first, end = len(columns.events), len(columns.events) + count
        events = columns.events.room(count)
        if count:
            places = np.array(self._places[:count], np.int32)
            events["type"][first:end] = self._types
            events["call"][first:end], events["iteration"][first:end] = places[:, 0], places[:, 1]
            events["t_s"][first:end] = self._times
        columns.events.grow(end)
        if self._charges:
            self._close_charges()

    def _close_charges(self) -> None:
        columns, table = self._columns, np.array(self._charges, np.int64)
        first, end = len(columns.charges), len(columns.charges) + len(table)
        charges = columns.charges.room(len(table))
        for number, name in enumerate(("seq", "call", "iteration", *AMOUNTS)):
            charges[name][first:end] = table[:, number]
        columns.charges.grow(end)
        calls = columns.calls
        for number, name in enumerate(AMOUNTS, start=3):
            add_up(table[:, 1], table[:, number], calls[f"self_{name}"], calls[f"total_{name}"], calls["parent"])

    # One method an event: check, then write; return the call and iteration it belongs to.

    def _run_started(self, event: ev.RunStarted, _t_s: float) -> _Place:
        if event.format > ev.FORMAT:
            raise TraceFormatError(newer_format(event.format))
        if self._columns.run_started is not None:
            raise TraceFormatError("The run starts a second time.")
        self._columns.run_started = event
        return _NOWHERE

    def _run_ended(self, event: ev.RunEnded, _t_s: float) -> _Place:
        if self._columns.run_ended is not None:
            raise TraceFormatError("The run ends a second time.")
        self._columns.run_ended = event
        return _NOWHERE

    def _text_part(self, event: ev.TextPart, _t_s: float) -> _Place:
        known = self._columns.text_seqs
        if event.part == 0 and event.text_id == len(known):
            known.append(self._seq)
        elif event.part == 0 or event.text_id != len(known) - 1:
            raise TraceFormatError(f"Part {event.part} of text {event.text_id} is out of its order.")
        return _NOWHERE

    def _of_run(self, _event: object, _t_s: float) -> _Place:
        return _NOWHERE

    def _of_call(self, event: Any, _t_s: float) -> _Place:
        if event.call_id is None:
            return _NOWHERE
        self._known(event.call_id, "An entry")
        return event.call_id, -1

    def _in_iteration(self, event: Any, _t_s: float) -> _Place:
        self._known(event.call_id, "An entry")
        return event.call_id, event.iteration

    def _call_started(self, event: ev.CallStarted, t_s: float) -> _Place:
        call, calls = event.call_id, self._calls
        if call != self._call_count:
            raise TraceFormatError(f"Call {self._call_count} should start here, but call {call} does.")
        parent = -1 if event.parent_id is None else event.parent_id
        if parent >= 0:
            if parent >= call or calls["ended_seq"][parent] >= 0:
                raise TraceFormatError(f"Call {call} names call {parent} as its parent, which is not running.")
            if event.depth <= calls["depth"][parent]:
                # So a tree is at most 256 calls deep, and its sums take no more passes than that.
                raise TraceFormatError(f"Call {call} is no deeper than call {parent}, which made it.")
            calls["parent"][call] = parent
            calls["open_children"][parent] += 1
        calls["kind"][call] = RLM if event.kind == "rlm" else LLM
        calls["depth"][call] = event.depth
        calls["model"][call] = self._columns.model_id(event.model)
        calls["started_seq"][call], calls["started_s"][call] = self._seq, t_s
        if event.site is not None:
            site = event.site
            calls["site_iteration"][call], calls["site_block"][call] = site.iteration, site.block
            calls["site_ordinal"][call] = site.ordinal
            if site.line is not None:
                calls["site_line"][call] = site.line
        if event.batch is not None:
            batch = event.batch
            calls["batch"][call], calls["batch_index"][call], calls["batch_size"][call] = batch.batch_id, batch.index, batch.size
        self._call_count += 1
        return call, -1

    def _call_ended(self, event: ev.CallEnded, t_s: float) -> _Place:
        call, calls = event.call_id, self._calls
        self._running(call, "ends")
        if calls["open_children"][call]:
            raise TraceFormatError(f"Call {call} ends before a call it made.")
        calls["ended_seq"][call], calls["ended_s"][call] = self._seq, t_s
        calls["status"][call] = STATUS_CODE[event.status]
        parent = calls["parent"][call]
        if parent >= 0:
            calls["open_children"][parent] -= 1
        return call, -1

    def _model_asked(self, event: ev.ModelAsked, t_s: float) -> _Place:
        call, calls = event.call_id, self._calls
        self._running(call, "asks its model")
        if calls["asked_seq"][call] < 0:
            calls["asked_seq"][call], calls["asked_s"][call] = self._seq, t_s
        if calls["kind"][call] == LLM:
            calls["iterations"][call] = 1
            return call, event.iteration
        last = calls["last_row"][call]
        rows = self._rows
        if last < 0 or rows["iteration"][last] < event.iteration:
            row = self._row_count
            rows["call"][row], rows["iteration"][row], rows["asked_seq"][row] = call, event.iteration, self._seq
            if last < 0:
                calls["first_row"][call] = row
            else:
                rows["next_row"][last] = row
            calls["last_row"][call] = row
            calls["iterations"][call] += 1
            self._row_count += 1
        elif rows["iteration"][last] > event.iteration:
            raise TraceFormatError(f"Call {call} goes back to iteration {event.iteration}.")
        return call, event.iteration

    def _model_replied(self, event: ev.ModelReplied, _t_s: float) -> _Place:
        call = event.call_id
        row = self._asked(call, event.iteration)
        self._charge(event)
        if row >= 0:
            self._rows["replied_seq"][row] = self._seq
        return call, event.iteration

    def _model_failed(self, event: ev.ModelFailed, _t_s: float) -> _Place:
        call = event.call_id
        row = self._asked(call, event.iteration)
        if event.usage is not None or event.cost_usd is not None:
            self._charge(event)
        if row >= 0:
            self._rows["failed_seq"][row] = self._seq
        return call, event.iteration

    def _code_started(self, event: ev.CodeStarted, _t_s: float) -> _Place:
        row = self._row_of(event.call_id, event.iteration, "runs code")
        rows = self._rows
        if rows["code_seq"][row] < 0:
            rows["code_seq"][row] = self._seq
        rows["blocks"][row] += 1
        rows["open_block"][row] = event.block
        return event.call_id, event.iteration

    def _code_ended(self, event: ev.CodeEnded, _t_s: float) -> _Place:
        row = self._row_of(event.call_id, event.iteration, "ends code")
        rows = self._rows
        if rows["open_block"][row] != event.block:
            raise TraceFormatError(f"Block {event.iteration}.{event.block} of call {event.call_id} ends without having started.")
        rows["open_block"][row] = -1
        rows["code_ended_seq"][row] = self._seq
        if event.is_error:
            rows["error_seq"][row] = self._seq
        return event.call_id, event.iteration

    def _charge(self, event: ev.ModelReplied | ev.ModelFailed) -> None:
        usage = event.usage
        tokens = (0, 0, 0, 0) if usage is None else (usage.input_tokens, usage.cached_tokens, usage.output_tokens, int(usage.is_estimate))
        cost, unpriced = (0, 1) if event.cost_usd is None else (pico(event.cost_usd), 0)
        self._columns.charged += cost + sum(tokens)
        if self._columns.charged > _MOST_CHARGED:
            raise TraceFormatError("Up to here it has used more than can be counted.")
        self._charges.append((self._seq, event.call_id, event.iteration, cost, unpriced, *tokens))

    def _known(self, call: int, what: str) -> None:
        if call >= self._call_count:
            raise TraceFormatError(f"{what} names call {call}, which has not started.")

    def _running(self, call: int, does: str) -> None:
        if call >= self._call_count or self._calls["ended_seq"][call] >= 0:
            raise TraceFormatError(f"Call {call} {does}, but it is not running.")

    def _asked(self, call: int, iteration: int) -> int:
        """Return the row of an iteration that was asked, -1 for a plain call."""
        self._known(call, "A reply")
        if self._calls["kind"][call] == LLM:
            if self._calls["asked_seq"][call] < 0:
                raise TraceFormatError(f"Call {call} has a reply, but its model was not asked.")
            return -1
        return self._row_of(call, iteration, "has a reply")

    def _row_of(self, call: int, iteration: int, does: str) -> int:
        self._known(call, "An entry")
        row: int = self._calls["last_row"][call]
        if row < 0 or self._rows["iteration"][row] != iteration:
            raise TraceFormatError(f"Call {call} {does} in iteration {iteration}, in which its model was not asked.")
        return row


_HANDLER_OF: dict[type, Callable[[Fold, Any, float], _Place]] = {
    ev.RunStarted: Fold._run_started,
    ev.RunEnded: Fold._run_ended,
    ev.TextPart: Fold._text_part,
    ev.CallStarted: Fold._call_started,
    ev.CallEnded: Fold._call_ended,
    ev.ModelAsked: Fold._model_asked,
    ev.ModelReplied: Fold._model_replied,
    ev.ModelFailed: Fold._model_failed,
    ev.CodeStarted: Fold._code_started,
    ev.CodeEnded: Fold._code_ended,
    **dict.fromkeys((ev.AnswerSet, ev.CodeEdited, ev.HistoryCompacted), Fold._in_iteration),
    **dict.fromkeys((ev.SandboxStarted, ev.SandboxLost, ev.CancelAsked, ev.InterruptAsked, ev.Noticed), Fold._of_call),
    **dict.fromkeys((ev.DocumentRead, ev.DocumentRefused, ev.Paused, ev.Resumed, ev.LimitsChanged), Fold._of_run),
}
_HANDLERS = {cls: (handler, EVENT_CODE[cls]) for cls, handler in _HANDLER_OF.items()}
_UNKNOWN = (Fold._of_run, UNKNOWN_CODE)
