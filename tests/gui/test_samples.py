"""The further samples in the window: from the menu to documents and a question in their places, by a real process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMenu

import rlm_desktop
from rlm_desktop import paths
from rlm_desktop.gui.app import App
from rlm_desktop.gui.desk import MODELS
from rlm_desktop.gui.samples import FIRST, further_samples
from tests.gui.waiting import wait_until
from tests.gui.window_helpers import close_window, open_window, wait_for_run


@pytest.fixture
def app(qapp: QApplication) -> Iterator[App]:
    made = open_window(qapp)
    yield made
    close_window(made)


def choose(app: App, name: str) -> None:
    app.conductor.actions[f"sample_{name}"].trigger()
    title = next(one.title for one in further_samples() if one.name == name)
    wait_until(lambda: getattr(app.window.notice.notice, "title", "") == title, "the notice of the sample")
    wait_until(app.window.question_bar.run.isEnabled, "the documents to be read")


def test_the_first_page_and_the_help_menu_offer_the_same_samples_with_a_mark_for_a_language_model(app: App) -> None:
    offered = app.window.start.more_menu.actions()
    assert [action.objectName() for action in offered] == [f"sample_{one.name}" for one in further_samples()]
    assert FIRST not in {one.name for one in further_samples()}
    for one, action in zip(further_samples(), offered, strict=True):
        assert one.title in action.text() and one.about in action.text()
        assert ("needs a language model" in action.text()) == one.needs_language_model
    (menu,) = (menu for menu in app.window.menuBar().findChildren(QMenu) if menu.title() == "S&amples")
    assert menu.actions() == offered
    assert app.window.start.more.isVisible()


def test_a_chosen_sample_is_put_in_place_with_its_question_and_says_where_the_true_answer_lies(app: App) -> None:
    choose(app, "contract")
    answer = next(paths.cache_folder().glob("samples/*/contract/answer.json"))
    assert app.desk.draft.question == json.loads(answer.read_text("utf-8"))["question"]
    assert app.window.question_bar.field.text() == app.desk.draft.question
    names = [document.name for document in app.desk.documents.documents]
    assert names == ["services agreement 2023.md", "services agreement 2025.md"]
    notice = app.window.notice.notice
    assert notice is not None and str(answer) in notice.sentence
    assert app.desk.current_run.run is None, "it is for the person to run it"


def test_a_sample_that_needs_a_language_model_offers_the_way_to_one(app: App) -> None:
    choose(app, "pairs")
    notice = app.window.notice.notice
    assert notice is not None and "needs a language model" in notice.sentence
    assert [offer.key for offer in notice.offers] == [MODELS]


def test_what_was_written_once_is_taken_from_the_cache(app: App) -> None:
    choose(app, "contract")
    mark = next(paths.cache_folder().glob("samples/*/contract/documents/*2023.md"))
    mark.write_text("the same file", "utf-8")
    choose(app, "pairs")
    choose(app, "contract")
    assert mark.read_text("utf-8") == "the same file"


def test_the_last_of_several_choices_is_the_one_that_comes(app: App) -> None:
    for name in ("pairs", "research", "contract"):
        app.conductor.actions[f"sample_{name}"].trigger()
    choose(app, "contract")
    assert len(app.desk.documents.documents) == 2
    assert not list(paths.cache_folder().glob("samples/*/research"))


def test_one_that_cannot_be_written_does_not_hold_up_the_one_chosen_after_it(app: App) -> None:
    in_the_way = paths.cache_folder() / "samples" / rlm_desktop.__version__ / "pairs"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("a file where a folder should be", "utf-8")
    app.conductor.actions["sample_pairs"].trigger()
    choose(app, "contract")
    assert len(app.desk.documents.documents) == 2


def test_whoever_runs_the_first_sample_meanwhile_keeps_it(app: App) -> None:
    app.conductor.actions["sample_contract"].trigger()
    app.conductor.actions["sample"].trigger()
    wait_for_run(app)
    wait_until(lambda: any(paths.cache_folder().glob("samples/*/contract/answer.json")), "the other to be written all the same")
    assert "Ingrid Sollie" in app.desk.draft.question
    assert len(app.desk.documents.documents) == 4


def test_documents_that_are_dropped_meanwhile_stay(app: App, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("My own words.", "utf-8")
    app.conductor.actions["sample_contract"].trigger()
    app.desk.take([tmp_path / "own.txt"])
    wait_until(lambda: any(paths.cache_folder().glob("samples/*/contract/answer.json")), "the sample to be written all the same")
    wait_until(lambda: not app.desk.samples.is_writing, "its process to be gone")
    assert [document.name for document in app.desk.documents.documents] == ["own.txt"]


def test_a_sample_that_cannot_be_written_ends_in_a_sentence(app: App) -> None:
    (paths.cache_folder() / "samples").write_text("a file where a folder should be", "utf-8")
    app.conductor.actions["sample_contract"].trigger()
    wait_until(lambda: app.window.notice.notice is not None, "the notice")
    notice = app.window.notice.notice
    assert notice is not None and notice.status == "error" and "cannot be" in notice.sentence
