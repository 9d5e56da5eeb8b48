"""The help that ships with the program, taken apart: headings, paragraphs, points and tables, without the marks of Markdown.

It is our own text, so it needs few forms; a test reads every shipped page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Form = Literal["title", "heading", "paragraph", "point", "table"]
_MARKS = ("**", "`", "*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`lead` is the beginning of a point that stands out; `rows` are those of a table, its head first."""

    form: Form
    text: str = ""
    lead: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a help page in their order."""
    for is_blank, lines in groupby(text.splitlines(), key=lambda line: not line.strip()):
        if not is_blank:
            yield from _block(list(lines))


def _block(lines: list[str]) -> Iterator[Piece]:
    first = lines[0]
    if first.startswith("#"):
        yield Piece(form="title" if first.startswith("# ") else "heading", text=_plain(first.lstrip("# ")))
    elif first.startswith("|"):
        rows = [tuple(_plain(cell) for cell in line.strip().strip("|").split("|")) for line in lines]
        yield Piece(form="table", rows=(rows[0], *rows[2:]))
    elif first.startswith("- "):
        for point in "\n".join(lines).removeprefix("- ").split("\n- "):
            yield _point(" ".join(point.split()))
    else:
        yield Piece(form="paragraph", text=_plain(" ".join(lines)))


def _point(text: str) -> Piece:
    lead, found, rest = text.removeprefix("**").partition("**") if text.startswith("**") else ("", "", text)
    return Piece(form="point", lead=_plain(lead), text=_plain(rest if found else text))


def _plain(text: str) -> str:
    for mark in _MARKS:
        text = text.replace(mark, "")
    return text.strip()
