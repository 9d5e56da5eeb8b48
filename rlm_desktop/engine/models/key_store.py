"""The system's key store (Keychain, Credential Manager, Secret Service). The only file that imports keyring; imported on first use."""

from __future__ import annotations

import keyring
from keyring.errors import KeyringError, PasswordDeleteError

from rlm_desktop.errors import UserError

SERVICE = "RLM Desktop"


def stored_key(name: str) -> str | None:
    """Return the key kept under `name`, None where there is none. Raises UserError where the store cannot be asked."""
    try:
        return keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise _unusable("read", error) from error


def store_key(name: str, key: str) -> None:
    try:
        keyring.set_password(SERVICE, name, key)
    except KeyringError as error:
        raise _unusable("written", error) from error


def delete_key(name: str) -> bool:
    """Return whether there was one."""
    try:
        keyring.delete_password(SERVICE, name)
    except PasswordDeleteError:
        return False
    except KeyringError as error:
        raise _unusable("changed", error) from error
    return True


def _unusable(verb: str, error: KeyringError) -> UserError:
    reason = " ".join(str(error).split())[:200]
    return UserError(
        f"The system's key store could not be {verb}{': ' + reason if reason else ''}. "
        "Give the key in an environment variable, or type it for now."
    )
