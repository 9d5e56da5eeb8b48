"""What the readers that a trace names are called for people."""

from __future__ import annotations

from typing import Final

from rlm_desktop.trace.events import DocumentRead

VERBATIM: Final[dict[str, str]] = {
    "text": "plain text",
    "markdown": "Markdown",
    "code": "source code",
    "table": "a table",
    "json": "JSON",
    "json-lines": "JSON lines",
    "log": "a log",
}
"""Texts that are read as they are."""

CONVERTED: Final[dict[str, str]] = {
    "pdf": "a PDF document",
    "html": "a web page",
    "epub": "an EPUB book",
    "email": "an e-mail",
    "mailbox": "a mailbox",
    "docx": "a Word document",
    "pptx": "a PowerPoint presentation",
    "spreadsheet": "a spreadsheet",
    "opendocument": "an OpenDocument text",
    "rtf": "a rich text document",
    "notebook": "a notebook",
    "subtitles": "subtitles",
}
"""Documents that a reader of their format turns into text."""


def kind_in_words(read: DocumentRead) -> str:
    """Return what kind of document was read, such as `PDF document`; the reader's own name for one that this version does not know."""
    reader = read.reader.partition("/")[0]
    title = CONVERTED.get(reader) or VERBATIM.get(reader) or reader
    return title.removeprefix("an ").removeprefix("a ")
