"""A whole file of text in whatever encoding it is, for formats that do not say theirs."""

from __future__ import annotations

from rlm_desktop.documents.chosen_encoding import chosen_encoding
from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.encodings import (
    HEAD_BYTES,
    Encoding,
    TextDecoder,
    encoding_after_failure,
    encoding_of,
)
from rlm_desktop.documents.readers.unpacking import broken


def decoded(data: bytes, draft: Draft, title: str) -> str:
    """Return the text of `data` by the encoding that the person chose, else by the one it shows; the draft is told which.

    Raises RefusedError where there is no such encoding, or the file is no text.
    """
    found = _encoding(data, draft.encoding, title)
    try:
        return _with(data, found, draft)
    except UnicodeDecodeError as error:
        name = encoding_after_failure(data, error.start)
        if name is None:
            raise broken(title) from error
        return _with(data, Encoding(name), draft)


def _encoding(data: bytes, wanted: str | None, title: str) -> Encoding:
    if wanted is None:
        found = encoding_of(data[:HEAD_BYTES])
        if found is None:
            raise broken(title)
        return found
    return chosen_encoding(data[:HEAD_BYTES], wanted)


def _with(data: bytes, encoding: Encoding, draft: Draft) -> str:
    decoder = TextDecoder(encoding.name, is_strict=not encoding.is_certain)
    text = decoder.decode(data[encoding.mark_bytes :], final=True)
    draft.encoding_found = f"{encoding.name}, {decoder.errors:,} characters unreadable" if decoder.errors else encoding.name
    return text
