"""What a file is: by what it holds, and by the ending of its name only where that alone cannot say.

So a document that was given a wrong name is read as what it is, and the person is told.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final, NamedTuple

from rlm_desktop.documents.binary_kinds import binary_kind
from rlm_desktop.documents.encodings import HEAD_BYTES, encoding_of
from rlm_desktop.documents.endings import ENDINGS, suffix_of
from rlm_desktop.documents.outline import text_kind
from rlm_desktop.documents.packed_kinds import ZIP, archive_format, kind_of_compound, kind_of_zip
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.compound import MAGIC
from rlm_desktop.documents.refused import RefusedError

_PDF_WITHIN_BYTES = 1_024
_SNIFFED_BYTES = 8_192

_OF_OFFICE = frozenset((*ENDINGS["docx"], *ENDINGS["spreadsheet"], *ENDINGS["pptx"], *ENDINGS["rtf"], ".doc", ".ppt"))
_NEVER_PLAIN = frozenset(
    (
        *(ending for endings in ENDINGS.values() for ending in endings if ending != ".ai"),
        *(".doc", ".ppt", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".mp3", ".mp4", ".wav", ".mov", ".zip"),
        *(".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".exe", ".dll"),
    )
)

_PDF_MARK = re.compile(rb"%PDF-\d\.\d")
_PDF_LINE = re.compile(rb"%PDF-\d\.\d\s*[\r\n]")
_PDF_OBJECT = re.compile(rb"\d \d+ obj\b")
_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]{0,300}+>\s*+|<!--(?:[^-]|-(?!->))*+-->\s*+)*+<(?:!doctype\s++(?:html|wml)\b|(?:html|head|body)[\s>])", re.IGNORECASE
)
_HTML_PART = re.compile(r"\s*+(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+<(?:table|div|meta|style|title|p|link|script)[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<(?:[a-z][a-z0-9]*[\s/>]|!--|!doctype)", re.IGNORECASE)
_HEADER = r"[!-9;-~]{1,80}:[ \t\n]"
_EMAIL = re.compile(rf"\s*(?:{_HEADER}[^\n]*\n(?:[ \t][^\n]*\n)*){{2,}}|\s*{_HEADER}[^\n]*\n\n")
_SAVED_PAGE = re.compile(r"\s*(?:[!-9;-~]{1,80}:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:mime-version:[ \t]*1\.0)", re.IGNORECASE)
_MAILBOX = re.compile(rf"From [^\n]{{1,200}}\d\d:\d\d[^\n]{{0,60}}\n(?:>?From [^\n]*\n)*{_HEADER}")
_SUBTITLES: Final[dict[str, re.Pattern[str]]] = {
    ".srt": re.compile(r"\d[^\n]{0,20}-->"),
    ".vtt": re.compile(r"\s*WEBVTT|\d[^\n]{0,20}-->"),
    ".ass": re.compile(r"\[Script Info\]|\[Events\]", re.IGNORECASE),
    ".ssa": re.compile(r"\[Script Info\]|\[Events\]", re.IGNORECASE),
}


class Kind(NamedTuple):
    """`name` is one of `READERS`, `archive`, or one of `outline.text_kind`. `note` tells the person of a name that says something else."""

    name: str
    note: str = ""

    @property
    def is_verbatim(self) -> bool:
        return self.name not in READERS and self.name != "archive"


def kind_of(file: BinaryIO, name: str) -> Kind:
    """Return what `file` is, which can be sought; `name` is its own. Raises RefusedError where it is empty or nothing that can be read."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head:
        raise RefusedError("The file is empty.", "empty")
    suffix = suffix_of(name)
    found = _packed(file, head, suffix) or _written(head, name, suffix)
    if found in READERS:
        known = ENDINGS[found]
        if suffix and suffix not in known:
            return Kind(found, f"It was read as {READERS[found].title} ({known[0]}), although its name ends in {suffix}.")
    elif found != "archive" and suffix in _NEVER_PLAIN:
        return Kind(found, f"It was read as plain text, although its name ends in {suffix}.")
    return Kind(found)


def _packed(file: BinaryIO, head: bytes, suffix: str) -> str | None:
    """Return the kind of what has a mark of its own that is no text's, None for what may be a text."""
    if _is_pdf(head, suffix):
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(ZIP):
        return kind_of_zip(file, suffix)
    if head.startswith(MAGIC):
        return kind_of_compound(file)
    if archive_format(head):
        return "archive"
    refused = binary_kind(head)
    if refused:
        raise RefusedError(f"This is {refused}, in which no text can be read. Save or export its text as a document and add that.", refused)
    return None


def _is_pdf(head: bytes, suffix: str) -> bool:
    """A text may tell of the mark; a PDF has objects after it, and may have something before it."""
    if head.startswith(b"%PDF-") and (suffix == ".pdf" or _PDF_LINE.match(head)):
        return True
    mark = _PDF_MARK.search(head, 0, _PDF_WITHIN_BYTES)
    return mark is not None and (suffix == ".pdf" or _PDF_OBJECT.search(head, mark.end()) is not None)


def _written(head: bytes, name: str, suffix: str) -> str:
    """Return the kind of a text. What is no text at all is left for the reading of texts to say, which knows of chosen encodings."""
    plain = text_kind(name)
    if plain in ("code", "markdown"):
        return plain
    encoding = encoding_of(head[:_SNIFFED_BYTES])
    text = head[encoding.mark_bytes if encoding else 0 : _SNIFFED_BYTES].decode(encoding.name if encoding else "latin-1", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _marked_up(text, suffix) or _mail(text, suffix) or _other(text, suffix) or plain


def _marked_up(text: str, suffix: str) -> str | None:
    is_page = suffix in ENDINGS["html"] and _TAG.search(text)
    if is_page or _HTML.match(text) or (suffix in _OF_OFFICE and _HTML_PART.match(text)):
        return "html"
    return None


def _mail(text: str, suffix: str) -> str | None:
    if _MAILBOX.match(text):
        return "mailbox"
    # Word and Excel save pages in the form of a mail, whatever the ending.
    if (suffix in ENDINGS["email"] and _EMAIL.match(text)) or (suffix in _OF_OFFICE and _SAVED_PAGE.match(text)):
        return "email"
    return None


def _other(text: str, suffix: str) -> str | None:
    if suffix in ENDINGS["notebook"] and text.lstrip().startswith("{"):
        return "notebook"
    subtitles = _SUBTITLES.get(suffix)
    return "subtitles" if subtitles and subtitles.search(text) else None
