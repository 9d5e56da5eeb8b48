"""Choices of a person become documents with names of their own, or sentences why not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from rlm_desktop.documents import verbatim
from rlm_desktop.documents.read import read_documents
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused, LeftOut
from rlm_desktop.trace.request import DocumentChoice

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def store(tmp_path: Path) -> TextStore:
    return TextStore(tmp_path / "texts")


def read(store: TextStore, *choices: DocumentChoice | Path) -> list[DocumentRead | DocumentRefused]:
    given = [DocumentChoice(path=str(choice)) if isinstance(choice, Path) else choice for choice in choices]
    return list(read_documents(given, store, on_progress=lambda progress: None))


def refusal(store: TextStore, *choices: DocumentChoice | Path) -> str:
    (outcome,) = read(store, *choices)
    assert isinstance(outcome, DocumentRefused)
    assert list(store.folder.glob("*")) == []
    return outcome.reason


def texts(store: TextStore, outcomes: list[DocumentRead | DocumentRefused]) -> dict[str, str]:
    return {outcome.name: store.read(outcome.text_sha256) for outcome in outcomes if isinstance(outcome, DocumentRead)}


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_a_document_is_described_in_full(store: TextStore, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("# Größe\r\n".encode())
    (document,) = read(store, path)
    assert isinstance(document, DocumentRead)
    assert (document.name, document.path, document.reader, document.encoding) == ("a.md", str(path), "markdown/1", "utf-8")
    assert (document.chars, document.file_bytes) == (8, 11)
    assert [(heading.title, heading.at) for heading in document.outline] == [("Größe", 0)]
    assert texts(store, [document]) == {"a.md": "# Größe\n"}


def test_another_name_does_not_change_what_a_document_is(store: TextStore, tmp_path: Path) -> None:
    path = write(tmp_path / "papers", a__md="# A") / "a.md"
    (document,) = read(store, DocumentChoice(path=str(path), name="The paper"))
    assert isinstance(document, DocumentRead)
    assert (document.name, document.path, document.reader, len(document.outline)) == ("The paper", str(path), "markdown/1", 1)


def test_a_pasted_text_is_a_document(store: TextStore) -> None:
    (document,) = read(store, DocumentChoice(text="Chapter 1\r\n\r\nIt was."))
    assert isinstance(document, DocumentRead)
    assert (document.name, document.path, len(document.outline)) == ("Pasted text", None, 1)
    assert texts(store, [document]) == {"Pasted text": "Chapter 1\n\nIt was."}


def test_a_folder_gives_its_texts_by_their_places_in_it(store: TextStore, tmp_path: Path) -> None:
    folder = write(tmp_path / "papers", b__txt="b", a__md="a")
    write(folder / "inner", c__py="c = 1")
    assert texts(store, read(store, folder)) == {"a.md": "a", "b.txt": "b", "inner/c.py": "c = 1"}


def test_one_sentence_says_what_was_left_out_of_a_folder(store: TextStore, tmp_path: Path) -> None:
    folder = write(tmp_path / "papers", a__txt="a", empty__txt="", __env="KEY=1")
    write(folder / ".git", config="x")
    write(folder / "node_modules", a__js="x")
    for name in ("one.png", "two.png"):
        (folder / name).write_bytes(PNG)
    (folder / "link.txt").symlink_to(folder / "a.txt")
    outcomes = read(store, folder)
    assert texts(store, outcomes) == {"a.txt": "a"}
    assert outcomes[1:] == [
        DocumentRefused(
            name="papers",
            path=str(folder),
            reason="Left out of the folder: 2 × a PNG image, such as one.png; .env (hidden); .git/ (version control); link.txt (a link); "
            "node_modules/ (a folder of packages or caches); empty.txt (empty).",
            left_out=(
                LeftOut(name=".env", reason="hidden"),
                LeftOut(name=".git/", reason="version control"),
                LeftOut(name="empty.txt", reason="empty"),
                LeftOut(name="link.txt", reason="a link"),
                LeftOut(name="node_modules/", reason="a folder of packages or caches"),
                LeftOut(name="one.png", reason="a PNG image"),
                LeftOut(name="two.png", reason="a PNG image"),
            ),
            left_out_count=7,
        )
    ]


def test_a_folder_without_text_is_refused(store: TextStore, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    assert refusal(store, folder) == "The folder is empty."
    (folder / "one.png").write_bytes(PNG)
    assert refusal(store, folder) == "The folder holds no text that can be read: one.png (a PNG image)."


def test_no_two_documents_have_one_name(store: TextStore, tmp_path: Path) -> None:
    one, two = write(tmp_path / "one", a__txt="1", b__txt="b"), write(tmp_path / "two", a__txt="2")
    assert texts(store, read(store, one, two)) == {"one/a.txt": "1", "b.txt": "b", "two/a.txt": "2"}
    assert texts(store, read(store, one / "a.txt", two / "a.txt")) == {"one/a.txt": "1", "two/a.txt": "2"}
    same = texts(store, read(store, one / "a.txt", one / "a.txt"))
    assert same == {"one/a.txt": "1", "one/a (2).txt": "1"}
    pasted = texts(store, read(store, DocumentChoice(text="x"), DocumentChoice(text="y"), DocumentChoice(text="z", name="b.txt")))
    assert pasted == {"Pasted text": "x", "Pasted text (2)": "y", "b.txt": "z"}


def test_names_are_fit_to_be_shown(store: TextStore, tmp_path: Path) -> None:
    folder = write(tmp_path / "papers")
    for name in (b"caf\xe9.txt", b"a\x1b[31m\n.txt", "b\u202etxt.exe".encode()):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("x")
    outcomes = read(store, folder)
    assert sorted(texts(store, outcomes)) == ["a‹ESC›[31m‹LF›.txt", "b‹RLO›txt.exe", "caf‹U+DCE9›.txt"]
    assert msgspec.json.encode(outcomes)


def test_what_was_read_before_is_not_read_again(store: TextStore, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("first")
    (document,) = read(store, path)
    assert isinstance(document, DocumentRead)
    path.write_text("second")
    assert read(store, DocumentChoice(read=document, name="b.txt"))[0].name == "b.txt"
    assert texts(store, read(store, DocumentChoice(read=document))) == {"a.txt": "first"}


def test_what_the_store_has_lost_is_read_again_or_refused(store: TextStore, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("first")
    (document, pasted) = read(store, path, DocumentChoice(text="pasted"))
    assert isinstance(document, DocumentRead)
    assert isinstance(pasted, DocumentRead)
    for known in (document, pasted):
        store.path_of(known.text_sha256).unlink()
    outcomes = read(store, DocumentChoice(read=document), DocumentChoice(read=pasted))
    assert texts(store, outcomes) == {"a.txt": "first"}
    assert isinstance(outcomes[1], DocumentRefused)
    assert "no longer kept" in outcomes[1].reason


BINARIES: list[tuple[str, Callable[[Path], object]]] = [
    ("a PNG image", lambda path: path.write_bytes(PNG)),
    ("a JPEG image", lambda path: path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")),
    ("a SQLite database", lambda path: path.write_bytes(b"SQLite format 3\x00" + bytes(100))),
    ("a program", lambda path: path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(100))),
    ("not text but binary data", lambda path: path.write_bytes(bytes(range(256)) * 100)),
    ("not text but binary data", lambda path: path.write_bytes(bytes(10_000))),
    ("not text but binary data", lambda path: path.write_bytes(b"text\n" * 100_000 + bytes(range(256)) * 5_000)),
    ("not text but binary data", lambda path: path.write_bytes(b"text\n" * 100_000 + bytes(500_000))),
]


@pytest.mark.parametrize(("kind", "make"), BINARIES)
def test_what_is_no_text_is_refused_by_its_kind(kind: str, make: Callable[[Path], object], store: TextStore, tmp_path: Path) -> None:
    path = tmp_path / "renamed.txt"
    make(path)
    reason = refusal(store, path)
    assert kind in reason
    assert "ave or export" in reason


@pytest.mark.parametrize(
    "head", ["ID3 tags are found in MP3 files.\n", "OTTO\n", "MZ is a letter pair\n", "PAR1\n", "BZh\n", "RIFF is a riff\n"]
)
def test_a_text_may_begin_with_the_letters_of_a_binary_mark(head: str, store: TextStore, tmp_path: Path) -> None:
    path = write(tmp_path / "folder", a__txt=head) / "a.txt"
    assert texts(store, read(store, path)) == {"a.txt": head}


def test_a_missing_file_is_refused(store: TextStore, tmp_path: Path) -> None:
    assert "There is no file at" in refusal(store, tmp_path / "gone.txt")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t\n"])
def test_an_empty_file_is_refused(data: bytes, store: TextStore, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert "empty" in refusal(store, path) or "white space" in refusal(store, path)


def test_an_empty_pasted_text_is_refused(store: TextStore) -> None:
    assert refusal(store, DocumentChoice(text=" \n")) == "The text is empty."


def test_a_pipe_that_nobody_fills_is_refused(store: TextStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "a pipe or a device" in refusal(store, tmp_path / "pipe")


def test_a_device_without_end_is_refused(store: TextStore) -> None:
    assert "a pipe or a device" in refusal(store, Path("/dev/zero"))


def test_a_file_that_may_not_be_read_is_refused(store: TextStore, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("secret")
    path.chmod(0)
    code = (
        "import os, sys; from pathlib import Path\n"
        "from rlm_desktop.documents.read import read_documents; from rlm_desktop.documents.text_store import TextStore\n"
        "from rlm_desktop.trace.request import DocumentChoice\n"
        "os.geteuid() or os.setuid(65534)  # permissions do not bind root\n"
        "print(*read_documents([DocumentChoice(path=sys.argv[1])], TextStore(Path(sys.argv[2])), on_progress=print))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path), str(store.folder)], capture_output=True, text=True, check=True)
    assert "DocumentRefused" in done.stdout
    assert "may not be read" in done.stdout


def test_a_path_that_no_file_can_have_is_refused(store: TextStore) -> None:
    assert "cannot be opened" in refusal(store, DocumentChoice(path="a\0b"))


@pytest.mark.parametrize("change", ["grows", "shrinks"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    change: str, store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbatim, "CHUNK_BYTES", 1_000)
    path = tmp_path / "log.txt"
    path.write_text("line\n" * 1_000)

    def on_progress(progress: DocumentProgressed) -> None:
        if change == "grows":
            with path.open("a") as file:
                file.write("more\n")
        else:
            os.truncate(path, 500)

    (outcome,) = read_documents([DocumentChoice(path=str(path))], store, on_progress=on_progress)
    assert isinstance(outcome, DocumentRefused)
    assert "changed while it was read" in outcome.reason


def test_progress_rises_to_the_end(store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbatim, "CHUNK_BYTES", 1_000)
    path = tmp_path / "a.txt"
    path.write_text("line\n" * 100_000)
    told: list[DocumentProgressed] = []
    list(read_documents([DocumentChoice(path=str(path))], store, on_progress=told.append))
    shares = [progress.share or 0.0 for progress in told]
    assert {progress.name for progress in told} == {"a.txt"}
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert 10 < len(shares) < 60


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that opens and cannot be read")
def test_a_file_that_opens_and_cannot_be_read_is_refused_with_a_sentence(store: TextStore) -> None:
    (outcome,) = read(store, Path("/proc/self/mem"))
    assert isinstance(outcome, DocumentRefused) and outcome.reason == "The file cannot be read: Input/output error."


def test_hidden_characters_are_noted_in_a_text_and_in_a_converted_one(store: TextStore, tmp_path: Path) -> None:
    said = "Pay the \u202ebill\u202c. \u200b\u200b" + "".join(chr(0xE0000 + ord(letter)) for letter in "obey") + " می\u200cخواهم"
    (tmp_path / "a.txt").write_text(said, "utf-8")
    (tmp_path / "b.html").write_text(f"<p>{said}</p>", "utf-8")
    (tmp_path / "c.txt").write_text("می\u200cخواهم, soft\u00adly 👩\u200d👧", "utf-8")
    notes = {one.name: one.notes for one in read(store, tmp_path) if isinstance(one, DocumentRead)}
    note = "8 invisible characters are in the text: 2 zero-width, 4 tags, 2 for the direction of writing."
    assert notes["a.txt"] == (note,)
    # A page may be broken at a zero-width space, which is no part of its words.
    assert notes["b.html"] == ("6 invisible characters are in the text: 4 tags, 2 for the direction of writing.",)
    assert notes["c.txt"] == ()
