"""The context: an inherited, read-only descriptor of a private file that the host has filled."""

from __future__ import annotations

import codecs
import os
from itertools import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    Context = str | list[str] | dict[str, str]

_FIRST_BYTES, _FIRST_PIECES = 64, 16
_ASCII_BYTES, _WIDE_BYTES = 8 << 20, 1 << 17


def read_context(fd: int, kind: str, index: list[tuple[str, int]]) -> Context:
    """Decode the file's parts, given as (name, bytes) in file order, and close it: nothing of it stays mapped."""
    try:
        texts = _decode(fd, [size for _, size in index])
    finally:
        os.close(fd)
    if kind == "str":
        return texts[0]
    if kind == "list":
        return texts
    return {name: text for (name, _), text in zip(index, texts, strict=True)}


def _decode(fd: int, sizes: list[int]) -> list[str]:
    total = sum(sizes)
    if os.fstat(fd).st_size != total:
        raise ValueError(f"the context's file has {os.fstat(fd).st_size} bytes, its index says {total}")
    texts, start = [], 0
    for size in sizes:
        texts.append(_read(fd, start, size))
        start += size
    return texts


def _read(fd: int, start: int, size: int) -> str:
    """Decode a part piece by piece: at no time are all its bytes and its text in memory both.

    Python lets the only name of a text grow in its place, in a `for` loop that has gone round a few times: so the first pieces are tiny.
    Then memory comes in huge pages, where the system has them, if the text grows by several at once; that is most of the time it takes.
    A text of wide characters is several times its bytes, and so is what each piece adds to the most that is held.
    """
    if size <= _WIDE_BYTES:
        os.lseek(fd, start, os.SEEK_SET)
        return os.read(fd, size).decode("utf-8")
    text, done = "", 0
    for number in count():
        if done == size:
            break
        piece_bytes = _FIRST_BYTES if number < _FIRST_PIECES else _ASCII_BYTES if text.isascii() else _WIDE_BYTES
        more, read = _piece(fd, start + done, min(piece_bytes, size - done), is_last=done + piece_bytes >= size)
        done += read
        text += more
    return text


def _piece(fd: int, start: int, size: int, *, is_last: bool) -> tuple[str, int]:
    """Return the text of some of the file's bytes, and how many they were: a character that goes on behind them is left, or refused."""
    import mmap

    offset = start % mmap.ALLOCATIONGRANULARITY
    with mmap.mmap(fd, offset + size, access=mmap.ACCESS_READ, offset=start - offset) as mapped, memoryview(mapped) as view:
        return codecs.utf_8_decode(view[offset:], "strict", is_last)
