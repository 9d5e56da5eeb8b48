"""Lines come out whole, whatever the pieces were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.gui.lines import LineSplitter


@given(st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"\r", b"x")), max_size=20))
def test_lines_are_the_same_however_they_were_cut(pieces: list[bytes]) -> None:
    splitter = LineSplitter()
    lines = [line for piece in pieces for line in splitter.take(piece)]
    assert lines == b"".join(pieces).splitlines(keepends=True)[: len(lines)]
    assert len(lines) == b"".join(pieces).count(b"\n")


def test_what_has_no_newline_yet_waits_for_it() -> None:
    splitter = LineSplitter()
    assert splitter.take(b"a\nb") == [b"a\n"]
    assert splitter.take(b"c") == []
    assert splitter.take(b"\n\n") == [b"bc\n", b"\n"]
