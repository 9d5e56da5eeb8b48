"""Workbooks (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`): each sheet under a heading with its name, each row a line `| a | b |`.

In a long sheet the header is said again every few thousand characters, in a line of its own that is no row: `From row 102: id | name`.
Whoever reads a piece of the text knows what the columns are; code that takes the lines that begin with a bar counts no row twice.
Columns and rows without a value are left out; the numbers of rows are those that the program of the person shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.compound import MAGIC, compound_kind, compound_refusal
from rlm_desktop.documents.readers.excel_sheets import excel_sheets
from rlm_desktop.documents.readers.opendocument_sheets import opendocument_sheets
from rlm_desktop.documents.readers.sheet import Sheet, Value
from rlm_desktop.documents.readers.unpacking import Unpacking
from rlm_desktop.documents.refused import RefusedError

_TITLE: Final = READERS["spreadsheet"].title
_HEADER_EVERY_CHARS: Final = 4_000
_HEADER_SHARE: Final = 20
"""So many times the header's own length stand between two of it, at least."""
_HEADER_WITHIN: Final = 10
"""Among so many of the first filled rows the header is looked for."""
_ROWS_AT_ONCE: Final = 2_000
_EXACT: Final = 1e15


def read(file: BinaryIO, draft: Draft) -> None:
    """Write a workbook. Raises RefusedError."""
    head = file.read(len(MAGIC))
    file.seek(0)
    if head == MAGIC:
        refusal = compound_refusal(compound_kind(file))
        if refusal is not None:
            raise refusal
    is_zip = head.startswith(b"PK")
    sheets: Iterable[Sheet]
    if is_zip and "content.xml" in Unpacking(file, _TITLE):
        sheets = opendocument_sheets(file, _TITLE)
        count = len(sheets)
    else:
        excel = excel_sheets(file, _TITLE, is_zip=is_zip)
        sheets, count = excel.sheets, len(excel.names)
        for name in excel.charts:
            draft.note(f"The sheet {name} holds a chart and no cells, and is left out.")
        if excel.formulas:
            have = "formulas have" if excel.formulas > 1 else "formula has"
            draft.note(
                f"{excel.formulas:,} {have} no value in the file, and stand in the text instead. "
                "To have values, open the workbook in a spreadsheet program, save it, and add that."
            )
    rows = 0
    for at, sheet in enumerate(sheets):
        rows += _write_sheet(sheet, draft, on_share=partial(_share, draft, at, count))
        if sheet.is_hidden:
            draft.note(f"The sheet {sheet.name} is hidden in the workbook. It is in the text.")
    if not rows:
        raise RefusedError(f"This is {_TITLE} without anything in its cells.", "no text")
    draft.extent = f"{count:,} sheet{'s' * (count != 1)}, {rows:,} row{'s' * (rows != 1)}"


def _share(draft: Draft, sheet: int, sheets: int, share: float) -> None:
    draft.share((sheet + share) / sheets)


def _write_sheet(sheet: Sheet, draft: Draft, *, on_share: Callable[[float], None]) -> int:
    """Write a sheet under a heading, and return how many rows it has."""
    columns, count = _filled(sheet)
    size = f"{count:,} row{'s' * (count != 1)}, {len(columns):,} column{'s' * (len(columns) != 1)}" if count else "empty"
    draft.heading(1, f"{sheet.name} ({'hidden, ' if sheet.is_hidden else ''}{size})")
    header: list[str] | None = None
    header_every = looked_at = done = batch_chars = 0
    batch: list[list[str]] = []
    for row, values in sheet.rows():
        cells = [_shown(values[at]) if at < len(values) else "" for at in columns]
        if not any(cells):
            continue
        if header is None and looked_at < _HEADER_WITHIN:
            looked_at += 1
            if _is_header([values[at] if at < len(values) else "" for at in columns]):
                header = [" ".join(cell.split()) for cell in cells]
                header_every = max(_HEADER_EVERY_CHARS, _HEADER_SHARE * sum(map(len, header)))
        if header is not None and batch_chars > header_every:
            draft.table(batch)
            batch, batch_chars = [], 0
            draft.line(f"From row {row + 1:,}: {' | '.join(header)}")
        batch.append(cells)
        batch_chars += sum(map(len, cells)) + 3 * len(cells)
        done += 1
        if done % _ROWS_AT_ONCE == 0:
            on_share(done / count)
            if header is None:
                draft.table(batch)
                batch = []
    draft.table(batch)
    if sheet.comments:
        draft.paragraph("Comments:")
        for comment in sheet.comments:
            draft.line(comment)
    return count


def _filled(sheet: Sheet) -> tuple[list[int], int]:
    """Return which columns have a value anywhere, and how many rows have one."""
    columns: set[int] = set()
    count = 0
    for _, values in sheet.rows():
        filled = [at for at, value in enumerate(values) if value != "" and not (isinstance(value, str) and value.isspace())]
        columns.update(filled)
        count += bool(filled)
    return sorted(columns), count


def _is_header(values: Sequence[Value]) -> bool:
    """Say whether a row names the columns: words in most of them, and nothing but words."""
    filled = [value for value in values if value != ""]
    return len(filled) >= 2 and 2 * len(filled) > len(values) and all(isinstance(value, str) for value in filled)


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        # As many digits as a spreadsheet keeps: 0.1 + 0.2 is 0.3 there.
        return f"{value:.15g}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "milliseconds" if value.microsecond else "seconds")
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, datetime.time):
        return value.isoformat("milliseconds" if value.microsecond else "seconds")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
