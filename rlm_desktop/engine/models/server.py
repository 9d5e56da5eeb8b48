"""Where a model's server is: its base URL, checked before a key or a text is sent there."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from rlm_desktop.errors import UserError

OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """`netloc` is host and port as the person wrote them; it names the server in every sentence, never with a password."""

    url: str
    netloc: str
    is_local: bool
    """True where the address is this computer's own loopback: what is sent there does not leave the computer."""

    @property
    def host(self) -> str:
        """Return where text goes, "" when it stays on this computer."""
        return "" if self.is_local else self.netloc


def server_at(base_url: str | None, *, allows_plain_http: bool = False) -> Server:
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
            "anyone on the way. Use https://, or reach that server through a tunnel to this computer (http://localhost:…)."
        )
    shown = f"[{name}]" if ":" in name else name
    return Server(url=url, netloc=shown if port is None else f"{shown}:{port}", is_local=is_local)


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
