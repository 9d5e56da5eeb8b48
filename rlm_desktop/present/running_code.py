"""Whether a call runs a block of code at the end of what is known of it, which a person may end: the call goes on."""

from __future__ import annotations

from typing import Literal

from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.columns import Columns
from rlm_desktop.trace.events import InterruptAsked

RunningCode = Literal["none", "runs", "asked"]


def running_code(columns: Columns, call: int) -> RunningCode:
    """Return `asked` where a person has asked to end the block that runs; it may take 2 s more."""
    at, rows = columns.rows_of(call)[-1:], columns.rows
    if not at or columns.calls["ended_seq"][call] >= 0 or rows["open_block"][at[0]] < 0:
        return "none"
    asked = columns.seqs_of_type(EVENT_CODE[InterruptAsked])
    asked = asked[columns.events["call"][asked] == call]
    # Of several blocks of an iteration each starts after the one before has ended.
    return "asked" if len(asked) and asked[-1] > max(rows["code_seq"][at[0]], rows["code_ended_seq"][at[0]]) else "runs"
