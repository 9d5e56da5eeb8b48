"""The models page: the built-in model, those the person entered, what runs on this computer, and a form for one model."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QScrollArea, QVBoxLayout, QWidget

from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.plain_delegate import PlainDelegate
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.found_servers import FoundServers
from rlm_desktop.gui.models.key_keeper import KeyKeeper
from rlm_desktop.gui.models.model_form import ModelForm
from rlm_desktop.gui.models.model_list import BUILTIN_ID, ModelList
from rlm_desktop.gui.models.models_process import ModelsProcess, Reply
from rlm_desktop.gui.page import Ground
from rlm_desktop.gui.settings import ModelCard
from rlm_desktop.redact import LIVE
from rlm_desktop.servers.providers import FoundServer, providers

LIST_PX = 200


class ModelsForm(Ground):
    """`use_wanted` carries the id of a model that the person wants as the root model from now on."""

    use_wanted = Signal(str)

    def __init__(
        self, models: ModelList, themes: Themes, *, make_process: Callable[[], ModelsProcess] = ModelsProcess, parent: QWidget | None = None
    ) -> None:
        super().__init__(themes, parent=parent)
        self._models, self._make_process = models, make_process
        self._card_id = BUILTIN_ID
        self._process: ModelsProcess | None = None
        self._row_px = themes.current.height("control")
        self._put_together(themes)
        self.keys = KeyKeeper(self.form, models, start=self._start, card=self._card, shown_again=self._fill, parent=self)
        self.list.currentItemChanged.connect(self._choose)
        self.save.clicked.connect(self._save)
        self.remove.clicked.connect(self._remove)
        self.test.clicked.connect(self._test)
        self.form.fetch.clicked.connect(self._fetch)
        self.add.clicked.connect(self._add)
        self.found.taken.connect(self._use)
        self.keys.cancel_asked.connect(lambda: self._process.cancel() if self._process is not None else None)
        models.changed.connect(self._fill_list)
        self._fill_list()
        self._fill()

    @property
    def is_asking(self) -> bool:
        return self._process is not None and self._process.is_running

    def abandon(self) -> None:
        """End the process: the window goes."""
        if self._process is not None:
            self._process.abandon()

    def _put_together(self, themes: Themes) -> None:
        t = themes.current
        outer = QHBoxLayout(self)
        outer.setContentsMargins(t.space("xxl"), t.space("m"), t.space("xxl"), t.space("xxl"))
        outer.setSpacing(t.space("xxl"))
        left = QVBoxLayout()
        self.list = QListWidget(self)
        self.list.setItemDelegate(PlainDelegate(self.list))
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setFixedWidth(t.px(LIST_PX))
        self.add = QPushButton(self.tr("Add a model"), self)
        left.addWidget(self.list, 1)
        left.addWidget(self.add)
        outer.addLayout(left)
        right = QVBoxLayout()
        right.setSpacing(t.px(4))
        outer.addLayout(right, 1)
        self.about = Words(themes, size="small", role="text_2", wraps=True)
        right.addWidget(self.about)
        right.addSpacing(t.space("l"))
        self.found = FoundServers(themes, make_process=self._make_process, parent=self)
        right.addWidget(self.found)
        self.form = ModelForm(themes, parent=self)
        right.addWidget(self.form)
        self._acts = QWidget(self)
        acts = QVBoxLayout(self._acts)
        acts.setContentsMargins(0, t.space("l"), 0, 0)
        buttons = QHBoxLayout()
        buttons.setSpacing(t.space("m"))
        self.save = QPushButton(self.tr("Save"), self)
        self.save.setProperty("role", "primary")
        self.test = QPushButton(self.tr("Test the model"), self)
        self.remove = QPushButton(self.tr("Remove the model"), self)
        self.remove.setProperty("role", "danger")
        for button in (self.save, self.test, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        acts.addLayout(buttons)
        right.addWidget(self._acts)
        self.result = Words(themes, size="small", wraps=True)
        right.addSpacing(t.space("m"))
        right.addWidget(self.result)
        right.addStretch(1)

    def _fill_list(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for card_id in (BUILTIN_ID, *(card.card_id for card in self._models.cards)):
            name = self._models.name(card_id)
            item = QListWidgetItem(name, self.list)
            item.setData(Qt.ItemDataRole.UserRole, card_id)
            item.setSizeHint(QSize(0, self._row_px))
            if card_id == self._card_id:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._card_id = str(item.data(Qt.ItemDataRole.UserRole))
            self._fill()

    def _add(self) -> None:
        self._start_card(ModelCard(card_id=uuid.uuid4().hex, name=""))
        self.form.server.picker.setFocus()

    def _start_card(self, card: ModelCard) -> None:
        """Show a card that is not saved yet."""
        self._card_id = card.card_id
        self.list.setCurrentIndex(QModelIndex())
        self._fill(card)
        if not card.base_url:
            self.form.key_field.set_provider(providers()[0], is_chosen=True)

    def _fill(self, unsaved: ModelCard | None = None) -> None:
        is_builtin = self._card_id == BUILTIN_ID
        for part, is_shown in ((self.form, not is_builtin), (self._acts, not is_builtin), (self.found, is_builtin)):
            part.setVisible(is_shown)
        self.about.setText(
            self.tr(
                "The built-in model searches, ranks and quotes sentences, in any script. It is not a language model: it answers what a "
                "text states, and says so when it finds nothing. It needs no key and no network, and costs nothing."
            )
            if is_builtin
            else self.tr("Any server that speaks the OpenAI protocol. Document text goes there when a run asks the model.")
        )
        self.form.show_card(unsaved or self._card(), typed_key=self._models.typed_key(self._card_id))
        self._allow()
        self.result.setText("")

    def _card(self) -> ModelCard:
        return self._models.card(self._card_id) or ModelCard(card_id=self._card_id, name="")

    def _use(self, server: FoundServer, name: str) -> None:
        """Take a model that was found on this computer as the root model; one that wants a key is shown in the form first."""
        known = next((card for card in self._models.cards if (card.base_url, card.name) == (server.base_url, name)), None)
        card = known or ModelCard(card_id=uuid.uuid4().hex, name=name, base_url=server.base_url, passes_on=server.passes_on)
        if server.needs_key:
            self._start_card(msgspec.structs.replace(card, key_from="key_store"))
            self.form.key_field.key.setFocus()
            return
        self._models.put(card)
        self.use_wanted.emit(card.card_id)
        self._tell(self.tr("{0} is the root model now. Another one for sub-calls is chosen above.").format(name))

    def _save(self) -> None:
        problem = self.form.missing()
        if not problem and not self.form.name.text().strip():
            problem = self.tr("Give the model's name as its server calls it.")
        if problem:
            self._tell(problem, is_bad=True)
            return
        card, typed = self.form.card(), self.form.key_field.typed
        stored_before = self._card().key_stored_as
        if card.key_from == "key_store" and typed:
            self._start(lambda process: process.store_key(card.key_stored_as, typed), lambda reply: self._stored(card, reply))
            return
        if card.key_from == "typed":
            self._models.set_typed_key(card.card_id, typed)
        self._models.put(card)
        self._fill()
        self._tell(self.tr("{0} is saved. Choose it above, as root model or for sub-calls.").format(card.name))
        if stored_before and not card.key_stored_as:
            # Nothing would name it any more, so nothing could remove it either.
            self._start(lambda process: process.delete_key(stored_before), self._told)

    def _stored(self, card: ModelCard, reply: Reply) -> None:
        if reply.error is None:
            self._models.put(card)
            if self._card_id == card.card_id:
                self._fill()
        self._told(reply)

    def _remove(self) -> None:
        card = self._card()
        self._models.remove(card.card_id)
        if card.key_stored_as:
            self._start(lambda process: process.delete_key(card.key_stored_as), self._told)
        self._card_id = BUILTIN_ID
        self._fill_list()
        self._fill()

    def _test(self) -> None:
        if problem := self.form.missing():
            self._tell(problem, is_bad=True)
        else:
            self._start(lambda process: process.test(self.form.choice()), self._while_shown(self._told))

    def _fetch(self) -> None:
        if problem := self.form.missing():
            self.form.tell_fetched(problem, is_bad=True)
        else:
            self._start(lambda process: process.list_models(self.form.choice()), self._while_shown(self._listed))

    def _listed(self, reply: Reply) -> None:
        if reply.models is None:
            self.form.tell_fetched(reply.error or "", is_bad=True)
        else:
            self.form.show_names(reply.models)

    def _told(self, reply: Reply) -> None:
        self._tell(reply.error or reply.message or "", is_bad=reply.error is not None)

    def _while_shown(self, then: Callable[[Reply], None]) -> Callable[[Reply], None]:
        """Return `then`, for nothing but a reply that comes while the model and the address that were asked are in the form."""
        asked = (self._card_id, self.form.server.base_url)
        return lambda reply: then(reply) if asked == (self._card_id, self.form.server.base_url) else None

    def _allow(self) -> None:
        """Allow what a process is started for while none runs: a key would stay in the key store if its model were removed meanwhile."""
        is_free = self._process is None
        for button in (self.test, self.form.fetch, self.save):
            button.setEnabled(is_free)
        card = self._models.card(self._card_id)
        self.remove.setEnabled(is_free and card is not None)
        self.keys.allow(is_free=is_free)

    def _start(self, ask: Callable[[ModelsProcess], None], then: Callable[[Reply], None], *, is_told: bool = True) -> None:
        if self._process is not None:
            return
        process = self._process = self._make_process()
        process.setParent(self)
        LIVE.add(self.form.key_field.typed)
        self._allow()
        self._tell(self.tr("Asking…") if is_told else "")
        process.replied.connect(lambda reply: self._end(then, reply))
        ask(process)

    def _end(self, then: Callable[[Reply], None], reply: Reply) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        self._allow()
        self._tell("")
        then(reply)

    def _tell(self, words: str, *, is_bad: bool = False) -> None:
        self.result.set_role("fail_text" if is_bad else "text_2")
        self.result.setText(words)
        if words:
            # Once the words have their place.
            QTimer.singleShot(0, self, self._show_result)

    def _show_result(self) -> None:
        """Scroll to what is told: in a low window it stands below the edge."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self.result, 0, self._row_px)
