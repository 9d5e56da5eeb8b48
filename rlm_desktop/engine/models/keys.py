"""Where a model's key comes from: the system's key store by name, else an environment variable by name, else typed for now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rlm_desktop.errors import UserError
from rlm_desktop.redact import LIVE
from rlm_desktop.trace.request import ModelChoice

OPENAI_VARIABLE = "OPENAI_API_KEY"


class Secret:
    """A key that no repr, str or format shows, and that no sink of this process lets through. `reveal()` where it is sent."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        LIVE.add(value)

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> str:
        raise TypeError("A key is not pickled.")


def find_key(choice: ModelChoice, environment: Mapping[str, str], *, stored: Callable[[str], str | None]) -> Secret | None:
    """Return the key for `choice`, None where it names no source of one. Of several sources the first that holds a key counts.

    Without a source and a base URL, which is OpenAI's own server, `OPENAI_API_KEY` is used if it is set. `stored` looks a name up in
    the key store. Raises UserError where a source is named and none holds a key, or one holds what cannot be sent.
    """
    lacking: UserError | None = None
    if choice.api_key_stored_as is not None:
        try:
            return _of_store(choice, choice.api_key_stored_as, stored)
        except UserError as error:
            lacking = error
    if choice.api_key_env is not None:
        value = environment.get(choice.api_key_env)
        if value:
            return checked_key(value, where=f"The key in the environment variable {choice.api_key_env}")
        should = f"which should hold the key{_whose(choice)}, is not set. Set it, or name another."
        lacking = lacking or UserError(f"The environment variable {choice.api_key_env}, {should}")
    if choice.api_key is not None:
        return checked_key(choice.api_key, where="The key that was typed")
    if lacking is not None:
        raise lacking
    if choice.base_url is None and environment.get(OPENAI_VARIABLE):
        return checked_key(environment[OPENAI_VARIABLE], where=f"The key in the environment variable {OPENAI_VARIABLE}")
    return None


def _of_store(choice: ModelChoice, name: str, stored: Callable[[str], str | None]) -> Secret:
    value = stored(name)
    if not value:
        raise UserError(f"The key store holds no key named “{name}”{_whose(choice)}. Store it again on the models page.")
    return checked_key(value, where=f"The stored key “{name}”")


def _whose(choice: ModelChoice) -> str:
    # A list of a server's models is asked for without a model's name.
    return f" for {choice.name}" if choice.name else ""


def checked_key(value: str, *, where: str) -> Secret:
    """Return `value` without the spaces and line ends around it, which copying adds. Raises UserError for what no header can carry."""
    key = value.strip()
    if not key:
        raise UserError(f"{where} is empty. Give the key again.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UserError(f"{where} has a space, a line break or a letter in it that keys do not have. Copy it again, whole and alone.")
    return Secret(key)
