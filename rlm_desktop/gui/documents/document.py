"""One document as the window knows it, from the drop to the text in the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from rlm_desktop.trace.events import DocumentRead, LeftOut
from rlm_desktop.trace.request import DocumentChoice

ReadingState = Literal["waiting", "reading", "read", "refused"]

CHARS_PER_TOKEN = 4
"""What our own estimates count with; always shown with its sign (`~`)."""

_CODE = frozenset(
    {
        *(".py", ".js", ".ts", ".tsx", ".jsx", ".c", ".h", ".cpp", ".hpp", ".cc", ".rs", ".go", ".java", ".kt", ".rb", ".php", ".swift"),
        *(".cs", ".scala", ".sh", ".sql", ".lua", ".r", ".jl", ".pl", ".toml", ".yaml", ".yml", ".json", ".xml", ".css"),
    }
)
_TABLE = frozenset({".csv", ".tsv", ".xlsx"})
_TYPED = frozenset({".docx", ".odt", ".rtf", ".pdf"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`document_id` is the window's own and never used twice. A pasted text has no path."""

    document_id: int
    name: str
    path: str | None = None
    member: str | None = None
    """One file in the archive at `path`, by its name there."""
    text: str | None = None
    encoding: str | None = None
    """The one that the person chose."""
    is_folder: bool = False
    """A folder or an archive: what is found in it gets rows of its own."""
    state: ReadingState = "waiting"
    share: float | None = None
    """Of the reading; None where that is not known."""
    read: DocumentRead | None = None
    """What the reading gave."""
    reason: str = ""
    """Why it was refused, a sentence."""
    left_out: tuple[LeftOut, ...] = ()
    """What of a folder or an archive is not read, the first of `left_out_count`."""
    left_out_count: int = 0
    is_of_run: bool = False
    """It came with the run that is shown, and goes with it."""

    @property
    def chars(self) -> int | None:
        return None if self.read is None else self.read.chars

    @property
    def tokens(self) -> int | None:
        """Tokens, about."""
        if self.read is not None and self.read.tokens_about is not None:
            return self.read.tokens_about
        return None if self.chars is None else -(-self.chars // CHARS_PER_TOKEN)

    @property
    def is_usable(self) -> bool:
        return self.state == "read"

    @property
    def is_list(self) -> bool:
        """It stands for what was left out of a folder or an archive."""
        return self.left_out_count > 0

    def choice(self) -> DocumentChoice:
        """Return the document as a request names it."""
        return DocumentChoice(path=self.path, member=self.member, text=self.text, name=self.name, encoding=self.encoding, read=self.read)


def icon_of(document: Document) -> str:
    """Return the name of the icon for the kind of document."""
    if document.is_folder:
        return "folder"
    if document.text is not None:
        return "clipboard"
    if document.is_list:
        return "folder"
    suffix = PurePath(document.name).suffix.lower()
    if suffix in _CODE:
        return "braces"
    if suffix in _TABLE:
        return "file-spreadsheet"
    return "file-type" if suffix in _TYPED else "file-text"
