"""Quotations checked against the documents: found where they are said to stand, or not, or nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.present.quotes import CheckedQuote, check_quotes
from rlm_desktop.trace.events import DocumentRead
from rlm_desktop.trace.texts import TextReader

TEXT = "Préambule.\n" * 2_000 + "The cap is one hundred and\nfifty per cent of the Charges.\n" + "Ende.\n" * 50
WORDS = "one hundred and\nfifty per cent"


@pytest.fixture
def read(tmp_path: Path) -> DocumentRead:
    stored = TextStore(tmp_path).put_text(TEXT)
    return DocumentRead(name="msa.txt", text_sha256=stored.sha256, chars=stored.chars, reader="text/1")


def checked(answer: str, read: DocumentRead, folder: Path) -> list[CheckedQuote]:
    return [found for found in check_quotes(answer, [read], TextReader(folder)) if found is not None]


def test_a_quotation_at_its_place_is_found(read: DocumentRead, tmp_path: Path) -> None:
    at = TEXT.index(WORDS)
    answer = f'It says "{WORDS}" [msa.txt {at}–{at + len(WORDS)}]. Yes.'
    (quote,) = checked(answer, read, tmp_path)
    assert quote.is_found
    assert (quote.document, quote.at, quote.to) == ("msa.txt", at, at + len(WORDS))
    assert answer[quote.start : quote.words_end] == f'"{WORDS}"'
    assert answer[quote.words_end : quote.end] == f" [msa.txt {at}–{at + len(WORDS)}]"


def test_line_breaks_may_be_spaces_in_a_quotation(read: DocumentRead, tmp_path: Path) -> None:
    at = TEXT.index(WORDS)
    (quote,) = checked(f'"{WORDS.replace(chr(10), " ")}" [msa.txt {at}–{at + len(WORDS)}]', read, tmp_path)
    assert quote.is_found


def test_other_words_at_a_place_are_not_found(read: DocumentRead, tmp_path: Path) -> None:
    (quote,) = checked('"two hundred per cent" [msa.txt 10–30]', read, tmp_path)
    assert quote.is_found is False


def test_a_quotation_without_a_place_is_searched_for(read: DocumentRead, tmp_path: Path) -> None:
    found, missing = checked("It says “fifty per cent of the Charges” and not “sixty per cent of the Charges”.", read, tmp_path)
    assert (found.is_found, found.at) == (True, TEXT.index("fifty per cent of the Charges"))
    assert missing.is_found is False


def test_without_the_text_nobody_knows(read: DocumentRead, tmp_path: Path) -> None:
    (quote,) = checked('"two hundred per cent" [msa.txt 10–30]', read, tmp_path / "elsewhere")
    assert quote.is_found is None


def test_quotations_far_into_a_long_answer_are_found_at_their_place(read: DocumentRead, tmp_path: Path) -> None:
    at = TEXT.index(WORDS)
    before = "A line of an answer that says nothing.\n" * 1_000
    answer = before + f'"{WORDS}" [msa.txt {at}–{at + len(WORDS)}]'
    (quote,) = checked(answer, read, tmp_path)
    assert (quote.start, quote.is_found) == (len(before), True)
