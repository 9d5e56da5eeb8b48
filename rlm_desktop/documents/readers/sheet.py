"""A sheet of a workbook, whatever it was read with, and how far one may reach."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from rlm_desktop.documents.refused import RefusedError

MAX_CELLS: Final = 32_000_000
"""A million rows of 30 columns."""
MAX_TEXT_BYTES: Final = 1 << 30
"""Of one sheet, each time counted that a text stands there."""
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
"""A cell without a value is an empty text."""


class Sheet(NamedTuple):
    """`rows` gives the number of each row, from 0, with its values, from a column on that is the same for all; twice if asked twice."""

    name: str
    is_hidden: bool
    rows: Callable[[], Iterator[tuple[int, list[Value]]]]
    comments: tuple[str, ...] = ()


def too_far(title: str) -> RefusedError:
    return RefusedError(
        f"This is {title} with a sheet that reaches over more than {MAX_CELLS:,} cells, which is more than can be read at once. "
        "Delete what stands far out in it, or save a part of it as a document of its own.",
        "too large",
    )


def too_much_text(title: str) -> RefusedError:
    return RefusedError(
        f"This is {title} with a sheet that holds more than {MAX_TEXT_BYTES / 1e6:,.0f} MB of text, more than can be read at once. "
        "Save a part of it as a document of its own.",
        "too large",
    )
