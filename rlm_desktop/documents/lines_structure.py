"""Logs and JSON lines: texts in which every line is an entry. Looked at as they lie in the store, in one pass at the speed of memory."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from rlm_desktop.documents.structure import Structure, counted, cut, even_lines, named
from rlm_desktop.trace.events import Heading

_FIRST_LINES: Final = 40
_STAMPED_SHARE: Final = 0.6
_STAMP_WITHIN: Final = 80
_EDGE_BYTES: Final = 1 << 16
_STRETCH_BYTES: Final = 1 << 23
_EMPTY_LINES = re.compile(rb"\n{3,}")
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z\b| ?[+-]\d\d:?\d\d\b)?"
_STAMP = re.compile(
    rf"\b\d{{4}}[-/.]\d\d[-/.]\d\d[T _:-]{_CLOCK}|\b\d\d[-/.]\d\d[-/.]\d{{2,4}}[T ,]{{1,2}}{_CLOCK}"
    rf"|\b{_MONTH} [ \d]\d (?:\d{{4}} )?{_CLOCK}(?: \d{{4}}\b)?"
    rf"|\b\d\d[/ ]{_MONTH}[/ ]\d{{4}}[: ]{_CLOCK}|\b\d\d-\d\d {_CLOCK}|\[{_CLOCK}\]"
)


def log_structure(path: Path) -> Structure | None:
    """Return the entries of a log, evenly far from each other; None where most of its first lines bear no time."""
    with _mapped(path) as data:
        if not is_log(bytes(data[:_EDGE_BYTES]).decode("utf-8", "ignore")):
            return None
        lines, _ = _counted_lines(data)
        first = _stamp_in(bytes(data[:_EDGE_BYTES]).decode("utf-8", "ignore").split("\n"))
        last = _stamp_in(reversed(bytes(data[-_EDGE_BYTES:]).decode("utf-8", "ignore").split("\n")))
        between = f", {first} to {last}" if first and last and first != last else f", {first}" if first else ""
        outline = tuple(Heading(level=1, title=cut(line.text), at=line.at) for line in even_lines(data))
    return Structure(outline, counted(lines, "line", "lines") + between)


def is_log(beginning: str) -> bool:
    """Say whether most of a text's first lines bear a time."""
    # What goes on from the line above begins with a space.
    lines = [line for line in beginning.split("\n")[:_FIRST_LINES] if line and not line[0].isspace()]
    # Every time has two colons: most lines need no closer look.
    stamped = sum(1 for line in lines if line.count(":", 0, _STAMP_WITHIN) > 1 and _STAMP.search(line, 0, _STAMP_WITHIN))
    return len(lines) > 2 and stamped >= _STAMPED_SHARE * len(lines)


def json_lines_structure(path: Path) -> Structure | None:
    """Return the lines of JSON lines, evenly far from each other, and the keys of the first; None where that is no JSON."""
    with _mapped(path) as data:
        first = next((line for line in bytes(data[:_STRETCH_BYTES]).split(b"\n") if line.strip()), b"")
        try:
            value = msgspec.json.decode(first, type=dict[str, msgspec.Raw] if first.lstrip().startswith(b"{") else msgspec.Raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        lines, objects = _counted_lines(data)
        outline = tuple(Heading(level=1, title=cut(f"{line.number:,}: {line.text}"), at=line.at) for line in even_lines(data))
    if isinstance(value, dict) and objects == lines:
        keys = list(value)
        return Structure(outline, counted(lines, "object", "objects") + (f" with keys {named(keys)}" if keys else ""))
    return Structure(outline, counted(lines, "value", "values"))


@contextmanager
def _mapped(path: Path) -> Iterator[memoryview]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data, memoryview(data) as view:
        yield view


def _counted_lines(data: memoryview) -> tuple[int, int]:
    """Return how many lines are not empty, and how many begin as JSON objects."""
    lines = objects = 0
    before = b"\n"
    for start in range(0, len(data), _STRETCH_BYTES):
        stretch = before + bytes(data[start : start + _STRETCH_BYTES])
        if b"\n\n\n" in stretch:
            # What is counted are pairs of line ends, and of three in a row only one pair would be.
            stretch = _EMPTY_LINES.sub(b"\n\n", stretch)
        lines += stretch.count(b"\n", 0, -1) - stretch.count(b"\n\n")
        objects += stretch.count(b"\n{")
        before = stretch[-1:]
    return lines, objects


def _stamp_in(lines: Iterator[str] | list[str]) -> str:
    return next((found[0].strip("[]") for line in lines if (found := _STAMP.search(line, 0, _STAMP_WITHIN))), "")
