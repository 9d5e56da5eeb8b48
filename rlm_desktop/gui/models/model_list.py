"""The models a run can use: the built-in one, always there, and those the person entered."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal

from rlm_desktop.errors import UserError
from rlm_desktop.gui.models.known_keys import know_keys
from rlm_desktop.gui.settings import ModelCard, SettingsFile
from rlm_desktop.redact import LIVE
from rlm_desktop.servers.address import Server, server_at
from rlm_desktop.trace.request import ModelChoice

BUILTIN_ID = "builtin"
BUILTIN_NAME = "built-in extractive model"


def server_of(base_url: str, *, passes_on: bool = False) -> Server | None:
    """Return where `base_url` leads (without one it is OpenAI's), None while it is no address."""
    try:
        return server_at(base_url.strip() or None, allows_plain_http=True, passes_on=passes_on)
    except UserError:
        return None


def host_words(host: str, *, is_encrypted: bool) -> str:
    """Return a host as people are shown it; empty when that is this computer."""
    return host if is_encrypted or not host else QCoreApplication.translate("ModelList", "{0}, not encrypted").format(host)


class ModelList(QObject):
    """`changed`: models were added, changed or removed, or a key was typed."""

    changed = Signal()

    def __init__(self, settings: SettingsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._typed_keys: dict[str, str] = {}
        know_keys(self.cards)

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        return self._settings.current.models

    def card(self, card_id: str) -> ModelCard | None:
        return next((card for card in self.cards if card.card_id == card_id), None)

    def put(self, card: ModelCard) -> None:
        """Add a model, or replace the one with the same id."""
        if self.card(card.card_id) is None:
            cards = (*self.cards, card)
        else:
            cards = tuple(card if other.card_id == card.card_id else other for other in self.cards)
        self._settings.change(models=cards)
        know_keys(cards)
        self.changed.emit()

    def remove(self, card_id: str) -> None:
        self._typed_keys.pop(card_id, None)
        self._settings.change(models=tuple(card for card in self.cards if card.card_id != card_id))
        self.changed.emit()

    def set_typed_key(self, card_id: str, key: str) -> None:
        """Hold a key until the window closes. It is written nowhere."""
        self._typed_keys[card_id] = key
        LIVE.add(key)
        self.changed.emit()

    def typed_key(self, card_id: str) -> str:
        return self._typed_keys.get(card_id, "")

    def name(self, card_id: str) -> str:
        card = self.card(card_id)
        return card.name if card else QCoreApplication.translate("ModelList", "Built-in extractive model")

    def host(self, card_id: str) -> str:
        """Return the host that sees what is sent to the model; empty: no text leaves this computer."""
        card = self.card(card_id)
        if card is None:
            return ""
        server = server_of(card.base_url, passes_on=card.passes_on)
        return host_words(server.host_of(card.name), is_encrypted=server.is_encrypted) if server else card.base_url

    def missing(self, card_id: str) -> str:
        """Return what the model still needs, as a sentence; empty when nothing."""
        card = self.card(card_id)
        if card is not None and card.key_from == "typed" and not self.typed_key(card_id):
            return QCoreApplication.translate("ModelList", "{0} needs its key typed again: open Models.").format(card.name)
        return ""

    def choice(self, card_id: str) -> ModelChoice:
        """Return how an engine reaches the model; the built-in one where the id is not known (any more)."""
        card = self.card(card_id)
        if card is None:
            return ModelChoice(name=BUILTIN_NAME, provider="builtin")
        return ModelChoice(
            name=card.name,
            base_url=card.base_url or None,
            allows_plain_http=card.allows_plain_http,
            passes_on=card.passes_on,
            api_key=(self.typed_key(card_id) or None) if card.key_from == "typed" else None,
            api_key_env=card.key_env if card.key_from == "environment" else None,
            api_key_stored_as=card.key_stored_as if card.key_from == "key_store" else None,
            input_usd_per_million=card.input_usd_per_million,
            output_usd_per_million=card.output_usd_per_million,
            parameters=card.parameters,
        )

    def is_free(self, card_id: str) -> bool:
        """True where the model costs nothing: the built-in one, and a server on this computer unless a price was entered."""
        card = self.card(card_id)
        if card is None:
            return True
        prices = (card.input_usd_per_million, card.output_usd_per_million)
        return prices == (0, 0) or (prices == (None, None) and not self.host(card_id))
