"""What a dropped folder or archive held besides its documents: a sentence, and a list with the reason for each."""

from __future__ import annotations

from collections import Counter
from typing import Final

from rlm_desktop.trace.events import DocumentRefused, LeftOut
from rlm_desktop.trace.shown import shown

MAX_LISTED: Final = 1_000
_REASONS_SAID: Final = 8


class Tally:
    """`what` is `folder` or `archive`."""

    def __init__(self, name: str, path: str, what: str) -> None:
        self.read = 0
        self.name = shown(name)
        self._path, self._what = shown(path), what
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._listed: list[LeftOut] = []

    def leave_out(self, reason: str, name: str) -> None:
        """Note a file, or a whole folder by a name that ends in `/`."""
        name, reason = shown(name), shown(reason)
        self._counts[reason] += 1
        self._examples.setdefault(reason, name)
        if len(self._listed) < MAX_LISTED:
            self._listed.append(LeftOut(name=name, reason=reason))

    def refusal(self) -> DocumentRefused | None:
        """Return everything that was left out, None when nothing was."""
        if not self._counts:
            if self.read:
                return None
            return DocumentRefused(name=self.name, path=self._path, reason=f"The {self._what} is empty.")
        parts = []
        for reason, count in self._counts.most_common()[:_REASONS_SAID]:
            example = self._examples[reason]
            parts.append(f"{example} ({reason})" if count == 1 else f"{count:,} × {reason}, such as {example}")
        unsaid = len(self._counts) - len(parts)
        if unsaid > 0:
            parts.append(f"and for {unsaid} more {'reason' if unsaid == 1 else 'reasons'}")
        begin = f"Left out of the {self._what}: " if self.read else f"The {self._what} holds no text that can be read: "
        return DocumentRefused(
            name=self.name,
            path=self._path,
            reason=begin + "; ".join(parts) + ".",
            left_out=tuple(sorted(self._listed, key=lambda one: one.name)),
            left_out_count=self._counts.total(),
        )
