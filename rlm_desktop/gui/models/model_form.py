"""The form for one model behind a server: provider, name, key, parameters, price."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from rlm_desktop.errors import UserError
from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.plain_delegate import PlainDelegate
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.key_field import KeyField
from rlm_desktop.gui.models.server_fields import ServerFields
from rlm_desktop.gui.settings import ModelCard
from rlm_desktop.redact import LIVE
from rlm_desktop.servers.parameters import as_written, parameters_in
from rlm_desktop.servers.providers import Provider
from rlm_desktop.trace.request import ModelChoice

FIELD_PX = 380
PRICE_PX = 120
MOST_NAMES_SHOWN = 12


class ModelForm(QWidget):
    """Holds what was entered; the page decides what becomes of it."""

    def __init__(self, themes: Themes, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._card = ModelCard(card_id="", name="")
        self._names = QStringListModel(self)
        t = themes.current
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.px(4))
        self.server = ServerFields(themes, width_px=t.px(FIELD_PX), parent=self)
        column.addWidget(self.server)
        column.addSpacing(t.space("m"))
        self.name = self._line(column, self.tr("Model"))
        completer = QCompleter(self._names, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(MOST_NAMES_SHOWN)
        names = QListView(self)
        names.setItemDelegate(PlainDelegate(names))
        names.setProperty("role", "popup")
        completer.setPopup(names)
        self.name.setCompleter(completer)
        self.fetch = QPushButton(self.tr("List the server's models"), self)
        self.fetched = Words(themes, size="caption", role="text_3", wraps=True)
        beside = QHBoxLayout()
        beside.setSpacing(t.space("m"))
        beside.addWidget(self.fetch)
        beside.addWidget(self.fetched, 1)
        column.addLayout(beside)
        column.addSpacing(t.space("m"))
        self.key_field = KeyField(themes, width_px=t.px(FIELD_PX), parent=self)
        column.addWidget(self.key_field)
        column.addSpacing(t.space("m"))
        self.parameters = self._line(column, self.tr("Parameters, sent with every request"))
        self.parameters.setPlaceholderText("temperature=0.2 reasoning_effort=low")
        about = self.tr("What a model refuses is left out, and told in the run.")
        column.addWidget(Words(themes, about, size="caption", role="text_3", wraps=True))
        column.addSpacing(t.space("m"))
        about_price = self.tr("Price of a million tokens in dollars, read and written; left empty, a known price is looked up")
        column.addWidget(Words(themes, about_price, size="caption", role="text_3", wraps=True))
        prices = QHBoxLayout()
        prices.setSpacing(t.space("m"))
        self.price_in = self._price(prices, self.tr("read"))
        self.price_out = self._price(prices, self.tr("written"))
        prices.addStretch(1)
        column.addLayout(prices)
        self.server.provider_changed.connect(self._take_provider)
        self.server.url.textChanged.connect(self._forget_names)
        self._take_provider(self.server.provider, False)

    def show_card(self, card: ModelCard, *, typed_key: str = "") -> None:
        """Show a model; `typed_key` is a key that is held for now."""
        self._card = card
        self.server.show_card(card)
        self.name.setText(card.name)
        self.key_field.show_card(card, typed=typed_key)
        self.parameters.setText(as_written(card.parameters))
        for field, price in ((self.price_in, card.input_usd_per_million), (self.price_out, card.output_usd_per_million)):
            field.setText("" if price is None else self.locale().toString(price, "g", 6))
        self._forget_names()

    def missing(self) -> str:
        """Return why it cannot be asked as it stands, as a sentence; empty when nothing is missing."""
        try:
            parameters_in(self.parameters.text().split())
        except UserError as error:
            return str(error)
        written = (self.name.text(), self.server.base_url, self.parameters.text())
        if any(map(LIVE.holds_key, written)):
            return self.tr("A key stands where it would be written to the settings. Put it into the field for the key.")
        return self.server.missing() or self.key_field.missing()

    def card(self) -> ModelCard:
        """Return what was entered. A typed key is not in it."""
        kind = self.key_field.kind
        return ModelCard(
            card_id=self._card.card_id,
            name=self.name.text().strip(),
            base_url=self.server.base_url,
            allows_plain_http=self.server.allows_plain_http,
            passes_on=self.server.passes_on,
            key_from=kind,
            key_env=self.key_field.variable,
            key_stored_as=(self._card.key_stored_as or f"model-{self._card.card_id[:8]}") if kind == "key_store" else "",
            input_usd_per_million=self._read_price(self.price_in),
            output_usd_per_million=self._read_price(self.price_out),
            parameters=parameters_in(self.parameters.text().split()),
        )

    def choice(self) -> ModelChoice:
        """Return the model as it stands in the form, a key that was just typed included."""
        card, typed = self.card(), self.key_field.typed
        return ModelChoice(
            name=card.name,
            base_url=card.base_url or None,
            allows_plain_http=card.allows_plain_http,
            passes_on=card.passes_on,
            api_key=typed or None,
            api_key_env=card.key_env if card.key_from == "environment" else None,
            api_key_stored_as=card.key_stored_as if card.key_from == "key_store" and not typed else None,
            parameters=card.parameters,
        )

    def show_names(self, names: tuple[str, ...]) -> None:
        """Offer the server's models: all at once, then those that hold what is typed."""
        self._names.setStringList(list(names))
        many = self.tr("{0} models: type a part of the name").format(len(names))
        self.tell_fetched(self.tr("One model") if len(names) == 1 else many)
        self.name.setFocus()
        completer = self.name.completer()
        completer.setCompletionPrefix("")
        completer.complete()

    def tell_fetched(self, words: str, *, is_bad: bool = False) -> None:
        """Say what became of the list of models, beside the button that asks for it."""
        self.fetched.set_role("fail_text" if is_bad else "text_3")
        self.fetched.setText(words)

    def _forget_names(self) -> None:
        self._names.setStringList([])
        self.tell_fetched("")

    def _take_provider(self, provider: Provider, is_chosen: bool) -> None:
        self.name.setPlaceholderText(provider.model_example)
        self.key_field.set_provider(provider, is_chosen=is_chosen)

    def _read_price(self, field: QLineEdit) -> float | None:
        """Return what was typed as the person's own country writes it; None is unknown."""
        value, is_number = self.locale().toDouble(field.text())
        return value if is_number else None

    def _line(self, column: QVBoxLayout, words: str) -> QLineEdit:
        column.addWidget(Words(self._themes, words, size="caption", role="text_3"))
        field = QLineEdit(self)
        field.setAccessibleName(in_line(words))
        field.setFixedWidth(self._themes.current.px(FIELD_PX))
        column.addWidget(field)
        return field

    def _price(self, row: QHBoxLayout, words: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(words)
        field.setAccessibleName(in_line(self.tr("Price of a million tokens {0}").format(words)))
        field.setValidator(QDoubleValidator(0.0, 100_000.0, 6, field))
        field.setFixedWidth(self._themes.current.px(PRICE_PX))
        row.addWidget(field)
        return field
