"""The text of a document in blocks: the same lines, positions and words as the text in one piece."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rlm_desktop.gui.documents import stored_text
from rlm_desktop.gui.documents.stored_text import StoredText
from rlm_desktop.gui.look.text_source import PlainTextSource

LINES = st.text(st.sampled_from("ab é漢\U0001f468\r\n\n"), max_size=200)


def whole(source: StoredText | PlainTextSource) -> StoredText | PlainTextSource:
    while source.read_more():
        pass
    return source


@given(LINES, st.integers(min_value=8, max_value=64))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_blocks_hold_the_lines_of_the_text(tmp_path: Path, text: str, block_bytes: int) -> None:
    path = tmp_path / "text"
    path.write_bytes(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_text, "BLOCK_BYTES", block_bytes)
        stored = StoredText(path, len(text))
        try:
            whole(stored)
            assert stored.char_count == len(text)
            starts = [stored.line_start(i) for i in range(stored.line_count)]
            assert starts == sorted(set(starts))
            # A line longer than a block goes on in the next row, without a number; else rows are lines.
            plain = whole(PlainTextSource(text))
            numbered = [(stored.number(i), stored.line_start(i)) for i in range(stored.line_count) if stored.number(i) is not None]
            assert numbered == [(plain.number(i), plain.line_start(i)) for i in range(plain.line_count)]
            joined = "".join(text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True))
            assert joined == text
            for i, start in enumerate(starts):
                assert text.startswith(stored.line(i), start)
                assert stored.line_at(start) == i
            assert stored.text(0, len(text)) == text
            assert stored.text(len(text) // 3, len(text) // 2) == text[len(text) // 3 : len(text) // 2]
        finally:
            stored.close()


@given(LINES.filter(bool), st.integers(0, 200), st.booleans())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_are_found_where_they_stand_next(tmp_path: Path, text: str, start: int, is_backwards: bool) -> None:
    path = tmp_path / "text"
    path.write_bytes(text.encode())
    words, start = text[len(text) // 2 : len(text) // 2 + 3], min(start, len(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_text, "BLOCK_BYTES", 16)
        stored = StoredText(path, len(text))
        try:
            found = next((at for at in stored.find(words, start, is_backwards=is_backwards) if at is not None), -1)
        finally:
            stored.close()
    if is_backwards:
        places = [i for i in range(min(start, len(text))) if text.startswith(words, i)]
        # Where places overlap, any that stands before is right.
        assert (found >= 0) == bool(places)
        assert found < 0 or text.startswith(words, found)
        assert found < start
    else:
        assert found == text.find(words, start)


def test_a_text_of_100_mb_opens_at_once_and_is_known_in_slices(tmp_path: Path) -> None:
    path = tmp_path / "text"
    line = b"Clause 14.2 limits the liability of the supplier to one hundred per cent.\n"
    path.write_bytes(line * 1_400_000)
    stored = StoredText(path, len(line) * 1_400_000)
    try:
        first = stored.known_chars
        assert 0 < first < 4_000_000
        assert stored.line(0).startswith("Clause 14.2")
        whole(stored)
        assert stored.line_count == 1_400_000
        assert stored.number(1_399_999) == 1_400_000
        assert stored.line_start(1_399_999) == len(line) * 1_399_999
    finally:
        stored.close()
