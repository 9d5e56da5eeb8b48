"""Texts by their content: each is one UTF-8 file named by the sha256 of its bytes, whole or absent, never changed.

Slices go by characters, although the file holds bytes: a sparse list of places, made on the way, says where to begin to decode.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
import time
import uuid
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from rlm_desktop.errors import UserError

_STRIDE_BYTES = 1 << 20
"""Distance of the known places in a text, and how much of a file is in memory at a time."""
_PIECE_CHARS = 1 << 18
_STALE_S = 24 * 3600.0
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StoredText(NamedTuple):
    sha256: str
    chars: int
    utf8_bytes: int


class TextStore:
    """The texts below `folder`. Several processes may write and read it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places: dict[str, _Places] = {}
        self._is_swept = False

    def path_of(self, sha256: str) -> Path:
        """Return where the text lies, if it does. Raises UserError for what is no sha256: such a name may come from a foreign trace."""
        if not _SHA256.match(sha256):
            raise UserError(f"{sha256[:80]!r} does not name a text: a sha256 of 64 hexadecimal digits does.")
        return self.folder / f"{sha256}.txt"

    def has(self, sha256: str) -> bool:
        return bool(_SHA256.match(sha256)) and self.path_of(sha256).is_file()

    def is_sound(self, sha256: str) -> bool:
        """Say whether the text is there and its bytes still have this sha256 (0.02 s to 0.1 s for 40 MB)."""
        if not self.has(sha256):
            return False
        try:
            with self.path_of(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def put_text(self, text: str) -> StoredText:
        return self.put_chunks((text,))

    def put_chunks(self, chunks: Iterable[str]) -> StoredText:
        """Store the chunks joined. Raises UserError (a full disk), and leaves nothing behind then or when `chunks` raises."""
        with self.writing() as text:
            for chunk in chunks:
                text.write(chunk)
            return text.finish()

    def writing(self) -> TextWriter:
        """Return a context in which a text grows; it is in the store from `finish` on, and nowhere when `finish` was not called."""
        if not self._is_swept:
            self._is_swept = True
            self._sweep()
        return TextWriter(self)

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> str:
        """Return the characters `[start:end]`, counted from 0, as far as there are any. Raises UserError when the text is gone."""
        start, end = max(0, start), None if end is None else max(0, end)
        try:
            with self.path_of(sha256).open("rb", buffering=0) as file:
                if start == 0 and end is None:
                    return file.readall().decode("utf-8", "replace")
                return self._places.setdefault(sha256, _Places()).slice(file.fileno(), start, end)
        except OSError as error:
            raise UserError(
                f"The text {sha256[:12]}… cannot be read from {self.folder}: {error.strerror}. Add the document again."
            ) from error

    def _sweep(self) -> None:
        """Remove what processes that were killed left half-written."""
        try:
            parts = [entry.path for entry in os.scandir(self.folder) if entry.name.endswith(".part")]
        except OSError:
            return
        for part in map(Path, parts):
            try:
                if time.time() - part.stat().st_mtime > _STALE_S:
                    part.unlink()
            except OSError:
                continue  # another process was quicker, or it is not ours to remove


class TextWriter:
    """One text on its way into the store."""

    def __init__(self, store: TextStore) -> None:
        self._store = store
        self._sha256 = hashlib.sha256()
        self._waiting: list[str] = []
        self._waiting_chars = self._chars = self._bytes = 0
        self._path = store.folder / f"{uuid.uuid4().hex}.part"
        try:
            store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise self._failure(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._path.unlink(missing_ok=True)

    def write(self, text: str) -> None:
        """Append. Lone surrogates, which UTF-8 cannot hold, become `?`. Raises UserError."""
        for start in range(0, len(text), _PIECE_CHARS):
            piece = text[start : start + _PIECE_CHARS]
            self._waiting.append(piece)
            self._waiting_chars += len(piece)
            if self._waiting_chars >= _PIECE_CHARS:
                self._flush()

    def finish(self) -> StoredText:
        """Put the text into the store, once. Raises UserError."""
        self._flush()
        stored = StoredText(self._sha256.hexdigest(), self._chars, self._bytes)
        target = self._store.path_of(stored.sha256)
        try:
            os.close(self._descriptor)
            self._descriptor = -1
            if not target.is_file() or target.stat().st_size != self._bytes:
                self._path.chmod(0o400)
                self._path.replace(target)
        except OSError as error:
            raise self._failure(error) from error
        return stored

    def _flush(self) -> None:
        text = "".join(self._waiting)
        data = text.encode("utf-8", "replace")
        self._waiting, self._waiting_chars = [], 0
        self._sha256.update(data)
        self._chars += len(text)
        self._bytes += len(data)
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> UserError:
        why = "the disk is full" if error.errno in _FULL else str(error.strerror or error)
        return UserError(f"The text cannot be stored in {self._store.folder}: {why}. Free some space there and add the document again.")


class _Places:
    """What is known of one text so far: how many characters come before some of its bytes, both ascending."""

    def __init__(self) -> None:
        self._chars = [0]
        self._bytes = [0]
        self._is_complete = False

    def slice(self, descriptor: int, start: int, end: int | None) -> str:
        while not self._is_complete and self._chars[-1] <= start:
            self._advance(descriptor)
        at = bisect_right(self._chars, start) - 1
        os.lseek(descriptor, self._bytes[at], os.SEEK_SET)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        found: list[str] = []
        position = self._chars[at]
        while end is None or position < end:
            data = os.read(descriptor, _STRIDE_BYTES)
            piece = decoder.decode(data, final=not data)
            found.append(piece[max(0, start - position) : None if end is None else end - position])
            position += len(piece)
            if not data:
                break
        return "".join(found)

    def _advance(self, descriptor: int) -> None:
        """Count the characters of the next stretch, which ends where a character does."""
        os.lseek(descriptor, self._bytes[-1], os.SEEK_SET)
        data = os.read(descriptor, _STRIDE_BYTES)
        if len(data) < _STRIDE_BYTES:
            self._is_complete = True
            return
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        text = decoder.decode(data)
        self._chars.append(self._chars[-1] + len(text))
        self._bytes.append(self._bytes[-1] + len(data) - len(decoder.getstate()[0]))
