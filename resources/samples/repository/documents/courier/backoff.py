"""How long to wait between two attempts. Nothing is attempted here."""

from __future__ import annotations

import random
from collections.abc import Iterator


class Backoff:
    """Yields waits in seconds, each about twice the one before, for whoever retries."""

    def __init__(self, first_s: float = 0.2, longest_s: float = 30.0) -> None:
        self.first_s, self.longest_s = first_s, longest_s

    def __iter__(self) -> Iterator[float]:
        wait_s = self.first_s
        while True:
            yield wait_s * random.uniform(0.8, 1.2)
            wait_s = min(wait_s * 2, self.longest_s)
