"""Where a model's server is: its base URL, checked before a key or a text is sent there."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from rlm_desktop.errors import UserError

OPENAI_URL = "https://api.openai.com/v1"

_OLLAMA_CLOUD = "ollama.com"
_ANTHROPIC = "api.anthropic.com"
_AZURE_DOMAINS = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`netloc` is host and port as the person wrote them; it names the server in every sentence, never with a password."""

    url: str
    netloc: str
    is_local: bool
    """True where the address is this computer's own loopback: what is sent there does not leave the computer by itself."""
    passes_on: bool = False
    """True where the server is known to send on what it is asked, though it stands on this computer."""
    takes_key_header: bool = False
    """True where a key goes into a header `api-key` of its own (Azure); an access token goes where it does everywhere."""
    lists_as_anthropic: bool = False
    """True where only the chat is OpenAI's protocol, and the list of models Anthropic's own."""

    def host_of(self, model: str) -> str:
        """Return where text for `model` goes, "" when it stays on this computer."""
        if self.is_local and not self.passes_on:
            # Ollama lists these among its own and has them run by its company.
            return _OLLAMA_CLOUD if model.endswith(("-cloud", ":cloud")) else ""
        return self.netloc

    @property
    def is_encrypted(self) -> bool:
        """Return whether nobody on the way can read along: there is no way, or what is sent is encrypted."""
        return self.is_local or self.url.lower().startswith("https:")


def server_at(base_url: str | None, *, allows_plain_http: bool = False, passes_on: bool = False) -> Server:
    """Return the checked `base_url`; None is OpenAI's own. Raises UserError with what is wrong and what to do."""
    url = (base_url or OPENAI_URL).strip().rstrip("/")
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise UserError(f"The base URL “{_shown(url)}” cannot be read: {error}. It should look like {OPENAI_URL}.") from error
    if parts.scheme not in ("http", "https") or not name or any(char.isspace() or not char.isprintable() for char in url):
        raise UserError(f"The base URL “{_shown(url)}” is not a web address. It should look like {OPENAI_URL}.")
    if "@" in parts.netloc:
        raise UserError("The base URL holds a user name or a password. Leave that out and give the key on its own.")
    if parts.query or parts.fragment:
        raise UserError(f"The base URL “{_shown(url)}” ends in a query. Give it without “?” and “#” and what follows them.")
    is_local = _is_loopback(name)
    if parts.scheme == "http" and not is_local and not allows_plain_http:
        raise UserError(
            f"The base URL for {parts.netloc} begins with http://, so the key and the documents' text would cross the network readable by "
            "anyone on the way. Use https://, or reach that server through a tunnel to this computer (http://localhost:…), "
            "or say that it is meant: --allow-plain-http, or the box on the models page."
        )
    shown = f"[{name}]" if ":" in name else name
    return Server(
        url=url,
        netloc=shown if port is None else f"{shown}:{port}",
        is_local=is_local,
        passes_on=passes_on,
        takes_key_header=name.endswith(_AZURE_DOMAINS),
        lists_as_anthropic=name == _ANTHROPIC,
    )


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _shown(url: str) -> str:
    """Return `url` fit for a sentence: no password, no control characters, not endless."""
    without_password = url.rpartition("@")[2] if "@" in url else url
    return "".join(char if char.isprintable() else "?" for char in without_password)[:200]
