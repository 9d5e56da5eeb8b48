"""Several texts as one, each beginning a line, without being copied into one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from rlm_desktop.gui.look.text_source import FIRST_CHARS, PlainTextSource


class JoinedSource:
    """A `TextSource` over texts one below the other. Between two stands a line break, if the first does not end with one."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts) or ("",)
        self.starts: list[int] = []
        at = 0
        for text in self._texts:
            self.starts.append(at)
            at += len(text) + (not text.endswith("\n"))
        self._sources: list[PlainTextSource] = []
        # Where the rows of each text begin; one more than sources once all rows of the last one are known.
        self._rows = [0]
        self._open()

    @property
    def line_count(self) -> int:
        is_last_known = len(self._rows) > len(self._sources)
        return self._rows[-1] + (0 if is_last_known else self._sources[-1].line_count)

    @property
    def char_count(self) -> int:
        return self.starts[-1] + len(self._texts[-1])

    def line(self, index: int) -> str:
        at = self._at(index)
        return self._sources[at].line(index - self._rows[at])

    def line_start(self, index: int) -> int:
        at = self._at(index)
        return self.starts[at] + self._sources[at].line_start(index - self._rows[at])

    def line_at(self, char: int) -> int:
        at = max(0, bisect_right(self.starts, char) - 1)
        while len(self._sources) <= at and self.read_more():
            pass
        return self._rows[at] + self._sources[at].line_at(min(char - self.starts[at], len(self._texts[at])))

    def number(self, index: int) -> int | None:
        at = self._at(index)
        return self._sources[at].number(index - self._rows[at])

    def text(self, start: int, end: int) -> str:
        parts = []
        for begin, text in zip(self.starts, self._texts, strict=True):
            if begin >= end:
                break
            parts.append(text[max(0, start - begin) : max(0, end - begin)])
            stop = begin + len(text)
            if not text.endswith("\n") and begin != self.starts[-1] and start <= stop < end:
                parts.append("\n")
        return "".join(parts)

    def read_more(self) -> bool:
        if len(self._rows) <= len(self._sources) and not self._sources[-1].read_more():
            self._close_last()
            self._open()
        return len(self._rows) <= len(self._texts)

    def _open(self) -> None:
        """Begin the next texts, up to one that is too long to be known at once."""
        while len(self._sources) < len(self._texts):
            text = self._texts[len(self._sources)]
            self._sources.append(PlainTextSource(text))
            if len(text) > FIRST_CHARS:
                return
            self._close_last()

    def _close_last(self) -> None:
        self._rows.append(self._rows[-1] + self._sources[-1].line_count)

    def _at(self, index: int) -> int:
        return min(bisect_right(self._rows, index), len(self._sources)) - 1
