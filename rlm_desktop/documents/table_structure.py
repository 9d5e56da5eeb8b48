"""CSV and its kin: how many rows and which columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

from rlm_desktop.documents.endings import suffix_of
from rlm_desktop.documents.structure import MOST_PLACES, Structure, counted, cut, named
from rlm_desktop.trace.events import Heading

_HEAD_CHARS: Final = 1 << 16
_HEAD_ROWS: Final = 20
_MOST_CELL_CHARS: Final = 1 << 20
"""A cell that is longer was opened by a quotation mark that nothing closes."""
_DELIMITERS: Final = ",;\t|"
_STATED = re.compile(r"sep=(.)\n")
_NUMBER = re.compile(r"[-+$€£]?[\d.,  ]*\d\s?%?\Z")


def table_structure(path: Path, name: str) -> Structure | None:
    """Return the structure of a text in the store; None where its quotation marks make no table of it."""
    with path.open(encoding="utf-8", newline="\n") as file:
        head = file.read(_HEAD_CHARS)
        stated = _STATED.match(head)
        delimiter = stated[1] if stated else _delimiter(head, name)
        file.seek(0)
        lines = _Lines(file)
        if stated:
            next(lines)
        csv.field_size_limit(_MOST_CELL_CHARS)
        try:
            return _structure(csv.reader(lines, delimiter=delimiter), lines)
        except (csv.Error, StopIteration):
            return None


class _Lines:
    """The lines of a file; `at` counts the characters of those that were taken."""

    def __init__(self, file: TextIO) -> None:
        self.at = 0
        self._next = iter(file).__next__

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        self.at += len(line)
        return line


def _structure(rows: Iterator[list[str]], lines: _Lines) -> Structure:
    header = next(row for row in rows if row)
    has_names = _are_names(header)
    places: list[tuple[int, int, list[str]]] = []
    stride = 1
    count = 0 if has_names else 1
    at = lines.at
    for row in rows:
        if row:
            if count % stride == 0:
                places.append((count, at, row))
                if len(places) >= 2 * MOST_PLACES:
                    del places[1::2]
                    stride *= 2
            count += 1
        at = lines.at
    columns = counted(len(header), "column", "columns") + (f": {named(header)}" if has_names else "")
    first = Heading(level=1, title=cut(f"Columns: {named(header)}" if has_names else f"Row 1: {', '.join(header)}", 120), at=0)
    thinned = places[:: max(1, -(-len(places) // MOST_PLACES))]
    outline = (first, *(Heading(level=2, title=cut(f"Row {n + 1:,}: {', '.join(row)}"), at=at) for n, at, row in thinned))
    return Structure(outline, f"{counted(count, 'row', 'rows')}, {columns}")


def _are_names(row: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row]
    return all(cells) and len(set(cells)) == len(cells) and not any(_NUMBER.match(cell) for cell in cells)


def _delimiter(head: str, name: str) -> str:
    """Return what divides the most rows into equally many cells."""
    if suffix_of(name) in (".tsv", ".tab"):
        return "\t"
    best, best_score = ",", 1
    for delimiter in _DELIMITERS:
        try:
            sizes = [len(row) for _, row in zip(range(_HEAD_ROWS), csv.reader(head.splitlines(), delimiter=delimiter), strict=False) if row]
        except csv.Error:
            continue
        score = sizes[0] * sizes.count(sizes[0]) if sizes and sizes[0] > 1 else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best
