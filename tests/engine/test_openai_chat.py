"""Against a real server on loopback: what is sent, what is understood of what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import pytest

from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest
from rlm_desktop.engine.models.server import server_at
from rlm_desktop.engine.models.keys import Secret
from rlm_desktop.engine.models.openai_chat import OpenAIChat, Patience
from tests.openai_server import Answer, Fault, Gate, OpenAIServer, Reply, ServerModel, delta, error_body, sse

T = TypeVar("T")
ASKED = [Message(role="system", content="You answer."), Message(role="user", content="How many? " * 40)]
KEY = "sk-test-0123456789abcdef"
PATIENT = Patience()
SOON = Patience(connect_s=2, silence_s=0.2, total_s=5)


def talk(server: OpenAIServer, act: Callable[[OpenAIChat], Awaitable[T]], *, key: str | None = None, patience: Patience = PATIENT) -> T:
    async def go() -> T:
        model = OpenAIChat(
            "test-model",
            server=server_at(server.base_url),
            key=None if key is None else Secret(key),
            patience=patience,
            max_reply_bytes=2**20,
        )
        try:
            return await act(model)
        finally:
            await model.aclose()

    return asyncio.run(go())


def request(*, on_text: Callable[[str], None] | None = None, **parameters: str | float) -> ModelRequest:
    return ModelRequest(messages=ASKED, on_text=on_text, parameters=parameters)


def ask(answer: Answer | ServerModel, *, is_streamed: bool = False, key: str | None = None, patience: Patience = PATIENT) -> ModelReply:
    with OpenAIServer(answer) as server:
        sent = request(on_text=(lambda _piece: None) if is_streamed else None)
        return talk(server, lambda model: model.complete(sent), key=key, patience=patience)


def fail(answer: Answer | ServerModel, *, is_streamed: bool = False, key: str | None = None, patience: Patience = PATIENT) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ask(answer, is_streamed=is_streamed, key=key, patience=patience)
    return caught.value


both_ways = pytest.mark.parametrize("is_streamed", [False, True])


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


@both_ways
def test_a_reply_carries_its_text_reasoning_and_usage(is_streamed: bool) -> None:
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 30,
        "prompt_tokens_details": {"cached_tokens": 64},
        "completion_tokens_details": {"reasoning_tokens": 12},
        "cost": 0.0042,
    }
    text = "Grüße — 東京 🎈 " * 20
    reply = ask(
        Reply(text=text, reasoning="Let me see.", served_model="real-model", usage=usage, finish_reason="stop"), is_streamed=is_streamed
    )
    assert (reply.text, reply.reasoning, reply.served_model, reply.finish_reason) == (text, "Let me see.", "real-model", "stop")
    assert reply.usage is not None
    assert (reply.usage.input_tokens, reply.usage.output_tokens, reply.usage.cached_tokens, reply.usage.reasoning_tokens) == (
        100,
        30,
        64,
        12,
    )
    assert not reply.usage.is_estimate
    assert reply.cost_usd == 0.0042
    assert (reply.first_token_s is not None) == is_streamed


def test_streamed_text_arrives_while_the_rest_is_still_to_come() -> None:
    gate, seen = Gate(), list[str]()

    def heard(piece: str) -> None:
        seen.append(piece)
        gate.open()

    with OpenAIServer(Reply(text="one two", pieces=["one ", "two"], piece_gates={2: gate})) as server:
        reply = talk(server, lambda model: model.complete(request(on_text=heard)))
    assert seen == ["one ", "two"]
    assert reply.text == "one two"


def test_a_server_that_refuses_stream_options_is_asked_without_them_from_then_on() -> None:
    async def twice(model: OpenAIChat) -> list[ModelReply]:
        return [await model.complete(request(on_text=lambda _piece: None)) for _ in range(2)]

    with OpenAIServer("fine", accepts_stream_options=False) as server:
        replies = talk(server, twice)
    assert [reply.text for reply in replies] == ["fine", "fine"]
    assert ["stream_options" in seen.body for seen in server.requests] == [True, False, False]
    assert replies[0].usage is not None
    assert replies[0].usage.is_estimate


def test_a_server_that_knows_the_limit_by_its_newer_name_is_given_that() -> None:
    def model(_messages: object, body: Mapping[str, object]) -> Answer:
        if "max_tokens" in body:
            return Fault(status=400, body=error_body("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."))
        return f"at most {body['max_completion_tokens']}"

    with OpenAIServer(model) as server:
        assert talk(server, lambda chat: chat.complete(request(max_tokens=77))).text == "at most 77"


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


def test_the_models_of_a_server_are_listed() -> None:
    with OpenAIServer(names=("b", "a")) as server:
        assert talk(server, lambda model: model.list_models()) == ["a", "b"]


def test_texts_with_lone_surrogates_are_sent_all_the_same() -> None:
    with OpenAIServer("fine") as server:
        talk(server, lambda model: model.complete(ModelRequest(messages=[Message(role="user", content="é \ud83d x")])))
    assert server.requests[0].messages[0]["content"] == "é ? x"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_a_server_that_is_busy_or_broken_may_be_asked_again(status: int) -> None:
    error = fail(Fault(status=status, body=error_body("Not now.")))
    assert (error.is_final, error.status_code) == (False, status)
    assert "Not now." in str(error)
    assert "127.0.0.1" in str(error)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 422])
def test_a_refusal_is_final_and_says_host_status_and_reason(status: int) -> None:
    error = fail(Fault(status=status, body=error_body("You may not.")), key=KEY)
    assert (error.is_final, error.status_code) == (True, status)
    for part in ("127.0.0.1", str(status), "You may not."):
        assert part in str(error)


def test_a_key_that_the_server_echoes_is_not_in_the_error() -> None:
    error = fail(Fault(status=401, body=error_body(f"Incorrect API key provided: {KEY}")), key=KEY)
    assert KEY not in str(error)
    assert "***" in str(error)
    assert error.__cause__ is None


def test_a_missing_model_is_named() -> None:
    error = fail(Fault(status=404, body=error_body("The model `test-model` does not exist", code="model_not_found")))
    assert "no model “test-model”" in str(error)


def test_a_wrong_path_asks_for_the_base_url_to_be_checked() -> None:
    assert "base URL" in str(fail(Fault(status=404, body="<html><head><title>404</title></head><body>Not Found</body></html>")))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."),
        (400, "prompt is too long: 210000 tokens > 200000 maximum"),
        (400, "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."),
        (413, "Please reduce the length of the messages or completion."),
        (500, "the request exceeds the available context size, try increasing it"),
        (422, "Input is too long for requested model."),
    ],
)
def test_a_prompt_that_is_too_long_is_said_to_be(status: int, said: str) -> None:
    error = fail(Fault(status=status, body=error_body(said)))
    assert error.is_final
    assert "longer than test-model takes" in str(error)


def test_an_account_without_credit_is_not_asked_again() -> None:
    assert fail(Fault(status=429, body=error_body("You exceeded your current quota", code="insufficient_quota"))).is_final


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 30.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "9999999999"}, 120.0),
        ({"retry-after": "inf"}, 120.0),
        ({"retry-after": "Wed, 21 Oct 2099 07:28:30 GMT"}, 120.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_wait_that_a_server_asks_for_is_kept_within_reason(headers: Mapping[str, str], wait_s: float | None) -> None:
    assert fail(Fault(status=429, headers=headers)).retry_after_s == wait_s


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b'{"choices": [{"mess',
        b"not json",
        b"<!DOCTYPE html><html><body>Please log in to the network</body></html>",
        b"[1, 2]",
        b"[" * 100_000,
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [7]}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": ""}}]}',
        b'{"choices": [{"message": {"content": "  \\n"}}]}',
        b'{"choices": [{"message": {"content": {"a": 1}}}]}',
        b'{"choices": [{"message": {"reasoning_content": "hm", "content": ""}}]}',
        b'{"choices": [{"message": {"tool_calls": [{"id": "1"}], "content": null}}]}',
        b'{"error": {"message": "Upstream is overloaded"}}',
        b'\xff\xfe{"choices"',
    ],
)
@both_ways
def test_a_body_that_is_no_reply_may_be_asked_for_again(body: bytes, is_streamed: bool) -> None:
    assert not fail(Fault(status=200, body=body), is_streamed=is_streamed).is_final


def test_an_empty_reply_is_paid_for_all_the_same() -> None:
    error = fail(Reply(text="", usage={"prompt_tokens": 50, "completion_tokens": 3, "cost": 0.01}))
    assert error.usage is not None
    assert (error.usage.input_tokens, error.usage.output_tokens, error.cost_usd) == (50, 3, 0.01)


def test_a_body_that_only_says_it_is_compressed_may_be_asked_for_again() -> None:
    error = fail(Fault(status=200, headers={"content-encoding": "gzip"}, body=b"this is no gzip"))
    assert not error.is_final
    assert "decompressed" in str(error)


@both_ways
def test_a_body_cut_in_the_middle_may_be_asked_for_again(is_streamed: bool) -> None:
    whole = sse(delta("one "), delta("two"), "[DONE]") if is_streamed else b'{"choices": [{"message": {"content": "one two"}}]}'
    error = fail(Fault(status=200, body=whole, cut_after=len(whole) - 30), is_streamed=is_streamed)
    assert not error.is_final
    assert "broke off" in str(error)
    assert (error.usage is not None) == is_streamed


def test_a_stream_that_ends_without_done_is_whole_if_it_gave_its_reason_to_finish() -> None:
    ended = sse(delta("one"), delta(finish_reason="stop"))
    assert ask(Fault(status=200, body=ended), is_streamed=True).text == "one"
    assert not fail(Fault(status=200, body=sse(delta("one"))), is_streamed=True).is_final


def test_a_stream_that_stays_open_after_done_is_not_waited_for() -> None:
    body = sse(delta("one"), delta(finish_reason="stop"), "[DONE]")
    assert ask(Fault(status=200, body=body, never_ends=True), is_streamed=True).text == "one"


@pytest.mark.parametrize(
    "body",
    [
        sse(delta("one "), delta("two"), delta(finish_reason="stop"), delta(" three"), "[DONE]", delta("four")),
        sse(delta("one "), delta("two"), delta(finish_reason="stop")).replace(b"\n", b"\r\n"),
        b": OPENROUTER PROCESSING\n\nevent: message\nid: 4\n" + sse(delta("one "), delta("two"), delta(finish_reason="stop")),
        sse(delta("one "), delta("two"), delta(finish_reason="stop")).replace(b"data: ", b"data:"),
        b"\xef\xbb\xbf\n\n" + sse(delta("one "), delta("two"), {"choices": [{"finish_reason": "stop"}]}),
        sse(delta("one "), delta("two"), delta(finish_reason="stop")).rstrip(b"\n"),
    ],
)
def test_the_spellings_of_a_stream_are_understood(body: bytes) -> None:
    assert ask(Fault(status=200, body=body), is_streamed=True).text == "one two"


def test_characters_cut_across_pieces_are_whole() -> None:
    text = "a é 東 🎈 b"
    body = sse(delta(text), delta(finish_reason="stop")).decode().encode()
    raw = body.replace(b"\\u00e9", "é".encode()).replace(b"\\u6771", "東".encode()).replace(b"\\ud83c\\udf88", "🎈".encode())
    pieces = [raw[at : at + 1] for at in range(len(raw))]
    assert ask(Fault(status=200, body=pieces), is_streamed=True).text == text


def test_halves_of_a_surrogate_pair_are_joined_and_lone_ones_replaced() -> None:
    body = sse(delta("a \ud83c"), delta("\udf88 b \udf88"), delta(finish_reason="stop"))
    reply = ask(Fault(status=200, body=body), is_streamed=True)
    assert reply.text == "a 🎈 b \N{REPLACEMENT CHARACTER}"


def test_an_error_in_the_middle_of_a_stream_is_one() -> None:
    body = sse(delta("one "), {"error": {"code": 502, "message": "Provider returned error"}})
    error = fail(Fault(status=200, body=body), is_streamed=True)
    assert (error.is_final, error.status_code) == (False, 502)
    assert "Provider returned error" in str(error)


def test_a_server_that_does_not_stream_is_understood_when_streaming_was_asked_for() -> None:
    whole = b'{"choices": [{"message": {"content": "all at once"}, "finish_reason": "stop"}]}'
    assert ask(Fault(status=200, body=whole), is_streamed=True).text == "all at once"


def test_the_content_type_does_not_matter() -> None:
    whole = b'{"choices": [{"message": {"content": "fine"}}]}'
    assert ask(Fault(status=200, headers={"content-type": "text/html"}, body=whole)).text == "fine"


def test_a_refusal_of_the_model_is_its_reply() -> None:
    reply = ask(Reply(text=None, message={"refusal": "I would rather not."}))
    assert (reply.text, reply.finish_reason) == ("I would rather not.", "refusal")


def test_a_reply_that_the_content_filter_withheld_is_not_asked_for_again() -> None:
    error = fail(Reply(text="", finish_reason="content_filter"))
    assert error.is_final
    assert "content filter" in str(error)


def test_reasoning_left_in_the_text_is_kept_apart() -> None:
    reply = ask("<think>\nFirst I look.\n</think>\n\nThe answer.")
    assert (reply.text, reply.reasoning) == ("The answer.", "First I look.")


def test_content_in_parts_is_one_text() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "one "},
        {"type": "text", "text": "two"},
    ]
    reply = ask(Reply(text=None, message={"content": parts}))
    assert (reply.text, reply.reasoning) == ("one two", "hm")


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"prompt_tokens": -5, "completion_tokens": 3},
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": "many", "completion_tokens": 3},
        {"prompt_tokens": 10**15, "completion_tokens": 3},
        {"prompt_tokens": 50, "completion_tokens": 10**12},
        {"prompt_tokens": True, "completion_tokens": 3},
        {"prompt_tokens": 50},
    ],
)
def test_a_usage_that_cannot_be_true_is_estimated_instead(usage: Mapping[str, object] | None) -> None:
    reply = ask(Reply(text="x" * 40, usage=usage))
    assert reply.usage is not None
    assert reply.usage.is_estimate
    assert (reply.usage.output_tokens, reply.usage.input_tokens) == (10, 3 + 100 + 8)


def test_reasoning_that_only_the_total_counts_is_output() -> None:
    reply = ask(Reply(usage={"prompt_tokens": 50, "completion_tokens": 3, "total_tokens": 153}))
    assert reply.usage is not None
    assert reply.usage.output_tokens == 103


@pytest.mark.parametrize("cost", [-1, "0.2", True, float("nan"), 1e12])
def test_a_cost_that_cannot_be_true_is_unknown(cost: object) -> None:
    assert ask(Reply(usage={"prompt_tokens": 50, "completion_tokens": 3, "cost": cost})).cost_usd is None


def test_a_server_that_falls_silent_is_left() -> None:
    error = fail(Fault(status=200, body=b'{"choices"', never_ends=True), patience=SOON)
    assert not error.is_final
    assert "sent nothing for 0.2 s" in str(error)


def test_a_server_that_sends_a_byte_now_and_then_is_left() -> None:
    slow = Patience(connect_s=2, silence_s=2, total_s=0.3)
    error = fail(Fault(status=200, body=[b" "] * 100, interval_s=0.05), patience=slow)
    assert not error.is_final
    assert "did not finish within 0.3 s" in str(error)


def test_a_server_that_is_not_there_may_be_asked_again() -> None:
    with OpenAIServer() as server:
        pass
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        talk(server, lambda model: model.complete(request()))
    assert not caught.value.is_final


def test_a_connection_closed_without_a_word_may_be_asked_again() -> None:
    assert not fail(Fault(is_raw=True)).is_final
    assert not fail(Fault(is_raw=True, body=b"\x16\x03\x01 this is not HTTP\r\n\r\n")).is_final


def test_a_reply_larger_than_any_is_not_read_to_its_end() -> None:
    error = fail(Fault(status=200, body=[b"x" * 100_000] * 30))
    assert "bytes, which no reply is" in str(error)


def test_a_refusal_larger_than_any_is_not_read_to_its_end() -> None:
    with OpenAIServer(Fault(status=400, body=[b"x" * 1_000_000] * 50)) as server, pytest.raises(ModelError, match="400"):
        talk(server, lambda model: model.complete(request()))
    assert server.closed_by_client == 1


@contextmanager
def elsewhere() -> Iterator[OpenAIServer]:
    with OpenAIServer("from elsewhere") as server:
        yield server


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_key_does_not_follow_a_redirect(status: int) -> None:
    with elsewhere() as other:
        target = f"{other.base_url}/chat/completions"
        error = fail(Fault(status=status, headers={"location": target}), key=KEY)
    assert error.is_final
    assert target in str(error)
    assert not other.requests
