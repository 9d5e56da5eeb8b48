from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from rlm_desktop.trace.codec import MAX_LINE_BYTES, TraceFormatError, decode, encode
from rlm_desktop.trace.events import (
    CallEnded,
    CodeEnded,
    DocumentRead,
    Entry,
    Heading,
    KnownEvent,
    ModelReplied,
    Noticed,
    UnknownEvent,
    Variable,
)
from tests.trace.made import any_event


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_event)
def test_what_was_encoded_decodes_to_the_same(event: KnownEvent) -> None:
    line = encode(Entry(3, 1.25, event))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line).event == event


def test_a_line_says_its_number_time_and_type() -> None:
    line = json.loads(encode(Entry(7, 0.5, CallEnded(call_id=2, status="ok", answer="four"))))
    assert line == {"seq": 7, "t_s": 0.5, "event": {"type": "call_ended", "call_id": 2, "status": "ok", "answer": "four"}}


def test_an_event_of_a_later_version_is_kept_and_written_again_as_it_was() -> None:
    line = b'{"seq":1,"t_s":0.0,"event":{"type":"telepathy","of":[1,2],"how":{"deep":true}}}\n'
    entry = decode(line)
    assert entry.event == UnknownEvent(type="telepathy", fields={"of": [1, 2], "how": {"deep": True}})
    assert json.loads(encode(entry)) == json.loads(line)


def test_a_field_of_a_later_version_does_not_disturb() -> None:
    assert decode(b'{"seq":1,"t_s":0,"event":{"type":"noticed","message":"x","mood":"fine"}}').event == Noticed(message="x")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"seq":-1,"t_s":0,"event":{"type":"resumed"}}',
        b'{"seq":0,"t_s":NaN,"event":{"type":"resumed"}}',
        b'{"seq":0,"t_s":-1,"event":{"type":"resumed"}}',
        b'{"seq":0,"t_s":0}',
        b'{"seq":0,"t_s":0,"event":{"type":"call_ended","call_id":"1","status":"ok"}}',
        b'{"seq":0,"t_s":0,"event":{"type":"call_ended","call_id":1,"status":"fine"}}',
        b'{"seq":0,"t_s":0,"event":{"type":"call_ended","call_id":99999999999,"status":"ok"}}',
        b'{"seq":0,"t_s":0,"event":{"type":"model_replied","call_id":1,"iteration":0,"response":"","cost_usd":-1}}',
        b'{"seq":0,"t_s":0,"event":{"type":"model_replied","call_id":1,"iteration":0,"response":"","cost_usd":1e300}}',
        b'{"seq":0,"t_s":0,"event":{"type":"model_replied","call_id":1,"iteration":0,"response":"","usage":{"input_tokens":-5,"output_tokens":1}}}',
        b'{"seq":0,"t_s":0,"event":' + b"[" * 100_000,
        b'{"seq":0,"t_s":0,"event":{"type":"odd","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'{"seq":0,"t_s":0,"event":{"type":"noticed","message":"' + b"x" * MAX_LINE_BYTES + b'"}}',
    ],
)
def test_what_is_no_entry_is_refused_with_a_reason(line: bytes) -> None:
    with pytest.raises(TraceFormatError):
        decode(line)


def test_lone_surrogates_are_replaced() -> None:
    assert decode(encode(Entry(0, 0.0, Noticed(message="a\ud800b")))).event == Noticed(message="a?b")


def test_a_newer_format_is_named() -> None:
    with pytest.raises(TraceFormatError, match="format 7"):
        decode(b'{"seq":0,"t_s":0,"event":{"type":"run_started","format":7,"changed":true}}')


@pytest.mark.parametrize(
    "event",
    [
        ModelReplied(call_id=0, iteration=0, response="x", served_model="m" * 3_000_000),
        CallEnded(call_id=0, status="error", error="\x01" * 2_000_000),
        CodeEnded(call_id=0, iteration=0, block=0, variables=tuple(Variable(name="n" * 3_000, type="t", short="s") for _ in range(900))),
        DocumentRead(
            name="d" * 2_000_000,
            text_sha256="0",
            chars=1,
            reader="r",
            outline=tuple(Heading(level=1, title="t" * 300, at=i) for i in range(9_000)),
        ),
    ],
)
def test_no_event_makes_a_line_that_no_reader_takes(event: KnownEvent) -> None:
    line = encode(Entry(0, 0.0, event))
    assert len(line) <= MAX_LINE_BYTES
    assert type(decode(line).event) is type(event)


@pytest.mark.parametrize("number", ["-1", "-" + "9" * 40, "9" * 40, "1e999", "0.5", "NaN"])
def test_a_number_that_nothing_here_writes_is_refused_in_a_short_sentence(number: str) -> None:
    for fields in (
        f'"type":"run_started","format":{number}',
        f'"type":"model_failed","call_id":0,"iteration":0,"error":"","status_code":{number}',
    ):
        with pytest.raises(TraceFormatError) as refused:
            decode(f'{{"seq":0,"t_s":0,"event":{{{fields}}}}}'.encode())
        assert len(str(refused.value)) < 300


def test_a_sentence_on_a_bad_line_does_not_quote_all_of_it() -> None:
    line = b'{"seq":0,"t_s":0,"event":{"type":"call_ended","call_id":0,"status":"' + b"x" * 100_000 + b'"}}'
    with pytest.raises(TraceFormatError) as refused:
        decode(line)
    assert len(str(refused.value)) < 500
