"""OLE compound files and old workbooks, made byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file of these streams, each padded to 4,096 bytes, since shorter ones would lie elsewhere."""
    padded = {name: data.ljust(-(-max(len(data), 4096) // _SECTOR) * _SECTOR, b"\0") for name, data in streams.items()}
    entries = [_entry("Root Entry", 5, _END, 0, child=1 if padded else _FREE)]
    chain: list[int] = [_FAT]
    directory_sectors = -(-(len(padded) + 1) // 4)
    chain += [*range(2, directory_sectors + 1), _END]
    body = b""
    for at, (name, data) in enumerate(padded.items(), 1):
        begin, count = len(chain), len(data) // _SECTOR
        chain += [*range(begin + 1, begin + count), _END]
        entries.append(_entry(name, 2, begin, len(data), right=at + 1 if at < len(padded) else _FREE))
        body += data
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    )
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    assert len(header) == _SECTOR
    assert len(chain) <= 128
    fat = b"".join(struct.pack("<I", sector) for sector in chain).ljust(_SECTOR, b"\xff")
    return header + fat + b"".join(entries).ljust(directory_sectors * _SECTOR, b"\0") + body


def _entry(name: str, kind: int, begin: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    stored = f"{name}\0".encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", stored, len(stored), kind, 1, _FREE, right, child, begin, size)


def xls() -> bytes:
    """Return a workbook of Excel 97 with a sheet `Old` of two rows: name, 12.5; TRUE, #N/A."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    bof = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    sheet = (
        record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
        + record(0x200, struct.pack("<IIHHH", 0, 2, 0, 2, 0))
        + record(0x204, struct.pack("<HHHHB", 0, 0, 0, 4, 0) + b"name")
        + record(0x203, struct.pack("<HHHd", 0, 1, 0, 12.5))
        + record(0x205, struct.pack("<HHHBB", 1, 0, 0, 1, 0))
        + record(0x205, struct.pack("<HHHBB", 1, 1, 0, 0x2A, 1))
        + record(0x0A)
    )
    begin = len(bof) + len(record(0x85, bytes(11))) + len(record(0x0A))
    return compound({"Workbook": bof + record(0x85, struct.pack("<IBBBB", begin, 0, 0, 3, 0) + b"Old") + record(0x0A) + sheet})


def binary_records(*records: tuple[int, bytes]) -> bytes:
    """Return records as a part of an `.xlsb` has them."""
    made = b""
    for kind, data in records:
        made += bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        length = len(data)
        while True:
            made += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
            length >>= 7
            if not length:
                break
        made += data
    return made


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
