"""What is added is read by the real reader; what cannot be read says why; what is removed is no longer waited for."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from rlm_desktop import paths
from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.documents.reading import DocumentReading
from rlm_desktop.gui.read_process import ReadProcess
from rlm_desktop.trace.events import LeftOut
from tests.gui.waiting import wait_until

SLOW = """
import sys, time
sys.stdin.readline()
print('{"progress":"document_progressed","name":"a.txt","share":0.4}', flush=True)
time.sleep(60)
"""


@pytest.fixture
def documents(qapp: QApplication) -> Iterator[DocumentList]:
    made = DocumentList()
    yield made
    made.deleteLater()


@pytest.fixture
def reading(documents: DocumentList) -> Iterator[DocumentReading]:
    made = DocumentReading(documents)
    yield made
    made.abandon()
    made.deleteLater()


def test_a_file_a_pasted_text_and_a_folder_are_read_in_order(documents: DocumentList, reading: DocumentReading, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# Title\n\nWords.\n", "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "b.txt").write_text("b" * 5_000, "utf-8")
    (folder / "a.txt").write_text("a", "utf-8")
    documents.add_paths([tmp_path / "one.md", folder])
    documents.add_text("pasted", "Pasted text")
    wait_until(lambda: not reading.is_reading)
    assert [(d.name, d.state, d.chars) for d in documents.documents] == [
        ("one.md", "read", 16),
        ("a.txt", "read", 1),
        ("b.txt", "read", 5_000),
        ("Pasted text", "read", 6),
    ]
    read = documents.documents[0].read
    assert read is not None and [heading.title for heading in read.outline] == ["Title"]
    assert (paths.texts_folder() / f"{read.text_sha256}.txt").read_text("utf-8") == "# Title\n\nWords.\n"


def test_a_file_that_cannot_be_read_says_why_and_leaves_the_others(
    documents: DocumentList, reading: DocumentReading, tmp_path: Path
) -> None:
    (tmp_path / "good.txt").write_text("good", "utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    documents.add_paths([tmp_path / "picture.png", tmp_path / "gone.txt", tmp_path / "good.txt"])
    wait_until(lambda: not reading.is_reading)
    assert [document.state for document in documents.documents] == ["refused", "refused", "read"]
    assert all(document.reason.endswith(".") for document in documents.documents[:2])


def test_an_empty_folder_leaves_no_row_but_a_sentence(documents: DocumentList, reading: DocumentReading, tmp_path: Path) -> None:
    said: list[str] = []
    reading.told.connect(said.append)
    (tmp_path / "empty").mkdir()
    documents.add_paths([tmp_path / "empty"])
    wait_until(lambda: not reading.is_reading)
    assert documents.documents == ()
    assert said == ["The folder is empty."]


def test_removing_the_document_ends_its_reader_and_undo_reads_it_again(qapp: QApplication, documents: DocumentList, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", "utf-8")
    made: list[ReadProcess] = []

    def slow_first() -> ReadProcess:
        made.append(ReadProcess(command=None if made else [sys.executable, "-c", SLOW]))
        return made[-1]

    reading = DocumentReading(documents, make_process=slow_first)
    documents.add_paths([tmp_path / "a.txt"])
    wait_until(lambda: documents.documents[0].share == 0.4)
    assert documents.detail(documents.documents[0]).startswith("reading")
    documents.remove([0])
    wait_until(lambda: not reading.is_reading)
    documents.undo()
    wait_until(lambda: documents.documents[0].state == "read")
    wait_until(lambda: not reading.is_reading)
    reading.deleteLater()


def test_a_reader_that_dies_is_told_and_its_documents_are_refused(qapp: QApplication, documents: DocumentList, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", "utf-8")
    said: list[str] = []
    reading = DocumentReading(documents, make_process=lambda: ReadProcess(command=[sys.executable, "-c", "import os; os.abort()"]))
    reading.told.connect(said.append)
    documents.add_paths([tmp_path / "a.txt"])
    wait_until(lambda: not reading.is_reading)
    assert documents.documents[0].state == "refused"
    assert said == ["The process that reads documents ended before its time."]
    reading.deleteLater()


def test_an_archive_gives_way_to_the_documents_in_it(documents: DocumentList, reading: DocumentReading, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "papers.zip", "w") as archive:
        archive.writestr("a.txt", "one")
        archive.writestr("b/c.md", "# two")
    documents.add_paths([tmp_path / "papers.zip"])
    wait_until(lambda: not reading.is_reading)
    assert [(d.name, d.path, d.member, d.state) for d in documents.documents] == [
        ("a.txt", str(tmp_path / "papers.zip"), "a.txt", "read"),
        ("b/c.md", str(tmp_path / "papers.zip"), "b/c.md", "read"),
    ]
    assert documents.documents[1].choice().member == "b/c.md"
    assert documents.add_paths([tmp_path / "papers.zip"]) != []


def test_what_was_left_out_of_a_folder_stays_to_be_looked_at(documents: DocumentList, reading: DocumentReading, tmp_path: Path) -> None:
    said: list[str] = []
    reading.told.connect(said.append)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.txt").write_text("a", "utf-8")
    (folder / ".env").write_text("SECRET", "utf-8")
    documents.add_paths([folder])
    wait_until(lambda: not reading.is_reading)
    read, rest = documents.documents
    assert (read.name, read.state, rest.name, rest.is_list, rest.is_usable) == ("a.txt", "read", "project", True, False)
    assert rest.left_out == (LeftOut(name=".env", reason="hidden"),)
    assert documents.detail(rest) == "1 left out"
    assert said == []


def test_a_document_is_read_again_in_another_encoding(documents: DocumentList, reading: DocumentReading, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("größe\n".encode("cp1252") * 20)
    (document,) = documents.add_paths([tmp_path / "a.txt"])
    wait_until(lambda: not reading.is_reading)
    documents.read_again(document.document_id, "cp1251")
    assert documents.documents[0].state == "waiting"
    wait_until(lambda: not reading.is_reading)
    read = documents.documents[0].read
    assert read is not None and read.encoding == "cp1251"
    assert documents.documents[0].choice().encoding == "cp1251"


def test_names_that_cannot_be_shown_as_they_are_find_their_row(documents: DocumentList, reading: DocumentReading, tmp_path: Path) -> None:
    path = tmp_path / "two\nlines\u202e.txt"
    path.write_text("words", "utf-8")
    documents.add_paths([path])
    wait_until(lambda: not reading.is_reading)
    assert [document.state for document in documents.documents] == ["read"]


def test_two_folders_of_which_one_begins_with_the_name_of_the_other_keep_theirs(
    documents: DocumentList, reading: DocumentReading, tmp_path: Path
) -> None:
    for name in ("a", "ab"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(name, "utf-8")
        (tmp_path / name / f"{name}.png").touch()
    documents.add_paths([tmp_path / "a", tmp_path / "ab"])
    wait_until(lambda: not reading.is_reading)
    assert [document.name for document in documents.documents] == ["a.txt", "a", "ab.txt", "ab"]


def test_a_thousand_files_come_in_few_changes_of_the_list(documents: DocumentList, reading: DocumentReading, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1_000):
        (folder / f"{number:04}.txt").write_text(f"{number}", "utf-8")
    changes: list[int] = []
    documents.documents_changed.connect(lambda: changes.append(1))
    documents.add_paths([folder])
    wait_until(lambda: not reading.is_reading)
    assert [document.name for document in documents.documents] == [f"{number:04}.txt" for number in range(1_000)]
    assert len(changes) < 500
