"""One document into the text store, whatever its kind: told by its content, read, outlined, described."""

from __future__ import annotations

import io
import os
import tempfile
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from rlm_desktop.documents.converted import convert
from rlm_desktop.documents.kinds import Kind, kind_of
from rlm_desktop.documents.outline import text_kind
from rlm_desktop.documents.reader_process import ReaderProcess
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.source import OnShare as OnShare
from rlm_desktop.documents.source import Source, opened, tell_nobody
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.documents.verbatim import read_verbatim
from rlm_desktop.errors import UserError
from rlm_desktop.trace.events import DocumentRead

if TYPE_CHECKING:
    from rlm_desktop.sandbox.values import Confinement

_PIECE_BYTES = 1 << 20
MOST_MEGABYTES: Final = {
    "docx": 500,
    "email": 200,
    "epub": 500,
    "html": 64,
    "mailbox": 2_000,
    "notebook": 300,
    "opendocument": 500,
    "pdf": 2_000,
    "pptx": 1_000,
    "rtf": 100,
    "spreadsheet": 300,
    "subtitles": 50,
}
"""The largest file of each kind that is read. Most are taken into memory as a whole, where they are ten times as large."""
_MOST_VERBATIM: Final = 2_000


def read_file(path: str, name: str, store: TextStore, *, encoding: str | None = None, on_share: OnShare = tell_nobody) -> DocumentRead:
    """Read the file at `path`, which is no archive. Raises RefusedError, and UserError where the store cannot be written."""
    with ReaderProcess() as reader, opened(path, encoding=encoding, on_share=on_share) as source:
        document = read_source(source, kind_of(source.file, source.name), store, reader)
    return msgspec.structs.replace(document, name=name, path=path)


def read_source(source: Source, kind: Kind, store: TextStore, reader: ReaderProcess) -> DocumentRead:
    """Read what is known to be of this kind, under its own name. Raises RefusedError, and UserError where the store cannot be written."""
    most = MOST_MEGABYTES.get(kind.name, _MOST_VERBATIM)
    if source.size > most * 1_000_000:
        raise RefusedError(
            f"The file has {source.size / 1e6:,.0f} MB. Of this kind no more than {most:,} MB can be read: split it, and add the parts.",
            "too large",
        )
    if kind.name == "archive":
        raise RefusedError(
            "This is an archive within another, which is not opened. Unpack it, and add what you need of it.",
            "an archive within an archive",
        )
    try:
        document = read_verbatim(source, kind.name, store) if kind.is_verbatim else convert(source, kind.name, store, reader)
    except OSError as error:
        raise RefusedError(f"The file cannot be read: {error.strerror or error}.", "cannot be read") from error
    return msgspec.structs.replace(document, notes=(kind.note, *document.notes)) if kind.note else document


def read_stream(
    stream: BinaryIO, name: str, store: TextStore, *, encoding: str | None = None, confinement: Confinement = "required"
) -> DocumentRead:
    """Read what comes from a pipe, such as standard input, to its end. Raises RefusedError, and UserError where there is no room for it."""
    try:
        store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=store.folder) as file:
            while chunk := stream.read(_PIECE_BYTES):
                file.write(chunk)
            file.flush()
            source = Source(file=file, name=name, size=os.fstat(file.fileno()).st_size, encoding=encoding)
            kind = kind_of(file, name)
            if kind.name == "archive":
                raise RefusedError("This is an archive. Save it as a file, and add that.", "an archive")
            with ReaderProcess(confinement=confinement) as reader:
                return read_source(source, kind, store, reader)
    except OSError as error:
        raise UserError(f"{name} cannot be kept in {store.folder}: {error.strerror}. Free some space there.") from error


def read_text(text: str, name: str, store: TextStore) -> DocumentRead:
    """Take a pasted text as it is. Raises RefusedError where it is empty, UserError where the store cannot be written."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise RefusedError("The text is empty.", "empty")
    data = text.encode("utf-8", "replace")
    source = Source(file=io.BytesIO(data), name=name, size=len(data), encoding="utf-8")
    document = read_verbatim(source, text_kind(name), store)
    return msgspec.structs.replace(document, file_sha256=None, file_bytes=None, encoding=None)
