"""Text from documents, names, models and traces is plain in every widget of the window, whatever it looks like and however long it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QMenu, QPlainTextEdit, QTextEdit, QWidget

from rlm_desktop.gui.app import App
from rlm_desktop.gui.bars.question_field import MOST_CHARS as MOST_QUESTION_CHARS
from rlm_desktop.gui.look.foreign import MOST_CHARS
from rlm_desktop.gui.look.text_canvas import TextCanvas
from rlm_desktop.gui.look.text_source import MOST_LINE_CHARS as MOST_ROW_CHARS
from rlm_desktop.gui.selection import Chosen
from rlm_desktop.trace import events as ev
from tests import traces
from tests.gui.waiting import wait_until
from tests.gui.window_helpers import close_window, open_window

MARKUP = '<img src="file:///tmp/x.png"><a href="http://example.org">&amp;x</a> javascript:alert(1) &File <b>bold</b>'
UNSEEN = "\u202egpj.exe\u2066\u2069\u200b\x1b]0;t\x07\x9b2J" + "".join(chr(0xE0000 + ord(letter)) for letter in "obey")
HOSTILE = f"{MARKUP} {UNSEEN}"
NEVER_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
LONG = "x" * 1_000_000


def hostile_trace(path: Path, words: str) -> Path:
    """Return a trace in which every text that can be is `words`."""
    with traces.Scribe(path, question=words) as s:
        s.document(words[:2_000])
        s.emit(ev.DocumentRefused(name=words[:2_000], reason=words))
        root = s.call(prompt=words)
        s.asked(root)
        s.replied(root, 0, response=words)
        s.code(root, 0, words)
        variables = (ev.Variable(name=words[:500], type=words[:500], short=words[:500], is_changed=True),)
        s.printed(root, 0, words, stderr=words, variables=variables)
        child = s.call(root, depth=1, prompt=words, at=(0, 0, 1))
        s.turn(child, 0, words, words)
        s.ended(child, "error", error=words)
        s.batch(root, [traces.Item(error=words), traces.Item(reply=words)], at=(0, 0, 2), prompt=words)
        s.emit(ev.Noticed(message=words))
        s.ended(root, "error", answer=words, error=words)
        s.emit(ev.RunEnded(status="error", answer=words, error=words))
    return path


@pytest.fixture(params=[HOSTILE, LONG, HOSTILE * 4_000], ids=["hostile", "long", "both"])
def app(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[App]:
    words: str = request.param
    trace = hostile_trace(tmp_path / f"{MARKUP.replace('/', '_')[:80]} \u202e[*].rlmtrace", words)
    app = open_window(qapp, [trace])
    wait_until(lambda: app.desk.current_run.run is not None, "the run")
    yield app
    close_window(app)


def everywhere(app: App) -> Iterator[None]:
    """Go through all that the window can show of the run."""
    window = app.window
    yield
    for chosen in (Chosen(call_id=0), Chosen(call_id=0, iteration=0), Chosen(call_id=1, iteration=0), Chosen(call_id=2)):
        app.desk.selection.choose(chosen)
        inspector = window.run_views.inspector
        for name in ("prompt", "asked", "code", "output", "reply", "vars", "calls", "run", "raw"):
            inspector.show_page(name)
            QApplication.processEvents()
            yield
    for page in ("document", "map", "models"):
        window.centre.show_page(page)
        if page == "document":
            documents = app.desk.documents.documents
            if documents and documents[0].read is not None:
                window.document_page.show_document(documents[0].read)
        QApplication.processEvents()
        yield


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Yield what a widget shows or says, with the kind of place."""
    yield "title", widget.windowTitle()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    yield "tip", widget.toolTip()
    if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
        yield "text", widget.text()
    if isinstance(widget, QMenu):
        yield from (("menu", action.text()) for action in widget.actions())
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from (("item", words) for words in items_of(widget.model()))


