"""How a document looks in its pane: kind, name, size, and how its reading stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rlm_desktop.gui.documents.document import Document, icon_of
from rlm_desktop.gui.documents.document_list import DOCUMENT, DocumentList
from rlm_desktop.gui.look.glyphs import paint_status
from rlm_desktop.gui.look.icons import paint_icon
from rlm_desktop.gui.look.motion import Turning
from rlm_desktop.gui.look.paint import RIGHT, meter, text
from rlm_desktop.gui.look.row_ground import paint_row_ground
from rlm_desktop.gui.look.theme import Theme, Themes
from rlm_desktop.present import numbers

Index = QModelIndex | QPersistentModelIndex


class DocumentDelegate(QStyledItemDelegate):
    """`remove_asked` carries the row whose cross was pressed."""

    remove_asked = Signal(int)

    def __init__(self, themes: Themes, turning: Turning, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._themes, self._turning, self._view = themes, turning, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        t = self._themes.current
        return QSize(t.px(120), t.height("run_row"))

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = self._themes.current
        document: Document = index.data(DOCUMENT)
        state: QStyle.StateFlag = option.state
        rect: QRect = option.rect
        box = QRectF(rect)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_pointed_at = bool(state & QStyle.StateFlag.State_MouseOver)
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        paint_row_ground(p, box, t, state, is_chosen=is_chosen, view_has_focus=self._view.hasFocus())
        self._paint_words(p, t, box, document, has_cross=is_pointed_at or is_chosen)
        p.restore()

    def _paint_words(self, p: QPainter, t: Theme, box: QRectF, document: Document, *, has_cross: bool) -> None:
        left, right = box.left() + t.space("xl"), box.right() - t.space("xl")
        side = t.icon_px()
        paint_icon(p, icon_of(document), QRectF(left - 1, box.top() + t.px(6), side, side), t.c("text_2"))
        left += t.px(22)
        room = right - left - t.px(20)
        name = QRectF(left, box.top() + t.px(4), room, t.px(20))
        text(p, name, document.name, t.ui("body", "medium"), t.c("text"), elide=Qt.TextElideMode.ElideMiddle)
        mark = QPointF(right - t.px(7), box.top() + t.px(14))
        if has_cross:
            cross = self._cross(box)
            paint_icon(p, "x", cross.adjusted(t.px(3), t.px(3), -t.px(3), -t.px(3)), t.c("text_2"))
        elif document.state == "refused":
            if not document.is_list:
                paint_status(p, "error", mark, t, size=t.px(12))
        elif document.state == "read":
            paint_status(p, "ok", mark, t, size=t.px(11))
        elif document.state == "waiting":
            paint_status(p, "queued", mark, t, size=t.px(11))
        else:
            paint_status(p, "running", mark, t, size=t.px(11), turn_deg=self._turning.angle_deg())
        row = QRectF(left, box.top() + t.px(24), right - left, t.px(14))
        if document.state == "reading" and document.share is not None:
            figure = text(p, row, numbers.percent(document.share), t.ui("caption", "medium"), t.c("text_2"), RIGHT)
            high = t.px(4)
            meter(p, QRectF(left, row.center().y() - high / 2, row.width() - figure - t.px(10), high), document.share, t.c("ink"), t)
            return
        model = self._view.model()
        words = model.detail(document) if isinstance(model, DocumentList) else ""
        text(p, row, words, t.ui("caption"), t.c("fail_text" if document.state == "refused" and not document.is_list else "text_3"))

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        if isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            is_on_cross = self._cross(QRectF(option.rect)).contains(event.position())
            if is_on_cross and event.type() == QEvent.Type.MouseButtonRelease:
                self.remove_asked.emit(index.row())
            return is_on_cross
        return False

    def _cross(self, box: QRectF) -> QRectF:
        t = self._themes.current
        side = t.px(20)
        return QRectF(box.right() - t.space("xl") - side + t.px(3), box.top() + t.px(4), side, side)
