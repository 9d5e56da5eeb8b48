"""Tables of web pages: which of them hold rows and columns, and these with every cell in its column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from selectolax.lexbor import LexborNode

from rlm_desktop.documents.readers.html_elements import HEADINGS

_MAX_SPAN: Final = 100
_MAX_CELL: Final = 2_000
"""Who puts more into a cell arranges a page by a table."""
_NEVER_IN_CELLS: Final = frozenset({"table", "pre", "form", "article", "section", *HEADINGS})


def is_for_layout(table: LexborNode, attributes: Mapping[str, str | None]) -> bool:
    """Say whether a table arranges parts of a page rather than data. It is looked through once, up to the first sign of that."""
    if attributes.get("role") in ("presentation", "none"):
        return True
    in_cell = columns = most = 0
    depth, node = 0, table.first_child
    while node is not None:
        tag = node.tag
        if node.is_text_node:
            in_cell += len((node.text_content or "").strip())
            if in_cell > _MAX_CELL:
                return True
        elif tag in _NEVER_IN_CELLS:
            return True
        elif tag == "tr":
            columns = 0
        elif tag in ("td", "th"):
            in_cell, columns = 0, columns + 1
            most = max(most, columns)
        below = node.first_child
        if below is not None:
            depth, node = depth + 1, below
            continue
        while node is not None and node.next is None and depth:
            depth, node = depth - 1, node.parent
        node = node.next if node is not None else None
    return most < 2


class Grid:
    """The rows of a table; a cell that spans several columns or rows leaves the others empty."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.caption = ""
        self._below: dict[int, int] = {}
        """Column → in how many rows to come a cell from above still stands."""
        self._span = (1, 1)
        self._is_caption = False

    def begin_row(self) -> None:
        self.rows.append([])

    def begin_caption(self) -> None:
        self._is_caption = True

    def begin_cell(self, columns: int, rows: int) -> None:
        self._span = max(1, min(columns, _MAX_SPAN)), max(1, min(rows, _MAX_SPAN))
        if not self.rows:
            self.rows.append([])

    def add(self, text: str) -> None:
        """Put a text into the cell, or the caption, that was begun."""
        text = text.replace("\n", " ")
        if self._is_caption:
            self._is_caption, self.caption = False, text
            return
        row = self.rows[-1]
        while self._below.get(len(row), 0):
            self._below[len(row)] -= 1
            row.append("")
        columns, rows = self._span
        for column in range(columns):
            if rows > 1:
                self._below[len(row)] = rows - 1
            row.append("" if column else text)
