"""The ground of a row in a list: chosen, pointed at, with the keyboard's ring."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from rlm_desktop.gui.look.paint import fill, outline
from rlm_desktop.gui.look.theme import Theme


def paint_row_ground(
    p: QPainter, row: QRectF, t: Theme, state: QStyle.StateFlag, *, is_chosen: bool, view_has_focus: bool, corner: str = "control"
) -> None:
    """Paint it a little narrower than `row`; `corner` names the radius. What is chosen covers that it is pointed at."""
    ground = row.adjusted(t.space("m"), 0, -t.space("m"), 0)
    if is_chosen or state & QStyle.StateFlag.State_MouseOver:
        fill(p, ground, t.c("selected" if is_chosen else "hover"), t.radius(corner))
    if state & QStyle.StateFlag.State_HasFocus and view_has_focus:
        outline(p, ground, t.c("focus"), t.radius(corner), 2.0)
