"""The answer in sight: every state in words, its quotations marked and led back to the documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.gui.answer.answer_panel import AnswerPanel
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.paths import texts_folder
from rlm_desktop.trace import events as ev
from rlm_desktop.trace.store import TraceStore
from tests.gui.waiting import wait_until
from tests.traces import HOSTILE, Scribe

Shown = Callable[[QWidget], QWidget]
TEXT = "Some words before.\n" * 30 + "The cap is one hundred per cent.\n"
WORDS = "one hundred per cent"
AT = TEXT.index(WORDS)
ANSWER = f'The cap is "{WORDS}" [msa.txt {AT}–{AT + len(WORDS)}].'


@pytest.fixture
def current(qapp: QApplication) -> CurrentRun:
    return CurrentRun()


@pytest.fixture
def panel(current: CurrentRun, themes: Themes, shown: Shown) -> AnswerPanel:
    made = AnswerPanel(current, themes)
    made.resize(828, 140)
    shown(made)
    return made


def answered(
    path: Path, answer: str | None, *, status: ev.CallStatus | None = "ok", error: str | None = None, is_stored: bool = True
) -> RunModel:
    stored = TextStore(texts_folder()).put_text(TEXT if is_stored else TEXT + "x")
    with Scribe(path) as s:
        sha256 = stored.sha256 if is_stored else "0" * 64
        s.emit(ev.DocumentRead(name="msa.txt", text_sha256=sha256, chars=stored.chars, reader="text/1"))
        root = s.call()
        s.open_turn(root, 0, "draft()")
        s.printed(root, 0, "")
        if answer is not None:
            s.emit(ev.AnswerSet(call_id=root, iteration=0, block=0, content=answer, ready=status == "ok"))
        if status is not None:
            s.ended(root, status, answer=answer if status == "ok" else None)
            s.emit(ev.RunEnded(status=status, answer=answer if status == "ok" else None, error=error))
    return RunModel(TraceStore.open(path), is_live=False)


def label(panel: AnswerPanel) -> tuple[str, str]:
    return panel.head.words.label, panel.head.words.note


def test_a_final_answer_with_quotations_that_hold(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    current.show(answered(tmp_path / "t.rlmtrace", ANSWER))
    assert panel.answer_text() == panel.view.source.text(0, 1_000) == ANSWER
    assert label(panel) == ("", "set in iteration 1")
    wait_until(lambda: panel.head.words.quotes_status == "ok")
    assert panel.head.words.quotes == "1 quote, found in the documents"
    panel.grab()


@pytest.mark.parametrize(
    ("status", "error", "answer", "expected"),
    [
        (None, None, "Nine.", ("Interrupted", "set in iteration 1")),
        (None, None, None, ("Interrupted", "no answer")),
        ("limit", "The limit of 30 iterations was reached.", "Nine.", ("Best answer", "The limit of 30 iterations was reached.")),
        ("limit", "The limit of $2.00 was reached.", None, ("Limit", "The limit of $2.00 was reached.")),
        ("error", "The key was refused.", None, ("Failed", "The key was refused.")),
        ("cancelled", None, "Nine.", ("Stopped", "the last draft")),
    ],
)
def test_every_end_is_told(
    panel: AnswerPanel, current: CurrentRun, tmp_path: Path, status: ev.CallStatus | None, error: str | None, answer: str | None,
    expected: tuple[str, str],
) -> None:  # fmt: skip
    current.show(answered(tmp_path / "t.rlmtrace", answer, status=status, error=error))
    assert label(panel) == expected
    assert panel.answer_text() == (answer or "")
    panel.grab()


def test_it_is_as_of_the_cursor(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    run = answered(tmp_path / "t.rlmtrace", ANSWER)
    current.show(run)
    run.seek(3)
    wait_until(lambda: label(panel) == ("", "No answer yet at this event"))
    assert panel.answer_text() == ""
    assert panel.view.isHidden()
    assert not panel.head.copy_button.isEnabled()


def test_a_click_on_a_quotation_leads_to_its_place(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    current.show(answered(tmp_path / "t.rlmtrace", ANSWER))
    wait_until(lambda: panel.head.words.quotes_status == "ok")
    panel.resize(828, 140)
    panel.grab()
    chosen = QSignalSpy(panel.quote_chosen)
    spots = [QPoint(x, 16) for x in range(0, panel.view.width(), 4)]
    char = ANSWER.index(WORDS) + 3
    spot = next(spot for spot in spots if panel.view.char_at(spot.toPointF()) == char)
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert chosen.at(0) == ["msa.txt", AT, AT + len(WORDS)]


def test_a_quotation_that_is_not_there_is_told(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    current.show(answered(tmp_path / "t.rlmtrace", 'It is "two hundred" [msa.txt 5–16].'))
    wait_until(lambda: panel.head.words.quotes == "1 of 1 quote not found in the documents")
    assert panel.head.words.quotes_status == "error"


def test_without_the_text_it_is_said_that_nobody_checked(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    current.show(answered(tmp_path / "t.rlmtrace", ANSWER, is_stored=False))
    wait_until(lambda: "not checked" in panel.head.words.quotes)


def test_copied_and_saved_in_one_click(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    current.show(answered(tmp_path / "t.rlmtrace", ANSWER))
    asked = QSignalSpy(panel.save_asked)
    QTest.mouseClick(panel.head.copy_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.head.save_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == ANSWER
    assert asked.count() == 1


def test_it_folds_to_its_line(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    current.show(answered(tmp_path / "t.rlmtrace", ANSWER))
    QTest.mouseClick(panel.head.fold_button, Qt.MouseButton.LeftButton)
    assert panel.is_folded
    assert panel.view.isHidden()
    assert panel.maximumHeight() == panel.head.sizeHint().height()
    QTest.mouseClick(panel.head.fold_button, Qt.MouseButton.LeftButton)
    assert not panel.view.isHidden()


def test_an_answer_of_10_mb_is_whole(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    answer = "A line of a very long answer.\n" * 340_000
    current.show(answered(tmp_path / "t.rlmtrace", answer))
    assert panel.view.source.text(0, 6) == "A line"
    wait_until(lambda: panel.view.source.char_count == len(answer), "the whole answer")
    assert panel.answer_text() == answer


def test_markup_is_plain_text(panel: AnswerPanel, current: CurrentRun, tmp_path: Path) -> None:
    current.show(answered(tmp_path / "t.rlmtrace", HOSTILE, status="error", error=HOSTILE))
    assert panel.view.source.text(0, 1_000) == HOSTILE
    assert "\u202e" not in panel.head.words.note
    panel.grab()
