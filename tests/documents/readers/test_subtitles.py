"""Subtitles as text."""

from __future__ import annotations

import pytest

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted
from tests.documents.readers.zipped import damaged, survives

SRT = """1
00:00:01,500 --> 00:00:03,000
<i>Good</i> morning,
{\\an8}Ann.

2
00:01:02,000 --> 00:01:04,000
- Who is it?
- Nobody.

3
01:42:08,000 --> 01:42:10,000
No.
"""


def test_each_caption_is_a_line_with_its_time() -> None:
    read = drafted("subtitles", SRT.encode())
    assert read.text == "[00:00:01] Good morning, Ann.\n[00:01:02] - Who is it? - Nobody.\n[01:42:08] No.\n"
    assert (read.extent, read.encoding) == ("3 lines, 1:42:10", "utf-8")


def test_web_captions_keep_who_speaks_and_lose_notes_styles_and_names() -> None:
    vtt = (
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE 00:00 is not --- a time\nat all\n\n"
        "first\n00:01.000 --> 00:02.000 align:start\n<v.loud Ann Lee>Tom &amp; <c.x>Bob</c>!</v>\n\nNOTE more\n\n"
        "second\n00:00:05.000 --> 00:00:06.000\n<v Bob>Yes?\n"
    )
    assert drafted("subtitles", vtt.encode()).text == "[00:00:01] Ann Lee: Tom & Bob!\n[00:00:05] Bob: Yes?\n"


def test_captions_that_roll_are_written_once() -> None:
    vtt = (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n \none<00:00:01.200><c> two</c><00:00:01.500><c> three</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\none two three\n \n\n"
        "00:00:02.010 --> 00:00:04.000\none two three\nfour<00:00:02.500><c> five</c>\n\n"
        "00:00:04.000 --> 00:00:04.010\nfour five\n \n\n00:00:30.000 --> 00:00:31.000\nfour five\n"
    )
    assert drafted("subtitles", vtt.encode()).text == "[00:00:01] one two three\n[00:00:02] four five\n[00:00:30] four five\n"


def test_substation_gives_speakers_and_neither_comments_nor_drawings() -> None:
    ass = (
        "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,later\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,Ann,0,0,0,,{\\b1}Hello,{\\b0}\\Nyou\n"
        "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,to the typist\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}\n"
    )
    assert drafted("subtitles", ass.encode()).text == "[00:00:01] Ann: Hello, you\n[00:00:05] later\n"


def test_frames_are_counted_with_the_rate_that_is_said_or_assumed() -> None:
    read = drafted("subtitles", b"{50}{75}{y:i}Hello|you\n")
    assert read.text == "[00:00:02] Hello you\n"
    assert read.notes == ["The file counts in frames and does not say how many are shown in a second: 25 were assumed."]
    assert drafted("subtitles", b"{1}{1}10\n{50}{75}Hello\n").text == "[00:00:05] Hello\n"


def test_the_encoding_is_found_or_is_the_one_that_was_chosen() -> None:
    text = SRT.replace("Nobody", "Größe, sagt er, für die Brüder")
    found = drafted("subtitles", text.encode("cp1252"))
    assert (found.encoding, "Größe" in found.text) == ("cp1252", True)
    assert drafted("subtitles", text.encode("utf-16")).encoding == "utf-16-le"
    chosen = drafted("subtitles", text.encode("cp1252"), encoding="cp1250")
    assert (chosen.encoding, "Größe" in chosen.text) == ("cp1250", True)
    with pytest.raises(RefusedError, match="no encoding 'nonsense'"):
        drafted("subtitles", text.encode(), encoding="nonsense")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"plain words\n", "damaged"),
        (bytes(range(256)) * 4, "damaged"),
        (b"WEBVTT\n\nNOTE nothing\n", "no text"),
        (b'<tt xmlns="http://www.w3.org/ns/ttml"><body>', "damaged"),
    ],
)
def test_what_is_no_subtitles_ends_in_a_sentence(data: bytes, kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        drafted("subtitles", data)
    assert refused.value.kind == kind


def test_entities_do_not_grow() -> None:
    laughs = "".join(f'<!ENTITY x{at + 1} "{f"&x{at};" * 10}">' for at in range(9))
    body = '<body><div><p begin="1s" end="2s">&x9;</p></div></body>'
    data = f'<!DOCTYPE tt [<!ENTITY x0 "ha">{laughs}]><tt xmlns="http://www.w3.org/ns/ttml">{body}</tt>'
    with pytest.raises(RefusedError, match="no program that we know"):
        drafted("subtitles", data.encode())


@pytest.mark.parametrize("words", ["{" * 200_000, "<a" * 100_000, "a" + "\n" * 200_000 + "b", "< " * 100_000])
def test_nothing_hostile_takes_more_than_its_length(words: str) -> None:
    assert len(drafted("subtitles", f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n".encode()).text.splitlines()) == 1
    assert drafted("subtitles", f"{{25}}{{50}}{'{y:' * 100_000}\n".encode()).text.startswith("[00:00:01] (y:(y:")


def test_damage_ends_in_a_text_or_a_sentence() -> None:
    read, refused = survives("subtitles", damaged(SRT.encode(), 200, is_zip=False))
    assert read > 50
    assert read + refused == 200
