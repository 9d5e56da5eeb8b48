"""Lines come out whole, whatever the pieces were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.gui.lines import LineSplitter


@given(st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"\r", b"x")), max_size=20))
def test_lines_are_the_same_however_they_were_cut(pieces: list[bytes]) -> None:
    splitter = LineSplitter()
    lines = [line for piece in pieces for line in splitter.take(piece)]
    rest = splitter.rest()
    assert b"".join(lines) + rest == b"".join(pieces)
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    assert b"\n" not in rest


def test_a_rest_is_given_once() -> None:
    splitter = LineSplitter()
    assert splitter.take(b"a\nb") == [b"a\n"]
    assert (splitter.rest(), splitter.rest()) == (b"b", b"")
