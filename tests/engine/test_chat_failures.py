"""What goes wrong between here and a server, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rlm_desktop.engine.models.base import ModelError
from rlm_desktop.engine.models.openai_chat import Patience
from tests.engine.chat import KEY, both_ways, fail, request, talk
from tests.openai_server import Fault, OpenAIServer, delta, error_body, sse

SOON = Patience(connect_s=2, silence_s=0.2, total_s=5)


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


@pytest.mark.parametrize("before_chars", [0, 250, 280, 1_190])
@pytest.mark.parametrize("status", [200, 401, 500])
def test_where_a_servers_words_are_cut_no_part_of_the_key_is_left(status: int, before_chars: int) -> None:
    key = "canary-0123456789-cut"
    for page in (f"{'x' * before_chars}{key}", f"<html><body>{'x' * before_chars} {key}</body></html>", f"<p>{'<b>' * 6_660}{key}</p>"):
        assert key[:9] not in str(fail(Fault(status=status, body=page), key=key))


def test_a_key_in_a_redirect_is_not_in_the_error() -> None:
    error = fail(Fault(status=302, headers={"location": f"https://elsewhere.example/?key={KEY}"}), key=KEY)
    assert KEY not in str(error)
    assert "?key=***" in str(error)


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


@both_ways
def test_a_body_cut_in_the_middle_may_be_asked_for_again(is_streamed: bool) -> None:
    whole = sse(delta("one "), delta("two"), "[DONE]") if is_streamed else b'{"choices": [{"message": {"content": "one two"}}]}'
    error = fail(Fault(status=200, body=whole, cut_after=len(whole) - 30), is_streamed=is_streamed)
    assert not error.is_final
    assert "broke off" in str(error)
    assert (error.usage is not None) == is_streamed


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
    with OpenAIServer(Fault(status=400, body=[b"x" * 1_000_000] * 50)) as server:
        with pytest.raises(ModelError, match="400"):
            talk(server, lambda model: model.complete(request()))
        # The server learns of it when it writes on.
        server.wait_until(lambda s: s.closed_by_client == 1)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_key_does_not_follow_a_redirect(status: int) -> None:
    with OpenAIServer("from elsewhere") as other:
        target = f"{other.base_url}/chat/completions"
        error = fail(Fault(status=status, headers={"location": target}), key=KEY)
    assert error.is_final
    assert target in str(error)
    assert not other.requests
