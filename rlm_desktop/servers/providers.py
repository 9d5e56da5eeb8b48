"""Servers by the name that people know them by, from `resources/providers.json`: where they are and where their keys come from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from rlm_desktop import paths
from rlm_desktop.errors import UsageError, UserError

CUSTOM: Final = "custom"


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """A server that speaks the OpenAI protocol. `base_url` is empty where the person gives it; `fill_in` is the part that is theirs."""

    id: str
    name: str
    base_url: str
    fill_in: str = ""
    key_envs: tuple[str, ...] = ()
    """The environment variables that its own tools read the key from, the usual one first; empty where none is needed."""
    key_at: str = ""
    """Where a key is had; shown as text, never opened."""
    key_path: str = ""
    """What only a key opens, below the base URL, where the list of models is open to everyone."""
    is_local: bool = False
    model_example: str = ""
    note: str = ""

    def url(self, filled_in: str = "") -> str:
        """Return the base URL; `filled_in` stands for what is the person's own in it. Raises UserError where that is missing or no name."""
        if not self.fill_in:
            return self.base_url
        name = filled_in.strip()
        if not name or not all(char.isascii() and (char.isalnum() or char == "-") for char in name):
            raise UserError(
                f"The address of {self.name} holds the name of your resource: letters, digits and hyphens. "
                f"Give it in the place of {self.fill_in} in {self.base_url}."
            )
        return self.base_url.replace(self.fill_in, name)

    def filled_in(self, base_url: str) -> str | None:
        """Return what is the person's own in `base_url` ("" where nothing is), None where it is no address of this provider."""
        given = base_url.strip().rstrip("/")
        if not self.fill_in:
            return "" if given and _comparable(given) == _comparable(self.base_url) else None
        before, _, after = self.base_url.partition(self.fill_in)
        if not given.startswith(before) or not given.endswith(after) or len(given) <= len(before) + len(after):
            return None
        return given[len(before) : len(given) - len(after)]

    def key_env(self, environment: Mapping[str, str]) -> str:
        """Return the variable that holds the key: the first that is set, else the usual one; "" where no key is needed."""
        return next((name for name in self.key_envs if environment.get(name)), self.key_envs[0] if self.key_envs else "")


class LocalKind(msgspec.Struct, frozen=True, kw_only=True):
    """A program that serves models on this computer: the ports it usually has, and what tells it from others."""

    name: str
    provider: str = ""
    ports: tuple[int, ...]
    path: str = "/v1"
    owners: tuple[str, ...] = ()
    """What it says in `owned_by` of its models."""
    header: str = ""
    header_begins: str = ""
    proof_path: str = ""
    """An address that it alone has, which answers with an object that has `proof_field`."""
    proof_field: str = ""
    passes_on: bool = False
    """True where it sends on what it is asked: text leaves this computer all the same."""


class FoundServer(msgspec.Struct, frozen=True, kw_only=True):
    """A server that answered. `name` is empty where nothing tells which program it is."""

    base_url: str
    name: str = ""
    provider: str = ""
    models: tuple[str, ...] = ()
    needs_key: bool = False
    """It would not list its models without one."""
    passes_on: bool = False
    """It sends on what it is asked: text leaves this computer all the same."""


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    providers: tuple[Provider, ...]
    local_servers: tuple[LocalKind, ...]


@cache
def _known() -> _Known:
    return msgspec.json.decode(paths.resource("providers.json").read_bytes(), type=_Known)


def providers() -> tuple[Provider, ...]:
    """Return all of them, in the order in which people are shown them; the last is the one whose address is given."""
    return _known().providers


def local_kinds() -> tuple[LocalKind, ...]:
    return _known().local_servers


def provider(provider_id: str) -> Provider | None:
    return next((one for one in providers() if one.id == provider_id), None)


def provider_at(base_url: str) -> Provider:
    """Return whose address `base_url` is; the one for other servers where it is nobody's. Empty is OpenAI's."""
    if not base_url.strip():
        return providers()[0]
    found = next((one for one in providers() if one.filled_in(base_url) is not None), None)
    return found or providers()[-1]


def provider_named(given: str) -> tuple[Provider, str]:
    """Return the provider that a person means by its id or name, and what follows a colon (`azure:my-resource`). Raises UsageError."""
    name, _, filled_in = given.partition(":")
    wanted = _squeezed(name)
    for one in providers():
        if wanted in (one.id, _squeezed(one.name)):
            return one, filled_in
    raise UsageError(f"No provider is called “{name}”. Known are {', '.join(one.id for one in providers())}.")


def _squeezed(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())


def _comparable(base_url: str) -> str:
    return base_url.replace("//localhost", "//127.0.0.1", 1)
