"""Subtitles (`.srt`, `.vtt`, `.ass`, `.ssa`, `.sub`, `.smi`, `.ttml`): a line for each, with the time when it is shown.

Captions that roll, each with the last line of the one before it, are written once.
"""

from __future__ import annotations

import html
import re
from pathlib import PurePath
from typing import BinaryIO, Final

from pysubs2 import SSAEvent, SSAFile
from pysubs2.exceptions import FormatAutodetectionError, UnknownFPSError
from pysubs2.formats import FILE_EXTENSION_TO_FORMAT_IDENTIFIER, autodetect_format

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.decoded import decoded
from rlm_desktop.documents.refused import RefusedError

_TITLE: Final = READERS["subtitles"].title
_MAX_BYTES: Final = 16 << 20
_FRAMES_A_SECOND: Final = 25.0
_FORMATS: Final = frozenset({"srt", "vtt", "ass", "ssa", "microdvd", "mpl2", "tmp", "sami", "ttml"})
_ROLLS_WITHIN_MS: Final = 250
_BLOCKS: Final = re.compile(r"\n\n+")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_TIME_IN_CUE: Final = re.compile(r"<\d{1,4}:[\d:.]{1,20}>")
_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]{1,100})?[ \t]([^<>\n]{1,200})>")
_OVERRIDE: Final = re.compile(r"\{[^{}]{0,2000}\}")
_DRAWING: Final = re.compile(r"\{[^{}]{0,2000}\\p[1-9]")
_CODE: Final = re.compile(r"\{[A-Za-z]:[^{}\n]{0,200}\}")
_CODE_BEGIN: Final = re.compile(r"\{(?=[A-Za-z])")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")


def read(file: BinaryIO, draft: Draft) -> None:
    """Write subtitles. Raises RefusedError."""
    data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise RefusedError(f"These are {_TITLE} of more than {_MAX_BYTES >> 20} MB, which no film has. Split the file.", "too large")
    subtitles = _parsed(decoded(data, draft, _TITLE), draft)
    count = end_ms = 0
    before: list[str] = []
    before_end_ms = -_ROLLS_WITHIN_MS - 1
    for event in sorted(subtitles.events, key=lambda event: event.start):
        lines = _lines(event)
        if not lines:
            continue
        rolls = abs(event.start - before_end_ms) <= _ROLLS_WITHIN_MS
        new = lines[_same(before, lines) :] if rolls else lines
        before, before_end_ms = lines, event.end
        end_ms = max(end_ms, event.end)
        if new:
            speaker = f"{event.name.strip()}: " if event.name.strip() else ""
            draft.line(f"[{_clock(event.start)}] {speaker}{' '.join(new)}")
            count += 1
    if not count:
        raise RefusedError("These are subtitles without any words in them.", "no text")
    draft.extent = f"{count:,} line{'s' * (count != 1)}, {_clock(end_ms).removeprefix('0')}"


def _parsed(text: str, draft: Draft) -> SSAFile:
    kind = _kind(text, draft.name)
    if kind is None:
        raise _broken()
    try:
        if kind == "vtt":
            text = _plain_cues(text)
        if kind in ("srt", "vtt"):
            # pysubs2 looks for the end of each tag and run of empty lines anew from each of their beginnings.
            text = _EMPTY_LINES.sub("\n\n", _TAG.sub("", text).replace("<", "&lt;"))
        if kind == "microdvd":
            text = _CODE_BEGIN.sub("(", _CODE.sub("", text))
        try:
            return SSAFile.from_string(text, format_=kind)
        except UnknownFPSError:
            draft.note(f"The file counts in frames and does not say how many are shown in a second: {_FRAMES_A_SECOND:.0f} were assumed.")
            return SSAFile.from_string(text, format_=kind, fps=_FRAMES_A_SECOND)
    except Exception as error:
        # Whatever its parsers stumble over, the XML and HTML of the standard library among them.
        raise _broken() from error


def _broken() -> RefusedError:
    return RefusedError(
        "These seem to be subtitles, but no program that we know writes them so. Save them as .srt and add that.", "damaged"
    )


def _kind(text: str, name: str) -> str | None:
    """Return the format by pysubs2's name for it, None where it is none."""
    by_name = FILE_EXTENSION_TO_FORMAT_IDENTIFIER.get(PurePath(name).suffix.lower())
    try:
        kind = autodetect_format(text)
    except FormatAutodetectionError as error:
        # A script may do without the styles that it is known by.
        kinds = sorted(_FORMATS.intersection(error.formats)) or (["ass"] if "[Events]" in text else [])
        kind = by_name if by_name in kinds else next(iter(kinds), "")
    return kind if kind in _FORMATS else None


def _plain_cues(text: str) -> str:
    """Return WebVTT without notes, styles and names of cues, and without the times within cues, which confuse pysubs2."""
    cues = []
    for block in _BLOCKS.split(text):
        lines = block.split("\n")
        at = next((at for at, line in enumerate(lines) if "-->" in line), None)
        if at is not None:
            words = _VOICE.sub(r"\1: ", _TIME_IN_CUE.sub("", "\n".join(lines[at + 1 :])))
            cues.append(f"{lines[at]}\n{words}")
    return "WEBVTT\n\n" + "\n\n".join(cues)


def _lines(event: SSAEvent) -> list[str]:
    # Not by the event's own properties, which take the square of the length of a text full of brackets.
    if event.is_comment or _DRAWING.search(event.text):
        return []
    text = _OVERRIDE.sub("", event.text).replace("\\h", " ").replace("\\n", "\n").replace("\\N", "\n")
    lines = (" ".join(html.unescape(_TAG.sub("", line)).split()) for line in text.split("\n"))
    return [line for line in lines if line]


def _same(before: list[str], lines: list[str]) -> int:
    """Return how many of the first lines are the last ones of what was shown before."""
    return next((count for count in range(min(len(before), len(lines)), 0, -1) if before[-count:] == lines[:count]), 0)


def _clock(ms: int) -> str:
    seconds = max(0, ms) // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
