"""What is understood of what a real server on loopback sends back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.engine.chat import ask, both_ways, fail, request, talk
from tests.openai_server import Fault, OpenAIServer, Reply, delta, sse


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


@both_ways
@pytest.mark.parametrize(
    "message",
    [
        {"reasoning_content": "hm"},
        {"reasoning": "hm"},
        {"reasoning": "hm", "reasoning_details": [{"type": "reasoning.text", "text": "hm"}]},
        {"reasoning_details": [{"type": "reasoning.text", "text": "h"}, {"type": "reasoning.summary", "summary": "m"}]},
        {"reasoning_details": [{"type": "reasoning.encrypted", "data": "xyz"}, {"type": "reasoning.text", "text": "hm"}, 7]},
    ],
)
def test_reasoning_is_found_in_every_field_that_servers_use(message: Mapping[str, object], is_streamed: bool) -> None:
    reply = ask(Reply(text="The answer.", message=message), is_streamed=is_streamed)
    assert (reply.text, reply.reasoning) == ("The answer.", "hm")


@both_ways
def test_the_same_thoughts_sent_both_ways_stand_once(is_streamed: bool) -> None:
    reply = ask(Reply(text="<think>\nhm\n</think>\nThe answer.", reasoning="hm"), is_streamed=is_streamed)
    assert (reply.text, reply.reasoning) == ("The answer.", "hm")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(text="<think>I look and look"),
        Reply(text="<think>hm</think>  \n"),
        Reply(text="", reasoning="hm"),
        Reply(text=None, message={"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}),
    ],
)
@both_ways
def test_a_reply_of_reasoning_alone_is_an_empty_one_that_may_be_asked_for_again(reply: Reply, is_streamed: bool) -> None:
    error = fail(reply, is_streamed=is_streamed)
    assert "only reasoning and no text" in str(error)
    assert error.usage is not None
    assert not error.is_final


def test_what_was_heard_while_it_came_is_the_reply_without_the_thoughts() -> None:
    heard: list[str] = []
    text = "<think>\nFirst I look.\n</think>\n\nThe answer."
    with OpenAIServer(Reply(text="", pieces=list(text))) as server:
        reply = talk(server, lambda model: model.complete(request(on_text=heard.append)))
    assert ("".join(heard), reply.text, reply.reasoning) == ("The answer.", "The answer.", "First I look.")


def test_parts_of_content_that_come_in_a_stream_are_told_apart() -> None:
    body = sse(
        delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "h"}]}]),
        delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "m"}], "closed": True}]),
        delta(content=[{"type": "text", "text": "one "}]),
        delta("two", finish_reason="stop"),
    )
    reply = ask(Fault(status=200, body=body), is_streamed=True)
    assert (reply.text, reply.reasoning) == ("one two", "hm")


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
