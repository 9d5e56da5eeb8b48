"""The parts of an Office document (Open XML) and how they refer to each other.

The parts are read one by one as they are wanted. python-docx and python-pptx would load every picture and film of a document into memory,
and refuse templates, slide shows, and what was saved as Strict Open XML.
"""

from __future__ import annotations

import posixpath
from typing import BinaryIO, Final, NamedTuple
from urllib.parse import unquote

from rlm_desktop.documents.readers.compound import MAGIC, compound_kind, compound_refusal
from rlm_desktop.documents.readers.unpacking import Unpacking, broken
from rlm_desktop.documents.readers.xml_tree import Element, inside, parsed
from rlm_desktop.documents.refused import RefusedError

_MAX_BYTES: Final = 16 << 30
"""Films within a document are never unpacked."""
_MAX_PART_BYTES: Final = 512 << 20
_MAX_READ_BYTES: Final = 4 << 30
_A_PART_COSTS: Final = 50_000
"""So many bytes more are counted for each part that is read, since one small part may be referred to a million times."""


class Relation(NamedTuple):
    """`kind` is the last word of its type, such as `footnotes`; `part` the name of what it leads to."""

    kind: str
    part: str


class Package:
    def __init__(self, file: BinaryIO, title: str) -> None:
        """Raises RefusedError where the archive is none, protected, or would unpack to far more than it should."""
        self._title = title
        is_compound = file.read(len(MAGIC)) == MAGIC
        file.seek(0)
        if is_compound:
            raise compound_refusal(compound_kind(file)) or broken(title)
        self._zip = Unpacking(file, title, max_bytes=_MAX_BYTES)
        self._read_bytes = 0
        self._names = {_plain(name): name for name in self._zip.names}

    def main(self) -> str:
        """Return the name of the part that the document begins with. Raises RefusedError where there is none."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and relation.part in self:
                return relation.part
        raise broken(self._title)

    def parts(self) -> list[str]:
        """Return the names of all parts."""
        return [name.replace("\\", "/").lstrip("/") for name in self._names.values()]

    def __contains__(self, part: str) -> bool:
        return _plain(part) in self._names

    def tree(self, part: str) -> Element:
        """Return the root of a part. Raises RefusedError where it is missing, damaged or too large."""
        return parsed(self.data(part), self._title)

    def data(self, part: str) -> bytes:
        """Return a part as it is. Raises RefusedError where it is missing, damaged or too large."""
        name = self._names.get(_plain(part))
        if name is None:
            raise broken(self._title)
        self._read_bytes += self._zip.size(name) + _A_PART_COSTS
        if self._zip.size(name) > _MAX_PART_BYTES or self._read_bytes > _MAX_READ_BYTES:
            raise RefusedError(
                f"This is {self._title} that is larger than can be read at once. Save a part of it as a document of its own.", "too large"
            )
        return self._zip.read(name)

    def relations(self, part: str) -> dict[str, Relation]:
        """Return id → relation of a part to others within the document; `part` is empty for the document itself."""
        folder, _, name = part.rpartition("/")
        table = f"{folder}/_rels/{name}.rels".lstrip("/")
        if table not in self:
            return {}
        found = {}
        for element in inside(self.tree(table), "Relationship"):
            key, target, kind = element.get("Id"), element.get("Target"), element.get("Type")
            if key and target and kind and element.get("TargetMode") != "External":
                found[key] = Relation(kind.rpartition("/")[2], posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/"))
        return found


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
