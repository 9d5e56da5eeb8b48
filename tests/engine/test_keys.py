"""Where a key comes from, and that it shows itself nowhere on the way."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import keyring
import keyring.backend
import keyring.errors
import pytest
from keyring.backends import chainer, fail, null

from rlm_desktop.engine.models import key_store
from rlm_desktop.engine.models.keys import Secret, checked_key, find_key
from rlm_desktop.errors import UserError
from rlm_desktop.trace.request import ModelChoice

URL = "https://models.example.com/v1"


def found(choice: ModelChoice, environment: dict[str, str] | None = None, store: dict[str, str] | None = None) -> str | None:
    key = find_key(choice, environment or {}, stored=(store or {}).get)
    return None if key is None else key.reveal()


def test_a_stored_key_comes_before_the_environment_and_that_before_a_typed_one() -> None:
    environment, store = {"MY_KEY": "from-environment"}, {"mine": "from-store"}
    everything = ModelChoice(name="m", base_url=URL, api_key="typed", api_key_env="MY_KEY", api_key_stored_as="mine")
    assert found(everything, environment, store) == "from-store"
    assert found(everything, environment, {}) == "from-environment"
    assert found(everything, {}, {}) == "typed"
    with pytest.raises(UserError, match="“mine”"):
        found(ModelChoice(name="m", base_url=URL, api_key_env="MY_KEY", api_key_stored_as="mine"), {}, {})


def test_a_store_that_cannot_be_asked_gives_way_to_the_next_source() -> None:
    def locked(_name: str) -> str | None:
        raise UserError("It is locked.")

    choice = ModelChoice(name="m", base_url=URL, api_key_env="MY_KEY", api_key_stored_as="mine")
    key = find_key(choice, {"MY_KEY": "from-environment"}, stored=locked)
    assert key is not None and key.reveal() == "from-environment"
    with pytest.raises(UserError, match="It is locked"):
        find_key(choice, {}, stored=locked)


@pytest.mark.parametrize(("name", "whose"), [("m", "the key for m, is"), ("", "the key, is")])
def test_a_variable_that_is_not_set_is_named(name: str, whose: str) -> None:
    with pytest.raises(UserError, match=f"MY_KEY, which should hold {whose} not set"):
        found(ModelChoice(name=name, base_url=URL, api_key_env="MY_KEY"), {}, {})


def test_a_model_without_any_source_has_no_key() -> None:
    assert found(ModelChoice(name="m", base_url=URL), {"OPENAI_API_KEY": "for-openai-alone"}) is None


def test_openai_itself_is_given_the_key_that_its_variable_holds() -> None:
    assert found(ModelChoice(name="m"), {"OPENAI_API_KEY": "for-openai"}) == "for-openai"


def test_a_source_that_holds_nothing_is_named() -> None:
    with pytest.raises(UserError, match="MY_KEY"):
        found(ModelChoice(name="m", base_url=URL, api_key_env="MY_KEY"))
    with pytest.raises(UserError, match="mine"):
        found(ModelChoice(name="m", base_url=URL, api_key_stored_as="mine"))


@pytest.mark.parametrize("typed", ["", "  ", "two words", "ключ-key", "line\nbreak", "nul\0byte"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(typed: str) -> None:
    with pytest.raises(UserError) as caught:
        found(ModelChoice(name="m", base_url=URL, api_key=typed))
    assert not typed.strip() or typed not in str(caught.value)


def test_spaces_and_line_ends_around_a_key_are_left_out() -> None:
    assert found(ModelChoice(name="m", base_url=URL, api_key=" abc-123\r\n")) == "abc-123"


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("canary-0123")
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", repr([secret]), repr({"key": secret})):
        assert "canary" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert "canary" not in repr(ModelChoice(name="m", api_key="canary-0123"))


class InMemory(keyring.backend.KeyringBackend):
    """A key store that forgets."""

    priority = 1.0

    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def __init__(self) -> None:
        """Leave out the settings that the base class reads from the environment."""

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("not there")
        del self.kept[service, username]


class Locked(InMemory):
    """A key store that refuses."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("the collection is locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("a library below failed in its own way")


