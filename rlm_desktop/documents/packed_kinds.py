"""What a packed file is: a document whose format is a zip archive or a compound file inside, or an archive of documents."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO, Final, Literal

from rlm_desktop.documents.endings import ENDINGS
from rlm_desktop.documents.readers import READERS
from rlm_desktop.documents.readers.compound import compound_kind, compound_refusal
from rlm_desktop.documents.readers.unpacking import broken
from rlm_desktop.documents.refused import RefusedError

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")

HEAD_BYTES: Final = 1_024
"""So much of a file says how it is packed."""

_MAX_DIRECTORY_BYTES: Final = 32 << 20
"""Of a member that list has some 100 bytes, and a ZipInfo takes 700."""
_DIRECTORY_SIZE_AT: Final = 5

ArchiveFormat = Literal["zip", "tar", "gzip", "bzip2", "xz", "zstd"]

_COMPRESSED: Final[tuple[tuple[bytes, ArchiveFormat], ...]] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
_TAR_MAGIC: Final = slice(257, 262)
_DESCRIBED_BYTES = 1 << 22
"""So long the list of what an Office document consists of may be."""

_PARTS: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = (
    (re.compile(rb"wordprocessingml\.(?:document|template)\.main\+xml|ms-word\.(?:document|template)\.macroEnabled\w*\.main\+xml"), "docx"),
    (re.compile(rb"spreadsheetml\.(?:sheet|template)\.main\+xml|ms-excel\.(?:sheet|template|addin)\.[\w.]*main(?:\+xml)?"), "spreadsheet"),
    (re.compile(rb"presentationml\.(?:presentation|slideshow|template)\.main\+xml|ms-powerpoint\.\w+\.macroEnabled\.main\+xml"), "pptx"),
)
_MAIN_PARTS: Final = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "spreadsheet",
    "xl/workbook.bin": "spreadsheet",
    "ppt/presentation.xml": "pptx",
}
"""What a document has whose description of itself is that of another program."""
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
_NO_TEXTS: Final[tuple[tuple[str, str], ...]] = (
    ("AndroidManifest.xml", "an Android program"),
    ("META-INF/MANIFEST.MF", "a Java archive"),
    ("Index/Document.iwa", "an Apple Pages, Numbers or Keynote document"),
    ("Index.zip", "an Apple Pages, Numbers or Keynote document"),
    ("visio/document.xml", "a Visio drawing"),
    ("FixedDocSeq.fdseq", "an XPS document"),
)
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError, ValueError, KeyError)


def archive_format(head: bytes) -> ArchiveFormat | None:
    """Return how an archive that begins with `head` is packed, None where it is none."""
    if head.startswith(ZIP):
        return "zip"
    for mark, packed in _COMPRESSED:
        if head.startswith(mark) and (packed != "bzip2" or _BZIP2.match(head)):
            return packed
    if head[_TAR_MAGIC] == b"ustar":
        return "tar"
    return None


def kind_of_zip(file: BinaryIO, suffix: str) -> str:
    """Return the reader for what is a zip archive inside, or `archive`. Raises RefusedError for what holds no text or is broken."""
    try:
        file.seek(0)
        _check_directory(file)
        with zipfile.ZipFile(file) as packed:
            return _kind_by_members(packed)
    except _BROKEN:
        raise broken(_title(suffix)) from None


def _check_directory(file: BinaryIO) -> None:
    """Raise RefusedError where the list of the members is so long that the module, which takes all of it, would fill the memory."""
    # Asked of the module itself, so that it and we mean the same list.
    end: list[int] | None = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if end is not None and end[_DIRECTORY_SIZE_AT] > _MAX_DIRECTORY_BYTES:
        raise RefusedError(
            f"This is a zip archive of more than {_MAX_DIRECTORY_BYTES // 100:,} files. Unpack it, and add what you need of it.",
            "too large",
        )


def kind_of_compound(file: BinaryIO) -> str:
    """Return the reader for a compound file, in which Office kept documents up to 2003. Raises RefusedError where there is none."""
    refusal = compound_refusal(compound_kind(file))
    if refusal is not None:
        raise refusal
    return "spreadsheet"


def _kind_by_members(packed: zipfile.ZipFile) -> str:
    names = set(packed.namelist())
    if "mimetype" in names:
        stated = _beginning(packed, "mimetype", 200).decode("latin-1").strip()
        if stated == "application/epub+zip":
            return "epub"
        if stated.startswith(_OPEN_DOCUMENT):
            return "spreadsheet" if stated.removeprefix(_OPEN_DOCUMENT).startswith("spreadsheet") else "opendocument"
    if "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" in names:
        described = _beginning(packed, "[Content_Types].xml", _DESCRIBED_BYTES)
        for pattern, kind in _PARTS:
            if pattern.search(described):
                return kind
        for member, kind in _MAIN_PARTS.items():
            if member in names:
                return kind
    for member, title in _NO_TEXTS:
        if member in names:
            raise RefusedError(f"This is {title}, in which no text can be read. Save or export its text as a document and add that.", title)
    return "archive"


def _beginning(packed: zipfile.ZipFile, name: str, count: int) -> bytes:
    with packed.open(name) as member:
        return member.read(count)


def _title(suffix: str) -> str:
    kind = next((kind for kind, endings in ENDINGS.items() if suffix in endings), None)
    return READERS[kind].title if kind else "a zip archive"
