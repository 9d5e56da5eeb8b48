"""Texts that stay as they are: decoded chunk by chunk, outlined on the way. Memory does not grow with the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from rlm_desktop.documents.chosen_encoding import chosen_encoding
from rlm_desktop.documents.encodings import (
    HEAD_BYTES,
    Encoding,
    TextDecoder,
    encoding_after_failure,
    encoding_of,
)
from rlm_desktop.documents.estimate import SAMPLE_CHARS, tokens_about
from rlm_desktop.documents.json_structure import json_structure
from rlm_desktop.documents.lines_structure import is_log, json_lines_structure, log_structure
from rlm_desktop.documents.outline import Outliner
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.structure import Structure, counted
from rlm_desktop.documents.table_structure import table_structure
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.events import DocumentRead, Heading

CHUNK_BYTES = 1 << 20
READER_VERSION = 1
_NULS_ALLOWED = 0.05
_STRUCTURED = frozenset({"table", "json", "json-lines", "log"})
"""Kinds of text whose outline is made of the text as it lies in the store."""


def read_verbatim(source: Source, kind: str, store: TextStore) -> DocumentRead:
    """Read a text. Raises RefusedError, OSError where the file fails, and UserError where the store cannot be written."""
    found = _encoding(source.file, source.encoding)
    try:
        return _pass(source, kind, store, encoding=found)
    except UnicodeDecodeError:
        return _pass(source, kind, store, encoding=_encoding_again(source.file, source.file.tell()))


def _encoding(file: BinaryIO, wanted: str | None) -> Encoding:
    head = _bytes_at(file, 0, HEAD_BYTES)
    if wanted is not None:
        return chosen_encoding(head, wanted)
    found = encoding_of(head)
    if found is None:
        raise _binary()
    return found


def _encoding_again(file: BinaryIO, failed_before: int) -> Encoding:
    """Return the encoding of a file that turned out not to be UTF-8 somewhere in the last chunk that was read."""
    chunk_at = max(0, failed_before - 1) // CHUNK_BYTES * CHUNK_BYTES
    chunk = _bytes_at(file, max(0, chunk_at - 4), CHUNK_BYTES + 4)
    try:
        chunk.decode("utf-8")
        failed = len(chunk)
    except UnicodeDecodeError as error:
        # The four bytes before the chunk may begin within a character.
        failed = error.start if error.start > 3 else 0
    name = encoding_after_failure(chunk, failed)
    if name is None:
        raise _binary()
    return Encoding(name)


def _pass(source: Source, kind: str, store: TextStore, *, encoding: Encoding) -> DocumentRead:
    """Read the whole file as `encoding`. Where that was not certain, raises UnicodeDecodeError with the file behind the failing chunk."""
    decoder = TextDecoder(encoding.name, is_strict=not encoding.is_certain)
    outliner = None if kind in _STRUCTURED else Outliner(source.name)
    sha256 = hashlib.sha256()
    sample, ends, last = "", 0, "\n"
    has_words = False
    with store.writing() as writer:
        for data, share in _chunks(source):
            begin = encoding.mark_bytes if share == 0 else 0
            sha256.update(data)
            text = decoder.decode(data[begin:], final=not data)
            has_words = has_words or bool(text.strip())
            sample = sample or text[:SAMPLE_CHARS]
            ends += text.count("\n")
            last = text[-1:] or last
            writer.write(text)
            if outliner is not None:
                outliner.feed(text)
            source.on_share(share)
        if not has_words:
            raise RefusedError("The file holds nothing but white space.", "empty")
        stored = writer.finish() if decoder.nuls <= _NULS_ALLOWED * source.size else None
    if stored is None:
        raise _binary()
    errors = decoder.errors
    path = store.path_of(stored.sha256)
    if kind == "text" and is_log(sample):
        kind = "log"
    structure = _structure(kind, path, source.name)
    if structure is None:
        kind = "text" if kind in _STRUCTURED else kind
        outline = outliner.finish() if outliner is not None else _outline(path, source.name)
        structure = Structure(outline, counted(ends + (last != "\n"), "line", "lines"))
    return DocumentRead(
        name=source.name,
        text_sha256=stored.sha256,
        chars=stored.chars,
        reader=f"{kind}/{READER_VERSION}",
        file_sha256=sha256.hexdigest(),
        file_bytes=source.size,
        encoding=f"{encoding.name}, {errors:,} characters unreadable" if errors else encoding.name,
        outline=structure.outline,
        extent=structure.extent,
        tokens_about=tokens_about(stored.chars, sample),
        notes=stored.notes,
    )


def _structure(kind: str, path: Path, name: str) -> Structure | None:
    match kind:
        case "table":
            return table_structure(path, name)
        case "json":
            # Lines of JSON are often called so too.
            return json_structure(path) or json_lines_structure(path)
        case "json-lines":
            return json_lines_structure(path)
        case "log":
            return log_structure(path)
    return None


def _outline(path: Path, name: str) -> tuple[Heading, ...]:
    """Return the outline of a text in the store that has not the form which its name promised."""
    outliner = Outliner(name)
    with path.open(encoding="utf-8", newline="\n") as file:
        while piece := file.read(CHUNK_BYTES):
            outliner.feed(piece)
    return outliner.finish()


def _chunks(source: Source) -> Iterator[tuple[bytes, float]]:
    """Yield the first `size` bytes in pieces, each with the share of the file that came before, and an empty piece at the end."""
    source.file.seek(0)
    done = 0
    while done < source.size:
        data = source.file.read(min(CHUNK_BYTES, source.size - done))
        if not data:
            break
        yield data, done / source.size
        done += len(data)
    yield b"", 1.0


def _bytes_at(file: BinaryIO, start: int, count: int) -> bytes:
    file.seek(start)
    return file.read(count)


def _binary() -> RefusedError:
    return RefusedError(
        "The file is not text but binary data. Only text can be read: save or export it as plain text and add that.", "binary data"
    )
