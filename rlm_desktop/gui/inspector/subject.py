"""Which thing the inspector shows: what is chosen, as far as the cursor has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rlm_desktop.gui.selection import Chosen
from rlm_desktop.present.now import Now

Kind = Literal["run", "call", "iteration", "plain", "fan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`call` is the call, of a fan its first one. `iteration` is the one whose code is shown: that chosen, else the last one begun."""

    kind: Kind
    call: int = -1
    iteration: int = -1


def subject_of(chosen: Chosen, now: Now) -> Subject:
    """Return what to show; a call that the trace does not hold is none."""
    count = len(now.columns.calls)
    if chosen.fan is not None and chosen.fan < count:
        return Subject(kind="fan", call=chosen.fan)
    call = chosen.call_id
    if call is None or call >= count:
        return Subject(kind="run")
    if now.is_plain(call):
        return Subject(kind="plain", call=call, iteration=0)
    if chosen.iteration is not None:
        return Subject(kind="iteration", call=call, iteration=chosen.iteration)
    return Subject(kind="call", call=call, iteration=max(iterations_begun(now, call), default=-1))


def iterations_begun(now: Now, call: int) -> list[int]:
    rows = now.columns.rows
    return [int(rows["iteration"][row]) for row in now.columns.rows_of(call) if now.happened(int(rows["asked_seq"][row]))]


def neighbour(subject: Subject, now: Now, step: int) -> Chosen | None:
    """Return what comes before (-1) or after (1): an iteration of the call, or the sibling from the same line; None at the ends."""
    if subject.kind in ("call", "iteration"):
        begun = iterations_begun(now, subject.call)
        at = begun.index(subject.iteration) if subject.iteration in begun else len(begun)
        # From the call as a whole one steps to its iterations: back to the last, which is shown, forward to the first.
        to = at + step if subject.kind == "iteration" else (len(begun) - 1 if step < 0 else 0)
        return Chosen(call_id=subject.call, iteration=begun[to]) if 0 <= to < len(begun) else None
    if subject.kind == "plain":
        parent = int(now.columns.calls["parent"][subject.call])
        if parent < 0:
            return None
        siblings = now.children(parent)
        at = int(np.searchsorted(siblings, subject.call)) + step
        return Chosen(call_id=int(siblings[at])) if 0 <= at < len(siblings) else None
    return None
