"""The outline of a text: its headings, or the classes and functions of source code, found while the text goes by in chunks.

What is found does not depend on where the chunks are cut. One pass, about 0.2 s for 40 MB.
"""

from __future__ import annotations

from rlm_desktop.documents.code_rules import code_rule
from rlm_desktop.documents.endings import suffix_of
from rlm_desktop.documents.heading_rules import MAX_LINE, HeadingRule, MarkdownRule, TextRule
from rlm_desktop.documents.kept_headings import KeptHeadings
from rlm_desktop.trace.events import Heading

_MAX_LEVEL = 9
_AT_ONCE_CHARS = 1 << 18
_LONG_LINE = "\n" + "x" * MAX_LINE
"""What stands in the buffer for a line so long that it is not kept: any other long line would be judged alike."""

_STRUCTURED = {
    **dict.fromkeys((".csv", ".tsv", ".tab"), "table"),
    **dict.fromkeys((".json", ".geojson", ".topojson", ".har", ".webmanifest"), "json"),
    **dict.fromkeys((".jsonl", ".ndjson", ".jsonlines"), "json-lines"),
    ".log": "log",
}
_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"})


def outline(text: str, name: str = "") -> tuple[Heading, ...]:
    """Return the outline of a whole text; `name` tells by its ending what kind of text it is."""
    outliner = Outliner(name)
    outliner.feed(text)
    return outliner.finish()


def text_kind(name: str) -> str:
    """Return `markdown`, `code`, `table`, `json`, `json-lines`, `log` or `text`, by the ending of the name."""
    suffix = suffix_of(name)
    if suffix in _MARKDOWN:
        return "markdown"
    if suffix in _STRUCTURED:
        return _STRUCTURED[suffix]
    return "code" if code_rule(name) else "text"


class Outliner:
    """Finds the headings of one text that comes in chunks."""

    def __init__(self, name: str) -> None:
        self._rule = _rule_for(name)
        self._kept = KeptHeadings()
        self._waiting: list[str] = []
        self._waiting_chars = 0
        # Two line ends before the text: its first line has an empty one above it.
        self._buffer, self._buffer_at, self._next = "\n\n", -2, 1
        self._is_in_long_line = False

    def feed(self, text: str) -> None:
        self._waiting.append(text)
        self._waiting_chars += len(text)
        if self._waiting_chars >= _AT_ONCE_CHARS:
            self._take()

    def finish(self) -> tuple[Heading, ...]:
        """Return at most `MAX_HEADINGS` headings in the order of the text; of more, the deepest levels are thinned out first."""
        self._take()
        if not self._is_in_long_line:
            self._buffer += "\n\n"
            self._find(len(self._buffer))
        return self._kept.headings()

    def _take(self) -> None:
        text = "".join(self._waiting)
        self._waiting, self._waiting_chars = [], 0
        if self._is_in_long_line:
            end = text.find("\n")
            if end < 0:
                self._buffer_at += len(text)
                return
            self._is_in_long_line = False
            self._buffer_at += end - len(_LONG_LINE)
            self._buffer, self._next = _LONG_LINE + text[end:], len(_LONG_LINE)
        else:
            self._buffer += text
        last = self._buffer.rfind("\n")
        if len(self._buffer) - last > MAX_LINE * 2:
            self._find(last)
            self._buffer_at += len(self._buffer)
            self._buffer, self._is_in_long_line = "", True
            return
        # A line is judged when the one after it is whole; the two before it stay in the buffer.
        whole = self._buffer.rfind("\n", 0, last)
        if whole <= self._next:
            return
        self._find(whole)
        keep = max(0, self._buffer.rfind("\n", 0, max(0, self._buffer.rfind("\n", 0, whole))))
        self._buffer, self._buffer_at, self._next = self._buffer[keep:], self._buffer_at + keep, whole - keep

    def _find(self, end: int) -> None:
        """Judge the lines whose line end before them stands from `_next` to before `end`."""
        for match in self._rule.pattern.finditer(self._buffer, self._next):
            if match.start() >= end:
                break
            if self._buffer.find("\n", match.start() + 1, match.start() + 2 + MAX_LINE) < 0:
                continue
            found = self._rule.heading(match)
            if found:
                level, title, start = found
                self._kept.add(min(level, _MAX_LEVEL), title, self._buffer_at + start)


def _rule_for(name: str) -> HeadingRule:
    if suffix_of(name) in _MARKDOWN:
        return MarkdownRule()
    return code_rule(name) or TextRule()
