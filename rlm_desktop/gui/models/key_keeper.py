"""What becomes of the key in the form: it is tested when the person wants that, and removed from where it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from rlm_desktop.gui.models.model_form import ModelForm
from rlm_desktop.gui.models.model_list import ModelList
from rlm_desktop.gui.models.models_process import ModelsProcess, Reply
from rlm_desktop.gui.settings import ModelCard


class Start(Protocol):
    """Starts a process and calls `then` with its reply; does nothing while another runs."""

    def __call__(self, ask: Callable[[ModelsProcess], None], then: Callable[[Reply], None], *, is_told: bool = True) -> None: ...


class KeyKeeper(QObject):
    """`card` returns the model that is shown, as it is saved; `shown_again` shows it anew; `cancel_asked` ends what was started."""

    cancel_asked = Signal()

    def __init__(
        self,
        form: ModelForm,
        models: ModelList,
        *,
        start: Start,
        card: Callable[[], ModelCard],
        shown_again: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._form, self._models, self._start, self._card, self._shown_again = form, models, start, card, shown_again
        self._acts = form.key_field.acts
        self._is_testing = self._is_cancelled = False
        self._is_free = True
        self._acts.test_asked.connect(lambda: self._test(lambda process: process.test_key(form.choice())))
        self._acts.question_asked.connect(lambda: self._test(lambda process: process.test(form.choice())))
        self._acts.cancel_asked.connect(self._cancel)
        self._acts.remove_asked.connect(self._remove)
        form.key_field.key_from.chosen.connect(lambda: self.allow(is_free=self._is_free))

    def allow(self, *, is_free: bool) -> None:
        """Allow what can be done now; `is_free`: no process runs."""
        self._is_free = is_free
        card = self._card()
        self._acts.allow(
            can_test=is_free and self._form.key_field.kind != "none",
            can_remove=bool(card.key_stored_as or self._models.typed_key(card.card_id)),
            is_testing=self._is_testing and not is_free,
        )

    def _test(self, ask: Callable[[ModelsProcess], None]) -> None:
        self._acts.clear()
        if problem := self._form.missing():
            self._acts.tell(problem, is_bad=True)
            return
        self._is_testing, self._is_cancelled = True, False
        asked = self._shown()
        self._acts.tell(self.tr("Asking…"))
        self._start(ask, lambda reply: self._tested(asked, reply), is_told=False)

    def _cancel(self) -> None:
        self._is_cancelled = True
        self.cancel_asked.emit()

    def _tested(self, asked: tuple[str, str], reply: Reply) -> None:
        self._is_testing = False
        if asked != self._shown():
            return
        if self._is_cancelled:
            self._acts.tell(self.tr("Cancelled. Whether the key works is not known."))
        elif reply.has_no_list:
            self._acts.offer_question(reply.message or "", model=self._form.name.text().strip())
        else:
            self._acts.tell(reply.error or reply.message or "", is_bad=reply.error is not None)

    def _shown(self) -> tuple[str, str]:
        return self._card().card_id, self._form.server.base_url

    def _remove(self) -> None:
        """Take the key out of the key store, or forget the one that was typed; the model stays, without a key."""
        card = self._card()
        if card.key_stored_as:
            self._acts.tell(self.tr("Asking…"))
            self._start(lambda process: process.delete_key(card.key_stored_as), lambda reply: self._removed(card, reply), is_told=False)
        else:
            self._models.set_typed_key(card.card_id, "")
            self._removed(card, Reply(message=self.tr("The key is forgotten.")))

    def _removed(self, card: ModelCard, reply: Reply) -> None:
        is_shown = self._card().card_id == card.card_id
        if reply.error is None:
            self._models.put(msgspec.structs.replace(card, key_from="none", key_stored_as=""))
            if is_shown:
                self._shown_again()
        if is_shown:
            self._acts.tell(reply.error or reply.message or "", is_bad=reply.error is not None)
