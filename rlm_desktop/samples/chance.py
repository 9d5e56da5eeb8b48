"""Seeded draws that are the same in every version of Python: `random.Random` promises that of `random()` alone."""

from __future__ import annotations

import random
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Chance:
    """Draws from a seed of its own, so that what one generator draws moves nothing in another."""

    def __init__(self, seed: int, what: str) -> None:
        self.random = random.Random(f"{what} {seed}").random

    def number(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def one(self, things: Sequence[_T]) -> _T:
        return things[int(self.random() * len(things))]

    def happens(self, share: float) -> bool:
        return self.random() < share

    def shuffle(self, things: MutableSequence[_T]) -> None:
        for last in range(len(things) - 1, 0, -1):
            other = int(self.random() * (last + 1))
            things[last], things[other] = things[other], things[last]

    def some(self, things: Sequence[_T], count: int) -> list[_T]:
        """Return `count` different ones, in no order."""
        mixed = list(things)
        self.shuffle(mixed)
        return mixed[:count]
