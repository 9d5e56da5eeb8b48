"""The command that the window's models page runs: one JSON line in, one out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backends import fail

from rlm_desktop.cli.models_request import Result, answer
from rlm_desktop.servers.providers import FoundServer, LocalKind, providers
from tests.cli.program import program
from tests.openai_server import Fault, OpenAIServer, error_body

KEY = "canary-0123456789-key"


def run(request: object, *, code: int = 0, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    given = request if isinstance(request, bytes) else json.dumps(request).encode()
    done = subprocess.run(
        [sys.executable, "-m", "rlm_desktop", "models", "--request", "-"],
        input=given + b"\n",
        capture_output=True,
        timeout=60,
        env={**os.environ, **(environment or {})},
    )
    assert done.returncode == code, done.stderr.decode()
    assert KEY.encode() not in done.stdout + done.stderr
    assert not done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_the_models_of_a_server_are_listed() -> None:
    with OpenAIServer(names=("b", "a"), required_key=KEY) as server:
        choice = {"name": "", "base_url": server.base_url, "api_key": KEY}
        assert run({"action": "list", "model": choice}) == {"models": ["a", "b"]}


def test_a_model_is_tested_by_one_tiny_request() -> None:
    with OpenAIServer("ready") as server:
        found = run(
            {"action": "test", "model": {"name": "m", "base_url": server.base_url, "api_key_env": "MY_KEY"}}, environment={"MY_KEY": KEY}
        )
    assert "m on this computer replied" in found["message"]
    assert len(server.requests) == 1
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_test_sends_the_parameters_and_says_which_are_refused() -> None:
    with OpenAIServer("ready", refuses=("seed",)) as server:
        result, code = answered(
            {"action": "test", "model": {"name": "m", "base_url": server.base_url, "parameters": {"seed": 1, "top_p": 0.5}}}
        )
    assert code == 0
    assert result.message is not None
    assert "replied in" in result.message and "does not take seed for m" in result.message
    assert server.requests[-1].body["top_p"] == 0.5


def test_a_refusal_is_a_sentence_without_the_key() -> None:
    with OpenAIServer(Fault(status=401, body=error_body(f"Incorrect API key provided: {KEY}"))) as server:
        choice = {"name": "m", "base_url": server.base_url, "api_key": KEY}
        found = run({"action": "test", "model": choice}, code=1)
    assert "refused the key (401)" in found["error"]


def test_a_key_is_tested_without_a_models_name() -> None:
    with OpenAIServer(names=("a", "b"), required_key=KEY) as server:
        found = run({"action": "test_key", "model": {"name": "", "base_url": server.base_url, "api_key": KEY}})
    assert "lists 2 models with this key" in found["message"]


def answered(request: object) -> tuple[Result, int]:
    given = request if isinstance(request, bytes) else json.dumps(request).encode()
    return answer(io.BytesIO(given + b"\n"), {})


@pytest.fixture
def no_store() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("no_store")
@pytest.mark.parametrize(
    "request_",
    [
        {"action": "test", "model": {"name": "m", "base_url": "http://models.example.com/v1"}},
        {"action": "list", "model": {"name": "m", "base_url": "nowhere"}},
        {"action": "list", "model": {"name": "m", "base_url": "http://127.0.0.1:9/v1"}},
        {"action": "store_key", "name": "mine", "key": KEY},
        {"action": "store_key", "name": "", "key": KEY},
        {"action": "store_key", "name": "mine", "key": f"{KEY} {KEY}"},
        {"action": "delete_key", "name": "mine"},
        {"action": "test_key", "model": {"name": "", "base_url": "http://127.0.0.1:9/v1"}},
        {"action": "test_key", "model": {"name": "", "base_url": "http://127.0.0.1:9/v1", "api_key": KEY}},
        {"action": "test_key", "model": {"name": "", "base_url": "http://127.0.0.1:9/v1", "api_key": f"{KEY} and more"}},
        {"action": "test_key", "model": {"name": "", "base_url": "http://127.0.0.1:9/v1", "api_key": "ключ"}},
        {"action": "test_key", "model": {"name": "", "base_url": "http://127.0.0.1:9/v1", "api_key_stored_as": "mine"}},
        {"action": "test", "model": {"name": "m", "base_url": "http://127.0.0.1:9/v1", "api_key_stored_as": "mine"}},
    ],
)
def test_what_cannot_be_done_is_a_sentence(request_: object) -> None:
    result, code = answered(request_)
    assert code == 1
    assert result.error is not None
    assert result.error.endswith(".")
    assert KEY not in repr(result)


@pytest.mark.parametrize("request_", [b"", b"not json", b"{}", b'{"action": "explode"}', b'{"action": "list"}', b"\xff"])
def test_what_is_no_request_is_wrong_use(request_: bytes) -> None:
    result, code = answered(request_)
    assert code == 2
    assert "not one for models" in str(result.error)


def test_a_key_is_kept_and_removed_in_the_key_store(tmp_path: Path) -> None:
    (tmp_path / "one_file.py").write_text(
        "import json, pathlib\n"
        "from keyring.backend import KeyringBackend\n"
        "from keyring.errors import PasswordDeleteError\n"
        f"PATH = pathlib.Path({str(tmp_path / 'kept.json')!r})\n"
        "class Store(KeyringBackend):\n"
        "    priority = 1\n"
        "    def _all(self): return json.loads(PATH.read_text()) if PATH.exists() else {}\n"
        "    def get_password(self, service, name): return self._all().get(service + '/' + name)\n"
        "    def set_password(self, service, name, key): PATH.write_text(json.dumps({**self._all(), service + '/' + name: key}))\n"
        "    def delete_password(self, service, name):\n"
        "        kept = self._all()\n"
        "        if kept.pop(service + '/' + name, None) is None: raise PasswordDeleteError(name)\n"
        "        PATH.write_text(json.dumps(kept))\n"
    )
    store = {"PYTHON_KEYRING_BACKEND": "one_file.Store", "PYTHONPATH": str(tmp_path)}
    assert "message" in run({"action": "store_key", "name": "mine", "key": KEY}, environment=store)
    with OpenAIServer("ready", required_key=KEY) as server:
        choice = {"name": "m", "base_url": server.base_url, "api_key_stored_as": "mine"}
        assert "replied" in run({"action": "test", "model": choice}, environment=store)["message"]
    assert "was removed" in run({"action": "delete_key", "name": "mine"}, environment=store)["message"]
    assert "There was no key" in run({"action": "delete_key", "name": "mine"}, environment=store)["message"]


def people(*arguments: str, code: int = 0, environment: Mapping[str, str] | None = None) -> tuple[str, str]:
    done = program("models", *arguments, env={**os.environ, **(environment or {})})
    assert done.returncode == code, done.stderr.decode()
    assert KEY.encode() not in done.stdout + done.stderr
    return done.stdout.decode(), done.stderr.decode()


def test_providers_are_listed_with_where_their_keys_are_and_no_key() -> None:
    said, _ = people("providers", environment={"GROQ_API_KEY": KEY})
    assert "GROQ_API_KEY is set" in said
    assert all(one.name in said and one.base_url in said for one in providers())


def test_the_models_of_a_server_are_listed_for_people_one_a_line() -> None:
    with OpenAIServer(names=("b", "a\x1b[31m"), required_key=KEY) as server:
        said, _ = people("list", "--base-url", server.base_url, "--api-key-env", "MINE", environment={"MINE": KEY})
    assert said == "a‹ESC›[31m\nb\n"


def test_what_a_server_refuses_is_a_sentence_for_people() -> None:
    with OpenAIServer(Fault(), required_key="another") as server:
        _, told = people("list", "--base-url", server.base_url, "--api-key-env", "MINE", environment={"MINE": KEY}, code=1)
    assert "refused the key (401)" in told
    assert people("list", "--provider", "nobody", code=2)[1].startswith("rlm-desktop: No provider is called")


def test_what_runs_on_this_computer_is_found_by_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer(names=("tiny",), owned_by="vllm") as server:
        kind = LocalKind(name="vLLM", provider="vllm", ports=(server.port,), owners=("vllm",))
        monkeypatch.setattr("rlm_desktop.engine.models.local_servers.local_kinds", lambda: (kind,))
        result, code = answered({"action": "local"})
    assert code == 0
    assert result.servers == [FoundServer(base_url=server.base_url, name="vLLM", provider="vllm", models=("tiny",))]


def test_models_without_a_command_says_what_there_is() -> None:
    assert "local" in people(code=2)[0]
