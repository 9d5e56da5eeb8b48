"""A key is tried by one request that costs nothing, and each outcome is a sentence."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from rlm_desktop.engine.models.keys import Secret
from rlm_desktop.engine.models.openai_chat import Patience
from rlm_desktop.engine.models.try_key import PATIENCE, KeyTried, try_key
from rlm_desktop.errors import UserError
from rlm_desktop.servers.address import server_at
from rlm_desktop.servers.providers import Provider
from tests.openai_server import Fault, OpenAIServer, error_body

KEY = "canary-try-0123456789"
ASKS_FOR_A_KEY = Provider(id="a", name="A", base_url="", key_envs=("A_KEY",))
ANYBODYS = Provider(id="custom", name="Another server", base_url="")
LISTS_FOR_EVERYONE = Provider(id="b", name="B", base_url="", key_envs=("B_KEY",), key_path="/key")


def tried(base_url: str, provider: Provider = ASKS_FOR_A_KEY, *, patience: Patience = PATIENCE) -> KeyTried:
    return asyncio.run(try_key(server_at(base_url), Secret(KEY), provider, patience=patience))


def refused(base_url: str, provider: Provider = ASKS_FOR_A_KEY, *, patience: Patience = PATIENCE) -> str:
    with pytest.raises(UserError) as caught:
        tried(base_url, provider, patience=patience)
    assert KEY not in str(caught.value)
    return str(caught.value)


def test_a_key_that_works_is_said_to_after_one_request() -> None:
    with OpenAIServer(names=("a", "b"), required_key=KEY) as server:
        found = tried(server.base_url)
    assert found.sentence.startswith("The key works: ") and found.sentence.endswith("took it and lists 2 models.")
    assert [(request.method, request.path) for request in server.requests] == [("GET", "/v1/models")]


def test_of_a_server_that_nobody_knows_it_is_said_that_it_may_list_its_models_for_everyone() -> None:
    with OpenAIServer(names=("a",)) as server:
        assert "A server that lists them for everyone says the same" in tried(server.base_url, ANYBODYS).sentence


def test_a_server_that_lists_its_models_for_everyone_is_asked_for_what_only_a_key_opens() -> None:
    with OpenAIServer(gets={"/v1/key": Fault(status=200, body=json.dumps({"data": {"label": KEY}}))}) as server:
        assert tried(server.base_url, LISTS_FOR_EVERYONE).sentence.startswith("The key works")
        assert [(request.path, request.headers["authorization"]) for request in server.requests] == [("/v1/key", f"Bearer {KEY}")]
    with OpenAIServer(gets={"/v1/key": Fault(status=401, body=error_body(f"No user has {KEY}."))}) as server:
        assert "refused the key (401): No user has ***. Check the key, or give" in refused(server.base_url, LISTS_FOR_EVERYONE)


@pytest.mark.parametrize(("status", "said"), [(401, "refused the key (401)"), (403, "does not let this key see its models (403)")])
def test_a_refusal_names_its_status_and_no_model(status: int, said: str) -> None:
    with OpenAIServer(gets={"/v1/models": Fault(status=status, body=error_body(f"Not with {KEY}."))}) as server:
        sentence = refused(server.base_url)
    assert said in sentence and "Not with ***." in sentence
    assert " for ," not in sentence


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_without_a_list_leaves_only_a_question_to_the_model(status: int) -> None:
    with OpenAIServer(gets={"/v1/models": Fault(status=status)}) as server:
        found = tried(server.base_url)
        assert [request.method for request in server.requests] == ["GET"]
    assert found.has_no_list
    assert "nothing free shows whether the key works" in found.sentence


def test_a_server_that_is_not_there_is_said_to_be() -> None:
    with OpenAIServer() as server:
        pass
    assert "cannot be reached" in refused(server.base_url)


def test_a_name_that_nobody_has_is_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_given: object, **_named: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "No server named nowhere.invalid was found" in refused("https://nowhere.invalid/v1")


def test_a_server_that_does_not_answer_is_left_after_the_time_that_is_said() -> None:
    with OpenAIServer(gets={"/v1/models": Fault(status=200, body=b'{"data"', never_ends=True)}) as server:
        assert "sent nothing for 0.2 s" in refused(server.base_url, patience=Patience(silence_s=0.2, total_s=30))
    with OpenAIServer(gets={"/v1/models": Fault(status=200, body=[b" "] * 100, interval_s=0.05)}) as server:
        assert "did not finish within 0.4 s" in refused(server.base_url, patience=Patience(silence_s=30, total_s=0.4))
