"""The options that name a model and its server, for root and sub-calls alike."""

from __future__ import annotations

from collections.abc import Mapping

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
    api_key_stored_as: str | None = None,
) -> ModelChoice:
    """Return a choice without a model's name. A provider brings its address, and the variable of its key unless one is named.

    A key that is stored comes before one in a variable.

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
    return ModelChoice(
        name="", base_url=base_url, api_key_env=api_key_env, api_key_stored_as=api_key_stored_as, allows_plain_http=allows_plain_http
    )
