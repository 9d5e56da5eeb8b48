"""What is sent to a real server on loopback, streamed and at once, and taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from rlm_desktop.engine.models.base import Message, ModelRequest
from rlm_desktop.engine.models.keys import Secret
from rlm_desktop.engine.models.openai_chat import OpenAIChat
from rlm_desktop.servers.address import server_at
from tests.engine.chat import ASKED, KEY, ask, both_ways, request, talk
from tests.openai_server import Fault, Gate, OpenAIServer, Reply


@both_ways
def test_the_server_is_given_the_messages_and_the_parameters_and_nothing_else(is_streamed: bool) -> None:
    with OpenAIServer("fine") as server:
        sent = request(on_text=(lambda _piece: None) if is_streamed else None, temperature=0.5)
        talk(server, lambda model: model.complete(sent), key=KEY)
    (seen,) = server.requests
    streaming = {"stream": True, "stream_options": {"include_usage": True}} if is_streamed else {}
    messages = [{"role": message.role, "content": message.content} for message in ASKED]
    assert seen.body == {"model": "test-model", "messages": messages, "temperature": 0.5, **streaming}
    assert seen.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("key", "sent"), [("0a1b2c3d", {"api-key": "0a1b2c3d"}), ("eyJ0.eyJh.sig", {"authorization": "Bearer eyJ0.eyJh.sig"})]
)
def test_azure_is_given_a_key_in_its_own_header_and_a_token_as_everybody_is(key: str, sent: Mapping[str, str]) -> None:
    assert server_at("https://mine.openai.azure.com/openai/v1").takes_key_header

    async def once(base_url: str) -> None:
        model = OpenAIChat("m", server=replace(server_at(base_url), takes_key_header=True), key=Secret(key))
        await model.complete(request())
        await model.aclose()

    with OpenAIServer("fine") as server:
        asyncio.run(once(server.base_url))
    headers = server.requests[0].headers
    assert {name: value for name, value in headers.items() if name in ("api-key", "authorization")} == sent


def test_without_a_key_no_authorization_is_sent_whatever_the_environment_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "of-the-environment")
    with OpenAIServer("fine") as server:
        talk(server, lambda model: model.complete(request()))
    assert "of-the-environment" not in str(server.requests[0].headers)
    assert "authorization" not in server.requests[0].headers


def test_a_proxy_of_the_environment_does_not_see_what_stays_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask("fine").text == "fine"


def test_streamed_text_arrives_while_the_rest_is_still_to_come() -> None:
    gate, seen = Gate(), list[str]()

    def heard(piece: str) -> None:
        seen.append(piece)
        gate.open()

    with OpenAIServer(Reply(text="one two", pieces=["one ", "two"], piece_gates={2: gate})) as server:
        reply = talk(server, lambda model: model.complete(request(on_text=heard)))
    assert seen == ["one ", "two"]
    assert reply.text == "one two"


def test_a_key_that_the_server_echoes_in_pieces_is_not_passed_on() -> None:
    heard: list[str] = []
    with OpenAIServer(Reply(text="", pieces=["your key is ", KEY[:9], KEY[9:], ", is it?"])) as server:
        talk(server, lambda model: model.complete(request(on_text=heard.append)), key=KEY)
    assert "".join(heard) == "your key is ***, is it?"


def test_cancelling_closes_the_request_at_the_server() -> None:
    async def cancel(model: OpenAIChat, server: OpenAIServer) -> None:
        waiting = asyncio.ensure_future(model.complete(request()))
        await asyncio.to_thread(server.wait_until, lambda s: s.open_now == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.to_thread(server.wait_until, lambda s: s.closed_by_client == 1)

    with OpenAIServer(Reply(gate=Gate())) as server:
        talk(server, lambda model: cancel(model, server))


def test_cancelling_in_the_middle_of_a_stream_closes_it_at_the_server() -> None:
    async def cancel(model: OpenAIChat, server: OpenAIServer) -> None:
        begun = asyncio.Event()
        waiting = asyncio.ensure_future(model.complete(request(on_text=lambda _piece: begun.set())))
        await begun.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.to_thread(server.wait_until, lambda s: s.closed_by_client == 1)

    with OpenAIServer(Reply(text="one two", pieces=["one ", "two"], piece_gates={2: Gate()})) as server:
        talk(server, lambda model: cancel(model, server))


def test_a_hundred_requests_are_open_at_once() -> None:
    gate = Gate()

    async def many(model: OpenAIChat, server: OpenAIServer) -> None:
        waiting = [asyncio.ensure_future(model.complete(request())) for _ in range(100)]
        await asyncio.to_thread(server.wait_until, lambda s: s.open_now == 100)
        gate.open()
        assert {reply.text for reply in await asyncio.gather(*waiting)} == {"hello"}

    with OpenAIServer(Reply(gate=gate)) as server:
        talk(server, lambda model: many(model, server))


@both_ways
def test_connections_are_used_again(is_streamed: bool) -> None:
    async def in_turn(model: OpenAIChat) -> None:
        for _ in range(3):
            await model.complete(request(on_text=(lambda _piece: None) if is_streamed else None))

    with OpenAIServer("fine") as server:
        talk(server, in_turn)
    assert server.connections == 1


def test_a_model_that_was_closed_may_be_asked_again_in_another_loop() -> None:
    with OpenAIServer("fine") as server:
        model = OpenAIChat("test-model", server=server_at(server.base_url))

        async def once() -> str:
            try:
                return (await model.complete(request())).text
            finally:
                await model.aclose()

        assert [asyncio.run(once()) for _ in range(2)] == ["fine", "fine"]


def test_the_models_of_a_server_are_listed() -> None:
    with OpenAIServer(names=("b", "a")) as server:
        assert talk(server, lambda model: model.list_models()) == ["a", "b"]


def test_anthropic_is_asked_for_its_models_in_its_own_way_and_for_a_reply_as_everybody_is() -> None:
    assert server_at("https://api.anthropic.com/v1").lists_as_anthropic

    async def both(base_url: str) -> list[str]:
        model = OpenAIChat("m", server=replace(server_at(base_url), lists_as_anthropic=True), key=Secret(KEY))
        await model.complete(request())
        names = await model.list_models()
        await model.aclose()
        return names

    with OpenAIServer("fine", gets={"/v1/models?limit=1000": Fault(status=200, body='{"data": [{"type": "model", "id": "a"}]}')}) as server:
        assert asyncio.run(both(server.base_url)) == ["a"]
    asked, listed = (seen.headers for seen in server.requests)
    assert (asked["authorization"], asked.get("x-api-key")) == (f"Bearer {KEY}", None)
    assert (listed.get("authorization"), listed["x-api-key"], "anthropic-version" in listed) == (None, KEY, True)


def test_texts_with_lone_surrogates_are_sent_all_the_same() -> None:
    with OpenAIServer("fine") as server:
        talk(server, lambda model: model.complete(ModelRequest(messages=[Message(role="user", content="é \ud83d x")])))
    assert server.requests[0].messages[0]["content"] == "é ? x"


@both_ways
def test_a_key_that_the_server_puts_into_its_reply_goes_no_further(is_streamed: bool) -> None:
    key = "canary-0123456789-echo"
    heard: list[str] = []
    answer = Reply(
        text=f"it is {key}, is it?", reasoning=f"think of {key}", served_model=f"m-{key}", finish_reason=f"stop {key}",
        pieces=["it is canary-01", "23456", "789-echo, is it?"],
    )  # fmt: skip
    with OpenAIServer(answer, required_key=key) as server:
        reply = talk(server, lambda model: model.complete(request(on_text=heard.append if is_streamed else None)), key=key)
    assert (reply.text, reply.reasoning, reply.served_model, reply.finish_reason) == (
        "it is ***, is it?",
        "think of ***",
        "m-***",
        "stop ***",
    )
    assert "".join(heard) == ("it is ***, is it?" if is_streamed else "")


def test_a_key_that_the_server_calls_a_model_by_is_not_listed() -> None:
    key = "canary-0123456789-name"
    with OpenAIServer(names=("a", f"tuned-{key}"), required_key=key) as server:
        assert talk(server, lambda model: model.list_models(), key=key) == ["a", "tuned-***"]
