"""How far the cells of an Excel workbook reach, told before calamine makes room for all between the first and the last at once.

A cell far out would otherwise take more memory than there is, which ends a process without a word. What calamine gives as empty is gathered
on the way: errors, and formulas whose value the program that wrote the file did not reckon.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from rlm_desktop.documents.readers.openxml import Package
from rlm_desktop.documents.readers.sheet import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES, too_far, too_much_text
from rlm_desktop.documents.readers.sheet_comments import sheet_comments
from rlm_desktop.documents.readers.xml_tree import Element, inside

MAX_MISSING: Final = 100_000

# No step passes a bracket, so that a file of nothing but beginnings costs no more than any other.
_ROW_OF_XML = re.compile(rb"<(?:\w{1,20}:)?row\b[^<>]*?\sr=[\"'](\d{1,9})")
_FILLED_OF_XML = re.compile(rb"<(?:\w{1,20}:)?c\b([^<>]*[^<>/])?>(?!</)")
_PLACE_OF_XML = re.compile(rb"\br=[\"']([A-Za-z]{1,4})(\d{1,9})")
_TEXT_OF_XML = re.compile(rb"<(?:\w{1,20}:)?si\b")
_SHARED_OF_XML = re.compile(rb"\st=[\"']s[\"'][^<>]*>\s*<(?:\w{1,20}:)?v>\s*(\d{1,9})")
_WIDE_OF_XML = re.compile(rb"\sr=[\"']([A-Za-z]{2,4})\d")
_ERROR_OF_XML = re.compile(rb"<(?:\w{1,20}:)?c\b(?=[^<>]*?\st=[\"']e[\"'])[^<>]*?\sr=[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^<>]*>")
_VALUE_OF_XML = re.compile(rb"<(?:\w{1,20}:)?v>(#[^<]{1,20})<")
_FORMULA_OF_XML = re.compile(
    rb"<(?:\w{1,20}:)?c\b([^<>]*)>\s*<(?:\w{1,20}:)?f\b[^<>]*>([^<]{1,8192})</(?:\w{1,20}:)?f>\s*"
    rb"(?:<(?:\w{1,20}:)?v\s*/>|<(?:\w{1,20}:)?v>\s*</(?:\w{1,20}:)?v>)?\s*</(?:\w{1,20}:)?c>"
)
_MAX_FORMULA_BYTES: Final = 9_000
ERROR_NAMES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_ROW_RECORD: Final = 0
_SHARED_RECORD: Final = 7
_TEXT_RECORD: Final = 19
_SHEET_RECORD: Final = 156
_CELL_RECORDS: Final = range(2, 12)
"""Those with a value."""
_ERROR_RECORDS: Final = (3, 11)

Missing = dict[tuple[int, int], str]
"""(row, column), counted from 0 → an error such as `#DIV/0!`, or a formula such as `=A1+A2`."""


class Beside(NamedTuple):
    """What stands in a sheet and calamine does not give."""

    missing: Missing
    comments: tuple[str, ...] = ()


class Bounds(NamedTuple):
    rows: int
    columns: int
    missing: Missing


def checked_sheets(package: Package, title: str) -> dict[str, Beside]:
    """Return the name of each sheet of an `.xlsx` or `.xlsb` → what is beside it. Raises RefusedError for a sheet that reaches too far."""
    main = package.main()
    relations = package.relations(main)
    named = _binary_sheets(package.data(main)) if _is_binary(main) else _sheets(package.tree(main))
    sheets = {key: name for name, key in named}
    found: dict[str, Beside] = {}
    texts = [relation.part for relation in relations.values() if relation.kind == "sharedStrings" and relation.part in package]
    lengths = _text_lengths(package.data(texts[0]), is_binary=_is_binary(texts[0])) if texts else []
    parts = {relation.part: sheets.get(key, key) for key, relation in relations.items() if key in sheets}
    # What is not in the list of sheets may be found there by another reading of the same names.
    for part in [*parts, *(part for part in package.parts() if "sheets/" in part and part not in parts)]:
        if part.lower().endswith((".xml", ".bin")) and part in package:
            data, is_binary = package.data(part), _is_binary(part)
            bounds = binary_bounds(data) if is_binary else xml_bounds(data)
            check_reach(bounds.rows, bounds.columns, title)
            if _text_bytes(data, lengths, is_binary=is_binary) > MAX_TEXT_BYTES:
                raise too_much_text(title)
            if part in parts:
                found[parts[part]] = Beside(bounds.missing, sheet_comments(package, part))
    return found


def _is_binary(part: str) -> bool:
    return part.lower().endswith(".bin")


def _text_lengths(data: bytes, *, is_binary: bool) -> list[int]:
    """Return how many bytes each of the texts has that cells share."""
    if not is_binary:
        return [len(piece) for piece in _TEXT_OF_XML.split(data)[1:]]
    return [2 * int.from_bytes(data[at + 1 : at + 5], "little") for kind, at in _records(data) if kind == _TEXT_RECORD]


def _text_bytes(data: bytes, lengths: list[int], *, is_binary: bool) -> int:
    """Return about how many bytes the shared texts of a sheet take, when each cell has its own copy: 0 where that cannot be much."""
    longest = max(lengths, default=0)
    if longest * data.count(b"\x07" if is_binary else b"s") <= MAX_TEXT_BYTES:
        return 0
    if is_binary:
        places = (int.from_bytes(data[at + 8 : at + 12], "little") for kind, at in _records(data) if kind == _SHARED_RECORD)
    else:
        places = (int(match[1]) for match in _SHARED_OF_XML.finditer(data))
    return sum(lengths[place] for place in places if place < len(lengths))


def xml_bounds(data: bytes) -> Bounds:
    """Return how far the cells of one sheet of an `.xlsx` reach."""
    rows = max((int(match[1]) for match in _ROW_OF_XML.finditer(data)), default=0)
    columns = max((_column(name) + 1 for name in {match[1] for match in _WIDE_OF_XML.finditer(data)}), default=0)
    # Cells that say no place stand beside each other.
    pieces = data.split(b"row>")
    most = max(piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b":c ") + piece.count(b":c>") for piece in pieces)
    columns = max(columns, most, 26 if most else 0)
    rows = max(rows, len(pieces) - 1)
    if rows * columns > MAX_CELLS:
        rows, columns = _filled_reach(data) or (rows, columns)
    missing: Missing = {}
    if b't="e"' in data or b"t='e'" in data:
        for match in islice(_ERROR_OF_XML.finditer(data), MAX_MISSING):
            value = _VALUE_OF_XML.search(data, match.end(), match.end() + _MAX_FORMULA_BYTES)
            if value:
                missing[int(match[2]) - 1, _column(match[1])] = value[1].decode("ascii", "replace")
    if b"<f" in data or b":f" in data:
        for match in islice(_FORMULA_OF_XML.finditer(data), MAX_MISSING):
            place = _PLACE_OF_XML.search(match[1])
            if place:
                missing[int(place[2]) - 1, _column(place[1])] = "=" + html.unescape(match[2].decode("utf-8", "replace"))
    return Bounds(rows, columns, missing)


def _filled_reach(data: bytes) -> tuple[int, int] | None:
    """Return how far the cells with a value reach, for which alone room is made; None where one does not say its place."""
    rows = columns = 0
    for cell in _FILLED_OF_XML.finditer(data):
        place = _PLACE_OF_XML.search(cell[1] or b"")
        if place is None:
            return None
        rows, columns = max(rows, int(place[2])), max(columns, _column(place[1]) + 1)
    return rows, columns


def binary_bounds(data: bytes) -> Bounds:
    """Return how far the cells of one sheet of an `.xlsb` reach."""
    row = rows = columns = 0
    missing: Missing = {}
    for kind, at in _records(data):
        if kind == _ROW_RECORD:
            row = int.from_bytes(data[at : at + 4], "little")
        elif kind in _CELL_RECORDS:
            column = int.from_bytes(data[at : at + 4], "little")
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if kind in _ERROR_RECORDS and len(missing) < MAX_MISSING:
                missing[row, column] = ERROR_NAMES.get(next(iter(data[at + 8 : at + 9]), -1), "")
    return Bounds(rows, columns, missing)


def _records(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the type of each record, and where its content begins: types are of up to two bytes, lengths of up to four, 7 bits in each."""
    at, end = 0, len(data)
    while at < end:
        kind, at = _number(data, at, 2)
        length, at = _number(data, at, 4)
        yield kind, at
        at += length


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(data[at : at + most]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    return value, at + most


def _binary_sheets(workbook: bytes) -> list[tuple[str, str]]:
    """Return (name, id of the relation) of each sheet of an `.xlsb`."""
    found = []
    for kind, at in _records(workbook):
        if kind == _SHEET_RECORD:
            key, after = _wide_text(workbook, at + 8)
            found.append((_wide_text(workbook, after)[0], key))
    return found


def _wide_text(data: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + 2 * int.from_bytes(data[at : at + 4], "little")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def check_reach(rows: int, columns: int, title: str) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise too_far(title)


def _sheets(workbook: Element) -> list[tuple[str, str]]:
    """Return (name, id of the relation) of each sheet."""
    found = []
    for sheet in inside(workbook, "sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        found.append((sheet.get("name") or "", key))
    return found


def _column(name: bytes) -> int:
    """Return the index of a column from 0, by its letters."""
    index = 0
    for letter in name.upper():
        index = index * 26 + letter - 64
    return index - 1
