"""Which server: by the name of its provider, and the address that goes with it."""

from __future__ import annotations

import os

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from rlm_desktop.errors import UserError
from rlm_desktop.gui.look.controls import CheckBox, Words
from rlm_desktop.gui.look.foreign import in_line
from rlm_desktop.gui.look.picker import Option, Picker
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.model_list import host_words, server_of
from rlm_desktop.gui.settings import ModelCard
from rlm_desktop.servers.providers import CUSTOM, Provider, provider, provider_at, providers


class ServerFields(QWidget):
    """The address is what counts; the picker says whose it is. `provider_changed`: another provider, and whether a person chose it."""

    provider_changed = Signal(object, bool)

    def __init__(self, themes: Themes, *, width_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._width_px = themes, width_px
        self.provider: Provider = providers()[0]
        self._card = ModelCard(card_id="", name="")
        t = themes.current
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.px(4))
        self.picker = Picker(themes, self.tr("Provider"), parent=self)
        self.picker.setFixedWidth(width_px)
        self.picker.picked.connect(self._pick)
        column.addWidget(self.picker)
        column.addSpacing(t.space("s"))
        self._resource = QWidget(self)
        own = QVBoxLayout(self._resource)
        own.setContentsMargins(0, 0, 0, t.space("m"))
        own.setSpacing(t.px(4))
        own.addWidget(Words(themes, self.tr("Resource"), size="caption", role="text_3"))
        self.resource = self._line(self.tr("Resource"), self.tr("the name of your resource"))
        self.resource.textEdited.connect(self._fill_in)
        own.addWidget(self.resource)
        column.addWidget(self._resource)
        column.addWidget(Words(themes, self.tr("Base URL"), size="caption", role="text_3"))
        self.url = self._line(self.tr("Base URL"), "https://…/v1")
        self.url.textChanged.connect(self._take_url)
        column.addWidget(self.url)
        self.host = Words(themes, size="caption", role="text_3", wraps=True)
        column.addWidget(self.host)
        self.plain_http = CheckBox(themes, self.tr("Send key and text unencrypted"), parent=self)
        self.plain_http.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.plain_http.toggled.connect(self._say)
        column.addWidget(self.plain_http)
        self.note = Words(themes, size="caption", role="text_3", wraps=True)
        column.addWidget(self.note)
        self.show_card(ModelCard(card_id="", name=""))

    @property
    def base_url(self) -> str:
        return self.url.text().strip()

    @property
    def allows_plain_http(self) -> bool:
        """Return the person's yes, where one is asked for."""
        return self._is_plain() and self.plain_http.isChecked()

    def missing(self) -> str:
        """Return what the address still needs, as a sentence; empty when nothing."""
        if self.provider.fill_in:
            try:
                self.provider.url(self.resource.text())
            except UserError as error:
                return str(error)
        if not self.base_url:
            return self.tr("Give the server's base URL. It usually ends in /v1.")
        if server_of(self.base_url) is None:
            return self.tr("The base URL is no web address. It should look like https://api.openai.com/v1.")
        if self._is_plain() and not self.plain_http.isChecked():
            return self.tr("The address begins with http://: use https://, or tick that it may be unencrypted.")
        return ""

    @property
    def passes_on(self) -> bool:
        """Return whether the server that is shown is known to send on what it is asked; another address is another server."""
        return self._card.passes_on and self._card.base_url == self.base_url

    def show_card(self, card: ModelCard) -> None:
        """Show a model's address; empty is OpenAI's."""
        self._card = card
        self._set_provider(provider_at(card.base_url), is_chosen=False)
        self.url.setText(card.base_url or self.provider.base_url)
        self.plain_http.setChecked(card.allows_plain_http)
        self._say()

    def _pick(self, provider_id: str) -> None:
        picked = provider(provider_id)
        if picked is not None:
            self._set_provider(picked, is_chosen=True)
            self.resource.clear()
            self.url.setText(picked.base_url)
            self._say()
            (self.resource if picked.fill_in else self.url if picked.id == CUSTOM else self.picker).setFocus()

    def _set_provider(self, of: Provider, *, is_chosen: bool) -> None:
        self.provider = of
        self.picker.set_options([Option(key=one.id, words=one.name, detail=self._detail(one)) for one in providers()], current=of.id)
        self._resource.setVisible(bool(of.fill_in))
        self.note.setText(of.note)
        self.note.setVisible(bool(of.note))
        self.provider_changed.emit(of, is_chosen)

    def _detail(self, one: Provider) -> str:
        if one.is_local:
            return self.tr("on this computer")
        return self.tr("key found") if one.key_envs and os.environ.get(one.key_env(os.environ)) else ""

    def _fill_in(self, resource: str) -> None:
        try:
            self.url.setText(self.provider.url(resource))
        except UserError:
            self.url.setText(self.provider.base_url)

    def _take_url(self, written: str) -> None:
        """Say whose address was written; an empty one is still whoever's was chosen. A yes to plain http was for the one before."""
        self.plain_http.setChecked(False)
        found = provider_at(written) if written.strip() else self.provider
        if found.id != self.provider.id:
            self._set_provider(found, is_chosen=False)
        own = found.filled_in(written)
        if found.fill_in and own not in (None, found.fill_in) and own != self.resource.text().strip():
            self.resource.setText(own or "")
        self._say()

    def _is_plain(self) -> bool:
        server = server_of(self.base_url) if self.base_url else None
        return server is not None and not server.is_encrypted

    def _say(self) -> None:
        server = server_of(self.base_url) if self.base_url else None
        is_plain = self._is_plain()
        self.plain_http.setVisible(is_plain)
        self.host.set_role("fail_text" if is_plain else "text_3")
        if server is None or (self.provider.fill_in and self.provider.fill_in in self.base_url):
            self.host.setText("")
        elif is_plain:
            words = self.tr("Prompts go to {0}: anyone on the way can read the key and the documents' text.")
            self.host.setText(words.format(host_words(server.netloc, is_encrypted=False)))
        elif self.passes_on:
            self.host.setText(self.tr("Prompts go to {0}, which passes them on").format(server.netloc))
        else:
            self.host.setText(
                self.tr("Nothing leaves this computer") if server.is_local else self.tr("Prompts go to {0}").format(server.netloc)
            )

    def _line(self, words: str, example: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(example)
        field.setAccessibleName(in_line(words))
        field.setFixedWidth(self._width_px)
        return field
