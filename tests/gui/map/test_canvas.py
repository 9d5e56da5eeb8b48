"""The map in a real window: what is chosen, what stays where it is, what keys, wheel and mouse do."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QMenu

from rlm_desktop.gui.look.foreign import plain_tip
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.map import minimap, tips
from rlm_desktop.gui.map.canvas import MapCanvas
from rlm_desktop.gui.map.hits import Hit
from rlm_desktop.gui.map.scene import Scene
from rlm_desktop.gui.map.view import View, across, level_of
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.selection import Chosen, Selection
from rlm_desktop.present.cards import CardFacts
from rlm_desktop.present.layout import OpenList
from rlm_desktop.trace.commands import TextStreamed
from rlm_desktop.trace.events import Batch
from rlm_desktop.trace.store import TraceStore
from tests import traces
from tests.gui.waiting import wait_until

LEFT = Qt.MouseButton.LeftButton


class Bench:
    """A canvas over a trace, at 100 % with the root in the corner."""

    def __init__(self, themes: Themes, store: TraceStore | None, *, is_live: bool = False, size: tuple[int, int] = (980, 700)) -> None:
        self.current, self.selection = CurrentRun(), Selection()
        self.run = None if store is None else RunModel(store, is_live=is_live)
        self.current.show(self.run)
        self.canvas = MapCanvas(self.current, self.selection, themes)
        self.canvas.resize(*size)
        self.canvas.new_pictures_s = math.inf

    @property
    def scene(self) -> Scene:
        assert self.canvas.scene is not None
        return self.canvas.scene

    @property
    def view(self) -> View:
        return self.canvas.travel.view

    def at(self, node: int, x: float = 60.0, y: float = 17.0) -> QPoint:
        """Return the point of the canvas that is `x`, `y` scene pixels from a node's corner."""
        box = self.scene.layout.box(node)
        return QPointF(self.view.x(box.x + x), self.view.y(box.y + y)).toPoint()

    def click(self, node: int, x: float = 60.0, y: float = 17.0) -> None:
        QTest.mouseClick(self.canvas, LEFT, pos=self.at(node, x, y))

    def picture(self, *, ratio: float = 1.0) -> QImage:
        image = QImage(QSize(int(self.canvas.width() * ratio), int(self.canvas.height() * ratio)), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        self.canvas.render(image)
        return image


@pytest.fixture
def bench(themes: Themes, shown: Callable[[MapCanvas], MapCanvas], tmp_path: Path) -> Callable[..., Bench]:
    """Return a function that shows a trace, made by a function of `traces`, on a canvas."""

    def make(make_trace: Callable[[Path], Path] | None = None, *, is_live: bool = False, size: tuple[int, int] = (980, 700)) -> Bench:
        store = None if make_trace is None else TraceStore.open(make_trace(tmp_path / f"{make_trace.__name__}.rlmtrace"))
        made = Bench(themes, store, is_live=is_live, size=size)
        shown(made.canvas)
        return made

    return make


def going_on(path: Path) -> Path:
    return traces.sample(path, until="last_fan")


def test_a_click_chooses_a_call_a_row_or_a_fan(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.click(2)
    assert b.selection.chosen == Chosen(call_id=1205)
    b.click(0, y=34 + 24 + 38 * 2 + 10)
    assert b.selection.chosen == Chosen(call_id=0, iteration=2)
    b.click(1)
    assert b.selection.chosen == Chosen(call_id=0, iteration=2, fan=1)


def test_the_failures_of_a_fan_open_as_a_list_whose_rows_choose_calls(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.click(1, y=34 + 24 + 112 + 10)
    assert b.scene.shape.opened == {1: OpenList(failed_only=True)}
    b.click(1, y=34 + 24 + 112 + 10)
    assert b.selection.chosen == Chosen(call_id=878)
    pager = 34 + 24 + 112 + 24 + 12
    b.click(1, x=30, y=pager)
    assert b.scene.shape.opened == {1: OpenList(failed_only=False)}
    pager += 11 * 24
    b.click(1, x=138 + 64, y=pager)
    assert b.scene.shape.opened == {1: OpenList(failed_only=False, page=1)}
    b.click(1, y=34 + 24 + 112 + 10)
    assert b.selection.chosen == Chosen(call_id=13)
    b.click(1, x=260, y=pager)
    assert b.scene.shape.opened == {}


def test_what_other_views_choose_never_moves_the_map(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    before = b.view
    for call in (1230, 877, 0, 1205):
        b.selection.choose(Chosen(call_id=call))
        b.picture()
    assert b.view == before


def test_a_chosen_call_in_a_fan_or_in_a_folded_tree_is_shown_where_it_is_hidden(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.selection.choose(Chosen(call_id=700))
    assert b.canvas.chosen_node() == 1
    b.selection.choose(Chosen(call_id=1206))
    b.canvas.toggle_expanded()
    b.selection.choose(Chosen(call_id=1214))
    assert b.canvas.chosen_node() == 3
    assert b.scene.hidden_below(3) == 18


def test_the_chosen_node_stays_where_it_is_on_the_screen_while_the_tree_grows(
    themes: Themes, shown: Callable[[MapCanvas], MapCanvas], tmp_path: Path
) -> None:
    lines = traces.bush(tmp_path / "t.rlmtrace", deepest=2, branches=4).read_bytes().splitlines(keepends=True)
    store = TraceStore(tmp_path / "t.rlmtrace")
    store.append_lines(lines[:300])
    b = Bench(themes, store, is_live=True)
    shown(b.canvas)
    last = len(b.scene.layout.columns) - 2
    node = int(b.scene.layout.columns[last])
    call = int(b.scene.layout.first[node])
    b.selection.choose(Chosen(call_id=call))
    b.canvas.travel.centre(b.scene.layout.box(node))
    before = b.at(b.scene.node_of(call))
    moved_in_scene = b.scene.layout.box(node).y
    assert b.run is not None
    for start in range(300, len(lines), 50):
        b.run.append_lines(lines[start : start + 50])
        wait_until(lambda: b.canvas.is_complete and not b.scene.needs_layout)
        assert b.at(b.scene.node_of(call)) == before
    assert len(b.scene.layout.node_of) == len(store.columns.calls)
    assert b.scene.layout.box(b.scene.node_of(call)).y >= moved_in_scene


def test_five_hundred_batches_of_events_between_two_frames_are_one_change(
    themes: Themes, shown: Callable[[MapCanvas], MapCanvas], tmp_path: Path
) -> None:
    lines = traces.wide(tmp_path / "t.rlmtrace", 600).read_bytes().splitlines(keepends=True)
    store = TraceStore(tmp_path / "t.rlmtrace")
    store.append_lines(lines[:100])
    b = Bench(themes, store, is_live=True)
    shown(b.canvas)
    assert b.run is not None
    version = b.scene.version
    for line in lines[100:600]:
        b.run.append_lines([line])
    assert b.scene.version == version
    wait_until(lambda: not b.scene.needs_layout)
    assert b.scene.version == version + 1


def test_scrubbing_moves_no_box_and_what_is_to_come_is_outlined(bench: Callable[..., Bench]) -> None:
    b = bench(going_on)
    boxes = [b.scene.layout.box(node) for node in range(6)]
    full = b.picture()
    assert b.run is not None
    b.run.seek(1_500)
    wait_until(lambda: b.scene.tree.seq == 1_500)
    assert [b.scene.layout.box(node) for node in range(6)] == boxes
    image = b.picture()
    card, canvas = QPoint(b.at(2, 100, 100)), b.canvas.unscaled_theme.c("canvas").rgb()
    assert full.pixel(card) != canvas and image.pixel(card) == canvas


def test_wheel_with_ctrl_zooms_about_the_pointer_and_without_it_pans(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    at = b.at(2, 100, 60)
    scene = b.view.scene_x(at.x()), b.view.scene_y(at.y())
    _wheel(b.canvas, at, 240, Qt.KeyboardModifier.ControlModifier)
    assert b.view.zoom > 1.3
    assert (b.view.scene_x(at.x()), b.view.scene_y(at.y())) == pytest.approx(scene)
    before = b.view
    _wheel(b.canvas, at, -120, Qt.KeyboardModifier.NoModifier)
    assert b.view.zoom == before.zoom and b.view.top < before.top and b.view.left == before.left
    _wheel(b.canvas, at, -120, Qt.KeyboardModifier.ShiftModifier)
    assert b.view.left < before.left


def _wheel(canvas: MapCanvas, at: QPoint, turned: int, modifiers: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_a_drag_pans_and_chooses_nothing(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    before = b.view
    start = b.at(2)
    QTest.mousePress(b.canvas, LEFT, pos=start)
    QTest.mouseMove(b.canvas, start + QPoint(20, 10))
    QTest.mouseMove(b.canvas, start + QPoint(60, 45))
    QTest.mouseRelease(b.canvas, LEFT, pos=start + QPoint(60, 45))
    assert (b.view.left - before.left, b.view.top - before.top) == (60, 45)
    assert b.selection.chosen == Chosen()


def test_keys_go_from_call_to_call_zoom_pan_open_and_focus(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.canvas.setFocus()

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> int:
        QTest.keyClick(b.canvas, key, modifiers)
        return b.canvas.chosen_node()

    assert press(Qt.Key.Key_Right) == 0
    assert press(Qt.Key.Key_Right) == 1
    assert press(Qt.Key.Key_BracketRight) == 2
    assert press(Qt.Key.Key_Down) == 3
    assert press(Qt.Key.Key_BracketRight) == 3
    assert press(Qt.Key.Key_Right) == 5
    assert press(Qt.Key.Key_BracketLeft) == 5, "the fan above has another parent"
    assert press(Qt.Key.Key_Up) == 4
    assert press(Qt.Key.Key_Left) == 2
    press(Qt.Key.Key_Return)
    assert b.scene.shape.root == 1205 and b.canvas.chosen_node() == 0
    press(Qt.Key.Key_Backspace)
    assert b.scene.shape.root is None and b.canvas.chosen_node() == 2
    press(Qt.Key.Key_E)
    assert b.scene.shape.collapsed == {1205}
    press(Qt.Key.Key_E)
    assert b.scene.shape.collapsed == frozenset()
    zoom = b.view.zoom
    press(Qt.Key.Key_Plus)
    assert b.view.zoom > zoom
    press(Qt.Key.Key_0)
    assert b.view.zoom == 1.0
    left = b.view.left
    press(Qt.Key.Key_D)
    assert b.view.left < left
    press(Qt.Key.Key_F)
    centre = b.view.rect(b.scene.layout.box(2)).center()
    assert abs(centre.x() - 490) < 2
    press(Qt.Key.Key_F)
    assert all(0 <= b.at(node).x() <= 980 for node in range(6))


def test_shift_e_shows_all_below_and_hides_it_again(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.selection.choose(Chosen(call_id=0))
    b.canvas.toggle_all_below()
    assert b.scene.shape.collapsed == {1205, 1206} and len(b.scene.layout) == 4
    b.canvas.toggle_all_below()
    assert b.scene.shape.collapsed == frozenset() and len(b.scene.layout) == 6


def test_a_fan_of_rlm_calls_lists_them_unfolds_into_cards_and_shows_one_alone(bench: Callable[..., Bench]) -> None:
    def brood(path: Path) -> Path:
        with traces.Scribe(path) as s:
            root = s.call()
            s.open_turn(root, 0, "rlm_query_batched(parts)")
            batch = [Batch(batch_id=0, index=i, size=12) for i in range(12)]
            for child in [s.call(root, depth=1, at=(0, 0, 1), batch=one) for one in batch]:
                s.open_turn(child, 0, "llm_query_batched(parts)")
                s.batch(child, traces.items(3, seed=child, failed=(1,)), at=(0, 0, 1), depth=2)
                s.printed(child, 0, "seen")
                s.ended(child)
        return path

    b = bench(brood)
    assert len(b.scene.layout) == 2
    b.selection.choose(Chosen(call_id=14))
    assert b.canvas.chosen_node() == 1, "a call below a folded one is shown where it is hidden"
    b.picture()
    b.selection.choose(b.scene.choice_of(1))
    b.canvas.toggle_all_below()
    assert len(b.scene.layout) == 1 + 12 + 12
    b.picture()
    b.selection.choose(Chosen(call_id=0))
    b.canvas.toggle_all_below()
    assert len(b.scene.layout) == 2
    b.selection.choose(Chosen(call_id=5))
    b.canvas.focus_subtree()
    assert b.scene.layout.first.tolist()[0] == 5 and len(b.scene.layout) == 2


def test_in_an_open_fan_brackets_go_from_call_to_call_and_turn_its_pages(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.canvas.open_list(1, OpenList(failed_only=False))
    b.selection.choose(Chosen(call_id=12))
    b.canvas.go("sibling_after")
    assert b.selection.chosen == Chosen(call_id=13)
    assert b.scene.shape.opened[1].page == 1


def test_a_double_click_activates_a_call_and_opens_a_fan(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    spy = QSignalSpy(b.canvas.call_activated)
    QTest.mouseDClick(b.canvas, LEFT, pos=b.at(3))
    assert [spy.at(i)[0] for i in range(spy.count())] == [1206]
    QTest.mouseDClick(b.canvas, LEFT, pos=b.at(1))
    assert b.scene.shape.opened == {1: OpenList(failed_only=False)}


def test_only_a_running_call_of_a_live_run_can_be_stopped(bench: Callable[..., Bench]) -> None:
    live = bench(going_on, is_live=True)
    spy = QSignalSpy(live.canvas.cancel_asked)
    for call, is_possible in ((1206, True), (1205, False)):
        live.selection.choose(Chosen(call_id=call))
        menu: QMenu = live.canvas.menu_of_chosen()
        stop = next(action for action in menu.actions() if action.text() == "Stop this call")
        assert stop.isEnabled() is is_possible
        if is_possible:
            stop.trigger()
    assert [spy.at(i)[0] for i in range(spy.count())] == [1206]


def test_in_a_replay_nothing_can_be_stopped(bench: Callable[..., Bench]) -> None:
    b = bench(going_on)
    b.selection.choose(Chosen(call_id=1206))
    assert not any(action.isEnabled() for action in b.canvas.menu_of_chosen().actions()[-2:])


def test_only_a_block_that_runs_in_a_live_run_can_be_interrupted(bench: Callable[..., Bench]) -> None:
    live = bench(going_on, is_live=True)
    spy = QSignalSpy(live.canvas.interrupt_asked)
    for call, is_possible in ((1206, True), (1205, False), (1, False)):
        live.selection.choose(Chosen(call_id=call))
        interrupt = live.canvas.menu_of_chosen().actions()[-1]
        assert (interrupt.text(), interrupt.isEnabled()) == ("Interrupt its block", is_possible)
        assert "the call goes on and its model is told" in interrupt.toolTip()
        if is_possible:
            interrupt.trigger()
    assert [spy.at(i)[0] for i in range(spy.count())] == [1206]


@pytest.mark.parametrize("name", ["sample", "deep", "forest", "interrupted", "all_failed", "unpriced", "hostile", "wide"])
def test_every_trace_paints_at_every_level_in_both_themes(bench: Callable[..., Bench], themes: Themes, name: str) -> None:
    b = bench(getattr(traces, name))
    for theme in ("light", "dark"):
        themes.choose(theme)
        ground = b.canvas.unscaled_theme.c("canvas").rgb()
        for zoom in (2.0, 1.0, 0.6, 0.3, 0.17, 0.065, 0.05, 0.01, 0.0005):
            b.canvas.travel.zoom_to(zoom, 24, 56)
            image = b.picture()
            at = QPoint(26, 58)  # the root's corner, which the zoom leaves where it is
            assert any(image.pixel(at + QPoint(dx, dy)) != ground for dx in range(6) for dy in range(6)), (theme, zoom)


def test_without_a_run_and_before_the_first_call_the_map_is_quiet(bench: Callable[..., Bench], tmp_path: Path) -> None:
    empty = bench()
    assert empty.canvas.scene is None
    image = empty.picture()
    assert image.pixel(5, 5) == image.pixel(400, 300)
    with traces.Scribe(tmp_path / "none.rlmtrace") as s:
        pass
    empty.current.show(RunModel(TraceStore.open(s.path), is_live=True))
    assert len(empty.scene.layout) == 0
    empty.picture()
    for act in (empty.canvas.fit, empty.canvas.centre_selection, empty.canvas.toggle_expanded, empty.canvas.focus_subtree):
        act()
    empty.canvas.go("child")
    QTest.mouseClick(empty.canvas, LEFT, pos=QPoint(300, 300))
    assert empty.selection.chosen == Chosen()


@pytest.mark.parametrize(("is_live", "zoom"), [(False, 1.0), (True, (630 - 36) / 916)])
def test_a_small_tree_that_is_over_starts_at_100_percent_and_one_that_grows_leaves_room(
    bench: Callable[..., Bench], is_live: bool, zoom: float
) -> None:
    assert bench(traces.wide, size=(630, 420), is_live=is_live).view.zoom == pytest.approx(zoom)


def test_another_run_takes_the_place_of_the_first(bench: Callable[..., Bench], tmp_path: Path) -> None:
    b = bench(traces.sample)
    first = b.run
    b.current.show(RunModel(TraceStore.open(traces.forest(tmp_path / "other.rlmtrace")), is_live=False))
    assert len(b.scene.layout) == 4
    assert first is not None
    first.seek(3)
    assert len(b.scene.layout) == 4


def test_a_reply_that_is_being_sent_counts_its_characters(bench: Callable[..., Bench], tmp_path: Path) -> None:
    def asking(path: Path) -> Path:
        with traces.Scribe(path) as s:
            s.asked(s.call())
        return path

    b = bench(asking, is_live=True)
    assert b.run is not None
    for text in ("verdicts", " = llm_query_batched(prompts)"):
        b.run.text_streamed(TextStreamed(call_id=0, iteration=0, text=text))
    wait_until(lambda: b.canvas.is_complete)
    facts = b.scene.facts.of(b.scene.tree, 0, None)
    assert isinstance(facts, CardFacts) and facts.rows[0].output == "37 characters so far"


def test_marks_turn_only_while_something_runs_and_is_seen(bench: Callable[..., Bench]) -> None:
    live = bench(going_on, is_live=True)
    live.picture()
    assert live.canvas.turning.is_turning
    live.canvas.hide()
    assert not live.canvas.turning.is_turning
    done = bench(traces.forest)
    done.picture()
    assert not done.canvas.turning.is_turning


def test_without_time_for_new_pictures_nodes_come_one_frame_after_another(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    whole = b.picture()
    b.canvas.forget_pictures()
    b.canvas.new_pictures_s = 0.0
    assert b.picture() != whole
    assert not b.canvas.is_complete
    b.canvas.new_pictures_s = 0.001
    wait_until(lambda: b.canvas.is_complete)
    assert b.picture() == whole


def test_the_minimap_moves_the_map_and_folds_away_when_narrow(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.canvas.travel.zoom_to(2.0)
    fit = minimap.fit_of(b.scene.tree, minimap.frame_of(700))
    box = b.scene.layout.box(5)
    QTest.mousePress(b.canvas, LEFT, pos=QPointF(fit.left + box.x * fit.x_scale, fit.top + box.y * fit.y_scale).toPoint())
    QTest.mouseRelease(b.canvas, LEFT, pos=QPoint(100, 640))
    assert abs(b.view.x(box.x) - 490) < 20 and abs(b.view.y(box.y) - 350) < 20
    assert b.selection.chosen == Chosen()
    places = minimap.buttons_of(980, 700, b.canvas.unscaled_theme)
    QTest.mouseClick(b.canvas, LEFT, pos=places["hundred"].center().toPoint())
    assert b.view.zoom == 1.0
    b.canvas.resize(600, 500)
    assert minimap.buttons_of(600, 500, b.canvas.unscaled_theme)["out"].left() == minimap.EDGE_PX


def test_crumbs_lead_back_up(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.selection.choose(Chosen(call_id=1214))
    b.picture()
    assert [crumb.words for crumb in b.canvas.crumbs()] == ["root", "iteration 5", "#1206", "iteration 2", "×18 llm_query", "#1214"]
    QTest.mouseClick(b.canvas, LEFT, pos=QPoint(30, 24))
    assert b.selection.chosen == Chosen(call_id=0)


def test_what_is_chosen_is_said_to_a_screen_reader(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    assert b.canvas.accessibleName() and b.canvas.accessibleDescription() == "No call is chosen."
    b.selection.choose(Chosen(call_id=1205))
    assert "#1205" in b.canvas.accessibleDescription() and "ok" in b.canvas.accessibleDescription()


def test_a_tip_shows_markup_of_a_model_as_it_was_written(bench: Callable[..., Bench]) -> None:
    b = bench(traces.hostile)
    facts = b.scene.facts.of(b.scene.tree, 1, None)
    tip = plain_tip(tips.words_of(facts, Hit("node")))
    assert "&lt;b&gt;bold&lt;/b&gt;" in tip and "<img" not in tip


def test_the_map_follows_the_type_size_with_every_measure(bench: Callable[..., Bench], themes: Themes) -> None:
    b = bench(traces.sample)
    themes.set_unit(1.5)
    assert b.canvas.travel.width == pytest.approx(980 / 1.5)
    box = b.scene.layout.box(0)
    at = QPointF(b.view.x(box.x + 60) * 1.5, b.view.y(box.y + 10) * 1.5).toPoint()
    QTest.mouseClick(b.canvas, LEFT, pos=at)
    assert b.selection.chosen == Chosen(call_id=0)


def test_columns_of_dots_never_come_closer_than_they_were_as_bars() -> None:
    zooms = [2.0**-i for i in range(16)]
    assert all(across(zoom) == zoom for zoom in zooms if level_of(zoom) != "dot")
    assert all(across(zoom) >= 18 / 276 for zoom in zooms)


def test_going_back_shows_the_nodes_as_they_were(bench: Callable[..., Bench]) -> None:
    b = bench(traces.sample)
    b.picture()
    root, fan = b.scene.node_of(0), b.scene.node_of(1)

    def facts(node: int) -> object:
        return b.scene.facts.of(b.scene.tree, node, None)

    at_the_end = facts(root), facts(fan)
    run = b.run
    assert run is not None
    run.seek(3_000)
    wait_until(lambda: b.scene.tree.seq == 3_000, "the map to go back")
    assert facts(root) != at_the_end[0]
    assert facts(fan) != at_the_end[1]
    run.follow()
    wait_until(lambda: b.scene.tree.seq == run.last_seq, "the map to come forward")
    assert (facts(root), facts(fan)) == at_the_end
