"""What documents are made to do to whoever opens them ends in a text or a sentence, and brings in nothing from elsewhere.

The readers run unconfined here: what does not happen is then their own doing, and confinement is the second wall.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from rlm_desktop.documents.read import read_documents
from rlm_desktop.documents.reader_process import ReaderProcess
from rlm_desktop.documents.reading_limits import ReadingLimits
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused
from rlm_desktop.trace.request import DocumentChoice
from tests.documents import hostile_files
from tests.documents.readers.made_pdf import Page, made_pdf
from tests.documents.readers.office import p, word
from tests.documents.readers.zipped import zipped
from tests.documents.reading import left_out, make, read

SECRET = "STOLEN"
BEYOND = ReadingLimits(stall_s=20.0, total_s=30.0, least_memory_bytes=300_000_000)
LAUGHS = "".join(f'<!ENTITY x{at + 1} "{f"&x{at};" * 10}">' for at in range(9))


@pytest.fixture
def store(tmp_path: Path) -> TextStore:
    return TextStore(tmp_path / "texts")


def outcomes_of(store: TextStore, folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Return name → text, or the sentence in angle brackets."""
    make(folder, files)
    choices = [DocumentChoice(path=str(folder / name)) for name in files]
    reader = ReaderProcess(BEYOND, confinement="unconfined")
    outcomes = list(read_documents(choices, store, on_progress=lambda progress: None, reader=reader))
    assert len(outcomes) == len(files)
    return {
        name: store.read(one.text_sha256) if isinstance(one, DocumentRead) else f"<{one.reason}>"
        for name, one in zip(files, outcomes, strict=True)
    }


def test_no_document_brings_in_what_lies_elsewhere(store: TextStore, tmp_path: Path) -> None:
    secret = make(tmp_path / "home", {"secret.txt": SECRET}) / "secret.txt"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        doctype = (
            f'<!DOCTYPE x SYSTEM "{url}" [<!ENTITY % p SYSTEM "{url}"> %p; <!ENTITY x SYSTEM "{secret.as_uri()}">'
            f'<!ENTITY u SYSTEM "{url}">]>'
        )
        files = hostile_files.with_doctype(doctype, "&x;&u;") | hostile_files.with_links(url, str(secret))
        found = outcomes_of(store, tmp_path / "documents", files)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert not [name for name, text in found.items() if SECRET in text]
    refused = {name for name, text in found.items() if text.startswith("<This")}
    assert refused <= {"xl sharedStrings.xml.xlsx"}


def test_entities_of_no_format_grow(store: TextStore, tmp_path: Path) -> None:
    files = hostile_files.with_doctype(f'<!DOCTYPE x [<!ENTITY x0 "{"ha" * 50}">{LAUGHS}]>', "&x9;")
    wide = f'<!DOCTYPE x [<!ENTITY q "{"A" * 50_000}">]>'
    files |= {f"wide {name}": data for name, data in hostile_files.with_doctype(wide, "&q;" * 2_000).items()}
    found = outcomes_of(store, tmp_path, files)
    sizes = {name: len(text) for name, text in found.items()}
    assert max(sizes.values()) < 100_000, sizes


def test_what_unpacks_to_far_more_than_it_should_ends_in_a_sentence(store: TextStore, tmp_path: Path) -> None:
    megabytes = 80
    files = hostile_files.bombs(megabytes)
    for name, sentence in outcomes_of(store, tmp_path, files).items():
        assert "would unpack to 84 MB" in sentence, (name, sentence)
    lying = {f"lying {name}": hostile_files.lying(data, megabytes << 20, 900) for name, data in files.items() if "picture" not in name}
    for name, sentence in outcomes_of(store, tmp_path, lying).items():
        # A book is read without the chapters that are damaged, and says so.
        assert "damaged or not complete" in sentence or name == "lying chapter.epub", (name, sentence)


def test_a_document_of_more_parts_than_any_has_ends_in_a_sentence(store: TextStore, tmp_path: Path) -> None:
    crowded = hostile_files.crowded(word(p("words")), 51_000)
    few = hostile_files.crowded(word(p("words")), 20)
    found = outcomes_of(store, tmp_path, {"many.docx": crowded, "few.docx": few})
    assert "51,004 parts, which is more than can be read" in found["many.docx"]
    assert found["few.docx"] == "words\n"


def test_archives_within_archives_are_not_opened(store: TextStore, tmp_path: Path) -> None:
    data = zipped({"a.txt": "words"})
    for _ in range(20):
        data = zipped({"a.zip": data})
    assert left_out(read(store, make(tmp_path, {"a.zip": data}) / "a.zip")) == {"a.zip": "an archive within an archive"}


