"""The models page: the built-in model, those the person entered, and a form for one of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QSize, QStringListModel, Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QMenu, QPushButton, QVBoxLayout, QWidget

from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.tabs import Segments
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.known_servers import SERVERS, Server
from rlm_desktop.gui.models.model_list import BUILTIN_ID, ModelList, host_of
from rlm_desktop.gui.models.models_process import ModelsProcess, Reply
from rlm_desktop.gui.page import Ground
from rlm_desktop.gui.settings import KeyFrom, ModelCard
from rlm_desktop.trace.request import ModelChoice

KEYS: tuple[KeyFrom, ...] = ("none", "environment", "key_store", "typed")
FIELD_PX = 380
LIST_PX = 220
PRICE_PX = 120


class ModelsForm(Ground):
    def __init__(
        self, models: ModelList, themes: Themes, *, make_process: Callable[[], ModelsProcess] = ModelsProcess, parent: QWidget | None = None
    ) -> None:
        super().__init__(themes, parent=parent)
        self._models, self._make_process = models, make_process
        self._card_id = BUILTIN_ID
        self._process: ModelsProcess | None = None
        self._names = QStringListModel(self)
        self._row_px = themes.current.height("control")
        self._put_together(themes)
        self.list.currentItemChanged.connect(self._choose)
        self.key_from.chosen.connect(self._show_key_field)
        self.url.textChanged.connect(self._say_host)
        self.save.clicked.connect(self._save)
        self.remove.clicked.connect(self._remove)
        self.test.clicked.connect(self._test)
        self.fetch.clicked.connect(self._fetch)
        self.add.clicked.connect(self._add)
        models.changed.connect(self._fill_list)
        self._fill_list()
        self._fill()

    def _put_together(self, themes: Themes) -> None:
        t = themes.current
        outer = QHBoxLayout(self)
        outer.setContentsMargins(t.space("xxl"), t.space("m"), t.space("xxl"), t.space("xxl"))
        outer.setSpacing(t.space("xxl"))
        left = QVBoxLayout()
        self.list = QListWidget(self)
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
        self._form = QWidget(self)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(t.px(4))
        right.addSpacing(t.space("l"))
        right.addWidget(self._form)
        self.url = self._field(form, themes, self.tr("Base URL"), SERVERS[0].base_url)
        self.servers = QPushButton(self.tr("Known servers"), self)
        menu = QMenu(self.servers)
        for server in SERVERS:
            menu.addAction(server.name).triggered.connect(partial(self._take_server, server))
        self.servers.setMenu(menu)
        self.host = Words(themes, size="caption", role="text_3")
        self._beside(form, self.servers, self.host)
        form.addSpacing(t.space("m"))
        self.name = self._field(form, themes, self.tr("Model"), "gpt-5-mini")
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.name.setCompleter(completer)
        self.fetch = QPushButton(self.tr("List the server's models"), self)
        self.fetched = Words(themes, size="caption", role="text_3")
        self._beside(form, self.fetch, self.fetched)
        form.addSpacing(t.space("m"))
        form.addWidget(Words(themes, self.tr("Key"), size="caption", role="text_3"))
        self.key_from = Segments(
            themes, (self.tr("None"), self.tr("Environment variable"), self.tr("Key store"), self.tr("For now")), parent=self
        )
        form.addWidget(self.key_from)
        self.key = QLineEdit(self)
        self.key.setFixedWidth(t.px(FIELD_PX))
        form.addWidget(self.key)
        self.key_note = Words(themes, size="caption", role="text_3", wraps=True)
        form.addWidget(self.key_note)
        form.addSpacing(t.space("m"))
        about_price = self.tr("Price of a million tokens in dollars, read and written; left empty, a known price is looked up")
        form.addWidget(Words(themes, about_price, size="caption", role="text_3", wraps=True))
        prices = QHBoxLayout()
        prices.setSpacing(t.space("m"))
        self.price_in = self._price(prices, themes, self.tr("read"))
        self.price_out = self._price(prices, themes, self.tr("written"))
        prices.addStretch(1)
        form.addLayout(prices)
        form.addSpacing(t.space("xl"))
        self.save = QPushButton(self.tr("Save"), self)
        self.save.setProperty("role", "primary")
        self.test = QPushButton(self.tr("Test"), self)
        self.remove = QPushButton(self.tr("Remove"), self)
        self.remove.setProperty("role", "danger")
        buttons = QHBoxLayout()
        buttons.setSpacing(t.space("m"))
        for button in (self.save, self.test, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        form.addLayout(buttons)
        self.result = Words(themes, size="small", wraps=True)
        right.addSpacing(t.space("m"))
        right.addWidget(self.result)
        right.addStretch(1)

    def _field(self, form: QVBoxLayout, themes: Themes, words: str, example: str) -> QLineEdit:
        form.addWidget(Words(themes, words, size="caption", role="text_3"))
        field = QLineEdit(self)
        field.setPlaceholderText(example)
        field.setAccessibleName(words)
        field.setFixedWidth(themes.current.px(FIELD_PX))
        form.addWidget(field)
        return field

    def _price(self, row: QHBoxLayout, themes: Themes, words: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(words)
        field.setAccessibleName(self.tr("Price of a million tokens {0}").format(words))
        field.setValidator(QDoubleValidator(0.0, 100_000.0, 6, field))
        field.setFixedWidth(themes.current.px(PRICE_PX))
        row.addWidget(field)
        return field

    def _beside(self, form: QVBoxLayout, button: QPushButton, words: Words) -> None:
        row = QHBoxLayout()
        row.setSpacing(self._themes.current.space("m"))
        row.addWidget(button)
        row.addWidget(words, 1)
        form.addLayout(row)

    def _fill_list(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for card_id in (BUILTIN_ID, *(card.card_id for card in self._models.cards)):
            item = QListWidgetItem(self._models.name(card_id), self.list)
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
        self._card_id = uuid.uuid4().hex
        self.list.setCurrentIndex(QModelIndex())
        self._fill()
        self.url.setFocus()

    def _fill(self) -> None:
        card = self._models.card(self._card_id) or ModelCard(card_id=self._card_id, name="")
        is_builtin = self._card_id == BUILTIN_ID
        self._form.setVisible(not is_builtin)
        self.about.setText(
            self.tr(
                "It searches, ranks and quotes sentences, in any script. It is not a language model: it answers what a text states, "
                "and says so when it finds nothing. It needs no key and no network, and costs nothing."
            )
            if is_builtin
            else self.tr("Any server that speaks the OpenAI protocol. Document text goes there when a run asks the model.")
        )
        self.url.setText(card.base_url)
        self.name.setText(card.name)
        self.key_from.set_current(KEYS.index(card.key_from))
        for field, price in ((self.price_in, card.input_usd_per_million), (self.price_out, card.output_usd_per_million)):
            field.setText("" if price is None else self.locale().toString(price, "g", 6))
        self.remove.setEnabled(self._models.card(self._card_id) is not None)
        self._names.setStringList([])
        self.fetched.setText("")
        self.result.setText("")
        self._show_key_field()
        self.key.setText(card.key_env if card.key_from == "environment" else self._models.typed_key(self._card_id))
        self._say_host()

    def _take_server(self, server: Server) -> None:
        self.url.setText(server.base_url)
        self.key_from.set_current(KEYS.index("environment" if server.key_env else "none"))
        self._show_key_field()
        self.key.setText(server.key_env)

    def _show_key_field(self) -> None:
        kind = KEYS[self.key_from.current]
        self.key.setVisible(kind != "none")
        self.key.clear()
        is_secret = kind in ("key_store", "typed")
        self.key.setEchoMode(QLineEdit.EchoMode.Password if is_secret else QLineEdit.EchoMode.Normal)
        is_kept = kind == "key_store" and bool(self._card().key_stored_as)
        self.key.setPlaceholderText(self.tr("kept; type another to replace it") if is_kept else "" if is_secret else SERVERS[0].key_env)
        self.key.setAccessibleName(self.tr("Key") if is_secret else self.tr("Environment variable"))
        self.key_note.setText(
            {
                "none": self.tr("For servers on this computer, most of which ask for none."),
                "environment": self.tr("The name of a variable that this program was started with."),
                "key_store": self.tr("Goes to the system's key store when you save; never to a file of this program."),
                "typed": self.tr("Held until the window closes; written nowhere."),
            }[kind]
        )

    def _say_host(self) -> None:
        host = host_of(self.url.text().strip())
        self.host.setText(self.tr("Prompts go to {0}").format(host) if host else self.tr("Nothing leaves this computer"))

    def _card(self) -> ModelCard:
        return self._models.card(self._card_id) or ModelCard(card_id=self._card_id, name="")

    def _read_card(self) -> ModelCard:
        kind = KEYS[self.key_from.current]
        kept = self._card()
        return ModelCard(
            card_id=self._card_id,
            name=self.name.text().strip(),
            base_url=self.url.text().strip(),
            key_from=kind,
            key_env=self.key.text().strip() if kind == "environment" else "",
            key_stored_as=(kept.key_stored_as or f"model-{self._card_id[:8]}") if kind == "key_store" else "",
            input_usd_per_million=self._read_price(self.price_in),
            output_usd_per_million=self._read_price(self.price_out),
        )

    def _read_price(self, field: QLineEdit) -> float | None:
        """Return what was typed as the person's own country writes it; None is unknown."""
        value, is_number = self.locale().toDouble(field.text())
        return value if is_number else None

    def _choice(self) -> ModelChoice:
        """Return the model as it stands in the form, a key that was just typed included."""
        card, typed = self._read_card(), self.key.text().strip()
        is_typed = card.key_from in ("key_store", "typed") and bool(typed)
        return ModelChoice(
            name=card.name,
            base_url=card.base_url or None,
            api_key=typed if is_typed else None,
            api_key_env=card.key_env if card.key_from == "environment" else None,
            api_key_stored_as=card.key_stored_as if card.key_from == "key_store" and not is_typed else None,
        )

    def _save(self) -> None:
        card, typed = self._read_card(), self.key.text().strip()
        if not card.name:
            self._tell(self.tr("Give the model's name as its server calls it, such as gpt-5-mini."), is_bad=True)
            return
        if card.key_from == "key_store" and typed:
            self._start(lambda process: process.store_key(card.key_stored_as, typed), lambda reply: self._stored(card, reply))
            return
        if card.key_from == "typed":
            self._models.set_typed_key(card.card_id, typed)
        self._models.put(card)
        self._fill()
        self._tell(self.tr("{0} is saved. Choose it above, as root model or for sub-calls.").format(card.name))

    def _stored(self, card: ModelCard, reply: Reply) -> None:
        if reply.error is None:
            self._models.put(card)
            self._fill()
        self._tell(reply.error or reply.message or "", is_bad=reply.error is not None)

    def _remove(self) -> None:
        card = self._card()
        self._models.remove(card.card_id)
        if card.key_stored_as:
            self._start(lambda process: process.delete_key(card.key_stored_as), self._told)
        self._card_id = BUILTIN_ID
        self._fill_list()
        self._fill()

    def _test(self) -> None:
        self._start(lambda process: process.test(self._choice()), self._told)

    def _fetch(self) -> None:
        self._start(lambda process: process.list_models(self._choice()), self._listed)

    def _listed(self, reply: Reply) -> None:
        if reply.models is None:
            self._told(reply)
            return
        self._names.setStringList(list(reply.models))
        self.fetched.setText(self.tr("{0} models: type a part of the name").format(len(reply.models)))
        self.name.setFocus()
        completer = self.name.completer()
        completer.setCompletionPrefix("")
        completer.complete()

    def _told(self, reply: Reply) -> None:
        self._tell(reply.error or reply.message or "", is_bad=reply.error is not None)

    def _start(self, ask: Callable[[ModelsProcess], None], then: Callable[[Reply], None]) -> None:
        if self._process is not None:
            return
        process = self._process = self._make_process()
        process.setParent(self)
        for button in (self.test, self.fetch, self.save):
            button.setEnabled(False)
        self._tell(self.tr("Asking…"))
        process.replied.connect(lambda reply: self._end(then, reply))
        ask(process)

    def _end(self, then: Callable[[Reply], None], reply: Reply) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        for button in (self.test, self.fetch, self.save):
            button.setEnabled(True)
        self._tell("")
        then(reply)

    def _tell(self, words: str, *, is_bad: bool = False) -> None:
        self.result.set_role("fail_text" if is_bad else "text_2")
        self.result.setText(words)
