"""How far the cells of an old Excel workbook (`.xls`) reach, and which of them hold an error: see `sheet_bounds`."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from rlm_desktop.documents.readers.compound_stream import CompoundFile
from rlm_desktop.documents.readers.sheet_bounds import ERROR_NAMES, MAX_MISSING, Beside, Missing, check_reach
from rlm_desktop.documents.readers.unpacking import broken, protected

_BEGIN: Final = 0x809
_NAMED: Final = 0x85
_ENCRYPTED: Final = 0x2F
_DIMENSIONS: Final = 0x200
_FORMULA: Final = 0x06
_ERROR_OR_BOOLEAN: Final = 0x205
_SEVERAL: Final = 0xBD
_CELLS: Final = frozenset({0x06, _SEVERAL, 0x203, 0x204, 0x205, 0x27E, 0xD6, 0xFD, 0x406, 0x206})
"""Those with a value."""
_WIDE_NAMES_FROM: Final = 0x600


def checked_old_sheets(data: bytes, title: str) -> dict[str, Beside]:
    """Return the name of each sheet of an `.xls` → the errors in it. Raises RefusedError if one reaches too far or is damaged."""
    stream = CompoundFile(data, title).stream("Workbook", "Book")
    if stream is None:
        raise broken(title)
    names: dict[int, str] = {}
    found: dict[str, Beside] = {}
    missing: Missing = {}
    rows = columns = version = 0
    for kind, begin, body in _records(stream):
        if kind == _ENCRYPTED:
            raise protected(title)
        if kind == _BEGIN:
            check_reach(rows, columns, title)
            rows = columns = 0
            version = version or int.from_bytes(body[:2], "little")
            missing = found.setdefault(names.get(begin, ""), Beside({})).missing
        elif kind == _NAMED and len(body) > 8:
            names[int.from_bytes(body[:4], "little")] = _name(body[6:], is_wide=version >= _WIDE_NAMES_FROM)
        elif kind == _DIMENSIONS and len(body) >= 10:
            # Room is made for what is announced here, before a single cell is seen.
            said: tuple[int, int] = struct.unpack_from("<4xI2xH" if len(body) >= 14 else "<2xH2xH", body)
            check_reach(said[0], said[1], title)
        elif kind in _CELLS and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            several = (len(body) - 6) // 6 if kind == _SEVERAL else 0
            rows, columns = max(rows, row + 1), max(columns, column + 1 + several)
            code = _error(kind, body)
            if code is not None and len(missing) < MAX_MISSING:
                missing[row, column] = ERROR_NAMES.get(code, "")
    check_reach(rows, columns, title)
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield the type of each record, where it begins, and its content."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _error(kind: int, body: bytes) -> int | None:
    if kind == _ERROR_OR_BOOLEAN and body[7:8] == b"\1":
        return body[6]
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _name(body: bytes, *, is_wide: bool) -> str:
    count = body[0]
    if not is_wide:
        return body[1 : 1 + count].decode("cp1252", "replace")
    return body[2 : 2 + 2 * count].decode("utf-16-le", "replace") if body[1] & 1 else body[2 : 2 + count].decode("latin-1")
