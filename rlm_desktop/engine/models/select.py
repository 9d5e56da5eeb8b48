"""From what a person chose to a model that can be asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rlm_desktop.engine.endpoint import Endpoint
from rlm_desktop.engine.models.builtin import BuiltinModel
from rlm_desktop.engine.models.keys import find_key
from rlm_desktop.engine.models.recorded import RecordedModel, load_replies
from rlm_desktop.engine.models.scripted import ScriptedModel, load_script
from rlm_desktop.engine.models.server import server_at
from rlm_desktop.errors import UserError
from rlm_desktop.trace.request import ModelChoice

if TYPE_CHECKING:
    from rlm_desktop.engine.models.openai_chat import OpenAIChat


def open_model(
    choice: ModelChoice, *, environment: Mapping[str, str] | None = None, on_secret: Callable[[str], None] | None = None
) -> Endpoint:
    """Return the model that `choice` names, with its prices. Nothing is asked of a server yet.

    `on_secret` is called with the key, where there is one, before anything else can see it (a redactor's `add`). Raises UserError.
    """
    match choice.provider:
        case "builtin":
            return Endpoint(BuiltinModel())
        case "scripted":
            return Endpoint(ScriptedModel(load_script(_file(choice, "a script of replies")), name=choice.name))
        case "recorded":
            return Endpoint(RecordedModel(load_replies(_file(choice, "the trace to repeat")), name=choice.name))
        case "openai_chat":
            if not choice.name.strip():
                raise UserError("No model is named. Give the name of one that the server offers.")
            return Endpoint(open_chat(choice, environment=environment, on_secret=on_secret), entered=_entered(choice))


def open_chat(
    choice: ModelChoice, *, environment: Mapping[str, str] | None = None, on_secret: Callable[[str], None] | None = None
) -> OpenAIChat:
    """Return the model behind a server; its name may be empty where only the server's list is wanted."""
    # Imported here: openai takes 0.7 s to import, which a run with another model does not pay.
    from rlm_desktop.engine.models.openai_chat import OpenAIChat

    server = server_at(choice.base_url)
    key = find_key(choice, os.environ if environment is None else environment, stored=_stored_key)
    if key is not None and on_secret is not None:
        on_secret(key.reveal())
    return OpenAIChat(choice.name, server=server, key=key)


def _entered(choice: ModelChoice) -> tuple[float, float] | None:
    by_input, by_output = choice.input_usd_per_million, choice.output_usd_per_million
    if by_input is None and by_output is None:
        return None
    if by_input is None or by_output is None or not (0 <= by_input <= 1e6 and 0 <= by_output <= 1e6):
        raise UserError(f"The price of {choice.name} should be two amounts from $0 on, for a million input and a million output tokens.")
    return by_input, by_output


def _file(choice: ModelChoice, what: str) -> Path:
    if not choice.script:
        raise UserError(f"The model {choice.name} needs {what}. Give the path of the file.")
    return Path(choice.script)


def _stored_key(name: str) -> str | None:
    # Imported here: asking for the key store starts whatever back ends are installed.
    from rlm_desktop.engine.models import key_store

    return key_store.stored_key(name)
