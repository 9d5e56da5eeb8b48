"""From what a person chose to a model that can be asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rlm_desktop.engine.models.base import Model, Parameters
from rlm_desktop.engine.models.builtin import BuiltinModel
from rlm_desktop.engine.models.keys import Secret, find_key
from rlm_desktop.engine.models.recorded import RecordedModel, load_replies
from rlm_desktop.engine.models.scripted import ScriptedModel, load_script
from rlm_desktop.errors import UserError
from rlm_desktop.servers.address import server_at
from rlm_desktop.trace.request import ModelChoice

if TYPE_CHECKING:
    from rlm_desktop.engine.models.openai_chat import OpenAIChat

OUR_OWN: Final = frozenset({"model", "messages", "stream", "stream_options", "n"})
"""Parameters that the engine sets, or that its reading of a reply stands on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """`entered`: the prices that the person gave (USD a million input and output tokens)."""

    model: Model
    entered: tuple[float, float] | None = None
    parameters: Parameters = field(default_factory=dict)


def select(choice: ModelChoice, environment: Mapping[str, str]) -> Selected:
    """Return the model that `choice` names. Nothing is asked of a server yet. Raises UserError with what is missing or wrong."""
    match choice.provider:
        case "builtin":
            return Selected(model=BuiltinModel())
        case "scripted":
            return Selected(model=ScriptedModel(load_script(_file(choice, "a script of replies")), name=choice.name))
        case "recorded":
            return Selected(model=RecordedModel(load_replies(_file(choice, "the trace to repeat")), name=choice.name))
        case "openai_chat":
            if not choice.name.strip():
                raise UserError("No model is named. Give the name of one that the server offers.")
            key = key_for(choice, environment)
            return Selected(model=chat_with(choice, key), entered=_entered(choice), parameters=_parameters(choice))


def key_for(choice: ModelChoice, environment: Mapping[str, str]) -> Secret | None:
    """Return the key that `choice` names, from wherever it says. Raises UserError."""
    return find_key(choice, environment, stored=_stored_key)


def chat_with(choice: ModelChoice, key: Secret | None) -> OpenAIChat:
    """Return the model behind a server; its name may be empty where only the server's list is wanted. Raises UserError."""
    # Imported here: openai takes 0.7 s to import, which a run with another model does not pay.
    from rlm_desktop.engine.models.openai_chat import OpenAIChat

    server = server_at(choice.base_url, allows_plain_http=choice.allows_plain_http, passes_on=choice.passes_on)
    return OpenAIChat(choice.name, server=server, key=key)


def _parameters(choice: ModelChoice) -> Parameters:
    for name, value in choice.parameters.items():
        if not name.isidentifier() or not name.isascii() or name in OUR_OWN:
            raise UserError(f"“{name[:100]}” is no parameter that a person sets. Give such as temperature=0.2 or reasoning_effort=low.")
        if isinstance(value, float) and not math.isfinite(value):
            raise UserError(f"The parameter {name} should be a number that has an end.")
    return dict(choice.parameters)


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
