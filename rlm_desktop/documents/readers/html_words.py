"""The words of a web page that wait for the end of their line: white space as a browser shows it, line ends where they are meant."""

from __future__ import annotations

import re
from typing import Final

_SPACE: Final = re.compile(r"[ \t\r\n\f\u00a0]+")
_AROUND_BREAK: Final = re.compile(r" ?\n ?")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060]")
_BREAK: Final = "\x1f"
"""Stands for a line's end that is meant, until white space is put together. No text has it: see `Draft`."""


class Words:
    def __init__(self) -> None:
        self._pieces: list[str] = []

    def add(self, text: str, *, is_kept: bool = False) -> None:
        """Add a piece, of which the line ends are meant where it `is_kept` as it is."""
        self._pieces.append(text.replace("\n", _BREAK) if is_kept else text)

    def end_line(self) -> None:
        self._pieces.append(_BREAK)

    @property
    def place(self) -> int:
        """Where the next piece goes, for `since` and `drop_since`."""
        return len(self._pieces)

    def since(self, place: int) -> str:
        return "".join(self._pieces[place:]).strip()

    def drop_since(self, place: int) -> None:
        del self._pieces[place:]

    @property
    def last(self) -> str:
        """The last character, empty where there is none."""
        return "".join(self._pieces[-2:])[-1:]

    def taken(self) -> str:
        """Take all as one text: white space put together, lines where they were meant to end."""
        text = _SPACE.sub(" ", _INVISIBLE.sub("", "".join(self._pieces)))
        self._pieces.clear()
        return _AROUND_BREAK.sub("\n", text.replace(_BREAK, "\n")).strip()

    def taken_as_is(self) -> str:
        """Take all as one text with its white space, but for empty lines around it."""
        text = "".join(self._pieces).replace(_BREAK, "\n").strip("\n").rstrip()
        self._pieces.clear()
        return text


def one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