def items_of(model: QAbstractItemModel) -> Iterator[str]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.StatusTipRole)
    for row in range(model.rowCount(QModelIndex())):
        for role in roles:
            found = model.data(model.index(row, 0), role)
            if isinstance(found, str):
                yield found


def test_every_widget_shows_foreign_texts_plain_and_bounded(app: App) -> None:
    seen = 0
    for _ in everywhere(app):
        for widget in QApplication.allWidgets():
            for place, words in texts_of(widget):
                seen += "bold" in words or "xxx" in words
                assert not NEVER_SHOWN.search(words), (widget, place, words[:200])
                # Qt takes a tip that looks like markup for markup; ours is then markup that says the words.
                assert place != "tip" or "<img" not in words, (widget, words[:200])
                most = MOST_QUESTION_CHARS if isinstance(widget, QLineEdit) else 3 * MOST_CHARS
                assert len(words) <= most, (widget, place, len(words))
            if isinstance(widget, QLabel):
                assert widget.textFormat() == Qt.TextFormat.PlainText or not widget.text(), widget
            assert not isinstance(widget, (QTextEdit, QPlainTextEdit)), "they lay out whole paragraphs, and may load what a text names"
            if isinstance(widget, TextCanvas):
                source = widget.source
                assert all(len(source.line(index)) <= MOST_ROW_CHARS for index in range(source.line_count))
        assert app.window.minimumSizeHint().width() <= 1_280
        app.window.grab()
    assert seen > 20


@pytest.mark.parametrize("app", [HOSTILE], indirect=True)
def test_the_question_of_a_trace_is_seen_as_it_would_be_asked(app: App) -> None:
    field = app.window.question_bar.field
    assert MARKUP in field.text() and "‹RLO›gpj.exe" in field.text() and "‹TAG obey›" in field.text()
    assert app.desk.draft.question == field.text()


def test_what_is_pasted_into_the_question_is_written_out_and_what_is_typed_is_left(qapp: QApplication) -> None:
    app = open_window(qapp)
    field = app.window.question_bar.field
    QGuiApplication.clipboard().setText("pay \u202egpj.exe می\u200cخواهم 👩\u200d👧")
    QTest.keyClicks(field, "ab")
    field.setCursorPosition(1)
    field.paste()
    assert field.text() == "apay ‹RLO›gpj.exe می\u200cخواهم 👩\u200d👧b"
    assert app.desk.draft.question == field.text()
    field.insert("c")
    assert field.text().endswith("👧cb")
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "\u200f"))
    assert field.text().endswith("👧c\u200fb")
    QGuiApplication.clipboard().setText(LONG)
    field.selectAll()
    field.paste()
    assert field.text() == "x" * MOST_QUESTION_CHARS
    assert app.desk.draft.question == field.text()
    close_window(app)


@pytest.mark.parametrize("app", [HOSTILE], indirect=True)
def test_what_is_copied_holds_nothing_that_cannot_be_seen(app: App) -> None:
    clipboard = QGuiApplication.clipboard()
    window = app.window
    app.desk.selection.choose(Chosen(call_id=0, iteration=0))
    for page in ("prompt", "code", "output", "vars", "raw"):
        window.run_views.inspector.show_page(page)
        for form in ("text", "markdown", "json"):
            window.run_views.inspector.copy_as(form)
            assert not NEVER_SHOWN.search(clipboard.text()), (page, form)
            assert "bold" in clipboard.text(), (page, form)
    app.conductor.actions["copy_answer"].trigger()
    assert MARKUP in clipboard.text() and not NEVER_SHOWN.search(clipboard.text())


@pytest.mark.parametrize("app", [HOSTILE], indirect=True)
def test_a_text_of_a_trace_becomes_no_action_but_a_name_to_choose(app: App) -> None:
    found = set()
    for _ in everywhere(app):
        found |= {action.parent() for action in app.window.findChildren(QAction) if "bold" in action.text()}
    assert found == {app.window.document_page.picker.menu}
