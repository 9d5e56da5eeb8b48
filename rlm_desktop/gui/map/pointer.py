"""What the mouse, the wheel and the trackpad do on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from rlm_desktop.gui.look.foreign import plain_tip
from rlm_desktop.gui.map import minimap, tips
from rlm_desktop.gui.map.hits import Hit, hit
from rlm_desktop.gui.map.minimap import Button
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.map.stage import Stage
from rlm_desktop.gui.map.travel import Travel
from rlm_desktop.gui.selection import Chosen
from rlm_desktop.present.folding import FAN
from rlm_desktop.present.layout import OpenList

if TYPE_CHECKING:
    from rlm_desktop.gui.map.canvas import MapCanvas

_WHEEL_ZOOM = 1.0015
_WHEEL_PAN = 0.5


class Pointer(QObject):
    """Turns events into what the canvas can do. All points are in the canvas's own pixels at 100 % type size."""

    def __init__(self, canvas: MapCanvas, travel: Travel, stage: Stage) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._travel = travel
        self._stage = stage
        self._pressed_at: QPointF | None = None
        self._last = QPointF()
        self._drags: str | None = None
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle an event of the mouse, and say whether it was one."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove:
            self._move(cast(QMouseEvent, event))
        elif kind == QEvent.Type.MouseButtonPress:
            self._press(cast(QMouseEvent, event))
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release(cast(QMouseEvent, event))
        elif kind == QEvent.Type.MouseButtonDblClick:
            self._double_click(cast(QMouseEvent, event))
        elif kind == QEvent.Type.Wheel:
            self._wheel(cast(QWheelEvent, event))
        elif kind == QEvent.Type.NativeGesture:
            return self._gesture(cast(QNativeGestureEvent, event))
        elif kind == QEvent.Type.ToolTip:
            self._tip(cast(QHelpEvent, event))
        elif kind == QEvent.Type.ContextMenu:
            self._menu(cast(QContextMenuEvent, event))
        elif kind == QEvent.Type.Leave:
            self._point_at(-1, None)
            return False
        else:
            return False
        event.accept()
        return True

    # Where things are

    def node_at(self, at: QPointF) -> int:
        scene, view = self._canvas.scene, self._travel.view
        if scene is None or not len(scene.layout):
            return -1
        if view.level == "dot":
            return self._stage.overview(scene, view.zoom).node_at(at.x(), at.y(), view)
        return scene.layout.node_at(view.scene_x(at.x()), view.scene_y(at.y()))

    def _hit(self, scene: Scene, node: int, at: QPointF) -> Hit:
        view = self._travel.view
        if view.level in ("bar", "dot"):
            return Hit("node")
        box = scene.layout.box(node)
        found = hit(scene.layout, node, view.scene_x(at.x()) - box.x, view.scene_y(at.y()) - box.y, scene.opened(node))
        # As titled boxes, only rows of a card are drawn where the card has them.
        return found if view.level == "card" or found.part == "row" else Hit("node")

    def _button_at(self, at: QPointF) -> Button | None:
        places = minimap.buttons_of(self._travel.width, self._travel.height, self._canvas.unscaled_theme)
        return next((name for name, place in places.items() if place.contains(at)), None)

    def _is_on_minimap(self, at: QPointF) -> bool:
        return self._travel.width >= minimap.FOLDS_UNDER_PX and minimap.frame_of(self._travel.height).contains(at)

    def _at(self, event: QMouseEvent | QWheelEvent | QNativeGestureEvent) -> QPointF:
        return event.position() / self._canvas.unit

    # Events

    def _press(self, event: QMouseEvent) -> None:
        at = self._at(event)
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._pressed_at, self._last = at, at
        self._drags = None
        if event.button() == Qt.MouseButton.MiddleButton:
            self._drags = "map"
        elif self._button_at(at) is not None:
            self._drags = "nothing"
        elif self._is_on_minimap(at):
            self._drags = "minimap"
            self._show_at(at)

    def _move(self, event: QMouseEvent) -> None:
        at = self._at(event)
        if self._pressed_at is None:
            button = self._button_at(at)
            is_covered = button is not None or self._is_on_minimap(at) or self._crumb_at(at) is not None
            self._point_at(-1 if is_covered else self.node_at(at), button)
            return
        if self._drags is None and (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._drags = "map"
        if self._drags == "map":
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._travel.pan(at.x() - self._last.x(), at.y() - self._last.y())
        elif self._drags == "minimap":
            self._show_at(at)
        self._last = at

    def _release(self, event: QMouseEvent) -> None:
        at, drags = self._at(event), self._drags
        was_pressed = self._pressed_at is not None
        self._pressed_at = self._drags = None
        self._canvas.unsetCursor()
        if was_pressed and event.button() == Qt.MouseButton.LeftButton and drags in (None, "nothing"):
            self._click(at)

    def _click(self, at: QPointF) -> None:
        canvas, scene = self._canvas, self._canvas.scene
        button = self._button_at(at)
        if button is not None:
            {"in": canvas.zoom_in, "out": canvas.zoom_out, "fit": canvas.fit, "hundred": canvas.zoom_to_hundred}[button]()
            return
        choice = self._crumb_at(at)
        if choice is not None:
            canvas.choose(choice)
            return
        node = self.node_at(at)
        if scene is not None and node >= 0:
            self._click_node(scene, node, self._hit(scene, node, at))

    def _click_node(self, scene: Scene, node: int, found: Hit) -> None:
        canvas, opened = self._canvas, scene.opened(node)
        choice = scene.choice_of(node)
        if found.part == "row":
            canvas.choose(Chosen(call_id=choice.call_id, iteration=scene.iteration_at(node, found.number)))
        elif found.part == "member":
            call = scene.member_at(node, found.number)
            canvas.choose(choice if call is None else Chosen(call_id=call))
        elif found.part == "failure":
            canvas.open_list(node, OpenList(failed_only=True))
        elif found.part == "close":
            canvas.open_list(node, None)
        elif found.part == "page":
            canvas.turn_page(node, found.number)
        elif found.part == "filter" and opened is not None and scene.layout.failed[node]:
            canvas.open_list(node, OpenList(failed_only=not opened.failed_only))
        else:
            canvas.choose(choice)

    def _double_click(self, event: QMouseEvent) -> None:
        at = self._at(event)
        canvas, scene, node = self._canvas, self._canvas.scene, self.node_at(at)
        if self._button_at(at) is not None:
            self._click(at)
        elif scene is not None and node >= 0 and not self._is_on_minimap(at):
            found = self._hit(scene, node, at)
            member = scene.member_at(node, found.number) if found.part == "member" else None
            if found.part in ("page", "close", "filter"):
                self._click_node(scene, node, found)
            elif member is not None:
                canvas.call_activated.emit(member)
            elif scene.layout.kind[node] == FAN:
                canvas.open_list(node, None if scene.opened(node) is not None else OpenList(failed_only=False))
            else:
                canvas.call_activated.emit(int(scene.layout.first[node]))

    def _wheel(self, event: QWheelEvent) -> None:
        at, turned, moved = self._at(event), event.angleDelta(), event.pixelDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._travel.zoom_by(_WHEEL_ZOOM ** float(turned.y()), at.x(), at.y())
        elif not moved.isNull():
            self._travel.pan(moved.x(), moved.y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._travel.pan((turned.y() or turned.x()) * _WHEEL_PAN, 0)
        else:
            self._travel.pan(turned.x() * _WHEEL_PAN, turned.y() * _WHEEL_PAN)

    def _gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        at = self._at(event)
        self._travel.zoom_by(1.0 + event.value(), at.x(), at.y())
        return True

    def _tip(self, event: QHelpEvent) -> None:
        at = QPointF(event.pos()) / self._canvas.unit
        scene, node = self._canvas.scene, self.node_at(at)
        if scene is None or node < 0 or scene.tree.is_future(node) or self._is_on_minimap(at) or self._button_at(at) is not None:
            QToolTip.hideText()
            return
        facts = scene.facts.of(scene.tree, node, scene.opened(node))
        QToolTip.showText(event.globalPos(), plain_tip(tips.words_of(facts, self._hit(scene, node, at))), self._canvas)

    def _menu(self, event: QContextMenuEvent) -> None:
        at = QPointF(event.pos()) / self._canvas.unit
        scene, node = self._canvas.scene, self.node_at(at)
        if scene is None or event.reason() == QContextMenuEvent.Reason.Keyboard:
            node = self._canvas.chosen_node()
        if scene is None or node < 0:
            return
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            self._click_chooses(scene, node, at)
        menu = self._canvas.menu_of_chosen()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos() if event.reason() != QContextMenuEvent.Reason.Keyboard else self._below(scene, node))

    def _click_chooses(self, scene: Scene, node: int, at: QPointF) -> None:
        found = self._hit(scene, node, at)
        if found.part in ("row", "member"):
            self._click_node(scene, node, found)
        else:
            self._canvas.choose(scene.choice_of(node))

    def _below(self, scene: Scene, node: int) -> QPoint:
        place = self._travel.view.rect(scene.layout.box(node))
        return self._canvas.mapToGlobal((QPointF(place.left() + 24, place.top() + 24) * self._canvas.unit).toPoint())

    def _show_at(self, at: QPointF) -> None:
        scene = self._canvas.scene
        if scene is not None and len(scene.layout):
            fit = minimap.fit_of(scene.tree, minimap.frame_of(self._travel.height))
            self._travel.show_at((at.x() - fit.left) / fit.x_scale, (at.y() - fit.top) / fit.y_scale)

    def _crumb_at(self, at: QPointF) -> Chosen | None:
        return next((crumb.choice for place, crumb in self._stage.crumb_places if place.contains(at)), None)

    def _point_at(self, node: int, button: Button | None) -> None:
        if (node, button) != (self._canvas.hovered, self._canvas.pointed_at):
            self._canvas.hovered, self._canvas.pointed_at = node, button
            self._canvas.update()
