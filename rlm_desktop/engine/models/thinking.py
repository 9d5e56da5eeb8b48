"""Tells what a model thought from what it says, where a server leaves both in one text, in tags."""

from __future__ import annotations

import re
from typing import Final

_TAGS: Final = {"<think>": "</think>", "<thinking>": "</thinking>", "<thought>": "</thought>", "[THINK]": "[/THINK]"}
_LONGEST: Final = max(map(len, _TAGS))
_MOST_HELD: Final = 1_024
"""Space before a tag is waited out this long; a reply of nothing but space must not be looked at from its beginning again and again."""
_CLOSES_ALONE: Final = re.compile(r"(?:^|\n)[ \t]*</think>[ \t]*(?:\n|$)")
"""The end of thinking whose beginning the prompt's template had already written. Alone on its line: a text may well speak of the tag."""


class ThinkingSplitter:
    """Fed a reply's text in pieces, cut anywhere. Only what stands at the very beginning is thinking: later, a tag is a text's own."""

    def __init__(self) -> None:
        self._thought: list[str] = []
        self._said: list[str] = []
        self._held = ""
        """What may yet be the beginning of a tag."""
        self._closing: str | None = None
        """The tag that ends the thinking under way."""
        self._is_past = False

    @property
    def written(self) -> str:
        """Return all that came, but for the tags around thinking."""
        return "".join((*self._thought, *self._said, self._held))

    def feed(self, piece: str) -> str:
        """Take the next piece; return what of the reply proper it completes."""
        if self._is_past:
            self._said.append(piece)
            return piece
        self._held += piece
        while True:
            if self._closing is not None:
                if not self._take_thought(self._closing):
                    return ""
                self._closing = None
            start = self._held.lstrip()
            opening = next((tag for tag in _TAGS if start.startswith(tag)), None)
            if opening is None:
                break
            self._closing = _TAGS[opening]
            self._held = start.removeprefix(opening)
        if len(self._held) < _MOST_HELD and len(start) < _LONGEST and any(tag.startswith(start) for tag in _TAGS):
            return ""
        return self._pass_on(start if self._thought else self._held)

    def close(self, *, has_other_reasoning: bool) -> tuple[str, str]:
        """Return thinking and reply, once all has come; `has_other_reasoning` where the server keeps thinking apart by itself."""
        if self._closing is not None:
            self._thought.append(self._held)
        elif self._held:
            self._said.append(self._held)
        self._held = ""
        thought, said = "".join(self._thought).strip(), "".join(self._said)
        if not thought and not has_other_reasoning:
            found = _CLOSES_ALONE.search(said)
            if found and said.count("```", 0, found.start()) % 2 == 0:
                return said[: found.start()].strip(), said[found.end() :].lstrip()
        return thought, said

    def _take_thought(self, closing: str) -> bool:
        """Move thinking out of what is held; return whether its end was there."""
        thought, mark, rest = self._held.partition(closing)
        if mark:
            self._thought.append(thought)
            self._held = rest
            return True
        # The end may have come half; what stands before it need not be looked at again.
        keep = next((n for n in range(len(closing) - 1, 0, -1) if thought.endswith(closing[:n])), 0)
        self._thought.append(thought[: len(thought) - keep])
        self._held = thought[len(thought) - keep :]
        return False

    def _pass_on(self, text: str) -> str:
        self._is_past, self._held = True, ""
        self._said.append(text)
        return text
