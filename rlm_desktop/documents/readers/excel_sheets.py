"""The sheets of an Excel workbook, by calamine: fast, and not to be left alone with a file that nobody vouches for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO, NamedTuple

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

from rlm_desktop.documents.readers.old_sheet_bounds import checked_old_sheets
from rlm_desktop.documents.readers.openxml import Package
from rlm_desktop.documents.readers.sheet import Sheet, Value
from rlm_desktop.documents.readers.sheet_bounds import Beside, Missing, checked_sheets
from rlm_desktop.documents.readers.unpacking import Unpacking, broken, protected


class Excel(NamedTuple):
    names: list[str]
    sheets: Iterator[Sheet]
    """In the order of the names. Each is loaded when it is taken."""
    charts: list[str]
    """The names of sheets without cells."""
    formulas: int
    """How many have no value in the file."""


def excel_sheets(file: BinaryIO, title: str, *, is_zip: bool) -> Excel:
    """Open a workbook. Raises RefusedError, also while sheets and rows are taken."""
    beside: dict[str, Beside]
    if is_zip:
        Unpacking(file, title).check()
        beside = checked_sheets(Package(file, title), title)
        file.seek(0)
    data = file.read()
    if not is_zip:
        beside = checked_old_sheets(data, title)
    with _guarded(title):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        described = book.sheets_metadata
    with_cells = [at for at, sheet in enumerate(described) if str(sheet.typ).endswith(("WorkSheet", "MacroSheet"))]
    charts = [sheet.name for at, sheet in enumerate(described) if at not in with_cells]
    formulas = sum(1 for known in beside.values() for value in known.missing.values() if value.startswith("="))
    return Excel([described[at].name for at in with_cells], _sheets(book, with_cells, beside, title), charts, formulas)


def _sheets(book: CalamineWorkbook, with_cells: list[int], beside: dict[str, Beside], title: str) -> Iterator[Sheet]:
    for at in with_cells:
        described = book.sheets_metadata[at]
        with _guarded(title):
            loaded = book.get_sheet_by_index(at)
        is_hidden = not str(described.visible).endswith(".Visible")
        known = beside.get(described.name, Beside({}))
        yield Sheet(described.name, is_hidden, partial(_rows, loaded, known.missing, title), known.comments)


def _rows(sheet: CalamineSheet, missing: Missing, title: str) -> Iterator[tuple[int, list[Value]]]:
    """Yield the rows that calamine has, with what it misses put in, before, between and behind its own cells too."""
    begin = sheet.start[1] if sheet.start is not None else 0
    first = min((column for _, column in missing), default=begin)
    before: list[Value] = [""] * max(0, begin - first)
    first = min(first, begin)
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), value in missing.items():
        by_row.setdefault(row, []).append((column - first, value))
    with _guarded(title):
        for row, values in enumerate(sheet.iter_rows()):
            there: list[Value] = [*before, *values]
            yield row, _with(there, by_row.pop(row)) if row in by_row else there
    for later in sorted(by_row):
        yield later, _with([], by_row[later])


def _with(values: list[Value], missing: list[tuple[int, str]]) -> list[Value]:
    for column, value in missing:
        values += [""] * (column + 1 - len(values))
        if values[column] == "":
            values[column] = value
    return values


@contextmanager
def _guarded(title: str) -> Iterator[None]:
    """Turn what calamine fails with into a RefusedError."""
    try:
        yield
    except PasswordError as error:
        raise protected(title) from error
    except (GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # A panic of its Rust is one, and is not among the Exceptions.
        raise broken(title) from error
