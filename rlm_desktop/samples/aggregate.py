"""`aggregate`: thousands of lines of which each is of one kind, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from typing import Final

from rlm_desktop.samples.chance import Chance
from rlm_desktop.samples.inbox import KINDS, MEANINGS, messages
from rlm_desktop.samples.made import Made

DEFAULT_LINES: Final = 3_000


def aggregate(*, lines: int, seed: int, is_hidden: bool) -> Made:
    """Return an inbox of `lines` messages. Hidden kinds stand nowhere: each message has to be understood."""
    chance = Chance(seed, "aggregate")
    made = messages(chance, lines, users=max(1, lines // 5))
    counts = Counter(message.kind for message in made)
    asked = chance.one(KINDS)
    if is_hidden:
        kinds = "; ".join(f"{kind} ({MEANINGS[kind]})" for kind in KINDS)
        question = f"Each line is one message to a ferry company, of one of these kinds: {kinds}. How many messages are there of each kind?"
        answer = "; ".join(f"{kind}: {counts[kind]}" for kind in KINDS)
    else:
        question = f"How many entries have the label {asked}?"
        answer = str(counts[asked])
    return Made(
        documents=[("inbox.txt", (message.line(names_kind=not is_hidden) for message in made))],
        question=question,
        answer={"answer": answer, "counts": {kind: counts[kind] for kind in KINDS}, "lines": lines},
    )
