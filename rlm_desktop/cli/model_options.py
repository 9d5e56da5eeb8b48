"""The options that name a model and its server, for root and sub-calls alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rlm_desktop.errors import UsageError, UserError
from rlm_desktop.servers.providers import CUSTOM, provider_named
from rlm_desktop.trace.request import ModelChoice


def chosen_server(
    provider: str | None,
    *,
    base_url: str | None,
    api_key_env: str | None,
    allows_plain_http: bool,
    environment: Mapping[str, str],
) -> ModelChoice:
    """Return a choice without a model's name. A provider brings its address, and the variable of its key unless one is named.

    Raises UsageError.
    """
    if provider is not None:
        known, filled_in = provider_named(provider)
        if known.id == CUSTOM:
            if base_url is None:
                raise UsageError("The provider custom is any server: name it with --base-url.")
        elif base_url is not None:
            # Else a provider's key would go to whatever address stands beside it.
            raise UsageError("--provider and --base-url both name a server. Leave one of them out.")
        elif filled_in and not known.fill_in:
            raise UsageError(f"{known.name} has one address only: leave out what follows the colon.")
        else:
            try:
                base_url = known.url(filled_in)
            except UserError as error:
                raise UsageError(f"{error} Here: --provider {known.id}:NAME.") from None
            api_key_env = api_key_env or known.key_env(environment) or None
    return ModelChoice(name="", base_url=base_url, api_key_env=api_key_env, allows_plain_http=allows_plain_http)


def parameters_in(given: Sequence[str]) -> dict[str, str | int | float | bool]:
    """Return `NAME=VALUE` as parameters: numbers, true and false as such, anything else as text. Raises UsageError."""
    found: dict[str, str | int | float | bool] = {}
    for one in given:
        name, is_pair, value = one.partition("=")
        if not is_pair or not name.strip() or not value.strip():
            raise UsageError(f"“{one}” is no parameter. Give a name and a value, such as temperature=0.2.")
        found[name.strip()] = _scalar(value.strip())
    return found


def _scalar(text: str) -> str | int | float | bool:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, (str, int, float)) else text
