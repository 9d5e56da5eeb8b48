"""Documents keep their order and their names apart; what is removed comes back to its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.trace.events import DocumentRead


@pytest.fixture
def documents(qapp: QApplication) -> Iterator[DocumentList]:
    made = DocumentList()
    yield made
    made.deleteLater()


def names(documents: DocumentList) -> list[str]:
    return [document.name for document in documents.documents]


def test_a_file_is_added_once_and_names_never_collide(documents: DocumentList, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = documents.add_paths([tmp_path / "a" / "x.txt", tmp_path / "b" / "x.txt"])
    again = documents.add_paths([tmp_path / "a" / "x.txt"])
    assert names(documents) == ["x.txt", "x.txt (2)"]
    assert (len(first), again) == (2, [])


def test_pasted_texts_are_documents_too(documents: DocumentList) -> None:
    documents.add_text("one", "Pasted text")
    documents.add_text("two", "Pasted text")
    assert names(documents) == ["Pasted text", "Pasted text (2)"]
    assert documents.documents[1].choice().text == "two"


@pytest.mark.parametrize(("row", "to", "after"), [(0, 2, "BCA"), (2, 0, "CAB"), (0, 1, "BAC"), (1, 0, "BAC")])
def test_moving_a_row_keeps_the_others_in_order(documents: DocumentList, row: int, to: int, after: str) -> None:
    documents.add_paths([Path("/A"), Path("/B"), Path("/C")])
    assert documents.move(row, to)
    assert "".join(names(documents)) == after


def test_what_the_list_view_does_on_a_drop_within_it_moves_the_row(documents: DocumentList) -> None:
    documents.add_paths([Path("/A"), Path("/B"), Path("/C")])
    assert documents.moveRows(QModelIndex(), 0, 1, QModelIndex(), 3)
    assert names(documents) == ["B", "C", "A"]
    assert not documents.moveRows(QModelIndex(), 1, 1, QModelIndex(), 1)


def test_undo_brings_back_what_was_removed_last_and_then_what_before(documents: DocumentList) -> None:
    documents.add_paths([Path("/A"), Path("/B"), Path("/C"), Path("/D")])
    documents.remove([1])
    documents.remove([0, 2])
    assert names(documents) == ["C"]
    documents.undo()
    assert names(documents) == ["A", "C", "D"]
    documents.undo()
    assert names(documents) == ["A", "B", "C", "D"]
    documents.undo()
    assert documents.undo_count == 0


def test_a_folder_gives_way_to_what_was_found_in_it(documents: DocumentList, tmp_path: Path) -> None:
    (folder,) = documents.add_paths([tmp_path])
    documents.add_paths([Path("/last")])
    documents.put_before(folder.document_id, of_run("a.txt"))
    documents.put_before(folder.document_id, of_run("b.txt", "last"))
    documents.drop(folder.document_id)
    assert names(documents) == ["a.txt", "b.txt", "last (2)", "last"]
    assert all(document.is_usable for document in documents.documents[:3])
    documents.put_before(folder.document_id, of_run("c.txt"))
    assert len(documents.documents) == 4


def test_what_comes_back_takes_another_name_where_its_own_was_given_away(documents: DocumentList) -> None:
    first, _ = documents.add_paths([Path("/a/x.txt"), Path("/b/folder")])
    documents.remove([0])
    documents.put_before(documents.documents[0].document_id, of_run("x.txt"))
    documents.undo()
    assert names(documents) == ["x.txt (2)", "x.txt", "folder"]
    assert documents.documents[0].document_id == first.document_id


Act = tuple[str, int, int]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(["add", "remove", "move", "undo", "update", "find"]), st.integers(0, 5), st.integers(0, 5))))
def test_the_list_is_a_sound_model_whatever_is_done(qapp: QApplication, acts: list[Act]) -> None:
    documents = DocumentList()
    tester = QAbstractItemModelTester(documents, QAbstractItemModelTester.FailureReportingMode.Warning)
    for number, (act, row, to) in enumerate(acts):
        if act == "add":
            documents.add_paths([Path(f"/{number}")])
        elif act == "remove":
            documents.remove([row, to])
        elif act == "move":
            documents.move(row, to)
        elif act == "undo":
            documents.undo()
        elif documents.documents and act == "find":
            documents.put_before(documents.documents[row % len(documents.documents)].document_id, of_run("x", "x"))
        elif documents.documents:
            documents.update(documents.documents[row % len(documents.documents)].document_id, state="reading", share=0.5)
        ids = [document.document_id for document in documents.documents]
        assert len(set(ids)) == len(ids) and len(set(names(documents))) == len(ids)
    tester.deleteLater()
    documents.deleteLater()


def of_run(*names: str) -> list[DocumentRead]:
    return [DocumentRead(name=name, text_sha256="0" * 64, chars=5, reader="text/1", path="/etc/shadow") for name in names]


def test_a_run_brings_its_documents_and_takes_them_with_it(documents: DocumentList) -> None:
    documents.show_those_of_run(of_run("a.txt", "b.txt"))
    assert names(documents) == ["a.txt", "b.txt"]
    documents.show_those_of_run(of_run("c.txt"))
    assert names(documents) == ["c.txt"]
    documents.show_those_of_run([])
    assert names(documents) == []


def test_the_place_that_a_trace_names_is_not_asked_for_again(documents: DocumentList) -> None:
    documents.show_those_of_run(of_run("a.txt"))
    choice = documents.documents[0].choice()
    assert choice.path is None
    assert choice.read is not None
    assert choice.read.path is None


def test_a_person_s_own_documents_take_the_place_of_a_run_s_and_are_never_replaced(documents: DocumentList, tmp_path: Path) -> None:
    documents.show_those_of_run(of_run("a.txt"))
    documents.add_paths([tmp_path / "mine.txt"])
    assert names(documents) == ["mine.txt"]
    documents.show_those_of_run(of_run("b.txt"))
    assert names(documents) == ["mine.txt"]


def test_the_documents_of_a_run_that_was_started_again_stay(documents: DocumentList) -> None:
    documents.show_those_of_run(of_run("a.txt"))
    documents.keep_all()
    documents.show_those_of_run(of_run("b.txt"))
    assert names(documents) == ["a.txt"]
