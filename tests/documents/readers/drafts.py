"""Readers tried without a process of their own."""

from __future__ import annotations

import io
from typing import NamedTuple

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers import reader_of


class Drafted(NamedTuple):
    """What a reader made of a file. `outline` is (level, title, what the text says there up to the end of the line)."""

    text: str
    outline: list[tuple[int, str, str]]
    notes: list[str]
    extent: str
    encoding: str | None


def drafted(kind: str, data: bytes, *, name: str = "", encoding: str | None = None) -> Drafted:
    """Read `data` with the reader of `kind`. Raises RefusedError."""
    pieces: list[str] = []
    draft = Draft(pieces.append, name=name, encoding=encoding)
    reader_of(kind)(io.BytesIO(data), draft)
    text = "".join(pieces)
    assert draft.chars == len(text)
    outline = [(mark.level, mark.title, text[mark.at :].split("\n", 1)[0]) for mark in draft.marks]
    return Drafted(text, outline, draft.notes, draft.extent, draft.encoding_found)
