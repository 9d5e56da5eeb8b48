"""The page of documents: the encoding of a person's own can be changed, and what was left out be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.documents.document_page import MOST_OFFERED, DocumentPage
from rlm_desktop.gui.documents.reading import DocumentReading
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.run_model import CurrentRun
from rlm_desktop.trace.events import DocumentRead
from tests.gui.waiting import wait_until

Shown = Callable[[QWidget], QWidget]


class _Parts:
    def __init__(self, themes: Themes) -> None:
        self.documents = DocumentList()
        self.reading = DocumentReading(self.documents)
        self.page = DocumentPage(CurrentRun(), self.documents, themes)

    def add(self, *paths: Path) -> None:
        self.documents.add_paths(paths)
        wait_until(lambda: not self.reading.is_reading)


@pytest.fixture
def parts(qapp: QApplication, themes: Themes, shown: Shown) -> Iterator[_Parts]:
    made = _Parts(themes)
    shown(made.page)
    yield made
    made.reading.abandon()
    for part in (made.reading, made.documents):
        part.deleteLater()


def show(parts: _Parts, row: int) -> DocumentRead:
    read = parts.documents.documents[row].read
    assert read is not None
    parts.page.show_document(read)
    return read


def text(parts: _Parts) -> str:
    return parts.page.view.view.source.text(0, 100)


def test_another_encoding_is_read_and_shown_at_once(parts: _Parts, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("größe".encode("cp1252"))
    parts.add(tmp_path / "a.txt")
    show(parts, 0)
    assert (parts.page.encoding.isVisible(), parts.page.encoding.current) == (True, "cp1252")
    parts.page.encoding.picked.emit("cp1251")
    wait_until(lambda: not parts.reading.is_reading)
    assert (text(parts), parts.page.encoding.current) == ("grцЯe", "cp1251")


def test_an_encoding_in_which_it_cannot_be_read_is_said_and_another_can_be_chosen(parts: _Parts, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("größe".encode("cp1252"))
    parts.add(tmp_path / "a.txt")
    show(parts, 0)
    (tmp_path / "a.txt").unlink()
    parts.page.encoding.picked.emit("cp1251")
    wait_until(lambda: not parts.reading.is_reading)
    assert "There is no file" in parts.page.view.nothing.text()
    (tmp_path / "a.txt").write_bytes("größe".encode("cp1252"))
    assert parts.page.encoding.isVisible()
    parts.page.encoding.picked.emit("cp1252")
    wait_until(lambda: not parts.reading.is_reading)
    assert text(parts) == "größe"


def test_an_encoding_is_offered_once_however_it_was_spelt(parts: _Parts, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Съешь же ещё этих мягких французских булок, да выпей чаю. ".encode("koi8-r") * 20)
    parts.add(tmp_path / "a.txt")
    assert show(parts, 0).encoding == "koi8_r"
    names = [action.data() for action in parts.page.encoding.menu.actions()]
    assert (parts.page.encoding.current, names.count("koi8-r"), "koi8_r" in names) == ("koi8-r", 1, False)


def test_what_cannot_be_read_again_has_no_choice_of_encoding(parts: _Parts) -> None:
    parts.documents.add_text("pasted", "Pasted text")
    wait_until(lambda: not parts.reading.is_reading)
    show(parts, 0)
    assert not parts.page.encoding.isVisible()


def test_what_was_left_out_is_shown_as_a_list_and_stays(parts: _Parts, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "a.txt").write_text("words")
    (tmp_path / "project" / ".env").write_text("SECRET")
    parts.add(tmp_path / "project")
    parts.page.show_left_out(parts.documents.documents[1])
    assert parts.page.view.title.text() == "Left out of project"
    assert text(parts) == "hidden · 1\n    .env"
    assert not parts.page.picker.isVisible()
    parts.documents.documents_changed.emit()
    assert text(parts) == "hidden · 1\n    .env"
    show(parts, 0)
    assert text(parts) == "words"


def test_more_documents_than_a_menu_can_hold_are_not_put_into_one(parts: _Parts) -> None:
    reads = [DocumentRead(name=f"{n}", text_sha256="0" * 64, chars=1, reader="text/1") for n in range(MOST_OFFERED + 1)]
    parts.documents.show_those_of_run(reads[:2])
    parts.page.look()
    assert parts.page.picker.isVisible()
    parts.documents.show_those_of_run(reads)
    parts.page.look()
    assert not parts.page.picker.isVisible()
    assert parts.page.picker.menu.actions() == []
