"""The built-in model counts, lists, compares and sums up rightly, in five languages, also where nothing was tuned by."""

from __future__ import annotations

from functools import lru_cache

import pytest

from tests.engine.builtin_ways_figures import answered_rightly
from tests.engine.builtin_ways_questions import KEPT_ASIDE, QUESTIONS_OF_WAYS, Asked, Language, documents


@lru_cache(maxsize=1)
def rightly_answered() -> frozenset[Asked]:
    return frozenset(asked for asked in QUESTIONS_OF_WAYS if answered_rightly(asked)[0])


def share(questions: list[Asked]) -> float:
    return sum(asked in rightly_answered() for asked in questions) / len(questions)


def test_expected_words_stand_in_the_documents() -> None:
    for asked in QUESTIONS_OF_WAYS:
        if asked.kind in ("compare", "summary", "fact"):
            text = " ".join(" ".join(documents(asked.about).values()).split()).lower()
            assert all(words.lower() in text for words in asked.expected), asked


def test_most_questions_are_answered() -> None:
    assert share(list(QUESTIONS_OF_WAYS)) >= 0.85


def test_most_questions_that_were_kept_aside_are_answered() -> None:
    assert share(list(KEPT_ASIDE)) >= 0.75


@pytest.mark.parametrize("kind", ["count", "most", "list", "compare", "summary", "nothing"])
def test_each_kind_is_mostly_answered(kind: str) -> None:
    assert share([asked for asked in QUESTIONS_OF_WAYS if asked.kind == kind]) >= 0.75


@pytest.mark.parametrize("language", ["de", "fr", "es", "zh"])
def test_other_languages_are_at_least_half_as_good_as_english(language: Language) -> None:
    english = share([asked for asked in QUESTIONS_OF_WAYS if asked.language == "en"])
    assert share([asked for asked in QUESTIONS_OF_WAYS if asked.language == language]) >= english / 2
