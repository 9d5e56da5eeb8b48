"""A document in the window: its text, its outline, the quoted range, and words found in it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.gui.documents.document_view import DocumentView
from rlm_desktop.gui.documents.left_out_text import left_out_text
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.paths import texts_folder
from rlm_desktop.trace.events import DocumentRead, Heading, LeftOut
from tests.gui.waiting import wait_until

Shown = Callable[[QWidget], QWidget]
CLAUSES = [f"{i} Clause\nText of clause {i}, in which the Charges are capped.\n\n" for i in range(2_000)]
TEXT = "".join(CLAUSES)


@pytest.fixture
def view(qapp: QApplication, themes: Themes, shown: Shown) -> DocumentView:
    made = DocumentView(themes)
    made.resize(828, 500)
    shown(made)
    return made


def stored(text: str, *, name: str = "msa.txt") -> DocumentRead:
    found = TextStore(texts_folder()).put_text(text)
    outline = tuple(Heading(level=1 + i % 2, title=f"{i} Clause", at=text.find(f"{i} Clause\n")) for i in range(0, 40, 2))
    return DocumentRead(name=name, text_sha256=found.sha256, chars=found.chars, reader="text/1", encoding="utf-8", outline=outline)


def in_view(view: DocumentView, char: int) -> bool:
    view.grab()
    return view.view.source.line_at(char) in view.view.painted


def test_a_document_opens_at_its_start_with_its_outline(view: DocumentView) -> None:
    view.show_document(stored(TEXT))
    assert in_view(view, 0)
    assert view.title.text() == "msa.txt"
    assert f"{len(TEXT):,} characters" in view.note.text()
    assert view.outline.isVisible()
    at = view.outline.visualRect(view.outline.outline.index(5)).center()
    QTest.mouseClick(view.outline.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert in_view(view, TEXT.index("10 Clause\n"))


def test_a_quoted_range_is_brought_into_view(view: DocumentView) -> None:
    at = TEXT.index("Text of clause 1500")
    view.show_document(stored(TEXT), start=at, end=at + 19)
    assert in_view(view, at)


def test_a_range_at_the_end_of_a_large_text_is_gone_to_when_it_is_known(view: DocumentView) -> None:
    text = "A line of a large text, of which there are very many.\n" * 600_000 + "The last line.\n"
    view.show_document(stored(text), start=len(text) - 15, end=len(text) - 1)
    wait_until(lambda: in_view(view, len(text) - 10), "the end")


def test_words_are_found_further_on_and_back_whatever_their_case(view: DocumentView) -> None:
    view.show_document(stored(TEXT))
    QTest.keyClick(view.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert view.field.hasFocus()
    QTest.keyClicks(view.field, "CLAUSE 1999, in")
    QTest.keyClick(view.field, Qt.Key.Key_Return)
    there = TEXT.index("clause 1999, in")
    wait_until(lambda: "found at" in view.note.text())
    assert in_view(view, there)
    view.field.setText("clause 12,")
    view.find_next(is_backwards=True)
    wait_until(lambda: f"{TEXT.index('clause 12,'):,}" in view.note.text())
    view.field.setText("not in there")
    view.find_next()
    wait_until(lambda: "not found" in view.note.text())


def test_a_text_that_is_not_here_is_said_in_a_sentence(view: DocumentView) -> None:
    view.show_document(DocumentRead(name="gone.pdf", text_sha256="0" * 64, chars=9, reader="text/1"))
    assert "not on this computer" in view.nothing.text()
    view.show_document(DocumentRead(name="<b>odd</b>", text_sha256="../../etc/passwd", chars=9, reader="text/1"))
    assert "does not name a text" in view.nothing.text()
    view.show_document(stored(TEXT))
    assert view.view.isVisible()


def test_an_empty_document_is_shown_as_such(view: DocumentView) -> None:
    view.show_document(stored(""))
    view.grab()
    assert view.view.source.char_count == 0
    assert not view.outline.outline.headings or view.outline.isVisible()


def test_the_head_says_kind_extent_and_notes_in_words(view: DocumentView) -> None:
    read = msgspec.structs.replace(stored(TEXT), reader="pdf/1", extent="12 pages", notes=("A picture was left out.", "Second."))
    view.show_document(read)
    assert view.note.text() == f"PDF document · 12 pages · {len(TEXT):,} characters · utf-8"
    assert view.notes.text() == "A picture was left out.\nSecond."
    assert view.notes.isVisible()
    view.show_document(stored("another text"))
    assert not view.notes.isVisible()


def test_a_list_of_what_was_left_out_takes_the_place_of_a_text(view: DocumentView) -> None:
    view.show_document(stored(TEXT))
    left_out = [
        LeftOut(name=name, reason=reason) for name, reason in (("b.png", "a PNG image"), ("a.png", "a PNG image"), (".env", "hidden"))
    ]
    view.show_list("Left out of project", "1,003", left_out_text(left_out, 1_003))
    assert view.view.source.text(0, 1_000) == (
        "a PNG image · 2\n    b.png\n    a.png\n\nhidden · 1\n    .env\n\nand 1,000 more, which are not listed"
    )
    assert not view.outline.isVisible()
    assert not view.field.isEnabled()
    view.show_document(stored(TEXT))
    assert view.outline.isVisible()
