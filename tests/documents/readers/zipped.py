"""Zip archives of given parts, and what a hostile hand does to a document."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Mapping

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of these parts in this order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def changed(data: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    """Return an archive with some of its parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({**{name: archive.read(name) for name in archive.namelist()}, **parts})


def damaged(data: bytes, count: int, *, seed: int = 7, is_zip: bool = True) -> Iterator[bytes]:
    """Yield the same `count` spoiled forms each time: cut, with bytes turned over, and, of an archive, with parts so spoiled inside it."""
    chance = random.Random(seed)
    names: list[str] = []
    members: dict[str, bytes] = {}
    if is_zip:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        names = [name for name in members if members[name] and name.endswith((".xml", ".rels", ".bin"))]
    for at in range(count):
        if at % 8 == 0:
            yield data[: chance.randrange(len(data))]
        elif at % 8 == 1:
            yield _turned(data, chance)
        elif names:
            name = chance.choice(names)
            yield zipped({**members, name: _turned(members[name], chance)})
        else:
            yield _turned(data, chance)


def survives(kind: str, spoiled: Iterator[bytes]) -> tuple[int, int]:
    """Return how many were read and how many refused. Anything but a text or a RefusedError is raised."""
    read = refused = 0
    for data in spoiled:
        try:
            drafted(kind, data)
            read += 1
        except RefusedError:
            refused += 1
    return read, refused


def _turned(data: bytes, chance: random.Random) -> bytes:
    turned = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(turned))
        if chance.random() < 0.3:
            del turned[at : at + chance.randrange(1, 40)]
        elif chance.random() < 0.3:
            length = chance.randrange(1, 200)
            turned[at:at] = turned[at : at + length]
        else:
            turned[at] = chance.randrange(256)
        if not turned:
            turned += b"x"
    return bytes(turned)
