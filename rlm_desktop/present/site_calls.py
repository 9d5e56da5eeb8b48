"""Which sub-calls each line of a block made, as of the cursor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rlm_desktop.present import numbers
from rlm_desktop.present.folding import CARDS_A_LINE
from rlm_desktop.present.inspected import Mark, cost_of_calls, failed_calls
from rlm_desktop.present.now import Now
from rlm_desktop.present.standing import Standing, tally
from rlm_desktop.trace.codes import LLM


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCalls:
    """`line` counts from 1, 0 where a thread or an earlier block's function asked. `fan` names a fan, or is None: `first` is the call."""

    line: int
    mark: Mark
    words: str
    cost: str
    failed: int
    status: Standing
    first: int
    fan: int | None


def site_calls(now: Now, call: int, iteration: int, block: int) -> list[SiteCalls]:
    """Return what the lines of a block made, in the order of lines."""
    calls = now.columns.calls
    children = now.children(call, iteration)
    children = children[calls["site_block"][children] == block]
    if not len(children):
        return []
    found = []
    # One number for line and kind. Mostly there is but one of them, and to look for others among 100,000 takes a frame's time.
    keys = np.maximum(calls["site_line"][children], 0) * 2 + (calls["kind"][children] == LLM)
    for key in keys[:1] if (keys == keys[0]).all() else np.unique(keys):
        made = children[keys == key]
        line, is_plain = divmod(int(key), 2)
        first = int(made[0])
        expected = max(len(made), int(calls["batch_size"][first]))
        is_fan = expected > 1 if is_plain else expected > CARDS_A_LINE
        verb = "llm_query" if is_plain else "rlm_query"
        status = tally(now.stand[made], expected, is_more_coming=not now.is_over).status
        found.append(
            SiteCalls(
                line=line,
                mark="fan" if is_plain and expected > 1 else "llm" if is_plain else "rlm",
                words=f"×{numbers.count(expected)} {verb}" if expected > 1 else f"#{first} {verb}",
                cost=cost_of_calls(now, made, status),
                failed=len(failed_calls(now, made)),
                status=status,
                first=first,
                fan=first if is_fan else None,
            )
        )
    return found
