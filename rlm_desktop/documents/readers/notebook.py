"""Notebooks (`.ipynb`): the words as they are, code in fences under its count, what was printed below it.

Pictures and widgets are named and not included; of a printout that is monstrous the beginning and the end are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.outline import outline
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.unpacking import broken, without_text
from rlm_desktop.documents.refused import RefusedError

_TITLE: Final = READERS["notebook"].title
_MAX_BYTES: Final = 512 << 20
_MAX_PRINTED: Final = 20_000
"""Characters of one output."""
_KEPT_AT_END: Final = 5_000
_FENCE: Final = re.compile("`{3,}")
_COLOURS: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_LANGUAGE: Final = re.compile(r"[\w+#.-]{1,40}")


def read(file: BinaryIO, draft: Draft) -> None:
    """Write a notebook of format 3 or 4. Raises RefusedError."""
    data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise RefusedError(f"This is {_TITLE} of more than {_MAX_BYTES >> 20} MB. Clear its outputs and save it.", "too large")
    try:
        # Not by msgspec: outputs hold NaN, which no standard knows and every notebook's program writes.
        book: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise broken(_TITLE) from error
    cells = list(_cells(book))
    writer = _Cells(draft, _language(book))
    for at, cell in enumerate(cells):
        writer.write(cell)
        draft.share(at / len(cells))
    if not draft.chars:
        raise without_text(_TITLE)
    draft.extent = f"{len(cells):,} cell{'s' * (len(cells) != 1)}"
    if writer.cut:
        draft.note(f"{'An output was' if writer.cut == 1 else f'{writer.cut:,} outputs were'} cut to {_MAX_PRINTED:,} characters.")
    if writer.pictures:
        draft.note("A picture is not read." if writer.pictures == 1 else f"{writer.pictures:,} pictures are not read.")


def _cells(book: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(book, dict) or not isinstance(book.get("nbformat", 4), int):
        raise broken(_TITLE)
    sheets = book.get("worksheets") if "cells" not in book else [book]
    if not isinstance(sheets, list):
        raise broken(_TITLE)
    for sheet in sheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        if not isinstance(cells, list):
            raise broken(_TITLE)
        yield from (cell for cell in cells if isinstance(cell, dict))


def _language(book: dict[str, Any]) -> str:
    metadata = book.get("metadata")
    for place, key in (("language_info", "name"), ("kernelspec", "language")):
        info = metadata.get(place) if isinstance(metadata, dict) else None
        name = info.get(key) if isinstance(info, dict) else None
        if isinstance(name, str) and _LANGUAGE.fullmatch(name):
            return name.lower()
    return "python"


class _Cells:
    def __init__(self, draft: Draft, language: str) -> None:
        self._draft, self._language = draft, language
        self.cut = self.pictures = 0

    def write(self, cell: dict[str, Any]) -> None:
        kind = cell.get("cell_type")
        if kind == "code":
            self._write_code(cell)
        elif kind == "heading":
            level = cell.get("level")
            self._draft.heading(level if isinstance(level, int) else 1, _text(cell.get("source")))
        else:
            self._write_words(_text(cell.get("source")))

    def _write_words(self, text: str) -> None:
        text = text.strip()
        if not text:
            return
        self._draft.part()
        begin = self._draft.chars
        self._draft.write(f"{text}\n")
        if self._draft.chars == begin + len(text) + 1:
            for heading in outline(text, "cell.md"):
                self._draft.mark(heading.level, heading.title, at=begin + heading.at)

    def _write_code(self, cell: dict[str, Any]) -> None:
        source = _text(cell.get("source", cell.get("input"))).strip("\n")
        count = cell.get("execution_count", cell.get("prompt_number"))
        outputs = cell.get("outputs")
        if source.strip():
            self._write_fenced(f"[{count}]" if isinstance(count, int) else "[ ]", self._language, source)
        for output in outputs if isinstance(outputs, list) else ():
            if isinstance(output, dict):
                printed = self._printed(output)
                if printed.strip():
                    self._write_fenced("", "", self._shortened(printed.strip("\n")))

    def _write_fenced(self, title: str, language: str, text: str) -> None:
        fence = "`" * max([3, *(len(match[0]) + 1 for match in _FENCE.finditer(text))])
        self._draft.part()
        if title:
            self._draft.line(title)
        self._draft.line(f"{fence}{language}\n{text}\n{fence}")

    def _printed(self, output: dict[str, Any]) -> str:
        """Return what an output shows as text."""
        kind = output.get("output_type")
        if kind in ("error", "pyerr"):
            trace = output.get("traceback")
            lines = [line for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
            return _plain("\n".join(lines) or f"{output.get('ename', '')}: {output.get('evalue', '')}")
        if kind == "stream":
            return _plain(_text(output.get("text")))
        # Format 3 has the forms beside the type, as `text` and `png`.
        data = output.get("data", output)
        forms: dict[str, Any] = {_FORMS_OF_3.get(form, str(form)): value for form, value in data.items()} if isinstance(data, dict) else {}
        plain = next((_text(forms[form]) for form in ("text/markdown", "text/plain", "text/latex") if form in forms), "")
        pictures = [form for form in forms if form.startswith(("image/", "video/", "audio/"))]
        self.pictures += bool(pictures)
        named = f"({pictures[0]}, not included)" if pictures else ""
        return "\n".join(part for part in (_plain(plain).strip("\n"), named) if part)

    def _shortened(self, text: str) -> str:
        if len(text) <= _MAX_PRINTED:
            return text
        self.cut += 1
        head, tail = text[: _MAX_PRINTED - _KEPT_AT_END], text[-_KEPT_AT_END:]
        return f"{head}\n… {len(text) - _MAX_PRINTED:,} characters left out …\n{tail}"


_FORMS_OF_3: Final = {
    "text": "text/plain",
    "latex": "text/latex",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
}


def _text(value: Any) -> str:
    """Return a text that may be kept as a list of its lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """Return a printout as a terminal would have left it: without colours, and of a line that was written over the last state."""
    lines = _COLOURS.sub("", text).split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
