"""The entries of a tar archive, whose own headers may be as long as their maker likes: the module would take them into memory whole."""

from __future__ import annotations

import tarfile
from typing import Any, Final

MAX_HEADER_BYTES: Final = 1 << 20
"""A name and what is said of a file have a few hundred."""
_HEADERS: Final = (
    tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
)  # fmt: skip
_WITH_HOLES: Final = b"?"
"""A kind of entry that no archive has: no regular file."""
_IS_LONGER_AT: Final = 504


class Entry(tarfile.TarInfo):
    """Raises ReadError, a TarError, for a header that is longer than any. A file with holes is none: its map may be of any length, too."""

    def _proc_member(self, archive: tarfile.TarFile) -> Any:
        if self.type in _HEADERS and self.size > MAX_HEADER_BYTES:
            raise tarfile.ReadError(f"a header of {self.size:,} bytes")
        return super()._proc_member(archive)  # type: ignore[misc]

    def _proc_sparse(self, archive: tarfile.TarFile) -> Any:
        _, is_longer, _ = self._sparse_structs  # type: ignore[attr-defined]
        while is_longer:
            block = archive.fileobj.read(tarfile.BLOCKSIZE)
            if len(block) < tarfile.BLOCKSIZE:
                raise tarfile.ReadError("a map without an end")
            is_longer = block[_IS_LONGER_AT]
        self.type = _WITH_HOLES
        return self._proc_builtin(archive)  # type: ignore[attr-defined]

    def _proc_gnusparse_00(self, following: tarfile.TarInfo, *_: object) -> None:
        following.type = _WITH_HOLES

    def _proc_gnusparse_01(self, following: tarfile.TarInfo, *_: object) -> None:
        following.type = _WITH_HOLES

    def _proc_gnusparse_10(self, following: tarfile.TarInfo, *_: object) -> None:
        following.type = _WITH_HOLES
