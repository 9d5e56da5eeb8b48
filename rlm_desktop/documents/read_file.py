"""One file into the text store: checked, decoded chunk by chunk, outlined on the way. Memory does not grow with the file."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO

import msgspec

from rlm_desktop.documents.binary_kinds import binary_kind
from rlm_desktop.documents.encodings import (
    HEAD_BYTES,
    Encoding,
    TextDecoder,
    encoding_after_failure,
    encoding_of,
    marked_encoding,
    named_encoding,
)
from rlm_desktop.documents.outline import Outliner, text_kind
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.errors import UserError
from rlm_desktop.trace.events import DocumentRead

CHUNK_BYTES = 1 << 20
READER_VERSION = 1
_SAMPLE_BYTES = 1 << 16
_NULS_ALLOWED = 0.05

OnShare = Callable[[float], None]


def read_file(path: str, name: str, store: TextStore, *, encoding: str | None = None, on_share: OnShare) -> DocumentRead:
    """Read the file at `path`. Raises RefusedError, and UserError where the store cannot be written."""
    with _opened(path) as file:
        before = os.fstat(file.fileno())
        document = _read(file, path, store, size=before.st_size, encoding=encoding, on_share=on_share)
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise RefusedError("The file changed while it was read. Add it again when nothing writes to it any more.", "changing")
    # The kind of text is told by the file's own name, whatever the document is called.
    return msgspec.structs.replace(document, name=name, path=path)


def read_stream(stream: BinaryIO, name: str, store: TextStore, *, encoding: str | None = None) -> DocumentRead:
    """Read what comes from a pipe, such as standard input, to its end. Raises RefusedError, and UserError where there is no room for it."""
    try:
        store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=store.folder) as file:
            while chunk := stream.read(CHUNK_BYTES):
                file.write(chunk)
            file.seek(0)
            return _read(file, name, store, size=os.fstat(file.fileno()).st_size, encoding=encoding, on_share=lambda share: None)
    except OSError as error:
        raise UserError(f"{name} cannot be kept in {store.folder}: {error.strerror}. Free some space there.") from error


def read_text(text: str, name: str, store: TextStore) -> DocumentRead:
    """Take a pasted text. Raises RefusedError where it is empty, UserError where the store cannot be written."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise RefusedError("The text is empty.", "empty")
    stored = store.put_text(text)
    outliner = Outliner(name)
    outliner.feed(text)
    return DocumentRead(name=name, text_sha256=stored.sha256, chars=stored.chars, reader=_reader(name), outline=outliner.finish())


def _opened(path: str) -> BinaryIO:
    try:
        # Not blocking: the other end of a FIFO may never come. Regular files do not know the difference.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise RefusedError(f"There is no file at {path}. Look for where it has gone.", "missing") from None
    except PermissionError:
        raise RefusedError("The file may not be read by you: its permissions say so.", "may not be read") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise RefusedError(f"The file cannot be opened: {why}.", "cannot be opened") from None
    file = os.fdopen(descriptor, "rb", buffering=0)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise RefusedError("This is a pipe or a device, not a file, and may never end. Save what comes from it as a file.", "not a file")
    return file


def _read(file: BinaryIO, name: str, store: TextStore, *, size: int, encoding: str | None, on_share: OnShare) -> DocumentRead:
    try:
        found = _encoding(file, encoding)
        try:
            return _pass(file, name, store, size=size, encoding=found, on_share=on_share)
        except UnicodeDecodeError:
            return _pass(file, name, store, size=size, encoding=_encoding_again(file, file.tell()), on_share=on_share)
    except OSError as error:
        raise RefusedError(f"The file cannot be read: {error.strerror}.", "cannot be read") from error


def _encoding(file: BinaryIO, wanted: str | None) -> Encoding:
    head = _bytes_at(file, 0, HEAD_BYTES)
    if not head:
        raise RefusedError("The file is empty.", "empty")
    kind = binary_kind(head)
    if kind:
        raise RefusedError(f"This is {kind}. Only text can be read: save or export it as plain text and add that.", kind)
    if wanted is not None:
        named = named_encoding(wanted)
        if named is None:
            raise RefusedError(
                f"There is no encoding {wanted!r}. Try utf-8, utf-16, cp1252, shift_jis, gb18030 or koi8-r.", "unknown encoding"
            )
        return marked_encoding(head, named)
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
    begin = max(0, failed - _SAMPLE_BYTES // 2)
    name = encoding_after_failure(chunk[begin : begin + _SAMPLE_BYTES])
    if name is None:
        raise _binary()
    return Encoding(name)


def _pass(file: BinaryIO, name: str, store: TextStore, *, size: int, encoding: Encoding, on_share: OnShare) -> DocumentRead:
    """Read the whole file as `encoding`. Where that was not certain, raises UnicodeDecodeError with the file behind the failing chunk."""
    decoder = TextDecoder(encoding.name, is_strict=not encoding.is_certain)
    outliner = Outliner(name)
    sha256 = hashlib.sha256()
    has_words = False
    with store.writing() as writer:
        for data, share in _chunks(file, size):
            begin = encoding.mark_bytes if share == 0 else 0
            sha256.update(data)
            text = decoder.decode(data[begin:], final=not data)
            has_words = has_words or bool(text.strip())
            writer.write(text)
            outliner.feed(text)
            on_share(min(1.0, share))
        if not has_words:
            raise RefusedError("The file holds nothing but white space.", "empty")
        stored = writer.finish() if decoder.nuls <= _NULS_ALLOWED * size else None
    if stored is None:
        raise _binary()
    errors = decoder.errors
    return DocumentRead(
        name=name,
        text_sha256=stored.sha256,
        chars=stored.chars,
        reader=_reader(name),
        file_sha256=sha256.hexdigest(),
        file_bytes=size,
        encoding=f"{encoding.name}, {errors:,} characters unreadable" if errors else encoding.name,
        outline=outliner.finish(),
    )


def _chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, float]]:
    """Yield the first `size` bytes in pieces, each with the share of the file that came before, and an empty piece at the end."""
    file.seek(0)
    done = 0
    while done < size:
        data = file.read(min(CHUNK_BYTES, size - done))
        if not data:
            break
        yield data, done / size
        done += len(data)
    yield b"", 1.0


def _bytes_at(file: BinaryIO, start: int, count: int) -> bytes:
    file.seek(start)
    return file.read(count)


def _binary() -> RefusedError:
    return RefusedError(
        "The file is not text but binary data. Only text can be read: save or export it as plain text and add that.", "binary data"
    )


def _reader(name: str) -> str:
    return f"{text_kind(name)}/{READER_VERSION}"
