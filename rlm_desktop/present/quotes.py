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
PIECE_CHARS = 8_000
"""Of an answer as much is looked through at a time as takes a few milliseconds."""
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
    by_name = {document.name: document for document in documents}
    bare: list[BareQuote] = []
    for at, piece in _pieces(answer[:READ_CHARS]):
        for quote in find_quotes(piece, by_name):
            yield from _check(piece, quote, by_name[quote.document], reader, at)
        bare += [BareQuote(at + found.start, at + found.end, found.text) for found in find_bare_quotes(piece, by_name)]
        yield None
    for found in bare[:MOST_SEARCHED]:
        yield from _search(found, documents, reader)


def _pieces(answer: str) -> Iterator[tuple[int, str]]:
    """Cut an answer into pieces of whole lines, where lines are short enough; yield where each begins, and the piece."""
    at = 0
    while at < len(answer):
        end = at + PIECE_CHARS
        if end < len(answer):
            end = answer.rfind("\n", at + PIECE_CHARS // 2, end) + 1 or end
        yield at, answer[at:end]
        at = end


def _check(answer: str, quote: Quote, document: DocumentRead, reader: TextReader, at: int) -> Iterator[CheckedQuote | None]:
    sha256 = document.text_sha256
    is_found: bool | None = None
    if reader.has(sha256):
        while not reader.approach(sha256, quote.at):
            yield None
        there = reader.read(sha256, quote.at, quote.to)
        is_found = _plain(there) == _plain(quote.text)
    words_end = answer.find("[", quote.start + len(quote.text) + 1, quote.end)
    yield CheckedQuote(
        start=at + quote.start,
        words_end=at + len(answer[: words_end if words_end > 0 else quote.end].rstrip()),
        end=at + quote.end,
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
