"""Quotations in answers are found with the places they name, whatever the names and the quotations hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.analysis.quotes import BareQuote, find_bare_quotes, find_quotes

NAMES = ["report.txt", "a b [final] (2).txt", "報告.md", "notes 12.txt", "b [final] (2).txt"]
PLACES = [
    "report.txt 1,200–1,216",
    "report.txt: 1200-1216",
    "report.txt, chars 1200 to 1216",
    "`report.txt` 1200..1216",
]
NO_QUOTES = [
    "",
    "[report.txt 1–5]",
    '" [report.txt 1–5]',
    '"x" [report.txt 5–1]',
    '"x" [report.txt 1–' + "9" * 5_000 + "]",
    '"' + "[" * 100_000,
]


@pytest.mark.parametrize("name", NAMES)
def test_quote_with_its_place_is_found_whatever_the_name(name: str) -> None:
    answer = f'Found: "the lamp was lit" [{name} 100–116]\nmore'
    (quote,) = find_quotes(answer, NAMES)
    assert quote.text == "the lamp was lit"
    assert (quote.document, quote.at, quote.to) == (name, 100, 116)
    assert answer[quote.start : quote.end] == f'"the lamp was lit" [{name} 100–116]'


def test_quotation_marks_inside_a_quote_do_no_harm() -> None:
    text = 'He said "stop" and then "go" to them'
    (quote,) = find_quotes(f'Say "this" first. "{text}" [report.txt 5–{5 + len(text)}]', NAMES)
    assert quote.text == text


def test_quote_that_is_not_as_long_as_its_range_is_taken_by_its_marks() -> None:
    (quote,) = find_quotes("It says “the lamp was lit” [report.txt 10-99].", NAMES)
    assert quote.text == "the lamp was lit" and (quote.at, quote.to) == (10, 99)


@pytest.mark.parametrize("place", PLACES)
def test_spellings_of_a_place_that_models_use(place: str) -> None:
    (quote,) = find_quotes(f'"the lamp was lit" [{place}]', NAMES)
    assert (quote.document, quote.at, quote.to) == ("report.txt", 1200, 1216)


def test_several_quotes_come_in_order_and_do_not_overlap() -> None:
    answer = '"one two three" [report.txt 0–13] and "four" [報告.md 4–8], "five" [unknown.txt 1–5]'
    assert [(quote.text, quote.document) for quote in find_quotes(answer, NAMES)] == [("one two three", "report.txt"), ("four", "報告.md")]


@pytest.mark.parametrize("answer", NO_QUOTES, ids=range(len(NO_QUOTES)))
def test_what_is_no_quote_is_none(answer: str) -> None:
    assert find_quotes(answer, NAMES) == []


def test_bare_quotes_are_those_without_a_place_and_long_enough() -> None:
    answer = 'He wrote “the harbour was frozen solid” and "no"; see "the lamp was lit" [report.txt 1–17]. «Une phrase assez longue»'
    assert [quote.text for quote in find_bare_quotes(answer, NAMES)] == ["the harbour was frozen solid", "Une phrase assez longue"]


def test_bare_quote_knows_its_place_in_the_answer() -> None:
    answer = 'The text says "words that stand there" somewhere.'
    assert find_bare_quotes(answer) == [BareQuote(15, 37, "words that stand there")]


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_without_harm(answer: str) -> None:
    for quote in find_quotes(answer, NAMES):
        assert 0 <= quote.start < quote.end <= len(answer)
    for bare in find_bare_quotes(answer, NAMES):
        assert answer[bare.start : bare.end] == bare.text


@given(
    before=st.text(max_size=60),
    text=st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip())),
    at=st.integers(0, 10**9),
    name=st.sampled_from(NAMES),
)
def test_what_the_built_in_model_writes_is_read_back(before: str, text: str, at: int, name: str) -> None:
    quotes = find_quotes(f'{before}\n"{text}" [{name} {at}–{at + len(text)}]', NAMES)
    assert (quotes[-1].text, quotes[-1].document, quotes[-1].at, quotes[-1].to) == (text, name, at, at + len(text))
