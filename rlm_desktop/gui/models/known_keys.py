"""Which keys the window knows: those in its environment and those typed for now. Once known, none is shown or named anywhere."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from rlm_desktop.gui.settings import ModelCard
from rlm_desktop.redact import LIVE
from rlm_desktop.servers.providers import providers


def know_keys(cards: Iterable[ModelCard], environment: Mapping[str, str] = os.environ) -> None:
    """Let the redactor know what the variables hold that providers, or the person's models, have their keys in."""
    names = {name for one in providers() for name in one.key_envs} | {card.key_env for card in cards if card.key_env}
    for name in names:
        LIVE.add(environment.get(name, "").strip())
