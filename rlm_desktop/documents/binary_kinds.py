"""What a file is in which no text can be read, by its first bytes, in words for a person."""

from __future__ import annotations

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"8BPS", "a Photoshop image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x00asm", "a WebAssembly program"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a Matroska video"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\x00\x01\x00\x00\x00", "a font"),
    (b"OTTO", "a font"),
)
_RIFF = {b"WAVE": "a WAV recording", b"AVI ": "an AVI video", b"WEBP": "a WebP image"}
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\v\f\r\x1b\b")


def binary_kind(head: bytes) -> str | None:
    """Return what the bytes at a file's beginning say it is, such as `a PNG image`; None when no known mark stands there."""
    for magic, kind in _MAGIC:
        # The short marks of letters alone may begin a text too.
        if head.startswith(magic) and not (magic.isalnum() and is_clean(head[:512])):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:2] == b"MZ" and not is_clean(head[:512]):
        return "a program"
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "a BMP image"
    if head[4:8] == b"ftyp":
        return "an image" if head[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "a video"
    return None


def is_clean(data: bytes) -> bool:
    """Say whether no control characters stand in `data` but those that texts use."""
    return count_controls(data) == 0


def count_controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, _CONTROLS))
