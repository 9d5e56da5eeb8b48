"""Rich text (`.rtf`) by striprtf, with what makes it slow or blind put right before: pictures, links, footnotes, tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO, Final

from striprtf.striprtf import font_table_group, rtf_to_text

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.outline import outline
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.unpacking import broken, without_text
from rlm_desktop.documents.refused import RefusedError

_TITLE: Final = READERS["rtf"].title
_MAX_BYTES: Final = 512 << 20
_MAX_CHARS: Final = 40_000_000
"""Some 2 µs each."""

_CELL, _ROW, _NEW_ROW, _NOTE = "\ue000", "\ue001", "\ue002", "\ue003"
"""Characters that no rich text holds as they are, for what would else become bars and line ends like those of the text."""

_BINARY: Final = re.compile(rb"\\bin(\d{1,9}) ?")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_PICTURE_DATA: Final = re.compile(r"[0-9a-fA-F\r\n]{400,}")
_WITH_DATA: Final = re.compile(r"\\(?:pict|objdata|themedata|colorschememapping|datastore|fontemb)\b")
_FONT: Final = re.compile(r"\\f(?=\d)")
_FONT_NUMBER: Final = re.compile(r"\d{1,6}")
_FONT_CHARSET: Final = re.compile(r"\\fcharset(\d{1,4})")
_TABLE: Final = re.compile(r"\\(cell|nestcell|row|nestrow|trowd)(?![a-z])-?\d{0,9} ?")
_TABLE_MARKS: Final = {"cell": _CELL, "nestcell": _CELL, "row": _ROW, "nestrow": "\\par ", "trowd": _NEW_ROW}
_FOOTNOTE: Final = re.compile(r"\{(?:\\\*)?\\footnote(?![a-z])(?:\\ftnalt)?")
_NOTE_LABEL: Final = re.compile(rf"{_NOTE}(\[\^\d{{1,9}}\]:)[ \t]*")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_BRACE: Final = re.compile(r"\\[{}\\]|[{}]")


def read(file: BinaryIO, draft: Draft) -> None:
    """Write a rich text document. Raises RefusedError."""
    data = file.read(_MAX_BYTES + 1)
    if not data.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"{\\rtf"):
        raise broken(_TITLE)
    has_pictures = b"\\pict" in data
    text = _prepared(data) if len(data) <= _MAX_BYTES else ""
    if not 0 < len(text) <= _MAX_CHARS:
        raise RefusedError(
            f"This is {_TITLE} that is larger than can be read at once. Save a part of it as a document of its own.", "too large"
        )
    count = _write(_converted(text), draft)
    if not count:
        raise without_text(_TITLE)
    draft.extent = f"{count:,} paragraph{'s' * (count != 1)}"
    if has_pictures:
        draft.note("Pictures are not read.")


def _prepared(data: bytes) -> str:
    """Return the source without binary data, in characters that stand for themselves in every code page."""
    pieces, at = [], 0
    while match := _BINARY.search(data, at):
        pieces.append(data[at : match.start()])
        at = match.end() + int(match[1])
    pieces.append(data[at:])
    text = _HIGH.sub(lambda byte: b"\\'%02x" % byte[0][0], b"".join(pieces)).decode("ascii")
    if _WITH_DATA.search(text):
        text = _PICTURE_DATA.sub("", text)
    text = _with_notes_at_the_end(_with_plain_fonts(text))
    # The brace right behind it sets off an expression for links that takes the square of the text's length.
    text = text.replace("\\fldinst{", "\\fldinst {")
    return _TABLE.sub(lambda match: _TABLE_MARKS[match[1]], text)


def _with_plain_fonts(text: str) -> str:
    """Write the table of fonts anew with what counts, since that of a hostile hand takes hours."""
    find: Callable[[str], str] = font_table_group
    group = find(text)
    fonts = []
    for piece in _FONT.split(group)[1:]:
        charset = _FONT_CHARSET.search(piece)
        number = _FONT_NUMBER.match(piece)
        if charset and number:
            fonts.append(f"{{\\f{number[0]}\\fcharset{charset[1]} x;}}")
    at = text.find(group) if group else 0
    return f"{text[:at]}{{\\fonttbl{''.join(fonts)}}}{text[at + len(group) :]}" if group.endswith("}") else text[:at] if group else text


def _with_notes_at_the_end(text: str) -> str:
    """Leave a mark in the place of each footnote, and put the notes behind the text."""
    pieces: list[str] = []
    notes: list[str] = []
    at = 0
    for match in _FOOTNOTE.finditer(text):
        if match.start() < at:
            continue
        depth, end = 1, len(text)
        for brace in _BRACE.finditer(text, match.end()):
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            if not depth:
                end = brace.start()
                break
        notes.append(f"\\par {_NOTE}[^{len(notes) + 1}]: {{{text[match.end() : end]}}}")
        pieces += [text[at : match.start()], f"[^{len(notes)}]"]
        at = end + 1
    pieces.append(text[at:])
    text = "".join(pieces)
    last = text.rfind("}")
    return text if not notes else f"{text[:last]}\\pard\\par\\par Notes:{''.join(notes)}{text[last:]}"


def _converted(text: str) -> str:
    convert: Callable[..., str] = rtf_to_text
    try:
        text = convert(text, errors="replace")
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise broken(_TITLE) from error
    # Characters beyond the first 65,536 are written as two halves.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _write(text: str, draft: Draft) -> int:
    """Write lines and tables in their order, and return how many lines and rows there are."""
    *rows, rest = text.split(_ROW)
    count = 0
    cells: list[list[str]] = []
    for row in rows:
        before, _, content = row.partition(_NEW_ROW) if _NEW_ROW in row else ("", "", row)
        if before.strip():
            draft.table(cells)
            cells = []
            count += _write_lines(before, draft)
        cells.append(content.replace(_NEW_ROW, "").removesuffix(_CELL).split(_CELL))
        count += any(cell.strip() for cell in cells[-1])
    draft.table(cells)
    return count + _write_lines(rest, draft)


def _write_lines(text: str, draft: Draft) -> int:
    text = _NOTE_LABEL.sub(r"\1 ", text)
    lines = [line.rstrip() for line in text.replace(_NEW_ROW, "").replace(_NOTE, "").replace(_CELL, " | ").split("\n")]
    plain = _EMPTY_LINES.sub("\n\n", "\n".join(lines).strip("\n"))
    if plain:
        draft.part()
        begin = draft.chars
        draft.write(f"{plain}\n")
        for heading in outline(plain):
            draft.mark(heading.level, heading.title, at=begin + heading.at)
    return sum(1 for line in lines if line.strip())
