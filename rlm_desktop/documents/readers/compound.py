"""What an OLE compound file holds: the form of Office documents before 2007, and of later ones with a password."""

from __future__ import annotations

from typing import BinaryIO, Final, Literal

from rlm_desktop.documents.readers.unpacking import protected
from rlm_desktop.documents.refused import RefusedError

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Compound = Literal["encrypted", "word", "excel", "powerpoint", "message", "other"]

_STREAMS: Final[tuple[tuple[str, Compound], ...]] = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "word"),
    ("PowerPoint Document", "powerpoint"),
    ("__properties_version1.0", "message"),
    ("Workbook", "excel"),
    ("Book", "excel"),
)
"""The name of a stream that tells, the first that is there."""
_ENTRY_BYTES: Final = 128
_PIECE: Final = 1 << 20


def compound_kind(file: BinaryIO) -> Compound:
    """Return what a compound file is, by the names of its streams. The file is left at its beginning."""
    found: set[str] = set()
    file.seek(0)
    while True:
        piece = b""
        while len(piece) < _PIECE and (more := file.read(_PIECE - len(piece))):
            piece += more
        if not piece:
            break
        found.update(name for name, _ in _STREAMS if name not in found and _has_entry(piece, name))
    file.seek(0)
    # A spreadsheet may be embedded in any of the others, so the order decides.
    return next((kind for name, kind in _STREAMS if name in found), "other")


def compound_refusal(kind: Compound) -> RefusedError | None:
    """Return the sentence for a compound file that cannot be read; None for an old workbook, which the reader of spreadsheets takes."""
    if kind == "excel":
        return None
    if kind == "encrypted":
        return protected("an Office document")
    old = {
        "word": ("an old Word document (.doc)", "Open it in Word or LibreOffice, save it as .docx, and add that."),
        "powerpoint": ("an old PowerPoint presentation (.ppt)", "Open it in PowerPoint or LibreOffice, save it as .pptx, and add that."),
        "message": ("an Outlook message (.msg)", "Save it as .eml or as text, and add that."),
    }
    what, advice = old.get(kind, ("an old Office document", "Save it in a newer format, such as .docx, and add that."))
    return RefusedError(f"This is {what}, which cannot be read. {advice}", what)


def _has_entry(piece: bytes, name: str) -> bool:
    """Say whether an entry of a directory bears a name: entries stand at multiples of 128 bytes, with the length of the name behind it."""
    stored = f"{name}\0".encode("utf-16-le")
    at = piece.find(stored)
    while at >= 0:
        length = piece[at + 64 : at + 66]
        if at % _ENTRY_BYTES == 0 and int.from_bytes(length, "little") == len(stored):
            return True
        at = piece.find(stored, at + 1)
    return False
