"""The first line of a text of the trace, read from the file when it is to be seen, and made safe to draw on one line."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from rlm_desktop.errors import UserError
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.invisible import written_out
from rlm_desktop.trace.store import TraceStore

LONGEST_CHARS: Final = 160
REMEMBERED: Final = 20_000
UNREADABLE: Final = "cannot be read from the trace any more"

_LINE_ENDS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\u00a0]+")


def one_line(text: str) -> str:
    """Return the first line of `text` that holds something, cut, with what cannot be seen written out."""
    start = 0
    while start < len(text):
        end = _LINE_ENDS.search(text, start)
        stop = end.start() if end else len(text)
        line = _SPACES.sub(" ", text[start : min(stop, start + 4 * LONGEST_CHARS)]).strip()
        if line:
            return written_out(line[:LONGEST_CHARS], keeps_lines=False)
        start = stop + 1
    return ""


def last_line(text: str) -> str:
    """Return the last line that holds something: of a traceback, what went wrong."""
    lines = _LINE_ENDS.split(text[-4_096:].rstrip())
    return one_line(lines[-1]) if lines else ""


class FirstLines:
    """Lines by the entry that holds them. What is read once is remembered, the oldest forgotten first."""

    def __init__(self, store: TraceStore) -> None:
        self._store = store
        self._known: OrderedDict[tuple[str, int], str] = OrderedDict()

    def prompt(self, call_id: int) -> str:
        return self._line("prompt", int(self._store.columns.calls["started_seq"][call_id]), self._prompt)

    def error(self, call_id: int) -> str:
        """Return why a call ended as it did, empty when it has not or says nothing."""
        return self._line("error", int(self._store.columns.calls["ended_seq"][call_id]), self._error)

    def answer(self, call_id: int) -> str:
        return self._line("answer", int(self._store.columns.calls["ended_seq"][call_id]), self._answer)

    def code(self, seq: int) -> str:
        return self._line("code", seq, self._code)

    def response(self, seq: int) -> str:
        return self._line("response", seq, self._response)

    def failure(self, seq: int) -> str:
        """Return why a request failed."""
        return self._line("failure", seq, self._failure)

    def output(self, seq: int) -> str:
        """Return what a block printed first; of one that failed, what went wrong."""
        return self._line("output", seq, self._output)

    def _line(self, what: str, seq: int, read: Callable[[object], str]) -> str:
        if seq < 0:
            return ""
        key = (what, seq)
        line = self._known.get(key)
        if line is None:
            try:
                line = read(self._store.entry(seq).event)
            except UserError:
                # The file was cut off, changed or removed under us; the figures, which are in memory, still stand.
                line = UNREADABLE
            self._known[key] = line
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return line

    def _start(self, text: ev.Text | None) -> str:
        """Return the beginning of a text: of a long one its first part only."""
        if text is None or isinstance(text, str):
            return text or ""
        known = self._store.columns.text_seqs
        if text.text_id >= len(known):
            return UNREADABLE
        part = self._store.entry(known[text.text_id]).event
        return part.text if isinstance(part, ev.TextPart) else ""

    def _end(self, text: ev.Text) -> str:
        return text if isinstance(text, str) else self._store.text(text)

    def _prompt(self, event: object) -> str:
        return one_line(self._start(event.prompt)) if isinstance(event, ev.CallStarted) else ""

    def _error(self, event: object) -> str:
        return one_line(event.error or "") if isinstance(event, ev.CallEnded) else ""

    def _answer(self, event: object) -> str:
        return one_line(self._start(event.answer)) if isinstance(event, ev.CallEnded) else ""

    def _code(self, event: object) -> str:
        return one_line(self._start(event.code)) if isinstance(event, ev.CodeStarted) else ""

    def _response(self, event: object) -> str:
        return one_line(self._start(event.response)) if isinstance(event, ev.ModelReplied) else ""

    def _failure(self, event: object) -> str:
        return one_line(event.error) if isinstance(event, ev.ModelFailed) else ""

    def _output(self, event: object) -> str:
        if not isinstance(event, ev.CodeEnded):
            return ""
        if event.is_error:
            return last_line(self._end(event.stderr)) or one_line(self._start(event.stdout))
        return one_line(self._start(event.stdout)) or one_line(self._start(event.stderr))
