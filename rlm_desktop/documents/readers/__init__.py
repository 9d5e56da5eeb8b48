"""One file a format: from an open file to a `Draft`. Each imports its own library, and is itself imported when it is needed."""

from __future__ import annotations

from importlib import import_module
from typing import BinaryIO, Final, NamedTuple, Protocol

from rlm_desktop.documents.draft import Draft
from rlm_desktop.trace.document_kinds import CONVERTED


class Reader(Protocol):
    def __call__(self, file: BinaryIO, draft: Draft) -> None:
        """Write the text of `file`, which can be sought and is at its beginning, into `draft`.

        Raises RefusedError for a file that is protected, broken, empty of text or not what it seems to be.
        """


class Known(NamedTuple):
    """`version` rises when the text that comes out changes. `title` is for people, as in `a PDF document`."""

    version: int
    title: str


_VERSIONS: Final = {
    "pdf": 1,
    "html": 1,
    "epub": 1,
    "email": 1,
    "mailbox": 1,
    "docx": 1,
    "pptx": 1,
    "spreadsheet": 1,
    "opendocument": 1,
    "rtf": 1,
    "notebook": 1,
    "subtitles": 1,
}
READERS: Final[dict[str, Known]] = {kind: Known(version, CONVERTED[kind]) for kind, version in _VERSIONS.items()}
"""Kind → its reader: the module of that name in this package, whose function is `read`."""


def reader_of(kind: str) -> Reader:
    """Import the reader of a kind in `READERS`."""
    reader: Reader = import_module(f"{__name__}.{kind}").read
    return reader
