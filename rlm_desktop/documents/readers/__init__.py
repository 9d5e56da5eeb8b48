"""One file a format: from an open file to a `Draft`. Each imports its own library, and is itself imported when it is needed."""

from __future__ import annotations

from importlib import import_module
from typing import BinaryIO, Final, NamedTuple, Protocol

from rlm_desktop.documents.draft import Draft


class Reader(Protocol):
    def __call__(self, file: BinaryIO, draft: Draft) -> None:
        """Write the text of `file`, which can be sought and is at its beginning, into `draft`.

        Raises RefusedError for a file that is protected, broken, empty of text or not what it seems to be.
        """


class Known(NamedTuple):
    """`version` rises when the text that comes out changes. `title` is for people, as in `a PDF document`."""

    version: int
    title: str


READERS: Final[dict[str, Known]] = {
    "pdf": Known(1, "a PDF document"),
    "html": Known(1, "a web page"),
    "epub": Known(1, "an EPUB book"),
    "email": Known(1, "an e-mail"),
    "mailbox": Known(1, "a mailbox"),
    "docx": Known(1, "a Word document"),
    "pptx": Known(1, "a PowerPoint presentation"),
    "spreadsheet": Known(1, "a spreadsheet"),
    "opendocument": Known(1, "an OpenDocument text"),
    "rtf": Known(1, "a rich text document"),
    "notebook": Known(1, "a notebook"),
    "subtitles": Known(1, "subtitles"),
}
"""Kind → its reader: the module of that name in this package, whose function is `read`."""


def reader_of(kind: str) -> Reader:
    """Import the reader of a kind in `READERS`."""
    reader: Reader = import_module(f"{__name__}.{kind}").read
    return reader
