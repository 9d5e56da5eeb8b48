"""Documents that a reader of their format turns into text: it goes into the text store as it comes from the process that reads it."""

from __future__ import annotations

import hashlib

from rlm_desktop.documents.chosen_encoding import chosen_encoding
from rlm_desktop.documents.estimate import SAMPLE_CHARS, tokens_about
from rlm_desktop.documents.reader_process import ReaderProcess
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.unpacking import without_text
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.events import DocumentRead, Heading

_PIECE_BYTES = 1 << 20


def convert(source: Source, kind: str, store: TextStore, reader: ReaderProcess) -> DocumentRead:
    """Read a document of a kind in `READERS`. Raises RefusedError, and UserError where the store cannot be written."""
    known = READERS[kind]
    if source.encoding is not None:
        # Said of every format, also of those that have no use for it: a misspelt name would else go unnoticed.
        chosen_encoding(b"", source.encoding)
    file_sha256 = _sha256(source)
    with store.writing() as writer:
        start = _Beginning()

        def put(text: str) -> None:
            start.take(text)
            writer.write(text)

        done = reader.read(source, kind, put)
        if not start.has_words:
            raise without_text(known.title)
        stored = writer.finish()
    source.on_share(1.0)
    return DocumentRead(
        name=source.name,
        text_sha256=stored.sha256,
        chars=stored.chars,
        reader=f"{kind}/{known.version}",
        file_sha256=file_sha256,
        file_bytes=source.size,
        encoding=done.encoding,
        outline=tuple(Heading(level=level, title=title, at=at) for level, title, at in done.marks),
        extent=done.extent or None,
        tokens_about=tokens_about(stored.chars, start.sample),
        notes=(*done.notes, *stored.notes),
    )


def _sha256(source: Source) -> str:
    sha256 = hashlib.sha256()
    source.file.seek(0)
    while piece := source.file.read(_PIECE_BYTES):
        sha256.update(piece)
    return sha256.hexdigest()


class _Beginning:
    """The beginning of a text that goes by, and whether there is anything in it at all."""

    def __init__(self) -> None:
        self.has_words = False
        self._pieces: list[str] = []
        self._missing = SAMPLE_CHARS

    @property
    def sample(self) -> str:
        return "".join(self._pieces)

    def take(self, text: str) -> None:
        self.has_words = self.has_words or not text.isspace()
        if self._missing > 0:
            self._pieces.append(text[: self._missing])
            self._missing -= len(text)
