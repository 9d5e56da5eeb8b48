"""`pairs`: which two people have both written of this and of that, where no line says what it is about. Its answer is long."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Final

from rlm_desktop.samples.chance import Chance
from rlm_desktop.samples.inbox import KINDS, MEANINGS, messages
from rlm_desktop.samples.made import Made

DEFAULT_LINES: Final = 240
_LINES_A_USER: Final = 6


def pairs(*, lines: int, seed: int) -> Made:
    """Return an inbox of `lines` messages, and the question for pairs of users who have each sent messages of two kinds."""
    chance = Chance(seed, "pairs")
    made = messages(chance, lines, users=max(2, lines // _LINES_A_USER))
    one, other = chance.some(KINDS, 2)
    sent: defaultdict[int, set[str]] = defaultdict(set)
    for message in made:
        sent[message.user].add(message.kind)
    users = sorted(user for user, kinds in sent.items() if {one, other} <= kinds)
    found = [list(pair) for pair in combinations(users, 2)]
    return Made(
        documents=[("inbox.txt", (message.line(names_kind=False) for message in made))],
        question=(
            "Each line is one message to a ferry company, with the number of the user who sent it. List all pairs of users such that each "
            f"of the two has sent at least one message that {MEANINGS[one]} and at least one that {MEANINGS[other]}. "
            "One pair a line as (lower number, higher number), no pair twice."
        ),
        answer={"answer": "\n".join(f"({low}, {high})" for low, high in found), "pairs": found, "users": users},
    )
