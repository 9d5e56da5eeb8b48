"""The context: an inherited, read-only descriptor of a private file that the host has filled."""

from __future__ import annotations

import codecs
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    Context = str | list[str] | dict[str, str]

_PIECE_BYTES = 1 << 18


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
    if total == 0:
        return [""] * len(sizes)
    return [_read(fd, size) for size in sizes]


def _read(fd: int, size: int) -> str:
    """Read the next `size` bytes, decoded piece by piece: at no time are the bytes and the text in memory both."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    text, done = "", 0
    # Python lets the only name of a text grow in its place, in a `for` loop that has gone round a few times; joining a list would hold
    # everything twice.
    for start in range(0, size, _PIECE_BYTES):
        data = os.read(fd, min(size - start, _PIECE_BYTES))
        done += len(data)
        text += decoder.decode(data, done == size)
    if done != size:
        raise ValueError(f"the context's file gave {done} bytes of {size}")
    return text
