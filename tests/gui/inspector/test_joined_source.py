"""Texts one below the other: the lines and words of their concatenation, without making it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.gui.inspector.joined_source import JoinedSource
from rlm_desktop.gui.look.text_source import FIRST_CHARS, PlainTextSource

TEXTS = st.lists(st.lists(st.sampled_from(["a", "b", "\r\n", "\n"]), max_size=30).map("".join), max_size=5)


def whole(texts: list[str]) -> str:
    return "".join(text if text.endswith("\n") or i == len(texts) - 1 else text + "\n" for i, text in enumerate(texts))


@given(TEXTS, st.data())
@settings(max_examples=300)
def test_it_reads_as_the_texts_in_one_piece(texts: list[str], data: st.DataObject) -> None:
    joined, text = JoinedSource(texts), whole(texts)
    plain = PlainTextSource(text)
    assert not joined.read_more()
    assert joined.char_count == len(text)
    start, end = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))
    assert joined.text(start, end) == text[start:end]
    lines = [joined.line(i) for i in range(joined.line_count)]
    # An empty last text keeps a line of its own for its head to stand on; in one piece a last break begins no line.
    has_own_last = len(texts) > 1 and not texts[-1]
    assert lines == [plain.line(i) for i in range(plain.line_count)] + ([""] if has_own_last else [])
    for i in range(plain.line_count):
        assert joined.line_start(i) == plain.line_start(i)
        assert joined.line_at(joined.line_start(i)) in (i, joined.line_count - 1)


def test_what_follows_a_long_text_is_known_when_the_long_one_is() -> None:
    long = "a line of some words\n" * (FIRST_CHARS // 4)
    joined = JoinedSource(["first\n", long, "last"])
    assert joined.line_count < FIRST_CHARS // 4
    while joined.read_more():
        pass
    assert joined.line_count == FIRST_CHARS // 4 + 2
    assert joined.line(joined.line_count - 1) == "last"
    assert JoinedSource(["first\n", long, "last"]).line_at(joined.char_count) == joined.line_count - 1
