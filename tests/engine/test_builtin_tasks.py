"""The built-in model counts, lists, compares and sums up rightly, in five languages, also where nothing was tuned by."""

from __future__ import annotations

from functools import lru_cache

import pytest

from tests.engine.builtin_task_figures import done_rightly
from tests.engine.builtin_tasks import KEPT_ASIDE, TASKS, Language, Task, documents


@lru_cache(maxsize=1)
def rightly_done() -> frozenset[Task]:
    return frozenset(task for task in TASKS if done_rightly(task)[0])


def share(tasks: list[Task]) -> float:
    return sum(task in rightly_done() for task in tasks) / len(tasks)


def test_expected_words_stand_in_the_documents() -> None:
    for task in TASKS:
        if task.kind in ("compare", "summary", "fact"):
            text = " ".join(" ".join(documents(task.about).values()).split()).lower()
            assert all(words.lower() in text for words in task.expected), task


def test_most_tasks_are_done() -> None:
    assert share(list(TASKS)) >= 0.85


def test_most_tasks_that_were_kept_aside_are_done() -> None:
    assert share(list(KEPT_ASIDE)) >= 0.75


@pytest.mark.parametrize("kind", ["count", "most", "list", "compare", "summary", "nothing"])
def test_each_kind_is_mostly_done(kind: str) -> None:
    assert share([task for task in TASKS if task.kind == kind]) >= 0.75


@pytest.mark.parametrize("language", ["de", "fr", "es", "zh"])
def test_other_languages_are_at_least_half_as_good_as_english(language: Language) -> None:
    english = share([task for task in TASKS if task.language == "en"])
    assert share([task for task in TASKS if task.language == language]) >= english / 2