@pytest.fixture
def own_store() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("own_store")
def test_the_key_store_keeps_a_key_under_a_name() -> None:
    keyring.set_keyring(InMemory())
    assert key_store.stored_key("mine") is None
    key_store.store_key("mine", "abc-123")
    assert key_store.stored_key("mine") == "abc-123"
    assert key_store.delete_key("mine")
    assert not key_store.delete_key("mine")


@pytest.mark.usefixtures("own_store")
def test_a_key_store_that_cannot_be_used_is_a_sentence() -> None:
    keyring.set_keyring(Locked())
    with pytest.raises(UserError, match="locked"):
        key_store.stored_key("mine")
    with pytest.raises(UserError, match="environment variable"):
        key_store.store_key("mine", "abc-123")


class Silent(InMemory):
    """A key store whose bus never answers."""

    answered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.answered.wait()
        return None


@pytest.mark.usefixtures("own_store")
def test_a_key_store_that_never_answers_is_left_after_a_while() -> None:
    keyring.set_keyring(Silent())
    try:
        with pytest.raises(UserError, match="did not answer within 0.01 s.*locked.*environment variable"):
            key_store.stored_key("mine", patience_s=0.01)
    finally:
        Silent.answered.set()


@pytest.mark.skipif(sys.platform != "linux", reason="the bus of Linux")
def test_a_bus_that_never_answers_hangs_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        code = "from rlm_desktop.engine.models import key_store; key_store.stored_key('mine', patience_s=0.1)"
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'bus'}"}
        environment.pop("PYTHON_KEYRING_BACKEND", None)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert "The system's key store did not answer within 0.1 s" in done.stderr


def of_module(module: str, *, priority: float = 1.0) -> keyring.backend.KeyringBackend:
    """A back end that says it came from elsewhere."""
    kind = type("Keyring", (InMemory,), {"__module__": module, "priority": priority})
    made = kind()
    assert isinstance(made, keyring.backend.KeyringBackend)
    return made


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize(
    ("store", "why"),
    [
        (fail.Keyring(), "no key store"),  # type: ignore[no-untyped-call]
        (null.Keyring(), "no key store"),  # type: ignore[no-untyped-call]
        (of_module("keyrings.alt.file", priority=0.5), "keyrings.alt.file.*is not known"),
        (of_module("keyrings.alt.Gnome"), "is not known"),
        (of_module("some.other", priority=0.6), "some.other.*is not known"),
    ],
)
def test_what_keeps_no_secret_is_no_key_store_and_gets_no_key(store: keyring.backend.KeyringBackend, why: str) -> None:
    keyring.set_keyring(store)
    with pytest.raises(UserError, match=f"{why}.*environment variable"):
        key_store.store_key("for-nobody", "abc-123")
    with pytest.raises(UserError, match=why):
        key_store.stored_key("for-nobody")
    with pytest.raises(UserError, match=why):
        key_store.delete_key("for-nobody")
    assert (key_store.SERVICE, "for-nobody") not in InMemory.kept


@pytest.mark.usefixtures("own_store")
def test_of_several_stores_the_first_that_keeps_secrets_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    good = InMemory()
    monkeypatch.setattr(keyring.backend, "get_all_keyring", lambda: [of_module("keyrings.alt.file", priority=9), good])
    keyring.set_keyring(chainer.ChainerBackend())  # type: ignore[no-untyped-call]
    key_store.store_key("several", "abc-123")
    assert good.kept[key_store.SERVICE, "several"] == "abc-123"
    monkeypatch.setattr(keyring.backend, "get_all_keyring", list)
    with pytest.raises(UserError, match="no key store"):
        key_store.stored_key("several")


@pytest.mark.usefixtures("own_store")
def test_what_a_store_complains_of_is_told_without_the_key() -> None:
    class Telling(InMemory):
        def set_password(self, service: str, username: str, password: str) -> None:
            raise RuntimeError(f"{'x' * 190} cannot keep {password}")

    key = Secret("canary-store-0123456789").reveal()
    keyring.set_keyring(Telling())
    with pytest.raises(UserError) as caught:
        key_store.store_key("mine", key)
    assert "canary" not in str(caught.value)


def test_a_key_is_checked_by_its_name() -> None:
    with pytest.raises(UserError, match="The stored key"):
        checked_key("a b", where="The stored key")
