"""Texts in a terminal's cells: of one, two and none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.present.cells import cells, cut


def test_wide_and_combining_characters_are_counted_as_a_terminal_draws_them() -> None:
    assert [cells(text) for text in ("abc", "日本", "e\u0301", "한글a", "", "\u200b")] == [3, 4, 1, 5, 0, 0]


def test_a_text_that_fits_is_left_as_it_is_and_another_ends_in_an_ellipsis() -> None:
    assert cut("日本語", 6) == "日本語"
    assert cut("日本語", 5) == "日本…"
    assert cut("日本語", 4) == "日…"
    assert cut("abc", 0) == ""


@given(text=st.text(max_size=40), width=st.integers(0, 30))
def test_what_is_cut_fits_and_begins_like_the_text(text: str, width: int) -> None:
    short = cut(text, width)
    assert cells(short) <= width or (short == text and cells(text) <= width)
    assert short == text or text.startswith(short.removesuffix("…"))
