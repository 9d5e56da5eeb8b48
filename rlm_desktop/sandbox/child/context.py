"""The context: an inherited, read-only descriptor of a private file that the host has filled."""

from __future__ import annotations

import mmap
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    Context = str | list[str] | dict[str, str]


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
    texts = []
    with mmap.mmap(fd, total, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as view:
        at = 0
        for size in sizes:
            with view[at : at + size] as part:
                texts.append(str(part, "utf-8"))
            at += size
    return texts
