"""How a run looks in its pane: status, question, calls and time, cost."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rlm_desktop.gui.look.glyphs import Status, paint_status
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.paint import RIGHT, text, text_width
from rlm_desktop.gui.look.row_ground import paint_row_ground
from rlm_desktop.gui.look.theme import Theme, Themes
from rlm_desktop.gui.runs.run_facts import FactsStatus, RunFacts
from rlm_desktop.gui.runs.run_list import FACTS, RunList
from rlm_desktop.present import numbers

Index = QModelIndex | QPersistentModelIndex

MARKS: dict[FactsStatus, Status] = {
    "ok": "ok", "error": "error", "limit": "limit", "cancelled": "cancelled", "running": "running", "interrupted": "interrupted",
    "unread": "queued", "no_trace": "error",
}  # fmt: skip


class RunDelegate(QStyledItemDelegate):
    def __init__(self, themes: Themes, turning: Turning, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._themes, self._turning, self._view = themes, turning, view
        self.shown_path = ""
        """The run that the window shows."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        t = self._themes.current
        return QSize(t.px(120), t.height("run_row") if isinstance(index.data(FACTS), RunFacts) else t.px(26))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = self._themes.current
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        box = QRectF(rect)
        facts = index.data(FACTS)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(facts, RunFacts):
            paint_row_ground(p, box, t, state, is_chosen=facts.path == self.shown_path, view_has_focus=self._view.hasFocus())
            self._paint_run(p, t, box, facts)
        else:
            row = QRectF(t.space("xl"), box.top() + t.px(4), box.width() - 2 * t.space("xl"), t.px(20))
            text(p, row, str(index.data()), t.ui("caption", "medium"), t.c("text_3"))
        p.restore()

    def _paint_run(self, p: QPainter, t: Theme, box: QRectF, facts: RunFacts) -> None:
        model = self._view.model()
        if not isinstance(model, RunList):
            return
        angle_deg = self._turning.angle_deg() if facts.status == "running" else 0.0
        paint_status(p, MARKS[facts.status], QPointF(t.px(22), box.top() + t.px(14) + 0.5), t, size=t.px(11), turn_deg=angle_deg)
        left, width = t.px(36), box.width() - t.px(52)
        text(p, QRectF(left, box.top() + t.px(5), width, t.px(18)), model.title(facts), t.ui(), t.c("text"))
        row = QRectF(left, box.top() + t.px(24), width, t.px(14))
        cost = "" if facts.status in ("unread", "no_trace") else numbers.cost_in_cents(facts.cost)
        text(p, row, cost, t.ui("caption", "medium"), t.c("text_2"), RIGHT)
        room = row.adjusted(0, 0, -text_width(t.ui("caption", "medium"), cost) - t.px(8), 0)
        shade = "fail_text" if facts.status in ("error", "no_trace") or facts.is_lowered else "text_3"
        if facts.is_lowered:
            side = t.px(13)
            paint_icon(p, "shield-off", QRectF(t.px(22) - side / 2 + 0.5, row.center().y() - side / 2, side, side), t.c("fail"))
        text(p, room, model.detail(facts), t.ui("caption"), t.c(shade))
