"""A refused run can be run unconfined once, by name; the mark stays; and nothing else than that one choice lowers a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from rlm_desktop import paths
from rlm_desktop.gui import engine_process
from rlm_desktop.gui.app import App
from rlm_desktop.gui.claims import CONFINEMENT
from rlm_desktop.gui.confinement.lowering_page import LoweringPage
from rlm_desktop.gui.run_notice import AGAIN, UNCONFINED
from rlm_desktop.trace.events import RunStarted
from tests import confined_traces, unconfinable
from tests.gui.waiting import wait_until
from tests.gui.window_helpers import close_window, drop, open_window, wait_for_run

QUESTION = "Who built the lighthouse at Sund?"


@pytest.fixture
def app(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """Return a window on a machine that does not confine."""
    monkeypatch.setattr(engine_process, "program_command", lambda *words: [*unconfinable.engine(), *words])
    made = open_window(qapp)
    yield made
    close_window(made)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "sund.txt"
    path.write_text("The lighthouse at Sund was built in 1847 by Karen Holm.\n" * 20, "utf-8")
    return path


def refused(app: App, document: Path) -> Path:
    """Run a question until it is refused; return its trace."""
    drop(app.window, [document])
    app.window.question_bar.field.setText(QUESTION)
    wait_until(lambda: app.window.question_bar.run.isEnabled(), "Run to be allowed")
    app.desk.run()
    wait_for_run(app)
    return shown(app)


def shown(app: App) -> Path:
    run = app.desk.current_run.run
    assert run is not None
    return run.store.path


def offers(app: App) -> list[str]:
    notice = app.window.run_notice.notice
    return [offer.key for offer in notice.offers] if notice is not None else []


def started(app: App) -> RunStarted:
    run = app.desk.current_run.run
    assert run is not None and run.columns.run_started is not None
    return run.columns.run_started


def asked(app: App) -> LoweringPage:
    app.window.run_notice.chosen.emit(UNCONFINED)
    page = app.window.content("unconfined")
    assert isinstance(page, LoweringPage)
    return page


def lower(app: App, path: Path) -> None:
    asked(app).go_on.click()
    wait_until(lambda: shown(app) != path, "the run that is lowered")
    wait_for_run(app)


def said(app: App) -> str:
    button = app.window.status_line.button(CONFINEMENT)
    assert button is not None
    return button.claim.said


def test_a_refused_run_says_why_and_offers_the_better_choice_first(app: App, document: Path) -> None:
    refused(app, document)
    notice = app.window.run_notice.notice
    assert notice is not None and notice.title == "This run could not be confined"
    assert unconfinable.WHY in notice.sentence and "No document was handed over." in notice.sentence
    assert offers(app) == [CONFINEMENT, AGAIN, UNCONFINED]
    assert said(app) == "Refused: files, network, processes could not be confined"
    app.window.run_notice.chosen.emit(CONFINEMENT)
    assert app.window.centre.page == "confinement"


def test_what_a_refusal_offers_comes_with_the_notice_in_the_order_of_the_keyboard(app: App, document: Path) -> None:
    refused(app, document)
    app.window.question_bar.field.setFocus()
    stops: list[str] = []
    while "Put this notice away" not in stops:
        at = QApplication.focusWidget()
        assert at is not None and len(stops) < 20
        stops.append(at.text() if isinstance(at, QPushButton) else at.accessibleName())
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert stops[-4:] == ["Run unconfined this once…", "Try again", "How to confine it", "Put this notice away"]
    assert "Add documents" not in stops


def test_lowering_is_asked_by_name_and_cancel_has_the_keyboard(app: App, document: Path) -> None:
    path = refused(app, document)
    page = asked(app)
    assert page.isVisible() and page.cancel.hasFocus()
    assert (page.question.text(), page.documents.text()) == (QUESTION, "sund.txt")
    assert "on this computer" in page.model.text()
    QTest.keyClick(page.cancel, Qt.Key.Key_Return)
    assert not page.isVisible() and not app.desk.open_runs.live_runs
    again = asked(app)
    QTest.keyClick(again.cancel, Qt.Key.Key_Escape)
    assert not page.isVisible() and not app.desk.open_runs.live_runs
    assert shown(app) == path
    # A page that was left starts nothing.
    again.confirmed.emit()
    assert not app.desk.open_runs.live_runs


def test_a_run_whose_trace_is_gone_is_not_asked_about(app: App, document: Path) -> None:
    refused(app, document).unlink()
    app.window.run_notice.chosen.emit(UNCONFINED)
    notice = app.window.notice.notice
    assert notice is not None and "can no longer be read" in notice.sentence
    assert app.window.centre.page == "map"


def test_one_run_is_lowered_marked_for_good_and_the_next_is_confined_again(app: App, document: Path) -> None:
    path = refused(app, document)
    lower(app, path)
    assert (started(app).confinement, started(app).required_claims) == ("unconfined", ())
    run = app.desk.current_run.run
    assert run is not None and run.status == "ok"
    assert said(app).startswith("Not confined: the models' code can read and change your files")
    assert "not confined" in app.window.windowTitle()
    runs = app.desk.recent.runs
    lowered = runs.facts(str(shown(app)))
    assert lowered is not None and lowered.is_lowered and runs.detail(lowered).startswith("not confined · ")
    first = runs.facts(str(path))
    assert first is not None and not first.is_lowered
    app.desk.run()
    wait_until(lambda: shown(app) not in (path, Path(lowered.path)), "the next run")
    assert "not confined" not in app.window.windowTitle()
    wait_for_run(app)
    assert started(app).confinement == "required"
    assert said(app).startswith("Refused")
    app.desk.open_runs.show(Path(lowered.path))
    assert "not confined" in app.window.windowTitle() and said(app).startswith("Not confined")


def test_running_it_again_from_its_notice_is_confined_again(app: App, document: Path) -> None:
    path = refused(app, document)
    lower(app, path)
    lowered = shown(app)
    app.window.run_notice.chosen.emit(AGAIN)
    wait_until(lambda: shown(app) != lowered, "the next run")
    wait_for_run(app)
    assert started(app).confinement == "required"


def test_a_trace_that_was_opened_offers_no_lowering(app: App, document: Path, tmp_path: Path) -> None:
    app.desk.open_runs.show(confined_traces.refused(tmp_path / "foreign.rlmtrace"))
    wait_until(lambda: app.desk.current_run.run is not None, "the run")
    assert offers(app) == [CONFINEMENT]
    app.window.run_notice.chosen.emit(UNCONFINED)
    assert app.window.centre.page == "map"


def test_an_opened_unconfined_run_lowers_nothing_of_the_next(app: App, document: Path, tmp_path: Path) -> None:
    app.desk.open_runs.show(confined_traces.unconfined(tmp_path / "foreign.rlmtrace"))
    wait_until(lambda: app.desk.current_run.run is not None, "the run")
    assert "not confined" in app.window.windowTitle()
    drop(app.window, [document])
    wait_until(lambda: app.window.question_bar.run.isEnabled(), "Run to be allowed")
    request = app.desk.draft.request(tmp_path / "next.rlmtrace")
    assert (request.confinement, request.required_claims) == ("required", ())


def test_settings_that_ask_for_it_are_not_heard(qapp: QApplication, document: Path, tmp_path: Path) -> None:
    file = paths.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    wanted = {"confinement": "unconfined", "required_claims": [], "is_lowered": True, "theme": "dark"}
    file.write_text(json.dumps(wanted), "utf-8")
    app = open_window(qapp)
    try:
        drop(app.window, [document])
        app.window.question_bar.field.setText(f"{QUESTION} confinement=unconfined")
        wait_until(lambda: app.window.question_bar.run.isEnabled(), "Run to be allowed")
        assert app.desk.draft.request(tmp_path / "next.rlmtrace").confinement == "required"
        assert said(app) == "Will be confined: files, network, processes"
    finally:
        close_window(app)


def test_the_requests_that_a_window_makes_carry_no_word_of_it_unless_it_was_chosen(app: App, document: Path, tmp_path: Path) -> None:
    drop(app.window, [document])
    app.window.question_bar.field.setText(QUESTION)
    wait_until(lambda: app.window.question_bar.run.isEnabled(), "Run to be allowed")
    assert b"confine" not in msgspec.json.encode(app.desk.draft.request(tmp_path / "next.rlmtrace"))


@pytest.mark.parametrize(("make", "is_marked"), [(confined_traces.unconfined, True), (confined_traces.confined, False)])
def test_the_mark_is_drawn_in_the_list_of_runs(qapp: QApplication, tmp_path: Path, make: Callable[[Path], Path], is_marked: bool) -> None:
    app = open_window(qapp, [make(tmp_path / "a.rlmtrace")])
    try:
        wait_until(lambda: app.desk.current_run.run is not None, "the run")
        runs, view = app.desk.recent.runs, app.window.runs_pane.view
        row = runs.index(runs.row_of(str(shown(app))) or 0)
        image = view.viewport().grab(view.visualRect(row)).toImage()
        pixels = [image.pixelColor(x, y) for x in range(36) for y in range(image.height())]
        # Chrome has no hue: what is redder than blue, and by this much, is the mark.
        assert any(pixel.red() - pixel.blue() > 80 for pixel in pixels) == is_marked
    finally:
        close_window(app)
