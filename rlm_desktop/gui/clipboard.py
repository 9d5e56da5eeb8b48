"""What is copied from the window: the words as they were seen, so that nothing hidden is pasted elsewhere."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from rlm_desktop.trace.invisible import written_out


def copy_words(words: str) -> None:
    """Put a text on the clipboard with all that cannot be seen written out.

    A terminal obeys the controls in what is pasted, a mark that turns the order makes other words of it, and a model reads what is hidden.
    """
    QGuiApplication.clipboard().setText(written_out(words))


def copy_as_it_is(words: str) -> None:
    """Put a text on the clipboard character by character, when a person asks for just that."""
    QGuiApplication.clipboard().setText(words)
