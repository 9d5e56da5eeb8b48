"""What can be done with a key: test it, cancel that, remove it; and the sentence that says how it went."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.theme import Themes


def _tr(words: str) -> str:
    return QCoreApplication.translate("KeyActs", words)


class KeyActs(QWidget):
    """Nothing is asked of a server but by a press of a button here. `question_asked`: one question to the model, which costs something."""

    test_asked = Signal()
    question_asked = Signal()
    cancel_asked = Signal()
    remove_asked = Signal()

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = themes.current
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space("s"), 0, 0)
        column.setSpacing(t.px(6))
        row = QHBoxLayout()
        row.setSpacing(t.space("m"))
        self.test = QPushButton(_tr("Test this key"), self)
        self.question = QPushButton(_tr("Ask the model one word"), self)
        self.cancel = QPushButton(_tr("Cancel"), self)
        self.remove = QPushButton(_tr("Remove the key"), self)
        self.remove.setProperty("role", "danger")
        for button, signal in (
            (self.test, self.test_asked),
            (self.question, self.question_asked),
            (self.cancel, self.cancel_asked),
            (self.remove, self.remove_asked),
        ):
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self.told = Words(themes, size="small", wraps=True)
        column.addWidget(self.told)
        self.clear()

    def clear(self) -> None:
        """Say nothing, as of another key."""
        self.tell("")
        self.question.hide()
        self.cancel.hide()

    def allow(self, *, can_test: bool, can_remove: bool, is_testing: bool) -> None:
        self.test.setEnabled(can_test)
        self.question.setEnabled(can_test)
        self.cancel.setVisible(is_testing)
        self.remove.setVisible(can_remove)
        self.remove.setEnabled(can_test)

    def tell(self, words: str, *, is_bad: bool = False) -> None:
        self.told.set_role("fail_text" if is_bad else "text_2")
        self.told.setText(words)
        self.told.setVisible(bool(words))

    def offer_question(self, about: str, *, model: str) -> None:
        """Say that only a question to the model would tell, and what that costs; it is asked when the person presses the button."""
        costs = _tr("One question to {0} would: about 30 tokens at its price, more where it thinks first.").format(model or _tr("a model"))
        self.tell(f"{about} {costs}")
        self.question.show()
