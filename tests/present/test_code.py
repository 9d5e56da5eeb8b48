"""Code in colours: the ranges are those of the code as it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.present.code import LONGEST_CHARS, coloured


def roles(code: str) -> dict[str, str]:
    return {code[r.start : r.end]: r.role for r in coloured(code)}


def test_names_of_the_repl_carry_the_colour_of_what_they_start() -> None:
    found = roles('# why\nfor x in llm_query_batched(["a"]):\n    y = rlm_query(x)\n')
    assert found["llm_query_batched"] == "llm_text"
    assert found["rlm_query"] == "rlm_text"
    assert found["# why"] == "text_3"
    assert found["for"] == "text_2"
    assert found["a"] == "code_text"


def test_a_name_in_a_string_or_comment_starts_nothing() -> None:
    assert roles("x = 'llm_query'  # rlm_query")["llm_query"] == "code_text"


@given(st.text(st.sampled_from("ab '\"#\r\n\t(é\U0001f468\\"), max_size=80))
def test_ranges_are_in_order_apart_and_within_the_code(code: str) -> None:
    at = 0
    for r in coloured(code):
        assert at <= r.start < r.end <= len(code)
        at = r.end


def test_code_that_is_data_stays_plain() -> None:
    assert coloured("x = '" + "y" * LONGEST_CHARS + "'") == []
