"""Where a model's key comes from: the choice, the field that goes with it, and what a person should know of it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from rlm_desktop.gui.look.controls import Words
from rlm_desktop.gui.look.tabs import Segments
from rlm_desktop.gui.look.theme import Themes
from rlm_desktop.gui.models.key_acts import KeyActs
from rlm_desktop.gui.settings import KeyFrom, ModelCard
from rlm_desktop.redact import LIVE
from rlm_desktop.servers.providers import Provider

KEYS: tuple[KeyFrom, ...] = ("none", "environment", "key_store", "typed")


def _tr(words: str) -> str:
    return QCoreApplication.translate("KeyField", words)


class KeyField(QWidget):
    """What is typed as a key stays in the field; only whoever saves takes it out."""

    def __init__(
        self, themes: Themes, *, width_px: int, environment: Mapping[str, str] = os.environ, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._environment = environment
        self._provider: Provider | None = None
        self._is_kept = False
        t = themes.current
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.px(4))
        column.addWidget(Words(themes, _tr("Key"), size="caption", role="text_3"))
        self.now = Words(themes, size="small", role="text_2", wraps=True)
        column.addWidget(self.now)
        self.key_from = Segments(themes, (_tr("None"), _tr("Environment variable"), _tr("Key store"), _tr("For now")), parent=self)
        column.addWidget(self.key_from)
        self.key = QLineEdit(self)
        self.key.setFixedWidth(width_px)
        column.addWidget(self.key)
        self.note = Words(themes, size="caption", role="text_3", wraps=True)
        column.addWidget(self.note)
        self.acts = KeyActs(themes, parent=self)
        column.addWidget(self.acts)
        self.key_from.chosen.connect(self._chosen)
        self.key.textChanged.connect(self._say)

    @property
    def kind(self) -> KeyFrom:
        return KEYS[self.key_from.current]

    @property
    def typed(self) -> str:
        """Return the key in the field, empty where the field holds none."""
        return self.key.text().strip() if self.kind in ("key_store", "typed") else ""

    @property
    def variable(self) -> str:
        return self.key.text().strip() if self.kind == "environment" else ""

    def show_card(self, card: ModelCard, *, typed: str) -> None:
        """Show where the key of a saved model comes from; `typed` is one that is held for now."""
        self._is_kept = bool(card.key_stored_as)
        self.now.setText(self._source(card, is_held=bool(typed)))
        self.acts.clear()
        self._set_kind(card.key_from)
        self.key.setText({"environment": card.key_env, "typed": typed}.get(card.key_from, ""))
        self._say()

    def missing(self) -> str:
        """Return why the key cannot be taken as it stands, as a sentence; empty when nothing is wrong."""
        name = self.variable
        if name and (not name.isidentifier() or not name.isascii() or LIVE.holds_key(name)):
            return _tr("This field takes the name of an environment variable, such as OPENAI_API_KEY, and not the key itself.")
        return ""

    def _source(self, card: ModelCard, *, is_held: bool) -> str:
        """Return where the key of a saved model comes from now."""
        if card.key_from == "key_store":
            return _tr("Now in the system's key store, as “{0}”.").format(card.key_stored_as)
        if card.key_from == "environment":
            is_set = bool(self._environment.get(card.key_env))
            words = _tr("Now from the environment variable {0}.") if is_set else _tr("No key now: the environment variable {0} is not set.")
            return words.format(card.key_env)
        if card.key_from == "typed":
            return _tr("Now typed, until the window closes.") if is_held else _tr("No key now: it was typed before, and kept nowhere.")
        return _tr("No key now.")

    def set_provider(self, provider: Provider, *, is_chosen: bool) -> None:
        """Tell of a provider's keys; where a person has just chosen it, take the source that it usually has."""
        self._provider = provider
        if is_chosen:
            self._set_kind("environment" if provider.key_envs else "none")
            self.key.setText(provider.key_env(self._environment))
        self._say()

    def _chosen(self) -> None:
        self._set_kind(self.kind)
        self.acts.clear()
        if self.kind == "environment" and self._provider is not None:
            self.key.setText(self._provider.key_env(self._environment))
        self._say()

    def _set_kind(self, kind: KeyFrom) -> None:
        self.key_from.set_current(KEYS.index(kind))
        self.key.setVisible(kind != "none")
        self.key.clear()
        is_secret = kind in ("key_store", "typed")
        self.key.setEchoMode(QLineEdit.EchoMode.Password if is_secret else QLineEdit.EchoMode.Normal)
        kept = _tr("kept; type another to replace it") if kind == "key_store" and self._is_kept else ""
        self.key.setPlaceholderText(kept if is_secret else "OPENAI_API_KEY")
        self.key.setAccessibleName(_tr("Key") if is_secret else _tr("Environment variable"))

    def _say(self) -> None:
        had_at = self._provider.key_at if self._provider is not None else ""
        where = _tr("Get a key at {0}.").format(had_at) if had_at else ""
        said = {
            "none": _tr("This provider asks for a key.") if had_at else _tr("For servers on this computer, most of which ask for none."),
            "environment": self._of_variable(),
            "key_store": _tr("Goes to the system's key store when you save; never to a file of this program."),
            "typed": _tr("Held until the window closes; written nowhere."),
        }[self.kind]
        is_found = self.kind == "environment" and bool(self._environment.get(self.variable))
        self.note.setText(said if is_found or not where else f"{said} {where}")

    def _of_variable(self) -> str:
        name = self.variable
        if not name:
            return _tr("The name of a variable that this program was started with.")
        if self._environment.get(name):
            return _tr("{0} was found in your environment.").format(name)
        return _tr("{0} is not set. Set it and start the program again, or give the key in another way.").format(name)
