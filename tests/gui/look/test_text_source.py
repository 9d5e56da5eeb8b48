"""Lines of a text: all of it, once, in pieces that can be laid out; and what is invisible is written out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.gui.look.text_highlights import Highlight, Highlights
from rlm_desktop.gui.look.text_shown import shown_line
from rlm_desktop.gui.look.text_source import MOST_LINE_CHARS, PlainTextSource

TEXTS = st.text(alphabet=st.sampled_from("ab \n\r\t日👩\u202e"), max_size=200)


def whole(text: str) -> PlainTextSource:
    source = PlainTextSource(text)
    while source.read_more():
        pass
    return source


@given(TEXTS, st.integers(0, 3))
def test_lines_are_the_text(text: str, times: int) -> None:
    text = text + "x" * (times * MOST_LINE_CHARS) + text
    source = whole(text)
    starts = [source.line_start(i) for i in range(source.line_count)]
    ends = [*starts[1:], len(text)]
    assert starts[0] == 0
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        line = source.line(index)
        assert len(line) <= MOST_LINE_CHARS
        assert text[start:end] in (line, line + "\n", line + "\r\n")
        assert "\n" not in line


@given(TEXTS.filter(bool), st.data())
def test_a_position_is_in_the_line_that_holds_it(text: str, data: st.DataObject) -> None:
    source = whole(text)
    char = data.draw(st.integers(0, len(text)))
    index = source.line_at(char)
    assert source.line_start(index) <= char
    if index + 1 < source.line_count:
        assert char < source.line_start(index + 1)


def test_numbers_are_those_of_the_lines_that_a_person_counts() -> None:
    source = whole("one\n" + "x" * (2 * MOST_LINE_CHARS) + "\nthree\n")
    assert [source.number(i) for i in range(source.line_count)] == [1, 2, None, 3]


def test_a_long_line_is_cut_after_a_space() -> None:
    source = whole("word " * 2_000)
    assert source.line(0).endswith("word ")


def test_little_is_read_before_the_first_paint_and_all_when_asked_for() -> None:
    text = ("x" * 49 + "\n") * 400_000
    source = PlainTextSource(text)
    assert source.line_count < 10_000
    assert source.line_at(len(text) - 1) == 399_999
    assert source.line_count == 400_000


def test_a_line_known_is_whole_while_the_next_is_not_looked_for() -> None:
    source = PlainTextSource("a" * 150_000 + "\n" + "b" * 150_000)
    assert all(source.line(i) for i in range(source.line_count))


def test_an_empty_text_has_one_empty_line() -> None:
    source = whole("")
    assert (source.line_count, source.line(0), source.line_at(5)) == (1, "", 0)


def test_what_hides_or_reorders_is_written_out() -> None:
    shown = shown_line("a\u202eb\x1b[31m\x00\ud800\tc")
    assert shown.text == "a‹RLO›b‹ESC›[31m‹NUL›‹U+D800›\tc"
    assert len(shown.marks) == 3


def test_joiners_of_persian_and_emoji_stay() -> None:
    assert shown_line("می\u200cخواهم").marks == ()
    assert shown_line("👩\u200d👧").text == "👩\u200d👧"


@given(st.text(max_size=50))
def test_positions_go_there_and_back(line: str) -> None:
    shown = shown_line(line)
    units = len(shown.text.encode("utf-16-le")) // 2
    assert shown.to_shown(len(line)) == units
    assert [shown.to_char(shown.to_shown(i)) for i in range(len(line) + 1)] == list(range(len(line) + 1))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=12), st.integers(0, 60), st.integers(1, 10))
def test_highlights_are_found_by_range(ranges: list[tuple[int, int]], start: int, length: int) -> None:
    every = sorted(Highlight(at, at + size) for at, size in ranges)
    end = start + length
    assert Highlights(every).within(start, end) == [h for h in every if h.start < end and h.end > start]
