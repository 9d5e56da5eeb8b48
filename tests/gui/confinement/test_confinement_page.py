"""From the status line to the evidence: one click, or the keyboard, or the menu; what is shown is what the trace holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollBar, QWidget

from rlm_desktop.gui.app import App
from rlm_desktop.gui.bars.status_line import ClaimButton
from rlm_desktop.gui.claims import CONFINEMENT
from rlm_desktop.gui.confinement.claim_block import ClaimBlock, ClaimHead
from rlm_desktop.gui.confinement.confinement_page import ConfinementPage
from rlm_desktop.gui.confinement.tries import TryRows
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.selection import Chosen
from rlm_desktop.present.confinement import REQUIRED
from tests import confined_traces, traces
from tests.gui.waiting import wait_until
from tests.gui.window_helpers import close_window, open_window
from tests.traces import Scribe


@pytest.fixture
def app(qapp: QApplication) -> Iterator[App]:
    made = open_window(qapp)
    yield made
    close_window(made)


def show(app: App, path: Path) -> None:
    app.desk.open_runs.show(path)
    wait_until(lambda: app.desk.current_run.run is not None and app.desk.current_run.run.store.path == path, "the run")


def chip(app: App) -> ClaimButton:
    found = app.window.status_line.button(CONFINEMENT)
    assert found is not None
    return found


def page(app: App) -> ConfinementPage:
    found = app.window.content("confinement")
    assert isinstance(found, ConfinementPage)
    return found


def shown(widget: QWidget, kind: type[QWidget]) -> list[QWidget]:
    QApplication.processEvents()  # what has been put into a layout is shown then
    return [child for child in widget.findChildren(kind) if not child.isHidden()]


def test_a_click_on_what_holds_shows_how_that_is_known(app: App, tmp_path: Path) -> None:
    show(app, confined_traces.confined(tmp_path / "a.rlmtrace"))
    assert chip(app).claim.said == "Confined: files, network, processes"
    QTest.mouseClick(chip(app), Qt.MouseButton.LeftButton)
    assert app.window.centre.page == "confinement"
    heads = [head.accessibleName() for head in shown(page(app), ClaimHead)]
    assert heads[:2] == ["Reading files: held, required", "Writing files: held, required"]
    assert heads[-1] == "Names hidden: not held, not required"
    rows = shown(page(app), TryRows)
    assert "read /etc/passwd: EACCES, as it must be" in rows[0].accessibleDescription()
    assert "ask whether /etc/passwd is there: worked, should have been refused" in rows[-1].accessibleDescription()


def test_the_keyboard_and_the_menu_lead_there_and_escape_back(app: App, tmp_path: Path) -> None:
    show(app, confined_traces.confined(tmp_path / "a.rlmtrace"))
    chip(app).setFocus()
    QTest.keyClick(chip(app), Qt.Key.Key_Return)
    assert app.window.centre.page == "confinement"
    focused = QApplication.focusWidget()
    assert focused is not None
    bars = app.window.centre.page_named("confinement").findChildren(QScrollBar)
    bar = next(bar for bar in bars if bar.orientation() == Qt.Orientation.Vertical)
    wait_until(lambda: bar.maximum() > 0, "the page to be laid out")
    QTest.keyClick(focused, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert not page(app).isVisible()
    next(one.action for one in app.conductor.actions if one.key == "confinement").trigger()
    assert app.window.centre.page == "confinement"


def test_the_chosen_call_has_its_own_sandbox_shown_and_those_that_differ_are_counted(app: App, tmp_path: Path) -> None:
    with Scribe(tmp_path / "a.rlmtrace", confinement="required", required=REQUIRED) as s:
        root = s.call()
        s.emit(confined_traces.started())
        s.open_turn(root, 0, "rlm_query(a)")
        child = s.call(root, depth=1, at=(0, 0, 1))
        s.emit(confined_traces.started(child, back_end="bubblewrap"))
    show(app, s.path)
    app.window.centre.show_page("confinement")
    assert "Sandbox of the root · held by Landlock 7, seccomp · 1 of 1 others differ" in page(app).text()
    app.desk.selection.choose(Chosen(call_id=child))
    assert "Sandbox of call #1 · held by bubblewrap" in page(app).text()


def test_a_run_that_is_not_confined_is_boxed_in_red_and_says_what_its_code_can_do(app: App, tmp_path: Path) -> None:
    show(app, confined_traces.unconfined(tmp_path / "a.rlmtrace"))
    assert chip(app).claim.is_warning
    app.window.centre.show_page("confinement")
    assert "runs with your rights" in page(app).text()
    red = [words for words in shown(page(app), Words) if words.palette().color(words.foregroundRole()) == app.themes.current.c("fail_text")]
    assert len(red) == 1


def test_before_a_run_the_page_says_what_will_be_required(app: App) -> None:
    assert chip(app).claim.said == "Will be confined: files, network, processes"
    QTest.mouseClick(chip(app), Qt.MouseButton.LeftButton)
    assert [head.accessibleName() for head in shown(page(app), ClaimHead)] == [
        "Reading files: not tried yet, required",
        "Writing files: not tried yet, required",
        "Network: not tried yet, required",
        "Other processes: not tried yet, required",
    ]


def test_a_trace_that_says_nothing_of_it_is_not_called_unconfined(app: App, tmp_path: Path) -> None:
    show(app, traces.sample(tmp_path / "a.rlmtrace"))
    assert (chip(app).claim.said, chip(app).claim.is_warning) == ("Confinement not recorded", False)


def test_the_page_is_copied_as_text_with_every_try(app: App, tmp_path: Path) -> None:
    show(app, confined_traces.confined(tmp_path / "a.rlmtrace"))
    app.window.centre.show_page("confinement")
    copy = next(button for button in page(app).findChildren(QPushButton) if not button.isHidden())
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Confined: files, network, processes\n")
    for tries in confined_traces.TRIES.values():
        for tried, outcome in tries:
            assert any(tried in line and outcome in line for line in text.splitlines())


def test_markup_in_a_trace_is_shown_as_it_stands(qapp: QApplication, themes: Themes, shown: Callable[[QWidget], QWidget]) -> None:
    block = ClaimBlock(themes, confined_traces.claims()[0].__class__(name="<b>x</b>", held=False, evidence="<i>y</i>"), is_required=True)
    shown(block)
    (evidence,) = block.findChildren(Words)
    assert (evidence.text(), evidence.textFormat()) == ("<i>y</i>", Qt.TextFormat.PlainText)
