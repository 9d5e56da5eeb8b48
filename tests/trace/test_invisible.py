from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.trace.invisible import Hidden, escaped_json, marks, written_out


def tags(words: str) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in words)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb\x07c\x9b2J\x9d8;;x\x9c", "a‹ESC›[31mb‹BEL›c‹CSI›2J‹OSC›8;;x‹ST›"),
        ("invoice_\u202efdp.exe", "invoice_‹RLO›fdp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "‹LRI›a‹PDI›‹LRM›‹RLM›‹ALM›"),
        ("pass\u200bword\u2060\ufeff\u00ad", "pass‹ZWSP›word‹WJ›‹BOM›‹SHY›"),
        ("in\u200cvisible\u200d", "in‹ZWNJ›visible‹ZWJ›"),
        ("x" + tags("ignore all") + "y", "x‹TAG ignore all›y"),
        ("\U000e0001\U000e007f", "‹TAG ··›"),
        ("a\u200b\u200b\u200b\u200b\u200b\u202eb", "a‹ZWSP×5›‹RLO›b"),
        ("a" + "\u200b\u2060" * 2_000 + "b", "a‹ZWSP WJ×4000›b"),
        ("😀\U000e0110\U000e0111\ufe0e", "😀\U000e0110‹VS34›‹VS15›"),
        ("a\ufe0f", "a‹VS16›"),
        ("\u2028\u2029\ud800", "‹LSEP›‹PSEP›‹U+D800›"),
        ("\u3164\u115f", "‹U+3164›‹U+115F›"),
        ("🏴" + tags("gbabc") + "\U000e007f", "🏴‹TAG gbabc·›"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert written_out(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم", "ه\u200d", "क्\u200dष", "שלום עולם", "العربية", "naïve 漢字\u3000\u00a0", "葛\U000e0100",
        "👩\u200d👩\u200d👧\u200d👦", "👩🏽\u200d🚀", "🏳\ufe0f\u200d🌈", "❤\ufe0f", "1\ufe0f\u20e3", "☺\ufe0e", "𝄞 \U0001f9ff",
        "🏴" + tags("gbeng") + "\U000e007f", "🏴" + tags("gbwls") + "\U000e007f" + "🏴" + tags("gbsct") + "\U000e007f", "a\tb\nc",
    ],
)  # fmt: skip
def test_what_writing_needs_stays(text: str) -> None:
    assert written_out(text) == text
    hidden = Hidden()
    hidden.feed(text, text.encode())
    assert hidden.notes() == ()


def test_line_ends_are_written_out_where_there_is_one_line() -> None:
    assert written_out("a\n\tb\r", keeps_lines=False) == "a‹LF›‹TAB›b‹CR›"


def test_json_says_the_same_in_letters_that_can_be_seen() -> None:
    said = json.dumps({"a\u202e": "\x7f\u200b" + tags("x")}, ensure_ascii=False, indent=1)
    escaped = escaped_json(said)
    assert escaped.isascii()
    assert escaped.count("\n") == said.count("\n")
    assert json.loads(escaped) == json.loads(said)


HIDDEN = "a\u200b\u202eb" + tags("hi") + "c می\u200cخواهم 👩\u200d👧 in\u200cvo\ufeff\u2066x\u2069 soft\u00ad \x1b \u200d"
NOTE = "9 invisible characters are in the text: 4 zero-width, 2 tags, 3 for the direction of writing."


@pytest.mark.parametrize("piece_chars", [1, 2, 3, 5, 1_000])
def test_hidden_characters_are_counted_in_whatever_pieces_a_text_comes(piece_chars: int) -> None:
    hidden = Hidden()
    for start in range(0, len(HIDDEN), piece_chars):
        piece = HIDDEN[start : start + piece_chars]
        hidden.feed(piece, piece.encode())
    assert hidden.notes() == (NOTE,)


def test_one_hidden_character_is_said_as_one() -> None:
    hidden = Hidden()
    hidden.feed("a\u202eb", "a\u202eb".encode())
    assert hidden.notes() == ("1 invisible character is in the text: 1 for the direction of writing.",)


ANYTHING = st.text(st.one_of(st.characters(), st.sampled_from("\u200b\u200d\u200c\u202e\ufe0f\U000e0041\U000e007f\x1b 👩🏴می\u0915")))
NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")


@settings(deadline=None)
@given(text=ANYTHING)
def test_nothing_of_any_text_stays_hidden_and_what_is_written_out_stays_so(text: str) -> None:
    shown = written_out(text)
    assert not NEVER.search(shown)
    assert written_out(shown) == shown
    at = 0
    for mark in marks(text):
        assert at <= mark.start < mark.end <= len(text)
        at = mark.end
