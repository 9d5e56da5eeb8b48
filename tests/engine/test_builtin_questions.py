"""The built-in model answers most of the labelled questions, those that nothing was tuned by among them."""

from __future__ import annotations

import pytest

from tests.engine.builtin_figures import share
from tests.engine.builtin_questions import FOLDER, KEPT_ASIDE, QUESTIONS, TUNED_BY


def test_labels_are_true() -> None:
    for question in QUESTIONS:
        text = " ".join((FOLDER / question.document).read_text(encoding="utf-8").split())
        assert question.expected is None or question.expected in text, question


@pytest.mark.parametrize(
    ("questions", "least"),
    [
        pytest.param(TUNED_BY, 0.9, id="tuned by"),
        pytest.param(KEPT_ASIDE, 0.75, id="kept aside"),
    ],
)
def test_share_answered(questions: tuple[object, ...], least: float) -> None:
    assert share([question for question in QUESTIONS if question in questions]) >= least


def test_nothing_is_invented_where_the_documents_do_not_say() -> None:
    assert share([question for question in QUESTIONS if question.expected is None]) == 1.0
