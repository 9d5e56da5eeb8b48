"""What an attack is, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["unconfined", "confined", "bubblewrap"]
"""The last: confined, and with bubblewrap around it."""
WAYS: tuple[Way, ...] = ("unconfined", "confined", "bubblewrap")
Survives = Literal["", "file metadata", "informational"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """Model code that tries one thing. It has worked where an effect is seen from outside the sandbox process.

    Effects are: a secret in what the block printed; a file that changed; a neighbour that was reached, signalled, changed or killed; a
    process more than there was. Only where nothing can be seen from outside does the code say itself that it worked, by printing WORKED,
    a word that it is given.
    """

    number: str
    name: str
    code: str
    held_anyway: str = ""
    """Why it fails without confinement too: some other layer holds. It is tried all the same."""
    may_lack: str = ""
    """What it needs that a Linux machine may be without. Where it lacks that, it is no attack there."""
    survives: Survives = ""
    """What is known to remain when confined."""
    is_alone: bool = False
    """It gets a process of its own, as it changes the one that it runs in, or ends it."""
    may_end: bool = False
    """Ending the process is a proper refusal."""
    makes_listener: bool = False
    """It prints a TCP port or an abstract name on which it listens: the engine then tries to connect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`effects` are empty where the attack failed. `said` is the last line of its error, or of how its process ended."""

    number: str
    name: str
    way: Way
    effects: tuple[str, ...]
    said: str
    goes_on: bool
    """Whether the same process answered the next block."""
    duration_s: float

    @property
    def worked(self) -> bool:
        return bool(self.effects)
