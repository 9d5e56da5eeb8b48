"""The system's key store (Keychain, Credential Manager, Secret Service). The only file that imports keyring; imported on first use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final, TypeVar

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import chainer
from keyring.errors import PasswordDeleteError

from rlm_desktop.errors import UserError
from rlm_desktop.redact import LIVE

SERVICE: Final = "RLM Desktop"
PATIENCE_S: Final = 30.0
"""Long enough to type the password that a locked store asks for."""
_NO_STORES: Final = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
"""Modules of what keyring offers where there is none: one refuses, one forgets, and the last ones write files that others can read."""
_INSTEAD: Final = "Give the key in an environment variable, or type it for now."

_T = TypeVar("_T")


def stored_key(name: str, *, patience_s: float = PATIENCE_S) -> str | None:
    """Return the key kept under `name`, None where there is none. Raises UserError where the store cannot be asked."""
    return _asked("read", lambda store: store.get_password(SERVICE, name), patience_s)


def store_key(name: str, key: str, *, patience_s: float = PATIENCE_S) -> None:
    """Keep `key` under `name`, in the place of what was there. Raises UserError."""
    _asked("written", lambda store: store.set_password(SERVICE, name, key), patience_s)


def delete_key(name: str, *, patience_s: float = PATIENCE_S) -> bool:
    """Return whether there was one. Raises UserError."""

    def delete(store: KeyringBackend) -> bool:
        try:
            store.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return False
        return True

    return _asked("changed", delete, patience_s)


def _asked(verb: str, act: Callable[[KeyringBackend], _T], patience_s: float) -> _T:
    """Do `act` with the store, on a thread that nobody waits for longer than `patience_s`: a store may ask a person, or a bus be dead."""
    outcome: Future[_T] = Future()

    def work() -> None:
        try:
            # Which stores there are is asked over the same bus.
            outcome.set_result(act(_store()))
        except Exception as error:  # noqa: BLE001 - the back ends are plugins and raise whatever the library below them does
            outcome.set_exception(error)

    threading.Thread(target=work, name="key store", daemon=True).start()
    try:
        return outcome.result(patience_s)
    except UserError:
        raise
    except Exception as error:
        if not outcome.done():
            raise UserError(
                f"The system's key store did not answer within {patience_s:g} s. It may be locked and ask for its password in a window of "
                f"its own: unlock it and try again. {_INSTEAD}"
            ) from None
        reason = LIVE(" ".join(str(error).split()))[:200].rstrip(".")
        raise UserError(f"The system's key store could not be {verb}{': ' + reason if reason else ''}. {_INSTEAD}") from error


def _store() -> KeyringBackend:
    """Return the store of the system. Raises UserError where there is none that keeps a secret."""
    found = keyring.get_keyring()
    offered: Sequence[KeyringBackend] = found.backends if isinstance(found, chainer.ChainerBackend) else (found,)
    for store in offered:
        if _keeps_secrets(store):
            return store
    plain = next((store for store in offered if not _is_of(store, _NO_STORES[:2])), None)
    if plain is None:
        raise UserError(
            f"This computer has no key store that the program can use. On Linux, GNOME Keyring, KWallet or KeePassXC is one. {_INSTEAD}"
        )
    raise UserError(
        f"The key store that is set up for Python here ({type(plain).__module__}) is not known to keep keys from other programs, "
        f"so it is not used. {_INSTEAD}"
    )


def _keeps_secrets(store: KeyringBackend) -> bool:
    # keyring gives 1 and more to those that it recommends.
    return store.priority >= 1 and not _is_of(store, _NO_STORES)


def _is_of(store: KeyringBackend, modules: tuple[str, ...]) -> bool:
    return any(kind.__module__.startswith(modules) for kind in type(store).__mro__)
