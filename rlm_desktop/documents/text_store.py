"""Texts by their content: each is one UTF-8 file named by the sha256 of its bytes, whole or absent, never changed."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from rlm_desktop.errors import UserError
from rlm_desktop.trace import lock
from rlm_desktop.trace.invisible import Hidden
from rlm_desktop.trace.texts import TextReader

_PIECE_CHARS = 1 << 18
_STALE_S = 24 * 3600.0
_UNLOCKED_S = 60.0
"""So old, a text that nobody holds the lock of was left by a process that was killed: the lock is taken right after the file is made."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StoredText(NamedTuple):
    sha256: str
    chars: int
    utf8_bytes: int
    notes: tuple[str, ...]
    """What is hidden in it."""


class TextStore(TextReader):
    """The texts below `folder`. Several processes may write and read it at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._is_swept = False

    def is_sound(self, sha256: str) -> bool:
        """Say whether the text is there and its bytes still have this sha256 (0.02 s to 0.1 s for 40 MB)."""
        if not self.has(sha256):
            return False
        try:
            with self.path_of(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def make_folder(self) -> None:
        """Make the folder where there is none, for this user alone. Raises UserError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            why = error.strerror or error
            raise UserError(f"The folder {self.folder} cannot be made: {why}. Mend that and add the document again.") from error

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

    def _sweep(self) -> None:
        """Remove what processes that were killed left half-written."""
        try:
            parts = [entry.path for entry in os.scandir(self.folder) if entry.name.endswith(".part")]
        except OSError:
            return
        for part in map(Path, parts):
            try:
                age_s = time.time() - part.stat().st_mtime
                if age_s > _STALE_S or (age_s > _UNLOCKED_S and not _is_written(part)):
                    part.unlink()
            except OSError:
                continue  # another process was quicker, or it is not ours to remove


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o400)


def _is_written(part: Path) -> bool:
    with part.open("rb") as file:
        return lock.is_held(file)


class TextWriter:
    """One text on its way into the store. It has a file of its own from when it is longer than memory should hold."""

    def __init__(self, store: TextStore) -> None:
        self._store = store
        self._sha256 = hashlib.sha256()
        self._hidden = Hidden()
        self._waiting: list[str] = []
        self._waiting_chars = self._chars = self._bytes = 0
        self._path = ""
        self._file: io.FileIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
            Path(self._path).unlink(missing_ok=True)

    def write(self, text: str) -> None:
        """Append. Lone surrogates, which UTF-8 cannot hold, become `?`. Raises UserError."""
        for start in range(0, len(text), _PIECE_CHARS):
            piece = text[start : start + _PIECE_CHARS]
            self._waiting.append(piece)
            self._waiting_chars += len(piece)
            if self._waiting_chars >= _PIECE_CHARS:
                self._put(self._taken())

    def finish(self) -> StoredText:
        """Put the text into the store, once. Raises UserError."""
        data = self._taken()
        stored = StoredText(self._sha256.hexdigest(), self._chars, self._bytes, self._hidden.notes())
        target = f"{self._store.folder}{os.sep}{stored.sha256}.txt"
        try:
            if not _has_size(target, self._bytes):
                self._put(data)
                assert self._file is not None
                self._file.close()
                self._file = None
                os.replace(self._path, target)  # noqa: PTH105
        except OSError as error:
            raise self._failure(error) from error
        return stored

    def _taken(self) -> bytes:
        """Return what waits, counted, and let go of it."""
        text = "".join(self._waiting)
        data = text.encode("utf-8", "replace")
        self._waiting, self._waiting_chars = [], 0
        self._sha256.update(data)
        self._hidden.feed(text, data)
        self._chars += len(text)
        self._bytes += len(data)
        return data

    def _put(self, data: bytes) -> None:
        try:
            file = self._file or self._opened()
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
        except OSError as error:
            raise self._failure(error) from error

    def _opened(self) -> io.FileIO:
        """Open the file that becomes the text. Its name tells nobody anything, and it can only be read from the beginning on."""
        self._path = f"{self._store.folder}{os.sep}{os.urandom(16).hex()}.part"
        try:
            self._file = io.FileIO(self._path, "xb", opener=_privately)
        except FileNotFoundError:
            self._store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = io.FileIO(self._path, "xb", opener=_privately)
        lock.try_lock(self._file)
        return self._file

    def _failure(self, error: OSError) -> UserError:
        why = "the disk is full" if error.errno in _FULL else str(error.strerror or error)
        return UserError(f"The text cannot be stored in {self._store.folder}: {why}. Free some space there and add the document again.")


def _has_size(path: str, size: int) -> bool:
    try:
        found = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == size
