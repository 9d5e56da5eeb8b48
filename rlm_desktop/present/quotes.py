"""Quotations of an answer, checked against the texts of the documents that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rlm_desktop.analysis.quotes import BareQuote, Quote, find_bare_quotes, find_quotes
from rlm_desktop.trace.events import DocumentRead
from rlm_desktop.trace.texts import TextReader

READ_CHARS = 1_000_000
"""So much of an answer is looked through for quotations; more would take longer than a frame."""
MOST_SEARCHED = 40
"""Quotations without a place are looked for in the documents, up to this many."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedQuote:
    """`start`, `words_end` and `end` enclose in the answer the quotation and, after it, the reference to its place.

    `at` to `to` is the place in `document`. `is_found` None: the document's text is not on this computer.
    """

    start: int
    words_end: int
    end: int
    document: str
    at: int
    to: int
    is_found: bool | None


def check_quotes(answer: str, documents: Sequence[DocumentRead], reader: TextReader) -> Iterator[CheckedQuote | None]:
    """Yield what is found, and None in between whenever a few milliseconds have gone by, so that a window can draw."""
    looked_at = answer[:READ_CHARS]
    by_name = {document.name: document for document in documents}
    for quote in find_quotes(looked_at, by_name):
        yield from _check(looked_at, quote, by_name[quote.document], reader)
    for bare in find_bare_quotes(looked_at, by_name)[:MOST_SEARCHED]:
        yield from _search(bare, documents, reader)


def _check(answer: str, quote: Quote, document: DocumentRead, reader: TextReader) -> Iterator[CheckedQuote | None]:
    sha256 = document.text_sha256
    is_found: bool | None = None
    if reader.has(sha256):
        while not reader.approach(sha256, quote.at):
            yield None
        there = reader.read(sha256, quote.at, quote.to)
        is_found = _plain(there) == _plain(quote.text)
    words_end = answer.find("[", quote.start + len(quote.text) + 1, quote.end)
    yield CheckedQuote(
        start=quote.start,
        words_end=len(answer[: words_end if words_end > 0 else quote.end].rstrip()),
        end=quote.end,
        document=quote.document,
        at=quote.at,
        to=quote.to,
        is_found=is_found,
    )


def _search(bare: BareQuote, documents: Sequence[DocumentRead], reader: TextReader) -> Iterator[CheckedQuote | None]:
    is_known = False
    for document in documents:
        if not reader.has(document.text_sha256):
            continue
        is_known = True
        for found in reader.search(document.text_sha256, bare.text):
            if found is None:
                yield None
            else:
                end = found + len(bare.text)
                yield _bare(bare, document.name, found, end, is_found=True)
                return
    yield _bare(bare, "", 0, 0, is_found=False if is_known else None)


def _bare(bare: BareQuote, document: str, at: int, to: int, *, is_found: bool | None) -> CheckedQuote:
    # With its marks, which stand right before and after it.
    return CheckedQuote(start=bare.start - 1, words_end=bare.end + 1, end=bare.end + 1, document=document, at=at, to=to, is_found=is_found)


def _plain(text: str) -> str:
    """Return the words with single spaces: a model joins lines as it likes."""
    return _SPACE.sub(" ", text).strip()
