"""Web pages (HTML and XHTML), saved as files."""

from __future__ import annotations

from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.html_markup import decoded, tame
from rlm_desktop.documents.readers.html_text import write_html
from rlm_desktop.documents.readers.unpacking import without_text
from rlm_desktop.documents.refused import RefusedError

TITLE: Final = "a web page"
MAX_BYTES: Final = 64 << 20
"""A parsed page takes about 20 times as much memory."""


def read(file: BinaryIO, draft: Draft) -> None:
    """Write the text of a page. Raises RefusedError where there is none, or too much of it."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RefusedError(f"This is {TITLE} of more than {MAX_BYTES >> 20} MB, which is more than can be read. Split it.", "too large")
    markup, draft.encoding_found = decoded(data, draft.encoding)
    del data
    write_html(tame(markup), draft)
    if not draft.chars:
        raise without_text(TITLE)
