"""The bars keep their places, lose the least needed first, and tell what the person asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.bars.budget_strip import BudgetStrip, Gauge
from rlm_desktop.gui.bars.question_bar import QuestionBar, QuestionBarState
from rlm_desktop.gui.bars.status_line import Claim, StatusLine
from rlm_desktop.gui.look.picker import Option
from rlm_desktop.gui.look.theme import Themes

Shown = Callable[[QWidget], QWidget]

GAUGES = (
    Gauge(label="Cost", value="$0.41", limit="of $2.00", share=0.205, expected=0.24),
    Gauge(label="Calls", value="1,229", limit="of 5,000", share=0.246),
    Gauge(label="Time", value="4:12", limit="of 30:00", share=0.14),
    Gauge(label="Depth", value="2", limit="of 3", pips=(2, 3)),
    Gauge(label="Tokens", value="848 k in"),
)


def labels(strip: BudgetStrip) -> list[str]:
    strip.grab()
    return [gauge.label for gauge in strip.shown_gauges()]


def test_a_narrow_strip_loses_the_last_gauges_and_keeps_the_first(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    strip = BudgetStrip(themes)
    strip.set_gauges(GAUGES)
    strip.set_mode("live", "Live, following")
    strip.resize(1400, 32)
    shown(strip)
    assert labels(strip) == ["Cost", "Calls", "Time", "Depth", "Tokens"]
    strip.resize(640, 32)
    assert labels(strip) == ["Cost", "Calls", "Time"]
    assert strip.pill.geometry().right() < 640
    assert "Cost $0.41 of $2.00" in strip.accessibleDescription()


def test_the_mode_can_be_clicked(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    strip = BudgetStrip(themes)
    strip.resize(900, 32)
    shown(strip)
    strip.set_mode("view", "Live, 42 new")
    spy = QSignalSpy(strip.pill.clicked)
    QTest.mouseClick(strip.pill, Qt.MouseButton.LeftButton)
    assert spy.count() == 1


def test_a_warning_stays_when_the_status_line_is_narrow(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    line = StatusLine(themes)
    loose = Claim(icon="shield-off", words="Not confined", detail="this run can read your files and use the network", is_warning=True)
    line.set_claims([Claim(icon="lock", words="Local only", detail="no text leaves this computer"), loose])
    line.set_note("a.rlmtrace · every event is on disk")
    line.resize(260, 24)
    shown(line)
    red = themes.current.c("fail")

    def edges(width: int) -> int:
        line.resize(width, 24)
        image = line.grab().toImage()
        return sum(image.pixelColor(x, 16) == red for x in range(image.width()))

    # Both sides of the box are there, whatever stands before it.
    assert edges(260) == edges(1200) == 2
    line.set_claims([Claim(icon="globe", words="Prompts go to a-very-long-host-name.example.com"), loose])
    assert edges(260) == 2
    assert "Not confined: this run can read your files" in line.accessibleDescription()


def bar(themes: Themes) -> QuestionBar:
    made = QuestionBar(themes)
    made.set_models([Option(key="a", words="gpt-5"), Option(key="b", words="other")], current="a")
    made.set_sub_models([Option(key="a", words="gpt-5-mini")], current="a")
    made.set_limits([Option(key="d", words="Default", detail="$2.00")], current="d")
    made.resize(1600, 56)
    return made


def test_enter_and_the_button_run_only_what_may_run(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    question = bar(themes)
    shown(question)
    spy = QSignalSpy(question.run_asked)
    QTest.keyClicks(question.field, "Who may sign?")
    QTest.keyClick(question.field, Qt.Key.Key_Return)
    assert spy.count() == 0
    question.set_state(QuestionBarState(can_run=True, cost_note="no cost"))
    QTest.keyClick(question.field, Qt.Key.Key_Return)
    QTest.keyClick(question.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(question.run, Qt.MouseButton.LeftButton)
    assert (spy.count(), question.question) == (3, "Who may sign?")


def test_pause_stop_and_pickers_are_told(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    question = bar(themes)
    shown(question)
    paused, resumed, stopped, picked = (
        QSignalSpy(signal) for signal in (question.pause_asked, question.resume_asked, question.stop_asked, question.model_picked)
    )
    question.set_state(QuestionBarState(can_pause=True, can_stop=True))
    QTest.mouseClick(question.pause, Qt.MouseButton.LeftButton)
    question.set_state(QuestionBarState(can_pause=True, can_stop=True, is_paused=True))
    QTest.mouseClick(question.pause, Qt.MouseButton.LeftButton)
    QTest.mouseClick(question.stop, Qt.MouseButton.LeftButton)
    question.model.menu.actions()[1].trigger()
    assert (paused.count(), resumed.count(), stopped.count(), picked.at(0)[0]) == (1, 1, 1, "b")


def test_buttons_keep_their_places_in_every_state(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    question = bar(themes)
    shown(question)
    states = (
        QuestionBarState(can_run=True, cost_note="up to $2.00"),
        QuestionBarState(can_pause=True, can_stop=True, cost_note="up to $2.00"),
        QuestionBarState(can_pause=True, can_stop=True, is_paused=True, cost_note="up to $2.00"),
    )
    places = []
    for state in states:
        question.set_state(state)
        qapp.processEvents()
        places.append([widget.mapTo(question, QPoint(0, 0)).x() for widget in (question.run, question.pause, question.stop)])
    assert places[0] == places[1] == places[2]


def test_a_narrow_question_bar_keeps_the_icons(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    question = bar(themes)
    question.resize(1200, 56)
    shown(question)
    assert question.stop.width() == question.stop.height()
    assert question.minimumSizeHint().width() < 900


def test_a_claim_with_more_to_say_is_a_button_by_pointer_and_keyboard(qapp: QApplication, themes: Themes, shown: Shown) -> None:
    line = StatusLine(themes)
    line.set_claims([Claim(icon="lock", words="Local only"), Claim(icon="shield-check", words="Confined", detail="files", key="k")])
    line.resize(800, 24)
    shown(line)
    spy = QSignalSpy(line.chosen)
    button = line.button("k")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert [spy.at(i)[0] for i in range(spy.count())] == ["k", "k"]
    assert button.accessibleName() == "Confined: files"
    line.set_claims([Claim(icon="lock", words="Local only")])
    assert not button.isVisible()
