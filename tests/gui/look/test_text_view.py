"""A text of any length opens at once: what is painted does not grow with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPainter, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.look.text_highlights import Highlight
from rlm_desktop.gui.look.text_lines import Band
from rlm_desktop.gui.look.text_source import PlainTextSource, Span
from rlm_desktop.gui.look.text_view import TextView
from rlm_desktop.gui.look.theme import Themes

Shown = Callable[[QWidget], QWidget]


class CountingSource(PlainTextSource):
    """Counts the lines that the view asks for."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.asked: list[int] = []

    def line(self, index: int) -> str:
        self.asked.append(index)
        return super().line(index)


@pytest.fixture
def view(qapp: QApplication, themes: Themes, shown: Shown) -> TextView:
    made = TextView(themes)
    made.resize(600, 400)
    shown(made)
    return made


def colours(view: TextView) -> set[str]:
    image = view.viewport().grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("wraps", [True, False])
@pytest.mark.parametrize("text", [("x" * 48 + "\n") * 2_000_000, "word " * 20_000_000, "x" * 1_000_000], ids=["lines", "line", "word"])
def test_only_what_is_visible_is_laid_out(view: TextView, text: str, wraps: bool) -> None:
    source = CountingSource(text)
    view.set_wraps(wraps)
    view.set_numbers(True)
    view.set_source(source)
    view.grab()
    assert len(view.painted) <= 24
    view.scroll_to(len(text) // 2, len(text) // 2 + 10)
    view.grab()
    assert view.painted.start <= source.line_at(len(text) // 2) < view.painted.stop
    view.scroll_to_end()
    view.grab()
    assert view.painted.stop == source.line_count
    assert len(source.asked) < 200


def test_the_rest_of_a_text_is_looked_for_between_events(qapp: QApplication, view: TextView) -> None:
    view.set_text("line\n" * 300_000)
    known = view.source.line_count
    assert known < 300_000
    while view.is_reading:
        qapp.processEvents()
    assert view.source.line_count == 300_000
    assert view.verticalScrollBar().maximum() > 299_000
    assert view.painted.start == 0


def test_scrolling_by_wheel_key_and_bar(view: TextView) -> None:
    view.set_text("\n".join(str(i) for i in range(1_000)))
    view.grab()
    first = view.painted.start
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    view.grab()
    assert first == 0
    assert 10 < view.painted.start < 24
    QTest.keyClick(view, Qt.Key.Key_End)
    view.grab()
    assert (view.is_at_end, view.painted.stop) == (True, 1_000)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    QTest.keyClick(view, Qt.Key.Key_Home)
    view.grab()
    assert view.painted.start == 0
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    view.grab()
    assert 450 < view.painted.start < 550


def test_there_and_back_by_pixels_is_the_same_place(view: TextView) -> None:
    view.set_text("a long line of words that has to be broken at the width of the view " * 20 + "\nshort\n" * 200)
    for px in (1.0, 333.0, 1000.0):
        view.scroll_to_start()
        view.scroll_by(px)
        view.scroll_by(-px)
        view.grab()
        assert view.painted.start == 0
        assert view.verticalScrollBar().value() == 0


def middle_of(view: TextView, char: int) -> QPoint:
    """Return a point of the viewport that stands on a character, searched by the view's own answer."""
    for y in range(0, view.viewport().height(), 4):
        for x in range(0, view.viewport().width(), 2):
            if view.char_at(QPointF(x, y)) == char:
                return QPoint(x, y + 2)
    raise AssertionError(f"character {char} is not in view")


def test_text_is_chosen_by_dragging_and_copied_as_it_is_seen(view: TextView) -> None:
    view.set_text("first\nse\u202econd 👩 line\nthird")
    start, end = middle_of(view, 2), middle_of(view, 19)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert view.selected_text() == "rst\nse\u202econd 👩 line"[: 19 - 2]
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "rst\nse‹RLO›cond 👩 lin"
    assert themed(view, "mark_text") in colours(view)


def themed(view: TextView, role: str) -> str:
    return view.theme.c(role).name()


def test_a_double_click_chooses_a_word_and_a_third_the_line(view: TextView) -> None:
    view.set_text("some words here\nand there")
    at = middle_of(view, 7)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.selected_text() == "words"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.selected_text() == "some words here"


def test_everything_can_be_chosen_by_key(view: TextView) -> None:
    text = "x\n" * 500_000
    view.set_text(text)
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selected_text() == text


def test_a_click_on_a_highlight_tells_its_key(view: TextView) -> None:
    view.set_text("the total liability of the Supplier")
    view.set_highlights([Highlight(4, 9, key="q1"), Highlight(10, 19)])
    spy, lines = QSignalSpy(view.highlight_clicked), QSignalSpy(view.line_clicked)
    for char in (6, 12, 25):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle_of(view, char))
    assert [spy.at(i)[0] for i in range(spy.count())] == ["q1"]
    assert lines.count() == 3
    assert themed(view, "quote") in colours(view)


def test_a_range_scrolled_to_is_marked(view: TextView) -> None:
    view.set_text("x\n" * 10_000 + "here it is\n" + "x\n" * 10_000)
    view.scroll_to(20_000, 20_004)
    assert themed(view, "quote") in colours(view)
    assert 10_000 in view.painted


def test_colours_and_strips_are_asked_for_lines_in_view(view: TextView) -> None:
    asked: list[int] = []

    def spans(index: int) -> Sequence[Span]:
        asked.append(index)
        return [Span(0, 3, "code_text")]

    def strip(index: int) -> Band | None:
        return Band(height_px=18, tint="llm_tint", mark="llm", paint=paint) if index == 1 else None

    def paint(p: QPainter, box: QRectF) -> None:
        p.fillRect(box.adjusted(0, 4, 0, -4), QColor(themed(view, "fail")))

    view.set_text("abc def\n" * 100_000)
    plain = view.viewport().grab().toImage()
    view.set_spans(spans)
    assert view.viewport().grab().toImage() != plain
    view.set_bands(strip)
    seen = colours(view)
    assert {themed(view, "llm_tint"), themed(view, "llm"), themed(view, "fail")} <= seen
    assert len(set(asked)) < 100


def test_a_growing_text_keeps_its_place(view: TextView) -> None:
    view.set_text("line\n" * 500)
    view.scroll_by(1_000)
    view.grab()
    place = view.painted.start
    view.set_text("line\n" * 600, keeps_place=True)
    view.grab()
    assert view.painted.start == place > 0
    view.set_text("other")
    view.grab()
    assert view.painted == range(1)


def test_it_says_how_high_it_would_be(view: TextView) -> None:
    view.set_text("one\ntwo")
    assert 40 < view.content_height_px(1_000) < 70
    view.set_text("x\n" * 1_000_000)
    assert view.content_height_px(1_000) == 1_000


def test_it_takes_the_colours_of_another_theme(qapp: QApplication, view: TextView, themes: Themes) -> None:
    view.set_text("words")
    assert themed(view, "panel") in colours(view)
    themes.choose("dark")
    assert themed(view, "panel") in colours(view)


def test_text_that_looks_like_markup_is_shown_as_it_is(view: TextView) -> None:
    view.set_text("<b>x</b>")
    assert [view.char_at(QPointF(middle_of(view, i))) for i in range(8)] == list(range(8))


def test_a_range_asked_for_before_the_view_has_its_size_is_in_view_afterwards(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    view = TextView(themes)
    view.set_text("word " * 20_000)
    view.scroll_to(52_000, 52_004)
    view.resize(900, 300)
    shown(view)
    view.resize(500, 300)
    view.grab()
    assert themed(view, "quote") in colours(view)


def test_a_text_that_fits_leaves_the_wheel_to_what_holds_it(view: TextView) -> None:
    view.set_text("one line")
    view.grab()
    assert view.verticalScrollBar().maximum() == 0
    wheel = QWheelEvent(
        *(QPointF(10, 10), QPointF(10, 10), QPoint(0, 0), QPoint(0, -120)),
        *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False),
    )
    view.wheelEvent(wheel)
    assert not wheel.isAccepted()
    view.set_text("line\n" * 500)
    view.wheelEvent(wheel)
    view.grab()
    assert (wheel.isAccepted(), view.painted.start) == (True, 3)


def test_code_that_is_broken_stands_in_from_where_its_line_began(view: TextView) -> None:
    words = "    value = " + "word " * 60
    view.set_text(words)
    layout = view._lines.laid(0).layout
    assert layout.lineCount() > 1 and layout.lineAt(1).x() == 0
    view.set_numbers(True)
    laid = view._lines.laid(0)
    first, second = laid.layout.lineAt(0), laid.layout.lineAt(1)
    char_px = QFontMetricsF(view._lines.setting.font).horizontalAdvance(" ")
    assert first.x() == 0 and abs(second.x() - 6 * char_px) < 1
    assert second.x() + second.naturalTextWidth() <= view._lines.setting.width_px + 1
    assert laid.char_at(second.x() + 3.1 * char_px, second.y() + 2) == second.textStart() + 3
