"""Estimates of tokens."""

from __future__ import annotations

import pytest

from rlm_desktop.documents.estimate import tokens_about


@pytest.mark.parametrize(
    ("sample", "low", "high"),
    [
        ("The quick brown fox jumps over the lazy dog. ", 200, 280),
        ("Все люди рождаются свободными и равными. ", 300, 480),
        ("人工智能正在改变世界我们需要认真思考它的影响", 600, 900),
        ("🎉🎊", 1_000, 2_000),
    ],
)
def test_a_thousand_characters_of_a_script_are_about_so_many_tokens(sample: str, low: int, high: int) -> None:
    assert low <= tokens_about(1_000, sample) <= high


def test_nothing_is_no_tokens_and_something_is_at_least_one() -> None:
    assert tokens_about(0, "") == 0
    assert tokens_about(1, "a") == 1
