"""Every control works by pointer and by keyboard, and has a name for a screen reader."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from rlm_desktop.gui.look.button import IconButton, TallButton
from rlm_desktop.gui.look.controls import CheckBox, Chip, Meter, PaneHeader, Words
from rlm_desktop.gui.look.notice import Notice, NoticeBar, Offer
from rlm_desktop.gui.look.picker import Option, Picker
from rlm_desktop.gui.look.pill import Pill
from rlm_desktop.gui.look.tabs import Segments, Tab, TabRow
from rlm_desktop.gui.look.theme import Themes

Shown = Callable[[QWidget], QWidget]

MODELS = (
    Option(key="big", words="big & clever", detail="cloud"),
    Option(key="small", words="small"),
    Option(key="manage", words="Manage models…", is_command=True),
)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_button_is_pressed_by_key(themes: Themes, shown: Shown, key: Qt.Key) -> None:
    button = TallButton(themes, "play", "Run", role="primary")
    shown(button)
    spy = QSignalSpy(button.clicked)
    QTest.keyClick(button, key)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert spy.count() == 2


def test_a_switched_off_button_does_nothing_and_says_why(themes: Themes, shown: Shown) -> None:
    button = TallButton(themes, "play", "Run")
    shown(button)
    spy = QSignalSpy(button.clicked)
    button.allow(False, reason="Add a document first")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    button.click()
    assert (spy.count(), button.toolTip()) == (0, "Add a document first")
    button.allow(True)
    assert button.toolTip() == ""


def test_a_compact_button_keeps_its_word_as_tip(themes: Themes) -> None:
    button = TallButton(themes, "pause", "Pause")
    wide = button.sizeHint().width()
    button.set_compact(True)
    assert button.sizeHint().width() == button.sizeHint().height() < wide
    assert (button.toolTip(), button.accessibleName()) == ("Pause", "Pause")


def test_a_picker_opens_by_key_and_tells_what_was_picked(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    picker = Picker(themes, "Root model")
    picker.set_options(MODELS, current="big")
    shown(picker)
    spy = QSignalSpy(picker.picked)
    QTest.keyClick(picker, Qt.Key.Key_Down)
    assert picker.menu.isVisible()
    QTest.keyClick(picker.menu, Qt.Key.Key_Down)
    QTest.keyClick(picker.menu, Qt.Key.Key_Down)
    QTest.keyClick(picker.menu, Qt.Key.Key_Return)
    assert [spy.at(0)[0], picker.current, picker.accessibleName()] == ["small", "small", "Root model: small"]


def test_a_command_of_a_picker_is_told_and_never_becomes_the_value(themes: Themes, shown: Shown) -> None:
    picker = Picker(themes, "Root model")
    picker.set_options(MODELS, current="big")
    shown(picker)
    spy = QSignalSpy(picker.picked)
    picker.menu.actions()[-1].trigger()
    assert (spy.at(0)[0], picker.current) == ("manage", "big")


def test_setting_a_picker_tells_nothing_and_names_are_taken_literally(themes: Themes, shown: Shown) -> None:
    picker = Picker(themes, "Root model")
    spy = QSignalSpy(picker.picked)
    picker.set_options(MODELS, current="big")
    picker.set_current("small")
    assert spy.count() == 0
    assert picker.menu.actions()[0].text() == "big && clever\tcloud"


def test_a_very_long_model_name_does_not_widen_the_picker_for_ever(themes: Themes) -> None:
    picker = Picker(themes, "Root model")
    picker.set_options([Option(key="a", words="x" * 500)], current="a")
    assert picker.sizeHint().width() < 260


def test_tabs_move_by_arrows_and_clicks(themes: Themes, shown: Shown) -> None:
    row = TabRow(themes, [Tab(name="Map", icon="map", hint="1"), Tab(name="Documents"), Tab(name="Raw")], is_large=True)
    shown(row)
    spy = QSignalSpy(row.chosen)
    first = row.findChildren(QAbstractButton)[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(row, Qt.Key.Key_End)
    QTest.keyClick(row, Qt.Key.Key_Right)
    QTest.mouseClick(row.findChildren(QAbstractButton)[0], Qt.MouseButton.LeftButton)
    assert [spy.at(i)[0] for i in range(spy.count())] == [1, 2, 0]
    row.set_current(2)
    assert (spy.count(), row.current) == (3, 2)


def test_tabs_can_be_others(themes: Themes, shown: Shown) -> None:
    row = TabRow(themes, [Tab(name="Prompt"), Tab(name="Code")])
    shown(row)
    row.set_tabs([Tab(name="Prompt"), Tab(name="Reply"), Tab(name="Raw")], current=1)
    assert row.current == 1
    spy = QSignalSpy(row.chosen)
    QTest.keyClick(row, Qt.Key.Key_Home)
    assert spy.at(0)[0] == 0


def test_narrow_tabs_lose_icons_and_keys_first(themes: Themes, shown: Shown) -> None:
    row = TabRow(themes, [Tab(name="Map", icon="map", hint="1"), Tab(name="Documents", icon="book-open", hint="2")], is_large=True)
    assert row.minimumSizeHint().width() < row.sizeHint().width() - 40


def test_segments_choose_one(themes: Themes, shown: Shown) -> None:
    segments = Segments(themes, ["All", "Changed"])
    shown(segments)
    spy = QSignalSpy(segments.chosen)
    QTest.mouseClick(segments.findChildren(QAbstractButton)[1], Qt.MouseButton.LeftButton)
    assert (spy.at(0)[0], segments.current) == (1, 1)


def test_a_check_box_is_ticked_by_key_and_by_its_words(themes: Themes, shown: Shown) -> None:
    box = CheckBox(themes, "Allow for this run")
    shown(box)
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 20, box.height() // 2))
    assert not box.isChecked()


def test_a_notice_tells_which_offer_was_taken_and_can_be_put_away(themes: Themes, shown: Shown) -> None:
    bar = NoticeBar(themes)
    shown(bar)
    assert bar.notice is None
    bar.tell(
        Notice(
            status="error",
            title="The key was refused",
            offers=(Offer(key="key", words="Change key"), Offer(key="again", words="Try again")),
        )
    )
    chosen, closed = QSignalSpy(bar.chosen), QSignalSpy(bar.closed)
    buttons = {button.text(): button for button in bar.findChildren(QAbstractButton)}
    QTest.mouseClick(buttons["Try again"], Qt.MouseButton.LeftButton)
    assert chosen.at(0)[0] == "again"
    QTest.mouseClick(buttons[""], Qt.MouseButton.LeftButton)
    assert closed.count() == 1
    assert not bar.isVisible()


def test_texts_are_never_interpreted(themes: Themes, shown: Shown) -> None:
    words = Words(themes, "<b>bold</b> <a href='file:///etc'>x</a>")
    assert words.textFormat() == Qt.TextFormat.PlainText
    bar = NoticeBar(themes)
    shown(bar)
    bar.tell(Notice(status="error", title="<b>&x</b>", offers=(Offer(key="a", words="A & B"),)))
    assert [b.text() for b in bar.findChildren(QAbstractButton) if b.text()] == ["A && B"]


def test_every_control_has_a_name_and_takes_the_keyboard(themes: Themes) -> None:
    pill = Pill(themes)
    pill.set_mode("view", "Live, 42 new")
    named: list[QWidget] = [
        TallButton(themes, "play", "Run"),
        IconButton(themes, "copy", "Copy"),
        Picker(themes, "Limits"),
        CheckBox(themes, "Allow"),
        pill,
    ]
    for widget in named:
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert Chip(themes, "stdout").accessibleName() == "stdout"


def test_focus_is_seen(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    for widget in (
        TallButton(themes, "play", "Run"),
        IconButton(themes, "copy", "Copy"),
        Picker(themes, "Limits"),
        CheckBox(themes, "Allow"),
    ):
        shown(widget)
        widget.clearFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.grab().toImage() != before, type(widget).__name__


def test_the_pointer_is_seen(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    button = TallButton(themes, "pause", "Pause")
    shown(button)
    before = button.grab().toImage()
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    assert button.grab().toImage() != before
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)


def test_small_parts_paint(themes: Themes, shown: Shown) -> None:
    meter = Meter(themes)
    meter.set_share(0.43)
    header = PaneHeader(themes, "Documents", [IconButton(themes, "plus", "Add documents")])
    header.set_count("2 · 1.67 M chars")
    for widget in (meter, header, Chip(themes, "Draft", is_outlined=True)):
        shown(widget)
        image = widget.grab().toImage()
        assert len({image.pixel(x, image.height() // 2) for x in range(image.width())}) > 1
    assert header.accessibleDescription() == "2 · 1.67 M chars"
