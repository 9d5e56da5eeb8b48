"""The lines of one page: where each begins in the text, how high it stands, how large its letters are."""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

from rlm_desktop.documents.readers.pdf_file import Handle, heights, letter_sizes

_KNOWN_BY_CHARS: Final = 60
_MAX_LINES: Final = 2_000
_MIN_PART: Final = 12
_MAX_NUMBER: Final = 14
_MAX_NUMBER_WORDS: Final = 2


class Line(NamedTuple):
    text: str
    at: int
    """Where it begins in the mended text of the page."""
    unit: int
    """Where it begins in what pdfium says, in UTF-16 units."""


class Lines:
    """`raw` is what pdfium says of a page that it knows as `found`, `text` the same, mended."""

    def __init__(self, raw: str, text: str, found: Handle) -> None:
        self._raw = raw
        self._text = text
        self._found = found

    @cached_property
    def all(self) -> list[Line]:
        """The lines that have something in them, in the order of the text. Of a page with very many, the first."""
        lines: list[Line] = []
        unit = after = 0
        for raw in self._raw.split("\n")[:_MAX_LINES]:
            words = raw.strip()
            # What stands before a word that was cut at the line's end is enough to know a line by.
            known = words.split("\ufffe")[0][:_KNOWN_BY_CHARS]
            at = self._text.find(known, after) if known else -1
            if at >= 0:
                lines.append(Line(words, at, unit + len(raw) - len(raw.lstrip())))
                after = at
            unit += (len(raw) if raw.isascii() else len(raw.encode("utf-16-le", "surrogatepass")) // 2) + 1
        return lines

    @cached_property
    def _folded(self) -> list[str]:
        return [" ".join(line.text.casefold().split()) for line in self.all]

    @cached_property
    def _heights(self) -> list[float]:
        return heights(self._found, [line.unit for line in self.all]) if self._found else []

    @cached_property
    def letter_sizes(self) -> list[float]:
        """How large the letters of each line are, in points."""
        return letter_sizes(self._found, [line.unit for line in self.all]) if self._found else []

    def titled(self, title: str, after: int) -> int | None:
        """Return where a line begins that a title stands on, with a number before it or without; from `after` on, if there."""
        wanted = " ".join(title.casefold().split())
        found = [line.at for line, folded in zip(self.all, self._folded, strict=True) if _is_title(folded, wanted)]
        return next((at for at in found if at >= after), found[0] if found else None)

    def below(self, top: float) -> int | None:
        """Return where the first line begins that lies below a height on the page."""
        lines = zip(self.all, self._heights, strict=False)
        return next((line.at for line, bottom in lines if 0 < bottom < top), None)


def _is_title(line: str, title: str) -> bool:
    """Say whether a line begins with a title, or with as much of one as it has room for; a number such as `Part IV` may come before."""
    begin = 0
    for _ in range(_MAX_NUMBER_WORDS + 1):
        if line.startswith(title, begin) or (len(line) - begin >= _MIN_PART and title.startswith(line[begin:])):
            return True
        begin = line.find(" ", begin, _MAX_NUMBER) + 1
        if not begin:
            return False
    return False
