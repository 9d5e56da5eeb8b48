"""How wide a text is in a terminal, where some characters take two cells and some none."""

from __future__ import annotations

import unicodedata


def cells(text: str) -> int:
    """Return how many cells a line takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def cut(text: str, width: int) -> str:
    """Return a line in at most `width` cells, with an ellipsis where something is missing."""
    if cells(text) <= width:
        return text
    kept, room = [], width - 1
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…" if width > 0 else ""


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
