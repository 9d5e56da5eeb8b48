"""Rich text as text."""

from __future__ import annotations

import pytest

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted
from tests.documents.readers.zipped import damaged, survives

HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset204 Cyr;}}{\colortbl;\red0\green0\blue0;}"


def rtf(body: str) -> bytes:
    return f"{HEAD}{body}}}".encode("latin-1")


def test_letters_of_every_kind_are_read() -> None:
    body = r"\pard caf\'e9 é \u8364? {\f1 \'cf\'f0}\f0  \u-10179?\u-8704? \emdash  \b bold\b0\par{\*\hidden x}{\info{\title t}}a\tab b"
    read = drafted("rtf", rtf(body))
    assert read.text == "café é € Пр 😀 — bold\na\tb\n"


def test_headings_are_found_tables_are_rows_and_footnotes_follow_at_the_end() -> None:
    body = (
        r"CHAPTER 1\par\par Before.{\footnote \chftn  A {\i note}.} Then.\par"
        r"\trowd\cellx100\cellx200 a|x\par y\cell b\cell\row\trowd c\cell\cell\trowd\row\pard Between.\par"
        r"\trowd d\cell e\cell\row After {\field{\*\fldinst{HYPERLINK "
        r'"http://a.example"}}{\fldrslt{a link}}}.\par\par\par\par End.'
    )
    read = drafted("rtf", rtf(body))
    assert read.text == (
        "CHAPTER 1\n\nBefore.[^1] Then.\n\n| a\\|x y | b |\n| c |  |\n\nBetween.\n\n| d | e |\n\nAfter a link.\n\nEnd.\n\n"
        "Notes:\n[^1]: A note.\n"
    )
    assert read.outline == [(2, "CHAPTER 1", "CHAPTER 1")]
    assert read.extent == "10 paragraphs"


def test_pictures_are_left_out_and_it_is_said() -> None:
    picture = "{\\pict\\pngblip\n" + "0a1b2c3d\n" * 200 + "}"
    read = drafted("rtf", rtf("Words." + picture + "{\\pict\\bin5 {{{{{} More."))
    assert read.text == "Words. More.\n"
    assert read.notes == ["Pictures are not read."]


@pytest.mark.parametrize(
    "body",
    [
        r"{\rtf1{\fonttbl" + r"\f1" * 100_000,
        r"{\rtf1{\fonttbl" + r"\f1\fcharset1" * 50_000 + "}",
        r"{\rtf1 " + r"{\field{\*\fldinst{HYPERLINK " * 20_000,
        r"{\rtf1 " + r"{\footnote " * 20_000,
        r"{\rtf1 " + "{" * 500_000,
        r"{\rtf1 {\pict\bin" + "1" * 500_000,
        r"{\rtf1 {\pict " + "abcdef12" * 500_000,
    ],
    ids=["fonts", "charsets", "links", "notes", "braces", "binary", "picture"],
)
def test_nothing_hostile_takes_more_than_its_length(body: str) -> None:
    assert survives("rtf", iter([body.encode()])) in ((1, 0), (0, 1))


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"no rich text", "damaged"), (rtf(""), "no text"), (rtf(r"\trowd\cell\cell\row\par"), "no text"), (rtf(r"\u99999999 "), "damaged")],
    ids=["other", "empty", "cells", "letter"],
)
def test_what_is_no_rich_text_ends_in_a_sentence(data: bytes, kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        drafted("rtf", data)
    assert refused.value.kind == kind


def test_a_text_that_would_take_minutes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlm_desktop.documents.readers.rtf._MAX_CHARS", 1_000)
    with pytest.raises(RefusedError, match="larger than can be read"):
        drafted("rtf", rtf("a" * 1_000))


def test_damage_ends_in_a_text_or_a_sentence() -> None:
    body = r"CHAPTER 1\par caf\'e9 \u8364? {\footnote a}\trowd a\cell b\cell\row {\f1 \'cf\'f0}{\pict\bin3 abc}"
    read, refused = survives("rtf", damaged(rtf(body), 200, is_zip=False))
    assert read > 50
    assert refused > 10
