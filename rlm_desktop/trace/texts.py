"""The texts of documents, read: each is one UTF-8 file named by the sha256 of its bytes. Writing them is `documents.text_store`'s.

Slices go by characters, although the file holds bytes: a sparse list of places, made on the way, says where to begin to decode.
"""

from __future__ import annotations

import codecs
import mmap
import os
import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from rlm_desktop.errors import UserError

_STRIDE_BYTES = 1 << 20
"""Distance of the known places in a text, and how much of a file is in memory at a time."""
_SEARCH_BYTES = 8 << 20
_CONTINUATION = bytes(range(0x80, 0xC0))
"""Every byte of a character in UTF-8 but its first. Counted without numpy, which the reading process does not load."""
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class TextReader:
    """The texts below `folder`, which lie there whole or not at all, and never change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places: dict[str, _Places] = {}

    def path_of(self, sha256: str) -> Path:
        """Return where the text lies, if it does. Raises UserError for what is no sha256: such a name may come from a foreign trace."""
        if not _SHA256.match(sha256):
            raise UserError(f"{sha256[:80]!r} does not name a text: a sha256 of 64 hexadecimal digits does.")
        return self.folder / f"{sha256}.txt"

    def has(self, sha256: str) -> bool:
        return bool(_SHA256.match(sha256)) and self.path_of(sha256).is_file()

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> str:
        """Return the characters `[start:end]`, counted from 0, as far as there are any. Raises UserError when the text is gone."""
        start, end = max(0, start), None if end is None else max(0, end)
        try:
            with self.path_of(sha256).open("rb", buffering=0) as file:
                if start == 0 and end is None:
                    return file.readall().decode("utf-8", "replace")
                return self._places.setdefault(sha256, _Places()).slice(file.fileno(), start, end)
        except OSError as error:
            raise self._gone(sha256, error) from error

    def approach(self, sha256: str, char: int) -> bool:
        """Get to know one stride more of the text on the way to `char` (a millisecond). True when a slice from there is at hand.

        Raises UserError when the text is gone.
        """
        try:
            with self.path_of(sha256).open("rb", buffering=0) as file:
                return self._places.setdefault(sha256, _Places()).approach(file.fileno(), char)
        except OSError as error:
            raise self._gone(sha256, error) from error

    def search(self, sha256: str, words: str) -> Iterator[int | None]:
        """Yield None after each few megabytes searched, and at last, if it is there, the character where `words` first stand.

        Raises UserError when the text is gone.
        """
        wanted = words.encode("utf-8", "replace")
        try:
            with self.path_of(sha256).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if not wanted or not size:
                    return
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    for start in range(0, size, _SEARCH_BYTES):
                        found = data.find(wanted, start, start + _SEARCH_BYTES + len(wanted) - 1)
                        if found >= 0:
                            yield sum(_chars_in(data[at : min(found, at + _SEARCH_BYTES)]) for at in range(0, found, _SEARCH_BYTES))
                            return
                        yield None
        except OSError as error:
            raise self._gone(sha256, error) from error

    def _gone(self, sha256: str, error: OSError) -> UserError:
        return UserError(f"The text {sha256[:12]}… cannot be read from {self.folder}: {error.strerror}. Add the document again.")


def _chars_in(data: bytes) -> int:
    """Return how many characters begin in a stretch of UTF-8."""
    return len(data.translate(None, _CONTINUATION))


class _Places:
    """What is known of one text so far: how many characters come before some of its bytes, both ascending."""

    def __init__(self) -> None:
        self._chars = [0]
        self._bytes = [0]
        self._is_complete = False

    def approach(self, descriptor: int, char: int) -> bool:
        if not self._is_complete and self._chars[-1] <= char:
            self._advance(descriptor)
        return self._is_complete or self._chars[-1] > char

    def slice(self, descriptor: int, start: int, end: int | None) -> str:
        while not self.approach(descriptor, start):
            pass
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
