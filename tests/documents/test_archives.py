"""Archives: what is in them is read as documents of their own, and nothing in them does harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rlm_desktop.documents import archives, packed_kinds
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.errors import UserError
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice
from tests.documents.reading import left_out, make, read, texts

FILES = {"a.txt": b"one", "inner/b.md": b"# Two", "inner/deeper/c.py": b"def three(): ..."}


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> TextStore:
    return TextStore(tmp_path_factory.mktemp("store") / "texts")


def zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def taped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


PACKED: list[tuple[str, Callable[[Mapping[str, bytes]], bytes]]] = [
    ("a.zip", zipped),
    ("a.tar", taped),
    ("a.tar.gz", lambda files: gzip.compress(taped(files))),
    ("a.tgz", lambda files: gzip.compress(taped(files))),
    ("a.tar.bz2", lambda files: bz2.compress(taped(files))),
    ("a.tar.xz", lambda files: lzma.compress(taped(files))),
    ("archive without an ending", zipped),
]


@pytest.mark.parametrize(("name", "pack"), PACKED)
def test_what_is_in_an_archive_is_read_by_its_path_in_it(
    name: str, pack: Callable[[Mapping[str, bytes]], bytes], store: TextStore, tmp_path: Path
) -> None:
    path = make(tmp_path, {name: pack(FILES)}) / name
    outcomes = read(store, path)
    assert texts(store, outcomes) == {name: data.decode() for name, data in FILES.items()}
    documents = [outcome for outcome in outcomes if isinstance(outcome, DocumentRead)]
    assert {(document.path, document.member) for document in documents} == {(str(path), name) for name in FILES}
    assert [document.reader for document in documents] == ["text/1", "markdown/1", "code/1"]
    assert len(documents) == len(outcomes)


@pytest.mark.parametrize(("name", "pack"), PACKED)
def test_one_member_can_be_read_by_itself_and_again(
    name: str, pack: Callable[[Mapping[str, bytes]], bytes], store: TextStore, tmp_path: Path
) -> None:
    path = make(tmp_path, {name: pack(FILES)}) / name
    (document,) = read(store, DocumentChoice(path=str(path), member="inner/b.md"))
    assert isinstance(document, DocumentRead)
    assert (document.name, document.member, len(document.outline)) == ("inner/b.md", "inner/b.md", 1)
    store.path_of(document.text_sha256).unlink()
    assert read(store, DocumentChoice(read=document)) == [document]
    assert texts(store, [document]) == {"inner/b.md": "# Two"}


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_a_single_packed_file_is_one_document(ending: str, pack: Callable[[bytes], bytes], store: TextStore, tmp_path: Path) -> None:
    path = make(tmp_path, {f"notes.md{ending}": pack(b"# One\n" * 100)}) / f"notes.md{ending}"
    (document,) = read(store, path)
    assert isinstance(document, DocumentRead)
    assert (document.name, document.member, document.reader, document.chars) == ("notes.md", "notes.md", "markdown/1", 600)


def test_an_archive_in_a_folder_is_a_folder_in_it(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "folder", {"a.txt": "1", "data/b.zip": zipped({"a.txt": b"2", "c.png": b"\x89PNG\r\n\x1a\n" + bytes(9)})})
    outcomes = read(store, folder)
    assert texts(store, outcomes) == {"a.txt": "1", "data/b.zip/a.txt": "2"}
    assert left_out(outcomes) == {"data/b.zip/c.png": "a PNG image"}


def test_no_two_documents_have_one_name(store: TextStore, tmp_path: Path) -> None:
    make(tmp_path, {"one.zip": zipped({"a.txt": b"1"}), "two.zip": zipped({"a.txt": b"2"}), "a.txt": "3"})
    given = [tmp_path / name for name in ("a.txt", "one.zip", "two.zip")]
    assert texts(store, read(store, *given)) == {"a.txt": "3", "one.zip/a.txt": "1", "two.zip/a.txt": "2"}


def test_what_is_left_out_is_listed_with_its_reason(store: TextStore, tmp_path: Path) -> None:
    files = {
        "a.txt": b"1",
        "__MACOSX/._a.txt": b"x",
        "__MACOSX/b/._c.txt": b"x",
        ".DS_Store": b"x",
        ".git/config": b"x",
        ".env": b"SECRET",
        "web/node_modules/x/y.js": b"x",
        "web/node_modules/x/z.js": b"x",
        "inner.zip": zipped({"b.txt": b"2"}),
        "empty.txt": b"",
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(9),
    }
    path = make(tmp_path, {"a.zip": zipped(files)}) / "a.zip"
    outcomes = read(store, path)
    assert texts(store, outcomes) == {"a.txt": "1"}
    assert left_out(outcomes) == {
        "__MACOSX/": "kept there by the system",
        ".DS_Store": "kept there by the system",
        ".git/": "version control",
        ".env": "hidden",
        "web/node_modules/": "a folder of packages or caches",
        "inner.zip": "an archive within an archive",
        "empty.txt": "empty",
        "picture.png": "a PNG image",
    }
    assert isinstance(outcomes[-1], DocumentRefused)
    assert (outcomes[-1].name, outcomes[-1].path) == ("a.zip", str(path))
    assert outcomes[-1].reason.startswith("Left out of the archive: 2 × kept there by the system, such as __MACOSX/;")


@pytest.mark.parametrize("pack", [zipped, taped])
def test_names_lead_nowhere(pack: Callable[[Mapping[str, bytes]], bytes], store: TextStore, tmp_path: Path) -> None:
    files = {
        "../../up.txt": b"1",
        "/etc/absolute.txt": b"2",
        "C:\\windows\\b.txt": b"3",
        "a/./b//c.txt": b"4",
        "n\new\u202e.txt": b"5",
        "..": b"6",
    }
    below = make(tmp_path / "below", {"a.packed": pack(files)})
    outcomes = read(store, below / "a.packed")
    assert sorted(texts(store, outcomes)) == ["C:/windows/b.txt", "a/b/c.txt", "etc/absolute.txt", "n‹LF›ew‹RLO›.txt", "up.txt"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.packed", "below"]
    assert {path.suffix for path in store.folder.iterdir()} == {".txt"}


def test_links_and_devices_in_a_tape_are_left_out(store: TextStore, tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE), ("device", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    path = make(tmp_path, {"a.tar": made.getvalue()}) / "a.tar"
    assert left_out(read(store, path)) == {
        "soft": "a link",
        "hard": "a link",
        "pipe": "not a file",
        "device": "not a file",
    }


def test_a_link_in_a_zip_is_left_out(store: TextStore, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert left_out(read(store, tmp_path / "a.zip")) == {"link": "a link"}


def test_protected_and_damaged_members_leave_the_others(store: TextStore, tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"one " * 50, "b.txt": b"two " * 50, "c.txt": b"three " * 50, "d.txt": b"four"}))
    b = data.index(b"b.txt") + 5
    data[b + 2 : b + 6] = b"\xff\xff\xff\xff"
    directory = data.index(b"PK\x01\x02")
    a, c, d = (data.index(name, directory) - 46 for name in (b"a.txt", b"c.txt", b"d.txt"))
    data[a + 8] |= 1
    struct.pack_into("<H", data, c + 10, 99)
    struct.pack_into("<H", data, data.index(b"c.txt") - 30 + 8, 99)
    path = make(tmp_path, {"a.zip": bytes(data)}) / "a.zip"
    outcomes = read(store, path)
    assert d > 0
    assert texts(store, outcomes) == {"d.txt": "four"}
    assert left_out(outcomes) == {
        "a.txt": "protected with a password",
        "b.txt": "damaged",
        "c.txt": "packed in a way that is not known here",
    }


def test_a_torn_tape_gives_what_it_still_holds(store: TextStore, tmp_path: Path) -> None:
    whole = gzip.compress(taped({f"{number}.txt": bytes(f"{number} " * 4_000, "ascii") for number in range(50)}))
    path = make(tmp_path, {"a.tar.gz": whole[: len(whole) // 2]}) / "a.tar.gz"
    outcomes = read(store, path)
    assert "0.txt" in texts(store, outcomes)
    assert set(left_out(outcomes).values()) == {"damaged"}


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08" + bytes(50), b"BZh91AY&SY" + bytes(50), b"\xfd7zXZ\x00" + bytes(50)])
def test_what_only_begins_like_an_archive_is_refused(data: bytes, store: TextStore, tmp_path: Path) -> None:
    (outcome,) = read(store, make(tmp_path, {"a.gz": data}) / "a.gz")
    assert isinstance(outcome, DocumentRefused)
    assert "damaged" in outcome.reason


def test_an_archive_without_texts_is_refused(store: TextStore, tmp_path: Path) -> None:
    make(tmp_path, {"empty.zip": zipped({}), "pictures.zip": zipped({"a.png": b"\x89PNG\r\n\x1a\n" + bytes(9)})})
    reasons = [
        outcome.reason for outcome in read(store, tmp_path / "empty.zip", tmp_path / "pictures.zip") if isinstance(outcome, DocumentRefused)
    ]
    assert reasons == ["The archive is empty.", "The archive holds no text that can be read: a.png (a PNG image)."]


def test_a_bomb_is_not_unpacked(store: TextStore, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.txt", "w") as member:
        for _ in range(70):
            member.write(bytes(1 << 20))
    assert left_out(read(store, tmp_path / "a.zip")) == {"bomb.txt": "packed smaller than any document is"}


@pytest.mark.parametrize("pack", [zipped, taped, lambda files: gzip.compress(files["b.txt"])])
def test_no_more_is_unpacked_than_there_is_room_for(
    pack: Callable[[Mapping[str, bytes]], bytes], store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000)
    path = make(tmp_path, {"b.txt.gz": pack({"a.txt": b"1" * 900, "b.txt": b"2" * 2_000, "c.txt": b"3" * 90})}) / "b.txt.gz"
    outcomes = read(store, path)
    assert set(texts(store, outcomes)) <= {"a.txt", "c.txt"}
    (reason,) = left_out(outcomes).values()
    assert reason.startswith("too large")


def test_more_members_than_anybody_means_are_left_out(store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    path = make(tmp_path, {"a.zip": zipped({f"{number}.txt": b"x" for number in range(5)})}) / "a.zip"
    outcomes = read(store, path)
    assert list(texts(store, outcomes)) == ["0.txt", "1.txt"]
    assert left_out(outcomes) == {f"{number}.txt": "beyond the first 2 files" for number in (2, 3, 4)}


def test_a_large_member_lies_in_a_file_without_a_name_meanwhile(store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_IN_MEMORY_BYTES", 1_000)
    path = make(tmp_path, {"a.zip": zipped({"a.txt": b"words " * 1_000, "b.txt": b"x"})}) / "a.zip"
    assert {name: len(text) for name, text in texts(store, read(store, path)).items()} == {"a.txt": 6_000, "b.txt": 1}
    assert {len(entry.stem) for entry in store.folder.iterdir()} == {64}


def test_names_in_utf8_that_do_not_say_so_are_read_as_such(store: TextStore, tmp_path: Path) -> None:
    data = zipped({"x" * 6 + ".txt": b"1"}).replace(b"xxxxxx", "größe".encode()[:6])
    path = make(tmp_path, {"a.zip": data}) / "a.zip"
    assert list(texts(store, read(store, path))) == ["größ.txt"]


def test_a_member_that_is_gone_is_said(store: TextStore, tmp_path: Path) -> None:
    path = make(tmp_path, {"a.zip": zipped({"a.txt": b"1"})}) / "a.zip"
    (outcome,) = read(store, DocumentChoice(path=str(path), member="b.txt"))
    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "The archive has no b.txt that can be read. Look into it for where that has gone."


def test_a_member_of_what_is_an_archive_no_more_is_said(store: TextStore, tmp_path: Path) -> None:
    path = make(tmp_path, {"a.zip": "words"}) / "a.zip"
    (outcome,) = read(store, DocumentChoice(path=str(path), member="b.txt"))
    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "b.txt was in an archive that is now another file. Look for the archive and add it again."


def test_a_store_that_cannot_be_made_is_said_before_anything_is_unpacked(tmp_path: Path) -> None:
    path = make(tmp_path, {"a.zip": zipped({"a.txt": b"1"}), "taken": "words"}) / "a.zip"
    for choice in (DocumentChoice(path=str(path)), DocumentChoice(path=str(path), member="a.txt")):
        with pytest.raises(UserError, match=r"taken cannot be made: File exists\. Mend that"):
            read(TextStore(tmp_path / "taken"), choice)


def test_a_zip_archive_whose_list_would_fill_the_memory_is_refused(
    store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path, {"a.zip": zipped({f"{number}.txt": b"x" for number in range(20)})}) / "a.zip"
    assert len(texts(store, read(store, path))) == 20
    monkeypatch.setattr(packed_kinds, "_MAX_DIRECTORY_BYTES", 1_000)
    (refused,) = read(store, path)
    assert isinstance(refused, DocumentRefused) and "more than 10 files" in refused.reason


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_tape_whose_header_would_fill_the_memory_is_damaged_from_there_on(kind: bytes, store: TextStore, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.USTAR_FORMAT) as tar:
        before = tarfile.TarInfo("before.txt")
        before.size = 5
        tar.addfile(before, io.BytesIO(b"words"))
        header = tarfile.TarInfo("header")
        header.type, header.size = kind, 60 << 20
        tar.fileobj.write(header.tobuf(tarfile.USTAR_FORMAT))
        for _ in range(60):
            tar.fileobj.write(b" " * (1 << 20))
    tracemalloc.start()
    try:
        outcomes = read(store, path)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert texts(store, outcomes) == {"before.txt": "words"}
    assert left_out(outcomes) == {"what follows in the archive": "damaged"}
    assert peak_bytes < 20 << 20


@pytest.mark.parametrize("version", ["0.0", "0.1", "1.0"])
def test_a_file_with_holes_in_a_tape_is_left_out_and_what_follows_is_read(version: str, store: TextStore, tmp_path: Path) -> None:
    major, minor = version.split(".")
    holes = {"GNU.sparse.major": major, "GNU.sparse.minor": minor} if version == "1.0" else {"GNU.sparse.size": "9"}
    holes |= {"GNU.sparse.map": "0,9"} if version == "0.1" else {}
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        for name, headers in (("holes.txt", holes), ("after.txt", {})):
            info = tarfile.TarInfo(name)
            info.size, info.pax_headers = 9, headers
            tar.addfile(info, io.BytesIO(b"1\n0\n9\nabc"))
    outcomes = read(store, tmp_path / "a.tar")
    assert set(texts(store, outcomes)) == {"after.txt"}
    assert left_out(outcomes) == {"holes.txt": "not a file"}


def test_a_file_with_holes_in_an_old_tape_is_left_out_and_what_follows_is_read(store: TextStore, tmp_path: Path) -> None:
    info = tarfile.TarInfo("holes.txt")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 512
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[482] = 1  # the map goes on
    head[148:156] = b"%06o\0 " % (sum(head[:148]) + 8 * ord(" ") + sum(head[156:]))
    more = bytes(504) + b"\1" + bytes(7) + bytes(512)
    path = make(tmp_path, {"a.tar": bytes(head) + more + b"x" * 512 + taped({"after.txt": b"words"})}) / "a.tar"
    outcomes = read(store, path)
    assert texts(store, outcomes) == {"after.txt": "words"}
    assert left_out(outcomes) == {"holes.txt": "not a file"}
