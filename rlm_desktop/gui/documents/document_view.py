"""One document's text as the model gets it: its outline at the side, the quoted range marked, words to be found in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from rlm_desktop.errors import UserError
from rlm_desktop.gui.documents.outline_list import OutlineList
from rlm_desktop.gui.documents.stored_text import StoredText
from rlm_desktop.gui.look.button import IconButton
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import plain_tip
from rlm_desktop.gui.look.text_view import TextView
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.page import Ground
from rlm_desktop.paths import texts_folder
from rlm_desktop.present import numbers
from rlm_desktop.present.first_lines import one_line
from rlm_desktop.trace.document_kinds import kind_in_words
from rlm_desktop.trace.events import DocumentRead
from rlm_desktop.trace.texts import TextReader

LOOK_MS = 15
BLOCKS_A_LOOK = 12


class Rule(QWidget):
    """A hairline from side to side."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.fillRect(self.rect(), self._themes.current.c("hair"))
        p.end()


class DocumentView(Ground):
    """Shows one document at a time; the text is read from the text store as it comes into view."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent=parent)
        self._themes = themes
        self.setAccessibleName(self.tr("Document"))
        self._read: DocumentRead | None = None
        self._source: StoredText | None = None
        self._aim: tuple[int, int] | None = None
        self._search: Iterator[int | None] = iter(())
        self._found: int | None = None
        self.title = Words(themes, size="body", weight="strong")
        self.note = Words(themes, size="caption", role="text_3")
        self.notes = Words(themes, size="small", role="text_2", wraps=True)
        """What of the document is not in the text, or was done to it."""
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find in the text"))
        self.field.setAccessibleName(self.tr("Find in the text"))
        self.field.setClearButtonEnabled(True)
        self.field.returnPressed.connect(self.find_next)
        self.before = IconButton(themes, "chevron-up", self.tr("The place before (Shift+F3)"), parent=self)
        self.after = IconButton(themes, "chevron-down", self.tr("The next place (F3)"), parent=self)
        self.before.clicked.connect(lambda: self.find_next(is_backwards=True))
        self.after.clicked.connect(self.find_next)
        self.view = TextView(themes, face="reading")
        self.view.set_numbers(True)
        self.view.setAccessibleName(self.tr("Text of the document"))
        self.outline = OutlineList(themes)
        self.outline.heading_chosen.connect(lambda at: self._go_to(at, at))
        self.nothing = Words(themes, role="text_3", wraps=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sides = QSplitter(Qt.Orientation.Horizontal)
        self._sides.setHandleWidth(1)
        self._sides.setChildrenCollapsible(False)
        self._sides.addWidget(self.outline)
        self._sides.addWidget(self.view)
        self._sides.setStretchFactor(1, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self._sides)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self.note, 1)
        self._head.addWidget(self.field)
        self._head.addWidget(self.before)
        self._head.addWidget(self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self.notes)
        column.addWidget(Rule(themes))
        column.addWidget(self._stack, 1)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.Find), self._to_field),
            (QKeySequence(Qt.Key.Key_F3), self.find_next),
            (QKeySequence(Qt.Modifier.SHIFT | Qt.Key.Key_F3), lambda: self.find_next(is_backwards=True)),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._measure()
        self.show_nothing()

    @property
    def document(self) -> DocumentRead | None:
        """The document in view."""
        return self._read

    def show_nothing(self) -> None:
        """Show no document."""
        self._let_go()
        self._read = None
        self._say(self.tr("No document is open"), self.tr("Choose a document in the list at the left, or a quote in the answer."))

    def show_document(self, read: DocumentRead, *, start: int | None = None, end: int | None = None) -> None:
        """Show a document's text from its start, or a range of it, marked."""
        if self._read is None or read.text_sha256 != self._read.text_sha256 or self._source is None:
            self._open(read)
        if self._source is not None and start is not None:
            self._go_to(start, end if end is not None else start)

    def show_list(self, title: str, note: str, text: str) -> None:
        """Show a text of the window's own in the place of a document."""
        self._let_go()
        self._read = None
        self.title.setText(one_line(title))
        self.title.setToolTip("")
        self.note.setText(note)
        self.view.set_text(text)
        self.outline.setVisible(False)
        self._tell_notes(())
        self._stack.setCurrentWidget(self._sides)
        self._allow()

    def say(self, title: str, words: str) -> None:
        """Show a sentence in the place of a text."""
        self._let_go()
        self._read = None
        self._say(one_line(title), words)

    def find_next(self, *, is_backwards: bool = False) -> None:
        """Go to the next place that holds the words of the field, beginning after the last one found."""
        words = self.field.text()
        if self._source is None or not words:
            self._to_field()
            return
        at = self._found if self._found is not None else self.view.source.line_start(self.view.painted.start)
        start = at if is_backwards else at + (1 if self._found is not None else 0)
        self._search = self._source.find(words, start, is_backwards=is_backwards)
        self._aim = None
        self._looking.start()

    def sizeHint(self) -> QSize:
        t = self._themes.current
        return QSize(t.px(720), t.px(480))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.field.hasFocus():
            self.view.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measure()
        super().changeEvent(event)

    def _open(self, read: DocumentRead) -> None:
        self._let_go()
        self._read = read
        title = one_line(read.name)
        try:
            self._source = StoredText(TextReader(texts_folder()).path_of(read.text_sha256), read.chars)
        except OSError:
            why = self.tr("Its text is not on this computer. Add the document again to see what the model read.")
            self._say(title, why)
            return
        except UserError as error:
            self._say(title, str(error))
            return
        self.title.setText(title)
        self.title.setToolTip(plain_tip(read.path or read.name))
        self.view.set_source(self._source)
        self.outline.outline.show(read.outline)
        self.outline.setVisible(bool(read.outline))
        self._tell_notes(read.notes)
        self._stack.setCurrentWidget(self._sides)
        # So that Ctrl+F, F3 and the arrows are the text's.
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._allow()
        self._show_note()

    def _say(self, title: str, words: str) -> None:
        self.title.setText(title)
        self.note.setText("")
        self._tell_notes(())
        self.nothing.setText(words)
        self._stack.setCurrentWidget(self.nothing)
        self._allow()

    def _tell_notes(self, notes: Sequence[str]) -> None:
        self.notes.setText("\n".join(map(one_line, notes)))
        self.notes.setVisible(bool(notes))

    def _let_go(self) -> None:
        self._looking.stop()
        self._found = self._aim = None
        if self._source is not None:
            self.view.set_text("")
            self._source.close()
            self._source = None

    def _allow(self) -> None:
        for widget in (self.field, self.before, self.after):
            widget.setEnabled(self._source is not None)

    def _go_to(self, start: int, end: int) -> None:
        """Go to a range as soon as the text is known so far."""
        self._search = iter(())
        self._aim = (start, end)
        self._look()
        if self._aim is not None:
            self._looking.start()

    def _look(self) -> None:
        """Go on with what is looked for; lines are read meanwhile by the view."""
        source = self._source
        if source is None:
            self._looking.stop()
            return
        if self._aim is not None:
            if source.known_chars <= self._aim[1] and not source.is_whole:
                self._show_note(
                    self.tr("looking for the place, {0}").format(numbers.percent(source.known_chars / max(1, source.char_count)))
                )
                return
            start, end = self._aim
            self._aim = None
            self._looking.stop()
            self.view.scroll_to(min(start, source.char_count), min(end, source.char_count))
            self._show_note()
            return
        for _ in range(BLOCKS_A_LOOK):
            found = next(self._search, -1)
            if found is None:
                continue
            self._looking.stop()
            if found < 0:
                self._found = None
                self._show_note(self.tr("not found further on"))
            else:
                self._found = found
                self.view.scroll_to(found, found + len(self.field.text()))
                self._show_note(self.tr("found at character {0}").format(numbers.count(found)))
            return
        self._show_note(self.tr("searching"))

    def _show_note(self, doing: str = "") -> None:
        if self._read is None:
            return
        characters = self.tr("{0} characters").format(numbers.count(self._read.chars))
        parts = [kind_in_words(self._read), one_line(self._read.extent or ""), characters, self._read.encoding or "", doing]
        self.note.setText(" · ".join(filter(None, parts)))

    def _to_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _measure(self) -> None:
        t = self._themes.current
        self._head.setContentsMargins(t.space("xl"), t.px(6), t.space("l"), t.px(6))
        self._head.setSpacing(t.px(6))
        self.notes.setContentsMargins(t.space("xl"), 0, t.space("l"), t.px(6))
        self.field.setFixedWidth(t.px(200))
        self.outline.setMinimumWidth(t.px(120))
        self._sides.setSizes([t.px(200), t.px(600)])
