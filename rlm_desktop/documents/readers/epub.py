"""EPUB books: their parts in the order of reading, each read as a web page, with the book's table of contents as outline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.readers.epub_package import TITLE, Entry, Package
from rlm_desktop.documents.readers.html import MAX_BYTES
from rlm_desktop.documents.readers.html_markup import decoded, tame
from rlm_desktop.documents.readers.html_text import write_html
from rlm_desktop.documents.readers.unpacking import Unpacking, broken, without_text
from rlm_desktop.documents.refused import RefusedError

_NAMED: Final = 5
_ENOUGH: Final = 2
"""A table of contents with fewer entries says less than the headings."""


def read(file: BinaryIO, draft: Draft) -> None:
    """Write the text of a book. Raises RefusedError."""
    archive = Unpacking(file, TITLE)
    package = Package(archive)
    names = [found for part in package.parts if (found := package.found(part))]
    if not names:
        raise broken(TITLE)
    if package.encrypted() & set(names):
        raise RefusedError(
            f"This is {TITLE} that is protected against copying (DRM), so only the shop's own program shows its text. "
            "Add one without such protection.",
            "protected",
        )
    entries = package.contents()
    if package.title:
        draft.line(f"Title: {package.title}")
    if package.authors:
        draft.line(f"Author: {package.authors}")
    said_chars, marks = draft.chars, len(draft.marks)
    places, left_out = _write(archive, names, entries, draft)
    if draft.chars - said_chars < len(names) + 1:
        raise without_text(TITLE)
    leading = [
        (entry, at) for entry in entries if (at := places.get((entry.part, entry.fragment), places.get((entry.part, "")))) is not None
    ]
    if len(leading) >= _ENOUGH:
        del draft.marks[marks:]
        for entry, at in leading:
            draft.mark(entry.level, entry.title, at=at)
    left_out += [part for part in package.parts if not package.found(part)]
    if left_out:
        some = ", ".join(left_out[:_NAMED]) + (", …" if len(left_out) > _NAMED else "")
        draft.note(f"Parts of the book are missing or damaged, and left out: {some}.")
    draft.extent = "1 part" if len(names) == 1 else f"{len(names):,} parts"


def _write(
    archive: Unpacking, names: Sequence[str], entries: Sequence[Entry], draft: Draft
) -> tuple[dict[tuple[str, str], int], list[str]]:
    """Write the parts. Return (part, id) → offset, the whole part under an empty id; and the parts that could not be read."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        wanted[entry.part].add(entry.fragment)
    places: dict[tuple[str, str], int] = {}
    left_out = []
    for number, name in enumerate(names):
        try:
            if archive.size(name) > MAX_BYTES:
                raise broken(TITLE)
            markup, _ = decoded(archive.read(name), draft.encoding)
        except RefusedError:
            left_out.append(name)
            continue
        draft.part()
        places[name, ""] = draft.chars
        shares = number / len(names), (number + 1) / len(names)
        found = write_html(tame(markup, is_xhtml=True), draft, is_title_wanted=False, ids=frozenset(wanted[name] - {""}), shares=shares)
        places.update(((name, fragment), at) for fragment, at in found.items())
    if len(left_out) == len(names):
        raise broken(TITLE)
    return places, left_out