def test_no_name_within_a_document_or_an_archive_becomes_a_path(store: TextStore, tmp_path: Path) -> None:
    names = {"../../../evil.txt": "1", f"{tmp_path}/evil.txt": "2", "C:\\evil.txt": "3", "a/../../evil.txt": "4", "..\\..\\evil.txt": "5"}
    path = make(tmp_path / "documents", {"a.zip": zipped(names)}) / "a.zip"
    outcomes = read(store, path)
    assert [store.read(one.text_sha256) for one in outcomes if isinstance(one, DocumentRead)] == list("12345")
    assert not list(tmp_path.rglob("*evil*"))
    assert all(not Path(one.name).is_absolute() and ".." not in Path(one.name).parts for one in outcomes)


def test_pdf_documents_that_hold_themselves_end(store: TextStore, tmp_path: Path) -> None:
    found = outcomes_of(store, tmp_path, hostile_files.recursive_pdfs())
    read_at_all = {name for name, text in found.items() if "Words here" in text}
    assert set(found) - read_at_all <= {"only itself.pdf", "contents.pdf", "table.pdf"}, found
    for name in set(found) - read_at_all:
        assert found[name].startswith("<This")


def test_a_pdf_stream_that_fills_the_memory_ends_in_a_sentence(store: TextStore, tmp_path: Path) -> None:
    stream = hostile_files.stream(hostile_files.packed_bytes(b" " * (1 << 20) for _ in range(400)), b"/Filter/FlateDecode")
    (sentence,) = outcomes_of(store, tmp_path, {"a.pdf": hostile_files.pdf({4: stream})}).values()
    assert "needs more memory than 0.3 GB" in sentence


def test_texts_nested_without_end_are_read_or_refused(store: TextStore, tmp_path: Path) -> None:
    for name, text in outcomes_of(store, tmp_path, hostile_files.deep_texts()).items():
        # Of mails the innermost is named as an attachment that is not read; JSON is read as it is.
        assert "words" in text or text.startswith("<This seems to be") or name.endswith((".eml", ".json")), (name, text[:200])


def test_a_table_of_a_million_columns_is_read(store: TextStore, tmp_path: Path) -> None:
    row = ",".join(["1"] * 1_000_000) + "\n"
    assert outcomes_of(store, tmp_path, {"a.csv": (row * 2).encode()}) == {"a.csv": row * 2}


def test_of_mixed_line_ends_and_marks_a_text_is_made(store: TextStore, tmp_path: Path) -> None:
    files = {
        "mixed.csv": b"\xef\xbb\xbfa,b\r\n1,2\r3,4\n5,6",
        "wide.csv": "\ufeffa;b\r\nä;ö\r\n".encode("utf-16-le"),
        "odd.csv": "\ufeffa;b".encode("utf-16-be") + b"\0",
    }
    found = outcomes_of(store, tmp_path, files)
    assert (found["mixed.csv"], found["wide.csv"]) == ("a,b\n1,2\n3,4\n5,6", "a;b\nä;ö\n")
    assert found["odd.csv"].startswith("a;b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such pipes")
def test_a_pipe_and_a_folder_that_are_called_documents_are_none(store: TextStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pdf")
    (tmp_path / "b.docx").mkdir()
    pipe, folder = read(store, tmp_path / "a.pdf", tmp_path / "b.docx")
    assert isinstance(pipe, DocumentRefused) and "a pipe or a device" in pipe.reason
    assert isinstance(folder, DocumentRefused) and folder.reason == "The folder is empty."


@pytest.mark.parametrize("change", ["grows", "shrinks"])
def test_a_document_that_changes_while_its_reader_reads_it_is_refused(change: str, store: TextStore, tmp_path: Path) -> None:
    pages = [Page([f"Line {line} of page {page}." for line in range(40)]) for page in range(400)]
    path = make(tmp_path, {"a.pdf": made_pdf([Page(["First"], content=b"% " + b"x" * 1_500_000 + b"\n"), *pages])}) / "a.pdf"
    seen: list[float | None] = []

    def on_progress(progress: DocumentProgressed) -> None:
        if not seen and change == "grows":
            with path.open("ab") as file:
                file.write(b"more")
        elif not seen:
            os.truncate(path, 100_000)
        seen.append(progress.share)

    (outcome,) = read_documents([DocumentChoice(path=str(path))], store, on_progress=on_progress)
    assert seen
    assert isinstance(outcome, DocumentRefused)
    assert "changed while it was read" in outcome.reason or "damaged" in outcome.reason
