"""What a reader drafts becomes a document of the store, and what it fails at a sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from rlm_desktop.documents import forked_worker, reader_process, worker
from rlm_desktop.documents import read_file as read_file_module
from rlm_desktop.documents.draft import Draft
from rlm_desktop.documents.kept_headings import MAX_HEADINGS
from rlm_desktop.documents.read import read_documents
from rlm_desktop.documents.refused import RefusedError
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.commands import DocumentProgressed
from rlm_desktop.trace.events import DocumentRead, DocumentRefused, Heading
from rlm_desktop.trace.request import DocumentChoice
from tests.documents.readers.compound_files import xls
from tests.documents.readers.office import p, word
from tests.documents.reading import make, read, texts
from tests.documents.worker_here import WorkerHere, ZygoteHere

Take = Callable[[BinaryIO, Draft], None]
RTF = b"{\\rtf1 One}"


@pytest.fixture
def store(tmp_path: Path) -> TextStore:
    return TextStore(tmp_path / "texts")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.rtf"
    path.write_bytes(RTF)
    return path


@pytest.fixture
def reads_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Take], None]:
    """Return a function that puts a reader in the place of all others, in this process but through the same frames."""

    def put_in_place(take: Take) -> None:
        monkeypatch.setattr(worker, "reader_of", lambda kind: take)
        monkeypatch.setattr(reader_process, "Worker", WorkerHere)
        monkeypatch.setattr(forked_worker, "Zygote", ZygoteHere)
        monkeypatch.setattr(reader_process, "OwnProcess", ZygoteHere)

    return put_in_place


def test_a_draft_becomes_a_document(store: TextStore, path: Path, reads_with: Callable[[Take], None]) -> None:
    def take(file: BinaryIO, draft: Draft) -> None:
        assert (file.read(), draft.name, draft.encoding) == (RTF, str(path), None)
        draft.extent, draft.encoding_found = "1 page", "cp1252"
        draft.heading(1, "Größe")
        draft.paragraph("Words.")
        draft.note("A picture was left out.")

    reads_with(take)
    (document,) = read(store, path)
    text = "# Größe\n\nWords.\n"
    assert document == DocumentRead(
        name="a.rtf",
        path=str(path),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        chars=len(text),
        reader="rtf/1",
        file_sha256=hashlib.sha256(RTF).hexdigest(),
        file_bytes=len(RTF),
        encoding="cp1252",
        outline=(Heading(level=1, title="Größe", at=0),),
        extent="1 page",
        tokens_about=4,
        notes=("A picture was left out.",),
    )
    assert store.read(document.text_sha256) == text


def test_documents_of_all_kinds_reach_their_readers_from_a_folder(store: TextStore, tmp_path: Path) -> None:
    folder = make(
        tmp_path / "folder",
        {
            "letter.txt": word(p("Dear Ann")),
            "old.xls": xls(),
            "page.html": "<html><body><h1>Title</h1><p>Words</p></body></html>",
            "mail.eml": "From: a@b.example\nTo: c@d.example\nSubject: Hello\n\nWords of the mail\n",
            "note.rtf": "{\\rtf1\\ansi Rich words}",
            "code.ipynb": '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# Cell"]}], '
            '"metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "film.srt": "1\n00:00:01,000 --> 00:00:02,000\nSpoken words\n",
        },
    )
    outcomes = read(store, folder)
    assert {one.name: one.reader for one in outcomes if isinstance(one, DocumentRead)} == {
        "code.ipynb": "notebook/1",
        "film.srt": "subtitles/1",
        "letter.txt": "docx/1",
        "mail.eml": "email/1",
        "note.rtf": "rtf/1",
        "old.xls": "spreadsheet/1",
        "page.html": "html/1",
    }
    found = texts(store, outcomes)
    assert "Dear Ann" in found["letter.txt"]
    assert found["page.html"].startswith("# Title\n\nWords")
    assert "Words of the mail" in found["mail.eml"]


def test_an_outline_is_thinned_and_put_in_order(store: TextStore, path: Path, reads_with: Callable[[Take], None]) -> None:
    def take(file: BinaryIO, draft: Draft) -> None:
        for number in range(1_000):
            draft.write(f"line {number}\n")
            draft.mark(2, f"Section {number}")
        draft.mark(1, "The whole", at=0)

    reads_with(take)
    (document,) = read(store, path)
    assert isinstance(document, DocumentRead)
    assert len(document.outline) == MAX_HEADINGS
    assert document.outline[0] == Heading(level=1, title="The whole", at=0)
    places = [heading.at for heading in document.outline]
    assert places == sorted(places)


def test_a_note_on_a_wrong_name_comes_first(store: TextStore, tmp_path: Path, reads_with: Callable[[Take], None]) -> None:
    def take(file: BinaryIO, draft: Draft) -> None:
        draft.write("words")
        draft.note("Second.")

    reads_with(take)
    path = tmp_path / "a.txt"
    path.write_bytes(RTF)
    (document,) = read(store, path)
    assert isinstance(document, DocumentRead)
    assert document.notes == ("It was read as a rich text document (.rtf), although its name ends in .txt.", "Second.")


def _nothing(file: BinaryIO, draft: Draft) -> None:
    draft.write(" \n")


def _refuses(file: BinaryIO, draft: Draft) -> None:
    draft.write("half of it")
    raise RefusedError("It is protected.", "protected")


def _breaks(file: BinaryIO, draft: Draft) -> None:
    draft.write("half of it")
    raise KeyError("w:body")


@pytest.mark.parametrize(
    ("take", "words"),
    [(_nothing, "without any text in it"), (_refuses, "It is protected."), (_breaks, "KeyError in the reader")],
)
def test_a_failure_is_a_sentence_and_leaves_nothing_behind(
    take: Take, words: str, store: TextStore, path: Path, reads_with: Callable[[Take], None]
) -> None:
    reads_with(take)
    (outcome,) = read(store, path)
    assert isinstance(outcome, DocumentRefused)
    assert words in outcome.reason
    assert list(store.folder.glob("*")) == []


def test_the_share_of_a_reader_is_told(store: TextStore, path: Path, reads_with: Callable[[Take], None]) -> None:
    def take(file: BinaryIO, draft: Draft) -> None:
        draft.write("words")
        for page in range(1_000):
            draft.share(page / 1_000)

    reads_with(take)
    told: list[DocumentProgressed] = []
    list(read_documents([DocumentChoice(path=str(path))], store, on_progress=told.append))
    shares = [progress.share or 0 for progress in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert 40 < len(shares) < 60


def test_a_chosen_encoding_reaches_the_reader(store: TextStore, path: Path, reads_with: Callable[[Take], None]) -> None:
    reads_with(lambda file, draft: draft.write(f"read as {draft.encoding}"))
    (document, refused) = read(store, DocumentChoice(path=str(path), encoding="cp1251"), DocumentChoice(path=str(path), encoding="klingon"))
    assert isinstance(document, DocumentRead)
    assert store.read(document.text_sha256) == "read as cp1251"
    assert isinstance(refused, DocumentRefused)
    assert "There is no encoding 'klingon'" in refused.reason


def test_a_file_too_large_for_its_kind_is_not_begun(
    store: TextStore, path: Path, reads_with: Callable[[Take], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(read_file_module.MOST_MEGABYTES, "rtf", 0)
    reads_with(_breaks)
    (outcome,) = read(store, path)
    assert isinstance(outcome, DocumentRefused)
    assert outcome.reason == "The file has 0 MB. Of this kind no more than 0 MB can be read: split it, and add the parts."
