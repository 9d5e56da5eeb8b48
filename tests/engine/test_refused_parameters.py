"""A parameter that a server refuses is left out from then on, and told once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from rlm_desktop.engine.endpoint import open_endpoint
from rlm_desktop.engine.models.base import ModelError, ModelReply, ModelRequest
from rlm_desktop.engine.models.openai_chat import OpenAIChat
from rlm_desktop.engine.models.refused_parameters import refused_parameter
from rlm_desktop.trace.events import ModelAsked, ModelReplied, Noticed
from rlm_desktop.trace.request import ModelChoice
from tests.engine.chat import ASKED, request, talk
from tests.engine.running import repl, run
from tests.openai_server import Answer, Fault, Gate, OpenAIServer, Reply, error_body

SENT = ("temperature", "top_p", "max_tokens", "seed", "reasoning_effort", "stream", "stream_options")


def openai_error(message: str, **more: object) -> str:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", **more}})


@pytest.mark.parametrize(
    ("body", "name", "other_name"),
    [
        (openai_error("Unsupported value.", param="temperature", code="unsupported_value"), "temperature", ""),
        (openai_error("Unknown parameter.", param="stream_options.include_usage", code="unknown_parameter"), "stream_options", ""),
        (openai_error("Unrecognized request argument supplied: reasoning_effort"), "reasoning_effort", ""),
        (
            openai_error("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
            "max_tokens",
            "max_completion_tokens",
        ),
        (openai_error("max_tokens is too large: 99999. This model supports at most 4096.", param="max_tokens"), "max_tokens", ""),
        (openai_error("'max_tokens' or 'max_completion_tokens' is too large: this model's context is 4096."), "max_tokens", ""),
        (openai_error("Unsupported value: 'stream' does not support true with this model."), "stream", ""),
        ('{"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}', "seed", ""),
        (
            '{"object": "error", "message": {"detail": [{"type": "extra_forbidden", "loc": ["body", "top_p"], "input": 1}]}}',
            "top_p",
            "",
        ),
        ("""{"message": "[{'type': 'extra_forbidden', 'loc': ('body', 'seed')}]", "code": 400}""", "seed", ""),
        ("top_p is not supported by this model", "top_p", ""),
        ('[{"error": {"code": 400, "message": "Invalid JSON payload received. Unknown name \\"seed\\": Cannot find field."}}]', "seed", ""),
    ],
)
def test_the_parameter_is_found_in_every_form_of_refusal(body: str, name: str, other_name: str) -> None:
    found = refused_parameter(body, SENT)
    assert found is not None
    assert (found.name, found.other_name) == (name, other_name)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Bad request",
        openai_error("Invalid API key.", code="invalid_api_key"),
        openai_error("The prompt is too long: reduce the length of the messages.", param="messages", code="context_length_exceeded"),
        openai_error("Unsupported parameter: 'logprobs'.", param="logprobs"),
        openai_error("The model does not support streams of this length."),
        openai_error("The temperature of the server room is fine."),
        json.dumps({"detail": [{"msg": "Field required", "loc": ["body", "x"], "input": {"temperature": 0, "messages": ["It must be"]}}]}),
        "[" * 50_000,
        '{"error":' * 5_000,
        json.dumps({"error": {"param": 7, "loc": "seed", "message": ["x"]}}),
    ],
)
def test_an_error_about_something_else_blames_no_parameter(body: str) -> None:
    assert refused_parameter(body, SENT) is None


def heard(server: OpenAIServer, count: int, **parameters: str | float) -> tuple[list[ModelReply], list[str]]:
    """Ask `count` times, streamed; return the replies and the notices."""
    notices: list[str] = []

    async def ask(model: OpenAIChat) -> list[ModelReply]:
        sent = ModelRequest(messages=ASKED, parameters=parameters, on_text=lambda _piece: None, on_notice=notices.append)
        return [await model.complete(sent) for _ in range(count)]

    return talk(server, ask), notices


def test_each_refused_parameter_is_left_out_from_then_on_and_told_once() -> None:
    with OpenAIServer("fine", refuses=("temperature", "stream_options")) as server:
        replies, notices = heard(server, 2, temperature=0.5, top_p=1.0)
    assert [reply.text for reply in replies] == ["fine", "fine"]
    assert [sorted(set(seen.body) & set(SENT)) for seen in server.requests] == [
        ["stream", "stream_options", "temperature", "top_p"],
        ["stream", "stream_options", "top_p"],
        ["stream", "top_p"],
        ["stream", "top_p"],
    ]
    assert replies[0].usage is not None
    assert replies[0].usage.is_estimate
    assert len(notices) == 2
    assert "does not take temperature for test-model" in notices[0]
    assert "'temperature' is not supported with this model." in notices[0]
    assert "estimated" in notices[1]


def test_a_model_that_does_not_stream_is_asked_for_the_whole() -> None:
    with OpenAIServer("fine", refuses=("stream",)) as server:
        replies, notices = heard(server, 1)
    assert (replies[0].text, len(notices)) == ("fine", 1)
    assert not {"stream", "stream_options"} & set(server.requests[1].body)


def knows(name: str, other: str) -> Answer:
    return Fault(status=400, body=error_body(f"Unsupported parameter: '{other}' is not supported. Use '{name}' instead.", param=other))


@pytest.mark.parametrize(("name", "other"), [("max_completion_tokens", "max_tokens"), ("max_tokens", "max_completion_tokens")])
def test_a_server_that_knows_the_limit_by_its_other_name_is_given_that(name: str, other: str) -> None:
    def model(_messages: object, body: Mapping[str, object]) -> Answer:
        return knows(name, other) if other in body else f"at most {body[name]}"

    with OpenAIServer(model) as server:
        replies, notices = heard(server, 2, **{other: 77})
    assert [reply.text for reply in replies] == ["at most 77"] * 2
    assert len(server.requests) == 3
    assert [notice.partition(" by the name ")[2][: len(name)] for notice in notices] == [name]


@pytest.mark.parametrize("refuses", [("max_tokens", "max_completion_tokens"), ("max_completion_tokens", "max_tokens")])
def test_a_server_that_knows_the_limit_by_neither_name_is_asked_without(refuses: Sequence[str]) -> None:
    with OpenAIServer("fine", refuses=refuses) as server:
        replies, _notices = heard(server, 2, max_tokens=77)
    assert [reply.text for reply in replies] == ["fine"] * 2
    assert not set(refuses) & set(server.requests[-1].body)
    assert len(server.requests) <= 4


def test_a_server_that_refuses_whatever_it_is_sent_is_not_asked_without_end() -> None:
    def model(_messages: object, body: Mapping[str, object]) -> Answer:
        left = [name for name in body if name not in ("model", "messages")]
        return Fault(status=400, body=error_body(f"Unknown parameter: {left[0] if left else 'messages'}.", param=left[0] if left else None))

    with OpenAIServer(model) as server, pytest.raises(ModelError) as caught:
        heard(server, 1, temperature=1, top_p=1, seed=1)
    assert caught.value.is_final
    assert len(server.requests) == 5


def test_requests_refused_at_the_same_time_are_all_asked_again_and_it_is_told_once() -> None:
    gate, notices = Gate(), list[str]()

    async def model(_messages: object, body: Mapping[str, object]) -> Answer:
        if "seed" not in body:
            return "fine"
        await gate.passed()
        return Fault(status=400, body=error_body("Unrecognized request argument supplied: seed"))

    async def many(chat: OpenAIChat, server: OpenAIServer) -> list[str]:
        sent = ModelRequest(messages=ASKED, parameters={"seed": 1}, on_notice=notices.append)
        waiting = [asyncio.ensure_future(chat.complete(sent)) for _ in range(8)]
        await asyncio.to_thread(server.wait_until, lambda s: s.open_now == 8)
        gate.open()
        return [reply.text for reply in await asyncio.gather(*waiting)]

    with OpenAIServer(model) as server:
        assert talk(server, lambda chat: many(chat, server)) == ["fine"] * 8
    assert len(notices) == 1


def test_nobody_need_listen_for_notices() -> None:
    with OpenAIServer("fine", refuses=("seed",)) as server:
        assert talk(server, lambda model: model.complete(request(seed=1))).text == "fine"


def test_in_a_run_it_is_one_notice_and_what_was_asked_for_stands_with_each_request() -> None:
    codes = ["print(llm_query('a'), llm_query('b'))", "answer['content'] = 'done'; answer['ready'] = True"]

    def model(messages: list[dict[str, Any]], _body: object) -> Reply:
        turn = sum(message["role"] == "assistant" for message in messages)
        text = "fine" if messages[0]["role"] == "user" else repl(codes[turn])
        return Reply(text=text, reasoning="I think, but that is my own affair.")

    with OpenAIServer(model, refuses=("temperature",)) as server:
        choice = ModelChoice(name="m", base_url=server.base_url, parameters={"temperature": 0.5, "reasoning_effort": "low"})
        recorded = run(open_endpoint(choice, {}))
    assert recorded.result.answer == "done"
    assert [notice.message.partition(" does not take ")[2][:11] for notice in recorded.of(Noticed)] == ["temperature"]
    assert {tuple((one.name, one.value) for one in asked.parameters) for asked in recorded.of(ModelAsked)} == {
        (("temperature", "0.5"), ("reasoning_effort", "low"))
    }
    assert len(server.requests) == 1 + 4
    assert "my own affair" not in str([seen.messages for seen in server.requests])
    assert [reply.reasoning for reply in recorded.of(ModelReplied)] == ["I think, but that is my own affair."] * 4
