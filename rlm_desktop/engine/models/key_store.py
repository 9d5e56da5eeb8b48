"""The system's key store (Keychain, Credential Manager, Secret Service). The only file that imports keyring; imported on first use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.errors import PasswordDeleteError

from rlm_desktop.errors import UserError

SERVICE = "RLM Desktop"


def stored_key(name: str) -> str | None:
    """Return the key kept under `name`, None where there is none. Raises UserError where the store cannot be asked."""
    with _usable("read"):
        return keyring.get_password(SERVICE, name)


def store_key(name: str, key: str) -> None:
    """Keep `key` under `name`, in the place of what was there. Raises UserError."""
    with _usable("written"):
        keyring.set_password(SERVICE, name, key)


def delete_key(name: str) -> bool:
    """Return whether there was one. Raises UserError."""
    with _usable("changed"):
        try:
            keyring.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return False
        return True


@contextmanager
def _usable(verb: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # The back ends are plugins and raise whatever the library below them does.
        reason = " ".join(str(error).split())[:200].rstrip(".")
        raise UserError(
            f"The system's key store could not be {verb}{': ' + reason if reason else ''}. "
            "Give the key in an environment variable, or type it for now."
        ) from error
