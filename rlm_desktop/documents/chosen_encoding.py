"""The encoding that a person chose for a file, in place of what the file shows."""

from __future__ import annotations

from rlm_desktop.documents.encodings import Encoding, marked_encoding, named_encoding
from rlm_desktop.documents.refused import RefusedError


def chosen_encoding(head: bytes, chosen: str) -> Encoding:
    """Return the encoding of that name, with its mark where the file begins with one. Raises RefusedError where there is none."""
    name = named_encoding(chosen)
    if name is None:
        raise RefusedError(f"There is no encoding {chosen!r}. Try utf-8, utf-16, cp1252, shift_jis, gb18030 or koi8-r.", "unknown encoding")
    return marked_encoding(head, name)
