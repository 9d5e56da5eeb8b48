"""One stream out of an OLE compound file, to be looked at before calamine gets the whole."""

from __future__ import annotations

import struct
from typing import Final

from rlm_desktop.documents.readers.unpacking import broken

_LAST: Final = 0xFFFFFFFA
"""Numbers from here on are no sectors."""
_ENTRY: Final = struct.Struct("<64sHBB12s24x12xIQ")
_ROOT: Final = 5


class CompoundFile:
    """Chains of sectors are followed as far as the file is long, so that a circle ends."""

    def __init__(self, data: bytes, title: str) -> None:
        """Raises RefusedError where the file is damaged."""
        self._data, self._title = data, title
        if len(data) < 512:
            raise broken(title)
        version, _, shift, mini_shift = struct.unpack_from("<HHHH", data, 26)
        if shift not in (9, 12) or mini_shift != 6:
            raise broken(title)
        self._has_long_sizes = version >= 4
        self._sector, self._mini_sector = 1 << shift, 1 << mini_shift
        directory, self._mini_below, mini_fat, difat = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60, 68))
        self._fat: tuple[int, ...] = ()
        self._fat = self._numbers(b"".join(self._at(sector) for sector in self._fat_sectors(difat)))
        self._mini_fat = self._numbers(self._chain(mini_fat))
        entries = self._chain(directory)
        self._entries = [_ENTRY.unpack_from(entries, at) for at in range(0, len(entries) - 127, 128)]
        self._mini = next((self._chain(entry[5]) for entry in self._entries if entry[2] == _ROOT), b"")

    def stream(self, *names: str) -> bytes | None:
        """Return the stream that bears the first of these names that there is."""
        for name in names:
            for stored, length, kind, _, _, begin, size in self._entries:
                if kind == 2 and stored[: max(0, length - 2)].decode("utf-16-le", "replace").lower() == name.lower():
                    size = size if self._has_long_sizes else size & 0xFFFFFFFF
                    return (self._mini_chain(begin) if size < self._mini_below else self._chain(begin))[:size]
        return None

    def _at(self, sector: int) -> bytes:
        begin = (sector + 1) * self._sector
        return self._data[begin : begin + self._sector]

    def _fat_sectors(self, difat: int) -> list[int]:
        sectors = [sector for sector in struct.unpack_from("<109I", self._data, 76) if sector < _LAST]
        most = len(self._data) // self._sector
        for _ in range(most + 1):
            numbers = self._numbers(self._at(difat)) if difat < _LAST else ()
            if not numbers or len(sectors) > most:
                break
            sectors += [sector for sector in numbers[:-1] if sector < _LAST]
            difat = numbers[-1]
        return sectors[: most + 1]

    def _chain(self, sector: int) -> bytes:
        pieces = []
        for _ in range(len(self._data) // self._sector + 1):
            if sector >= len(self._fat):
                break
            pieces.append(self._at(sector))
            sector = self._fat[sector]
        return b"".join(pieces)

    def _mini_chain(self, sector: int) -> bytes:
        pieces = []
        for _ in range(len(self._mini) // self._mini_sector + 1):
            if sector >= len(self._mini_fat):
                break
            pieces.append(self._mini[sector * self._mini_sector : (sector + 1) * self._mini_sector])
            sector = self._mini_fat[sector]
        return b"".join(pieces)

    def _numbers(self, data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
