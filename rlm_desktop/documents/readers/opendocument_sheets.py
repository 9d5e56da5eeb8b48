"""The sheets of an OpenDocument workbook (`.ods`): read here, as calamine stops at what other programs than LibreOffice write."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, Final

from rlm_desktop.documents.readers.opendocument_parts import OpenDocument, OpenText
from rlm_desktop.documents.readers.sheet import MAX_CELLS, MAX_COLUMNS, Sheet, Value, too_far
from rlm_desktop.documents.readers.xml_tree import Element, attribute, inside, local, number

_MAX_REPEATED_CHARS: Final = 1_000_000
_DURATION: Final = re.compile(r"(-?)PT(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7})(?:[.,]\d+)?S)?")


def opendocument_sheets(file: BinaryIO, title: str) -> list[Sheet]:
    """Return the sheets in their order. Raises RefusedError, also while rows are taken."""
    document = OpenDocument(file, title)
    sheets = []
    for table in inside(document.content, "table"):
        is_hidden = document.style_says(attribute(table, "style-name"), "table-properties", "display") == "false"
        sheets.append(Sheet(attribute(table, "name") or "", is_hidden, partial(_rows, table, title)))
    return sheets


def _rows(table: Element, title: str) -> Iterator[tuple[int, list[Value]]]:
    row = cells = 0
    for element in _row_elements(table):
        values = _values(element)
        times = max(1, number(attribute(element, "number-rows-repeated"), 1))
        if values:
            cells += times * len(values)
            if cells > MAX_CELLS:
                raise too_far(title)
            for at in range(times):
                yield row + at, values
        row += times


def _row_elements(container: Element) -> Iterator[Element]:
    for element in container:
        if local(element) == "table-row":
            yield element
        elif local(element) in ("table-rows", "table-header-rows", "table-row-group"):
            yield from _row_elements(element)


def _values(row: Element) -> list[Value]:
    """Return the values of a row up to the last that is filled."""
    values: list[Value] = []
    empty = 0
    for cell in row:
        if local(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times = max(1, min(number(attribute(cell, "number-columns-repeated"), 1), MAX_COLUMNS))
        value = _value(cell)
        if value == "":
            empty += times
            continue
        if isinstance(value, str) and len(value) * times > _MAX_REPEATED_CHARS:
            times = 1
        values += [""] * empty + [value] * times
        empty = 0
        if len(values) > MAX_COLUMNS:
            return values[:MAX_COLUMNS]
    return values


def _value(cell: Element) -> Value:
    kind = cell.attrib and attribute(cell, "value-type")
    try:
        if kind in ("float", "percentage", "currency"):
            return float(attribute(cell, "value") or "")
        if kind == "boolean":
            return attribute(cell, "boolean-value") == "true"
        if kind == "date":
            moment = datetime.datetime.fromisoformat(attribute(cell, "date-value") or "")
            return moment if "T" in (attribute(cell, "date-value") or "") else moment.date()
        if kind == "time":
            match = _DURATION.fullmatch(attribute(cell, "time-value") or "")
            if match:
                span = datetime.timedelta(hours=int(match[2] or 0), minutes=int(match[3] or 0), seconds=int(match[4] or 0))
                return -span if match[1] else span
    except (ValueError, OverflowError):
        pass  # what the cell shows is then all that is known
    texts = OpenText()
    return "\n".join(texts.read(paragraph) for paragraph in cell if local(paragraph) == "p")
