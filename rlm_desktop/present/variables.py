"""The variables of a REPL as of the cursor."""

from __future__ import annotations

from dataclasses import dataclass

from rlm_desktop.present.call_log import CallLog
from rlm_desktop.trace.events import CodeEnded, Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """`iteration` is the one after which they stand so, None before the first; `changed` are names, of the iteration asked about."""

    variables: tuple[Variable, ...] = ()
    iteration: int | None = None
    changed: frozenset[str] = frozenset()


def variables_as_of(log: CallLog, iteration: int, seq: int) -> Variables:
    """Return the variables after the last block that had ended by entry `seq`, in `iteration` or before it."""
    last: CodeEnded | None = None
    changed: set[str] = set()
    for logged in log.until(seq):
        event = logged.event
        if not isinstance(event, CodeEnded) or event.iteration > iteration:
            continue
        if last is None or event.iteration != last.iteration:
            changed = set()
        last = event
        changed |= {variable.name for variable in event.variables if variable.is_changed}
    if last is None:
        return Variables()
    # What an earlier iteration changed is not news in this one.
    return Variables(
        variables=last.variables, iteration=last.iteration, changed=frozenset(changed) if last.iteration == iteration else frozenset()
    )
