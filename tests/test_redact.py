"""Keys do not get out, in whatever spelling they travel."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.redact import SHOWN, RedactedStream, Redactor

SECRET = 'canary/"key"\\with+all=sorts&of:it?'


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        urllib.parse.quote(SECRET, safe=""),
        urllib.parse.quote_plus(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET).replace("/", "\\/"),
        SECRET.encode().hex(),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"user:{SECRET}".encode()).decode(),
        base64.b64encode(f"name:{SECRET} and more".encode()).decode(),
        urllib.parse.quote(SECRET, safe="").lower(),
        html.escape(SECRET),
        json.dumps(SECRET).replace("&", "\\u0026"),
        repr(SECRET),
    ],
)
def test_a_live_secret_is_hidden_in_every_spelling(spelled: str) -> None:
    redact = Redactor([SECRET])
    hidden = redact(f"before {spelled} after")
    assert SHOWN in hidden
    assert hidden.startswith("before ")
    assert hidden.endswith(" after")
    for known in (SECRET, urllib.parse.quote(SECRET, safe=""), SECRET.encode().hex()):
        assert known not in hidden
    assert redact.redact_bytes(f"before {spelled} after".encode()) == hidden.encode()


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=8, max_size=40), st.binary(max_size=5), st.binary(max_size=5)
)
@settings(max_examples=50, deadline=None)
def test_no_place_in_base64_shows_a_secret(secret: str, before: bytes, after: bytes) -> None:
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    assert SHOWN in Redactor([secret])(encoded)


@pytest.mark.parametrize(
    "text",
    [
        "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789",
        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz",
        "AIzaSyA1234567890abcdefghijklmnopqrstuvw",
        "gsk_" + "a1B2" * 13,
        "hf_" + "aB3d" * 9,
        "fw_3ZaBcDeFgHiJkLmNoPqRsT",
        "tgp_v1_aBcDeFgHiJkLmNoPqRsTuVw",
        "nvapi-aBcDeFgHiJkLmNoPqRsTuVw",
        "pplx-" + "aB3d" * 9,
    ],
)
def test_what_looks_like_a_key_is_hidden_without_being_known(text: str) -> None:
    assert text.split()[-1] not in Redactor()(f"the key is {text}, is it?")


@pytest.mark.parametrize("before", ["\n", "\t", "\u2028", '"', " ", "\x1b"])
def test_what_looks_like_a_key_is_hidden_in_json_whatever_stands_before_it(before: str) -> None:
    key = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"
    for ensure_ascii in (True, False):
        line = json.dumps({"text": f"it is{before}{key}"}, ensure_ascii=ensure_ascii).encode()
        assert json.loads(Redactor().redact_bytes(line)) == {"text": f"it is{before}{SHOWN}"}


@pytest.mark.parametrize("text", ["a task-oriented sk-8 risk-assessment", "the bearer of this letter", "Bearer of news", "sky", "", "{}"])
def test_ordinary_words_stay(text: str) -> None:
    assert Redactor(["canary-key-0123"])(text) == text


def test_a_placeholder_too_short_to_be_a_secret_does_not_take_words_out_of_texts() -> None:
    assert Redactor(["ollama", "none", ""])("ollama runs models, none are paid") == "ollama runs models, none are paid"


def test_of_a_text_that_was_cut_in_the_middle_of_a_key_no_part_of_it_is_left() -> None:
    redact = Redactor(["canary-0123456789"])
    assert redact.of_cut("the key is canary-01234") == f"the key is {SHOWN}"
    assert redact.of_cut("the key is canary-0123456789") == f"the key is {SHOWN}"
    assert redact.of_cut("a can") == "a can"


def test_texts_that_are_worked_with_lose_live_keys_and_no_others() -> None:
    redact, looks_like_one = Redactor(["canary-0123456789"]), "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"
    assert redact.exact(f"canary-0123456789 {looks_like_one}") == f"{SHOWN} {looks_like_one}"
    assert redact.exact_bytes(f"canary-0123456789 {looks_like_one}".encode()) == f"{SHOWN} {looks_like_one}".encode()
    assert redact.holds_key(looks_like_one) and redact.holds_key("canary-0123456789") and not redact.holds_key("a canary")


def test_a_line_of_json_stays_one() -> None:
    line = json.dumps({"text": f"it is {SECRET}", "n": 1}).encode()
    value = json.loads(Redactor([SECRET]).redact_bytes(line))
    assert value == {"text": f"it is {SHOWN}", "n": 1}


def test_a_secret_added_later_is_hidden_from_then_on() -> None:
    redact = Redactor()
    assert "later-key-01" in redact("later-key-01")
    redact.add("later-key-01")
    assert "later-key-01" not in redact("later-key-01")


@pytest.mark.parametrize("secret", ["canary-0123456789-canary-01", "sk-can-0123456789abcdef0123456789-01"])
@given(cuts=st.lists(st.integers(0, 60), max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_secret_cut_into_pieces_is_hidden_and_nothing_else_is_lost(secret: str, cuts: list[int]) -> None:
    text = f"can you see {secret} in it? can"
    bounds = [0, *sorted(cuts), len(text)]
    stream = RedactedStream(Redactor([secret]))
    shown = [stream.feed(text[start:end]) for start, end in pairwise(bounds)]
    assert "".join([*shown, stream.close()]) == f"can you see {SHOWN} in it? can"


@pytest.mark.parametrize("secret", ["canary-0123456789-canary-01", "sk-can-0123456789abcdef0123456789-01"])
def test_of_a_secret_that_breaks_off_in_the_end_nothing_is_shown(secret: str) -> None:
    stream = RedactedStream(Redactor([secret]))
    assert stream.feed(f"it is {secret[:25]}") + stream.close() == f"it is {SHOWN}"


def test_ordinary_pieces_are_shown_at_once() -> None:
    stream = RedactedStream(Redactor(["canary-0123456789"]))
    assert [stream.feed(piece) for piece in ("one ", "two ", "three")] == ["one ", "two ", "three"]
