"""Every action with its keys, by menu: made from the registry, so that it is never out of date."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rlm_desktop.gui.actions import Actions
from rlm_desktop.gui.key_cap import key_cap_width, paint_key_cap
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import Ground

COLUMNS = 2


class _Keys(QWidget):
    def __init__(self, themes: Themes, names: list[str], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._names = themes, names
        self.setAccessibleName(in_line(", ".join(names)))

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(round(sum(key_cap_width(name, t) + t.px(6) for name in self._names)) - t.px(6), t.height("row"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t, x = self._themes.current, 0.0
        for name in self._names:
            x = paint_key_cap(p, QPointF(x, self.height() / 2), name, t) + t.px(6)
        p.end()


class ShortcutsList(Ground):
    def __init__(self, actions: Actions, themes: Themes, *, version: str, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        t = themes.current
        outer = QVBoxLayout(self)
        outer.setContentsMargins(t.space("xxl"), t.space("m"), t.space("xxl"), t.space("xxl"))
        outer.setSpacing(t.space("xl"))
        note = self.tr("Single keys act while the map or the replay bar has the focus. Menus say the same.")
        outer.addWidget(Words(themes, note, size="small", role="text_2", wraps=True))
        across = QHBoxLayout()
        across.setSpacing(t.px(48))
        columns = [QVBoxLayout() for _ in range(COLUMNS)]
        for column in columns:
            column.setSpacing(t.space("xl"))
            across.addLayout(column, 1)
        heights = [0] * COLUMNS
        for menu, group, rows in self._groups(actions, themes):
            shortest = heights.index(min(heights))
            columns[shortest].addWidget(Words(themes, menu, weight="strong"))
            columns[shortest].addLayout(group)
            heights[shortest] += rows + 2
        for column in columns:
            column.addStretch(1)
        outer.addLayout(across)
        outer.addWidget(Words(themes, self.tr("RLM Desktop {0}").format(version), size="caption", role="text_3"))
        outer.addStretch(1)

    def _groups(self, actions: Actions, themes: Themes) -> list[tuple[str, QVBoxLayout, int]]:
        found: dict[str, QVBoxLayout] = {}
        for registered in actions:
            names = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in registered.action.shortcuts()]
            if not names:
                continue
            rows = found.setdefault(registered.menu, QVBoxLayout())
            rows.setSpacing(themes.current.px(2))
            # Not a grid, in which the longest name and the most keys would add up to the least width.
            row = QHBoxLayout()
            row.addWidget(Words(themes, registered.action.text().replace("&", "").rstrip("…"), role="text_2"), 1)
            row.addWidget(_Keys(themes, names))
            rows.addLayout(row)
        return [(menu.replace("&", ""), rows, rows.count()) for menu, rows in found.items()]
