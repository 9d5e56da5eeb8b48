"""Whether a server takes a key, by one small request that costs nothing: its list of models, or what only a key opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rlm_desktop.engine.models.base import ModelError
from rlm_desktop.engine.models.keys import Secret
from rlm_desktop.engine.models.openai_chat import OpenAIChat, Patience
from rlm_desktop.errors import UserError
from rlm_desktop.servers.address import Server
from rlm_desktop.servers.providers import Provider

PATIENCE: Final = Patience(connect_s=10.0, silence_s=15.0, total_s=20.0)
_HAS_NO_LIST: Final = frozenset({404, 405, 410, 501})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTried:
    """`has_no_list`: nothing of this server can be asked for free, so only a question to a model would tell."""

    sentence: str
    has_no_list: bool = False


async def try_key(server: Server, key: Secret, provider: Provider, *, patience: Patience = PATIENCE) -> KeyTried:
    """Ask once. Raises UserError with why the key does not work, or why that cannot be known."""
    model = OpenAIChat("", server=server, key=key, patience=patience)
    try:
        if provider.key_path:
            await model.ask_for(provider.key_path)
            return KeyTried(sentence=f"The key works: {server.netloc} knows it.")
        count = len(await model.list_models())
    except ModelError as error:
        if error.status_code in _HAS_NO_LIST:
            return KeyTried(
                sentence=f"{server.netloc} has no list of models ({error.status_code}), so nothing free shows whether the key works.",
                has_no_list=True,
            )
        raise UserError(str(error)) from error
    finally:
        await model.aclose()
    listed = "one model" if count == 1 else f"{count:,} models"
    if provider.key_envs:
        return KeyTried(sentence=f"The key works: {server.netloc} took it and lists {listed}.")
    return KeyTried(sentence=f"{server.netloc} lists {listed} with this key. A server that lists them for everyone says the same.")
