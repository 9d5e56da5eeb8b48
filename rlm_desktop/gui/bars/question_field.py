"""The field for the question. What is put into it at once, by a trace or by pasting, is seen as it will be asked."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from rlm_desktop.gui.look.foreign import plain_tip
from rlm_desktop.trace.invisible import written_out

MOST_CHARS = 10_000
"""A field lays out its one line anew at every key: 20 ms for these, and a second for a book."""


def question_words(question: str) -> str:
    """Return a question as the field holds it: all of it in sight, and of a very long one the beginning."""
    seen = written_out(question[:MOST_CHARS])
    return seen if len(seen) <= MOST_CHARS and len(question) <= MOST_CHARS else seen[: MOST_CHARS - 1] + "…"


class QuestionField(QLineEdit):
    """Marks that a person types are left to them; those that come with other text are written out, and stay so when it is asked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        # In the units of UTF-16, two of which make an emoji; and one more, so that too long a text can be told from one that just fits.
        self.setMaxLength(2 * MOST_CHARS + 1)
        self._chars_before = 0
        self.textEdited.connect(self._look)
        self.textChanged.connect(self._remember)

    def _look(self, words: str) -> None:
        if len(words) - self._chars_before == 1 and len(words) <= MOST_CHARS:
            return
        seen = written_out(words[:MOST_CHARS])[:MOST_CHARS]
        if seen != words:
            from_end = _units(words) - self.cursorPosition()
            self.setText(seen)
            self.setCursorPosition(max(0, _units(seen) - from_end))
        if len(words) > MOST_CHARS:
            told = self.tr("A question has at most {0} characters; the rest is left out. Add a longer text as a document.")
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), plain_tip(told.format(f"{MOST_CHARS:,}")), self)

    def _remember(self) -> None:
        self._chars_before = len(self.text())


def _units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
