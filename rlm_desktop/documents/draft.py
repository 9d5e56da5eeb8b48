"""What a reader writes the text of one document into: the same marks for headings, tables and notes whatever the format was.

Headings are written as Markdown has them (`## Title`), tables as rows of `| a | b |`, since code and models alike find both with ease.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.trace.events import Heading

MAX_TEXT_CHARS = 1_000_000_000
MAX_MARKS = 50_000
MAX_NOTES = 20
_MAX_LEVEL = 9
_MAX_TITLE = 400
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_NEVER_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
_SPACES = re.compile(r"\s+")


class Draft:
    """A text that grows at its end, with its outline. `put` takes the pieces in order; offsets count their characters together.

    `name` is the file's own, `encoding` the one that a person chose, for formats that do not say theirs.
    """

    def __init__(
        self,
        put: Callable[[str], None],
        *,
        name: str = "",
        encoding: str | None = None,
        on_share: Callable[[float], None] = lambda share: None,
        max_chars: int = MAX_TEXT_CHARS,
    ) -> None:
        self.name = name
        self.encoding = encoding
        self.chars = 0
        self.marks: list[Heading] = []
        self.notes: list[str] = []
        self.extent = ""
        """How large the document is in its own measure, such as `1,000 pages`."""
        self.encoding_found: str | None = None
        self._put = put
        self._on_share = on_share
        self._max_chars = max_chars
        self._ends = "\n\n"
        """The last two characters of the text; before its beginning as if two lines had ended."""

    def write(self, text: str) -> None:
        """Append as it is, but for line ends, which become `\\n`, and characters that no text has, which are left out."""
        text = _NEVER_TEXT.sub("", _LINE_ENDS.sub("\n", text))
        if not text:
            return
        self.chars += len(text)
        if self.chars > self._max_chars:
            raise RefusedError(
                f"The document holds more than {self._max_chars:,} characters of text, which is more than can be read at once. Split it.",
                "too long",
            )
        self._ends = (self._ends + text[-2:])[-2:]
        self._put(text)

    def paragraph(self, text: str) -> None:
        """Append after an empty line, without white space at its ends. Nothing happens where nothing is left."""
        text = text.strip()
        if text:
            self.part()
            self.write(f"{text}\n")

    def line(self, text: str) -> None:
        """Append on a line of its own."""
        if self._ends[-1] != "\n":
            self.write("\n")
        self.write(f"{text}\n")

    def part(self) -> None:
        """Make an empty line stand at the end, unless the text is still empty."""
        if self.chars and self._ends != "\n\n":
            self.write("\n" if self._ends[-1] == "\n" else "\n\n")

    def heading(self, level: int, title: str) -> None:
        """Append a heading on a line of its own, and note it in the outline. `level` counts from 1, the highest."""
        title = _SPACES.sub(" ", title).strip()
        if not title:
            return
        level = max(1, min(level, _MAX_LEVEL))
        self.part()
        self.mark(level, title)
        self.write(f"{'#' * min(level, 6)} {title}\n\n")

    def mark(self, level: int, title: str, *, at: int | None = None) -> None:
        """Note a place in the outline without writing it: here, or at the offset `at`. Offsets may come in any order."""
        title = _SPACES.sub(" ", _NEVER_TEXT.sub("", title)).strip()[:_MAX_TITLE]
        if title and len(self.marks) < MAX_MARKS:
            self.marks.append(Heading(level=max(1, min(level, _MAX_LEVEL)), title=title, at=self.chars if at is None else at))

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Append rows of cells, a line a row; line ends and bars within a cell do not end it. Rows without any text are left out."""
        self.part()
        for row in rows:
            cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
            if any(cells):
                self.write(f"| {' | '.join(cells)} |\n")
        self.part()

    def note(self, sentence: str) -> None:
        """Tell the person what of the document is not in the text, or what was done to it."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(sentence)

    def share(self, share: float) -> None:
        """Tell how much of the document is done, 0 to 1."""
        self._on_share(min(1.0, max(0.0, share)))
