"""Attacks that only macOS or Windows knows. Numbers are those of the design's list; none has been tried so far."""

from __future__ import annotations

from tests.redteam.foreign_attack import ForeignAttack
from tests.redteam.foreign_macos import MACOS
from tests.redteam.foreign_windows import WINDOWS

FOREIGN_ATTACKS: tuple[ForeignAttack, ...] = (*MACOS, *WINDOWS)
