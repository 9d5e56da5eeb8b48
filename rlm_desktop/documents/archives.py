"""The files within an archive, one after the other, each as a source of its own. No name from within ever becomes a path on disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path, PurePath
from typing import IO, BinaryIO, Final, NamedTuple, cast

from rlm_desktop.documents.names import inner_name, left_out_within
from rlm_desktop.documents.packed_kinds import HEAD_BYTES, archive_format
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.source import Source
from rlm_desktop.documents.tar_entry import Entry
from rlm_desktop.errors import UserError

MAX_MEMBERS: Final = 10_000
MAX_BYTES: Final = 2_000_000_000
_MAX_LOOKED_AT: Final = 200_000
_MAX_RATIO: Final = 200
_RATIO_FROM_BYTES: Final = 64 << 20
_IN_MEMORY_BYTES: Final = 8 << 20
_PIECE: Final = 1 << 20
_ENCRYPTED: Final = 0x1
_IS_UTF8: Final = 0x800
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError)

LeaveOut = Callable[[str, str], None]
"""Takes the reason and the name of what is not read."""


class Member(NamedTuple):
    """`name` is its path within the archive, made harmless; it is what a document calls its `member`."""

    name: str
    source: Source


class _Packed(NamedTuple):
    """A file within an archive before it is unpacked. `reason` says why it is not to be; -1 bytes are bytes that nobody has counted."""

    name: str
    open: Callable[[], IO[bytes] | None]
    reason: str = ""
    size: int = -1
    packed_size: int = -1


def members(archive: Source, folder: Path, leave_out: LeaveOut, *, only: str | None = None) -> Iterator[Member]:
    """Yield the files of an archive that are worth a look; larger ones lie in nameless files in `folder`, which is there.

    A member's source is good until the next is asked for. `only` is the name of the single one that is wanted. What is damaged, protected
    or too large is handed to `leave_out`. Raises RefusedError where nothing can be unpacked at all.
    """
    allowed = MAX_BYTES
    seen: set[str] = set()
    count = 0
    try:
        for looked_at, packed in enumerate(_packed(archive)):
            if only is not None:
                if packed.name != only:
                    continue
            elif looked_at >= _MAX_LOOKED_AT:
                leave_out(f"beyond the first {_MAX_LOOKED_AT:,} entries", "what follows in the archive")
                return
            elif above := left_out_within(packed.name):
                if above[0] not in seen:
                    seen.add(above[0])
                    leave_out(above[1], above[0])
                continue
            count += 1
            reason = packed.reason or _reason_by_size(packed, allowed)
            if reason or count > MAX_MEMBERS:
                leave_out(reason or f"beyond the first {MAX_MEMBERS:,} files", packed.name)
                continue
            try:
                with _unpacked(packed, allowed, folder) as (file, size):
                    allowed -= size
                    archive.on_share(archive.file.tell() / max(1, archive.size))
                    yield Member(packed.name, Source(file=file, name=packed.name, size=size, encoding=archive.encoding))
            except RefusedError as refused:
                leave_out(refused.kind, packed.name)
            except NotImplementedError:
                leave_out("packed in a way that is not known here", packed.name)
            except _BROKEN:
                leave_out("damaged", packed.name)
            if only is not None:
                return
    except _BROKEN as error:
        if count == 0:
            raise RefusedError("The archive is damaged or not complete. Fetch it again, or pack it again.", "damaged") from error
        leave_out("damaged", "what follows in the archive")


def _reason_by_size(packed: _Packed, allowed: int) -> str:
    if packed.size > allowed:
        return f"too large: of one archive no more than {MAX_BYTES / 1e6:,.0f} MB are unpacked"
    is_bomb = packed.packed_size >= 0 and packed.size > _RATIO_FROM_BYTES and packed.size > _MAX_RATIO * max(1, packed.packed_size)
    return "packed smaller than any document is" if is_bomb else ""


@contextmanager
def _unpacked(packed: _Packed, allowed: int, folder: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Unpack into memory or, where it is larger, into a file without a name. Yields it with its size."""
    stream = packed.open()
    if stream is None:
        raise RefusedError("The archive names it without holding it.", "damaged")
    with stream, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES, dir=str(folder)) as file:
        size = 0
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > allowed:
                raise RefusedError("It is too large.", "too large")
            try:
                file.write(piece)
            except OSError as error:
                raise UserError(f"The archive cannot be unpacked into {folder}: {error.strerror}. Free some space there.") from error
        file.seek(0)
        yield cast(BinaryIO, file), size


def _packed(archive: Source) -> Iterator[_Packed]:
    archive.file.seek(0)
    packed = archive_format(archive.file.read(HEAD_BYTES))
    archive.file.seek(0)
    if packed == "zip":
        with zipfile.ZipFile(archive.file) as zipped:
            yield from _zipped(zipped)
        return
    stream = archive.file if packed == "tar" else _uncompressed(archive.file, packed or "")
    buffered = io.BufferedReader(cast(io.RawIOBase, stream), HEAD_BYTES) if packed != "tar" else None
    if buffered is None or archive_format(buffered.peek(HEAD_BYTES)) == "tar":
        with tarfile.open(fileobj=buffered or stream, mode="r|", errors="surrogateescape", tarinfo=Entry) as tar:
            yield from _taped(tar)
        return
    name = PurePath(archive.name).name
    inner = PurePath(name).stem if PurePath(name).suffix.lower() in (".gz", ".bz2", ".xz", ".zst", ".z") else name
    yield _Packed(inner_name(inner) or "content", lambda: buffered)


def _zipped(zipped: zipfile.ZipFile) -> Iterator[_Packed]:
    for info in zipped.infolist():
        name = inner_name(_decoded(info))
        if info.is_dir() or not name:
            continue
        mode = info.external_attr >> 16
        reason = ""
        if info.flag_bits & _ENCRYPTED:
            reason = "protected with a password"
        elif stat.S_ISLNK(mode):
            reason = "a link"
        yield _Packed(name, _opener(zipped, info), reason, info.file_size, info.compress_size)


def _opener(zipped: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: zipped.open(info)


def _decoded(info: zipfile.ZipInfo) -> str:
    """Programs of Unix and macOS write names in UTF-8 without saying so, and are then read as if DOS had written them."""
    if info.flag_bits & _IS_UTF8 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _taped(tar: tarfile.TarFile) -> Iterator[_Packed]:
    while info := tar.next():
        # The module would remember every entry that it has seen.
        tar.members.clear()  # type: ignore[attr-defined]
        name = inner_name(info.name)
        if info.isdir() or not name:
            continue
        reason = "" if info.isreg() else "a link" if info.issym() or info.islnk() else "not a file"
        yield _Packed(name, _tape_opener(tar, info), reason, info.size)


def _tape_opener(tar: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes] | None]:
    return lambda: tar.extractfile(info)


def _uncompressed(file: BinaryIO, packed: str) -> IO[bytes]:
    if packed == "gzip":
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if packed == "bzip2":
        return bz2.BZ2File(file)
    if packed == "xz":
        return lzma.LZMAFile(file)
    if sys.version_info >= (3, 14):
        return cast(IO[bytes], import_module("compression.zstd").ZstdFile(file))
    raise RefusedError(
        "This is a zstd archive, which Python can unpack from version 3.14 on. Unpack it yourself and add what is in it.", "a zstd archive"
    )
