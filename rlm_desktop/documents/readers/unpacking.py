"""Documents that are zip archives inside: looked at before a library unpacks them, read only as far as they may be large."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO, Final

from rlm_desktop.documents.refused import RefusedError

MAX_MEMBERS: Final = 50_000
MAX_BYTES: Final = 1 << 30
_MAX_RATIO: Final = 200
"""Texts and tables pack 5 to 60 times smaller; only what was made to fill a memory packs so much."""
_RATIO_FROM_BYTES: Final = 64 << 20
_PIECE: Final = 1 << 20
_ENCRYPTED: Final = 0x1


class Unpacking:
    """The members of one document, of the kind that `title` says, such as `a Word document`. Every failure is a RefusedError."""

    def __init__(self, file: BinaryIO, title: str, *, max_bytes: int = MAX_BYTES) -> None:
        """Raises RefusedError where the archive is broken, protected, or would unpack to more than `max_bytes`."""
        self._title = title
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
            raise self._broken() from error
        members = self._zip.infolist()
        self._infos = {member.filename: member for member in members}
        packed = sum(member.compress_size for member in members)
        unpacked = sum(member.file_size for member in members)
        is_bomb = unpacked > _RATIO_FROM_BYTES and unpacked > _MAX_RATIO * max(1, packed)
        if len(members) > MAX_MEMBERS or unpacked > max_bytes or is_bomb:
            raise RefusedError(
                f"This is {title} that would unpack to {unpacked / 1e6:,.0f} MB in {len(members):,} parts, which is more than can be read. "
                "Save a smaller part of it as a document of its own.",
                "too large",
            )
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise protected(title)

    @property
    def names(self) -> list[str]:
        """The names of the members, in the order of the archive."""
        return list(self._infos)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def size(self, name: str) -> int:
        """Return how many bytes the member says that it has."""
        return self._infos[name].file_size

    def read(self, name: str) -> bytes:
        """Return a member's bytes, never more than it says that it has. Raises RefusedError, and KeyError where there is none."""
        info = self._infos[name]
        try:
            with self._zip.open(info) as member:
                return member.read(info.file_size)
        except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError, ValueError) as error:
            raise self._broken() from error

    def check(self) -> None:
        """Unpack everything once and keep nothing: for libraries that believe no size and no checksum themselves."""
        for info in self._infos.values():
            try:
                with self._zip.open(info) as member:
                    while member.read(_PIECE):
                        continue
            except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError, ValueError) as error:
                raise self._broken() from error

    def _broken(self) -> RefusedError:
        return broken(self._title)


def broken(title: str) -> RefusedError:
    """Return the sentence for a document that begins well and goes wrong."""
    return RefusedError(
        f"This seems to be {title}, but it is damaged or not complete. Open it in the program that made it, save it again, and add that.",
        "damaged",
    )


def protected(title: str) -> RefusedError:
    return RefusedError(
        f"This is {title} that is protected with a password. Save it without one and add that.", "protected with a password"
    )


def without_text(title: str) -> RefusedError:
    return RefusedError(f"This is {title} without any text in it. Pictures are not read.", "no text")
