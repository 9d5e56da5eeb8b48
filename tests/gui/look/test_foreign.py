"""A name that looks like HTML is shown as the name it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.documents.document_list import DocumentList
from rlm_desktop.gui.look.foreign import plain_tip

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
