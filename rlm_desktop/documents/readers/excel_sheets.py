"""The sheets of an Excel workbook, by calamine: fast, and not to be left alone with a file that nobody vouches for."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar

from rlm_desktop.documents.readers.old_sheet_bounds import old_errors
from rlm_desktop.documents.readers.openxml import Package
from rlm_desktop.documents.readers.sheet import Sheet, Value
from rlm_desktop.documents.readers.sheet_bounds import Errors, checked_errors
from rlm_desktop.documents.readers.unpacking import Unpacking, broken, protected

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Result = TypeVar("Result")


class Excel(NamedTuple):
    names: list[str]
    sheets: Iterator[Sheet]
    """In the order of the names. Each is loaded when it is taken."""
    charts: list[str]
    """The names of sheets without cells."""


def excel_sheets(file: BinaryIO, title: str, *, is_zip: bool) -> Excel:
    """Open a workbook. Raises RefusedError, also while sheets and rows are taken."""
    errors: dict[str, Errors]
    if is_zip:
        Unpacking(file, title).check()
        errors = checked_errors(Package(file, title), title)
        file.seek(0)
    data = file.read()
    if not is_zip:
        errors = old_errors(data, title)
    book = _guarded(partial(_opened, data), title)
    described = book.sheets_metadata
    with_cells = [at for at, sheet in enumerate(described) if str(sheet.typ).endswith(("WorkSheet", "MacroSheet"))]
    charts = [sheet.name for at, sheet in enumerate(described) if at not in with_cells]
    return Excel([described[at].name for at in with_cells], _sheets(book, with_cells, errors, title), charts)


def _opened(data: bytes) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _sheets(book: CalamineWorkbook, with_cells: list[int], errors: dict[str, Errors], title: str) -> Iterator[Sheet]:
    for at in with_cells:
        described = book.sheets_metadata[at]
        loaded = _guarded(partial(book.get_sheet_by_index, at), title)
        is_hidden = not str(described.visible).endswith(".Visible")
        yield Sheet(described.name, is_hidden, partial(_rows, loaded, errors.get(described.name, {}), title))


def _rows(sheet: CalamineSheet, errors: Errors, title: str) -> Iterator[tuple[int, list[Value]]]:
    first = sheet.start[1] if sheet.start is not None else 0
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), error in errors.items():
        by_row.setdefault(row, []).append((column - first, error))
    rows = _guarded(sheet.iter_rows, title)
    row = 0
    while (values := _guarded(partial(next, rows, None), title)) is not None:
        for column, error in by_row.get(row, ()):
            if 0 <= column < len(values) and values[column] == "":
                values[column] = error
        yield row, values
        row += 1


def _guarded(act: Callable[[], Result], title: str) -> Result:
    """Do what calamine may fail at. Raises RefusedError."""
    from python_calamine import PasswordError

    try:
        return act()
    except PasswordError as error:
        raise protected(title) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # A panic of its Rust is one, and is not among the Exceptions.
        raise broken(title) from error
