"""Texts of the store, found by words and approached in steps."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.errors import UserError
from rlm_desktop.trace import texts
from rlm_desktop.trace.texts import TextReader

TEXTS = st.text(st.sampled_from("abé漢\U0001f468\n"), max_size=80)


@given(TEXTS, st.integers(0, 80), st.integers(1, 5))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_are_found_where_they_first_stand(tmp_path: Path, text: str, at: int, length: int) -> None:
    sha256 = TextStore(tmp_path).put_text(text).sha256
    words = text[at : at + length] or "nowhere"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "_SEARCH_BYTES", 8)
        found = next((at for at in TextReader(tmp_path).search(sha256, words) if at is not None), -1)
    assert found == text.find(words)


def test_a_far_place_is_approached_in_steps(tmp_path: Path) -> None:
    text = "é" * 2_000_000
    sha256 = TextStore(tmp_path).put_text(text).sha256
    reader = TextReader(tmp_path)
    steps = 1
    while not reader.approach(sha256, 1_900_000):
        steps += 1
    assert steps == 4
    assert reader.read(sha256, 1_900_000, 1_900_003) == "ééé"


def test_a_text_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        TextReader(tmp_path).approach("0" * 64, 5)
