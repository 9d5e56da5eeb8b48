"""Texts are made fit for a widget: bounded, all in sight, and never taken for markup."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QMenu

from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import MOST_CHARS, MOST_LINE_CHARS, breakable, in_line, in_lines, in_menu, in_title, plain_tip
from rlm_desktop.gui.look.paint import text_width
from rlm_desktop.gui.look.plain_delegate import PlainDelegate
from rlm_desktop.gui.look.text_view import TextView
from rlm_desktop.gui.look.theme import Themes

HOSTILE = '<img src="http://example.org/x.png"> & <b>bold</b>.txt'


def test_words_that_look_like_html_come_out_as_they_are() -> None:
    assert QTextDocumentFragment.fromHtml(plain_tip(HOSTILE)).toPlainText() == HOSTILE
    assert plain_tip("a < b\nand on") == "a < b\nand on"


def test_a_document_named_like_html_has_a_plain_tip(qapp: QApplication) -> None:
    documents = DocumentList()
    documents.add_paths([Path("/") / HOSTILE.replace("/", "_")])
    tip = documents.data(documents.index(0), Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip and "&lt;img" in tip
    documents.deleteLater()


def test_a_long_line_keeps_its_beginning_and_its_end() -> None:
    shown = in_line("a" * 1_000_000 + ".txt")
    assert len(shown) == MOST_LINE_CHARS + 1
    assert shown.startswith("aaa") and shown.endswith("a.txt")


def test_what_breaks_a_line_is_written_out_where_there_is_one() -> None:
    assert in_line("name\n\u202efdp.exe") == "name‹LF›‹RLO›fdp.exe"
    assert in_line("دوح می\u200cخواهم") == "دوح می\u200cخواهم"


def test_several_lines_are_bounded_in_length_and_number() -> None:
    assert in_lines("a\n" * 1_000).count("\n") == 40
    assert len(in_lines("a" * 1_000_000)) == MOST_CHARS + 1


def test_a_word_without_end_does_not_make_a_label_as_wide(themes: Themes) -> None:
    assert breakable("short words stay as they are") == "short words stay as they are"
    for wraps in (True, False):
        label = Words(themes, "x" * 100_000, wraps=wraps)
        assert label.minimumSizeHint().width() <= 600
        label.deleteLater()


def test_an_ampersand_marks_no_key_and_a_tab_no_column() -> None:
    assert in_menu("R&D\tCtrl+Q") == "R&&D‹TAB›Ctrl+Q"


def test_a_title_keeps_what_qt_would_replace() -> None:
    assert in_title("a[*]\u202eb") == "a[*][*]‹RLO›b"


def test_a_tip_is_broken_into_lines_and_bounded() -> None:
    tip = plain_tip("x" * 1_000_000)
    assert max(map(len, tip.split("\n"))) == 80
    assert len(tip) < 2 * MOST_CHARS


def test_what_is_measured_is_what_is_drawn(themes: Themes) -> None:
    font = themes.current.ui()
    assert text_width(font, "a\u202eb") == text_width(font, "a‹RLO›b")
    assert text_width(font, "x" * 1_000_000) < 100_000


def test_rows_that_qt_draws_are_plain_lines(qapp: QApplication) -> None:
    delegate = PlainDelegate()
    assert delegate.displayText("gpt\n\u202e5", QLocale()) == "gpt‹LF›‹RLO›5"
    delegate.deleteLater()


def test_a_copy_with_what_cannot_be_seen_is_to_be_asked_for(themes: Themes) -> None:
    view = TextView(themes)

    def offered(words: str) -> list[str]:
        view.set_text(words)
        view.select_all()
        view.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(), QPoint()))
        menu = view.findChildren(QMenu)[-1]
        for action in menu.actions():
            if action.text().startswith("Copy with"):
                action.trigger()
        found = [action.text() for action in menu.actions()]
        menu.close()
        return found

    assert offered("plain") == ["Copy", "Select all"]
    assert offered("a\x1b[31m") == ["Copy", "Copy with what cannot be seen", "Select all"]
    assert QGuiApplication.clipboard().text() == "a\x1b[31m"
    view.copy()
    assert QGuiApplication.clipboard().text() == "a‹ESC›[31m"
    view.deleteLater()
