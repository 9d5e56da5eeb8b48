"""Coloured ranges of a whole text, handed to a text view line by line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from rlm_desktop.gui.look.text_source import Span
from rlm_desktop.gui.look.text_view import TextView


class TextSpans:
    """Spans by position in the whole text, in order and apart from one another. Give it to `TextView.set_spans`."""

    def __init__(self, view: TextView, spans: Sequence[Span]) -> None:
        self._view = view
        self._spans = sorted(spans)
        self._ends = [span.end for span in self._spans]

    def __call__(self, index: int) -> list[Span]:
        """Return the spans of one line, counted from its start."""
        start = self._view.source.line_start(index)
        end = start + len(self._view.source.line(index))
        found = []
        for i in range(bisect_right(self._ends, start), len(self._spans)):
            span = self._spans[i]
            if span.start >= end:
                break
            found.append(Span(max(span.start, start) - start, min(span.end, end) - start, span.role))
        return found
