"""A page of the help that ships with the program, such as the one that says what protects a person."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import ReadingColumn, Rule
from rlm_desktop.paths import resource
from rlm_desktop.present.help_text import Piece, pieces

COLUMN_PX = 600
"""Wider, lines are hard to follow."""


class HelpPage(ReadingColumn):
    """Shows the file `name` of the resources. The page has the title already."""

    def __init__(self, name: str, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(themes, COLUMN_PX, parent=parent)
        for piece in pieces(resource(name).read_text(encoding="utf-8")):
            self._add(piece)
        self.column.addStretch(1)

    def _add(self, piece: Piece) -> None:
        themes, t = self._themes, self._themes.current
        match piece.form:
            case "title":
                return
            case "heading":
                heading = Words(themes, piece.text, weight="strong")
                heading.setContentsMargins(0, t.space("l"), 0, 0)
                self.column.addWidget(heading)
            case "table":
                self.column.addLayout(self._table(piece.rows))
            case "point":
                self.column.addLayout(self._point(piece))
            case "paragraph":
                self.column.addWidget(Words(themes, piece.text, role="text_2", wraps=True))

    def _point(self, piece: Piece) -> QBoxLayout:
        t = self._themes.current
        text = Words(self._themes, piece.text, role="text_2", wraps=True)
        if piece.lead:
            below = QVBoxLayout()
            below.setSpacing(t.px(2))
            below.addWidget(Words(self._themes, piece.lead.rstrip("."), weight="medium"))
            below.addWidget(text)
            return below
        beside = QHBoxLayout()
        beside.setSpacing(t.space("m"))
        # Its own column, so that further lines begin below the first.
        beside.addWidget(Words(self._themes, "•", role="text_3"), 0, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(text, 1)
        return beside

    def _table(self, rows: Sequence[Sequence[str]]) -> QGridLayout:
        t = self._themes.current
        grid = QGridLayout()
        grid.setHorizontalSpacing(t.space("xl"))
        grid.setVerticalSpacing(t.px(4))
        grid.setColumnStretch(0, 1)
        grid.setContentsMargins(0, t.space("s"), 0, t.space("s"))
        for row, cells in enumerate(rows):
            at = row + min(row, 1)  # a rule stands below the head
            for column, cell in enumerate(cells):
                is_head = row == 0
                words = Words(self._themes, cell, size="small", role="text_3" if is_head else "text_2", wraps=not column)
                if column:
                    words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
                grid.addWidget(words, at, column)
        grid.addWidget(Rule(self._themes), 1, 0, 1, max(len(row) for row in rows))
        return grid
