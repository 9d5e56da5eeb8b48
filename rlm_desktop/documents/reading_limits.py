"""What the reading of one document may take, where the system lets that be limited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rlm_desktop.documents.draft import MAX_TEXT_CHARS

_GIGABYTE: Final = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """What one document may take. `stall_s` is the time without any progress, to which a second is added for each megabyte of the file."""

    stall_s: float = 60.0
    total_s: float = 960.0
    start_s: float = 60.0
    least_memory_bytes: int = 2 * _GIGABYTE
    memory_per_byte: int = 24
    """Web pages take most: 50 MB of them 1.1 GB."""
    most_memory_bytes: int = 8 * _GIGABYTE
    text_chars: int = MAX_TEXT_CHARS

    def memory_bytes(self, file_bytes: int) -> int:
        """Return how much memory a file of this size may take."""
        wanted = self.least_memory_bytes + self.memory_per_byte * max(0, file_bytes - (32 << 20))
        return min(wanted, max(self.most_memory_bytes, self.least_memory_bytes))
