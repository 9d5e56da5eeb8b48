"""A run as a small tree of text: calls with their iterations' code, and the calls that the code made, as they stand at the last entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rlm_desktop.present import numbers
from rlm_desktop.present.cells import cut
from rlm_desktop.present.plain import plain
from rlm_desktop.trace.codes import LLM, RUNNING, STATUS_CODE, usd
from rlm_desktop.trace.columns import Columns

CodeLine = Callable[[int], str]
"""Entry of a `CodeStarted` -> the first line of its code."""

_ITERATIONS_SHOWN: Final = 8
_OPEN_AT_ONCE: Final = 3
"""So many children with a REPL are shown each with what it does; of more, those that run."""
_DEEPEST: Final = 12
OK, FAILED, CANCELLED, GOES_ON = "✓", "✗", "–", "…"
_MARKS: Final = {RUNNING: GOES_ON, STATUS_CODE["ok"]: OK, STATUS_CODE["cancelled"]: CANCELLED}


def call_tree(columns: Columns, code_line: CodeLine, *, width: int, height: int) -> list[str]:
    """Return at most `height` lines of at most `width` cells. Of more lines the first are left out: what happens now stands last."""
    tree = _Tree(columns, code_line)
    lines = [line for root in np.flatnonzero(columns.calls["parent"] < 0) for line in tree.call(int(root), "", "", 0)]
    if len(lines) > height:
        left_out = len(lines) - height + 1
        lines = [*lines[:1], f"  … {left_out:,} lines more", *lines[left_out + 1 :]][-height:] if height > 2 else lines[-height:]
    return [cut(line, width) for line in lines]


def figures(columns: Columns) -> str:
    """Return what the run has come to, in one line: `38 calls · 12.1 k tokens · $0 · 4.2 s`."""
    calls = columns.calls
    count = len(calls)
    used = int(calls["self_input_tokens"].sum() + calls["self_output_tokens"].sum())
    total = numbers.Cost(usd(int(calls["self_cost_pico"].sum())), int((calls["self_unpriced"] > 0).sum()))
    elapsed = float(columns.events["t_s"][-1]) if len(columns) else 0.0
    tokens = numbers.tokens(used, is_estimate=bool(calls["self_estimated"].any()))
    parts = (f"{count:,} {'call' if count == 1 else 'calls'}", f"{tokens} tokens", numbers.cost_sum(total), numbers.duration(elapsed))
    # A narrow space is none to many terminals.
    return " · ".join(parts).replace(numbers.NARROW, " ")


class _Tree:
    def __init__(self, columns: Columns, code_line: CodeLine) -> None:
        self._columns, self._calls, self._code_line = columns, columns.calls, code_line
        self._is_over = columns.run_ended is not None

    def call(self, call: int, before: str, below: str, depth: int) -> Iterator[str]:
        """Yield a call and all that is shown of it; `before` stands before its own line, `below` before the others."""
        name = "root" if self._calls["parent"][call] < 0 else f"rlm_query #{call}"
        yield f"{before}{self._mark(int(self._calls['status'][call]))} {name}"
        rows = self._columns.rows_of(call)
        hidden = len(rows) - _ITERATIONS_SHOWN
        if hidden > 0:
            yield f"{below}├ … {hidden:,} iterations before"
        made = np.flatnonzero(self._calls["parent"] == call)
        for row in rows[-_ITERATIONS_SHOWN:]:
            is_last = row == rows[-1]
            yield f"{below}{'└' if is_last else '├'} {self._iteration(row, call)}"
            within = made[self._calls["site_iteration"][made] == self._columns.rows["iteration"][row]]
            yield from self._made(within, below + ("  " if is_last else "│ "), depth)

    def _iteration(self, row: int, call: int) -> str:
        rows = self._columns.rows
        number, code = int(rows["iteration"][row]) + 1, int(rows["code_seq"][row])
        if code >= 0:
            mark = GOES_ON if rows["open_block"][row] >= 0 else FAILED if rows["error_seq"][row] >= 0 else OK
            words = plain(self._code_line(code), keeps_lines=False)
        elif rows["replied_seq"][row] >= 0:
            mark, words = OK, "a reply without code"
        else:
            mark, words = GOES_ON, "the model writes"
        if mark == GOES_ON and self._calls["status"][call] != RUNNING:
            mark = CANCELLED
        return f"{mark} {number}  {words}"

    def _made(self, made: NDArray[Any], below: str, depth: int) -> Iterator[str]:
        groups = list(self._groups(made))
        for group in groups:
            is_last = group is groups[-1]
            before, under = below + ("└ " if is_last else "├ "), below + ("  " if is_last else "│ ")
            if self._calls["kind"][group[0]] == LLM or depth >= _DEEPEST:
                yield before + self._fan(group)
            elif len(group) == 1:
                yield from self.call(int(group[0]), before, under, depth + 1)
            else:
                yield before + self._fan(group)
                open_ = group if len(group) <= _OPEN_AT_ONCE else group[self._calls["status"][group] == RUNNING][:_OPEN_AT_ONCE]
                for child in open_:
                    is_end = child == open_[-1]
                    child_before, child_under = under + ("└ " if is_end else "├ "), under + ("  " if is_end else "│ ")
                    yield from self.call(int(child), child_before, child_under, depth + 1)

    def _groups(self, made: NDArray[Any]) -> Iterator[NDArray[Any]]:
        """Yield the calls of a batch together, and those alone of one kind together unless they have a REPL each."""
        kinds, batches = self._calls["kind"][made], self._calls["batch"][made]
        alone_with_repl = (batches < 0) & (kinds != LLM)
        keys = np.where(batches >= 0, batches, np.where(alone_with_repl, -2 - made, -1))
        _, first = np.unique(keys, return_index=True)
        for at in np.sort(first):
            yield made[keys == keys[at]]

    def _fan(self, group: NDArray[Any]) -> str:
        name = "llm_query" if self._calls["kind"][group[0]] == LLM else "rlm_query"
        status = self._calls["status"][group]
        expected = max(len(group), int(self._calls["batch_size"][group[0]]))
        if expected == 1:
            return f"{self._mark(int(status[0]))} {name}"
        ok, cancelled = int((status == STATUS_CODE["ok"]).sum()), int((status == STATUS_CODE["cancelled"]).sum())
        failed = int(((status == STATUS_CODE["error"]) | (status == STATUS_CODE["limit"])).sum())
        open_ = 0 if self._is_over else expected - ok - failed - cancelled
        counted = ((OK, ok), (FAILED, failed), (CANCELLED, cancelled), (GOES_ON, open_))
        return f"×{expected:,} {name}  " + " ".join(f"{mark} {count:,}" for mark, count in counted if count)

    def _mark(self, status: int) -> str:
        if status == RUNNING and self._is_over:
            return CANCELLED
        return _MARKS.get(status, FAILED)
