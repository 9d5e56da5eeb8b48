"""The host's reader of frames, against bytes of any kind."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlm_desktop.sandbox.child.wire import MAX_HEADER_BYTES, pack
from rlm_desktop.sandbox.frames import FrameError, Kind, parse_json, read_frame

KINDS = {"word": Kind(fields={"text": (str,), "n": (int,)}, max_body_bytes=lambda header: int(header["n"]))}


def read(data: bytes) -> tuple[dict[str, Any], bytes]:
    async def go() -> tuple[dict[str, Any], bytes]:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await read_frame(reader, KINDS)

    return asyncio.run(go())


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])), body=st.binary(max_size=2_000))
@settings(max_examples=50, deadline=None)
def test_what_is_packed_is_read(text: str, body: bytes) -> None:
    header = {"op": "word", "text": text, "n": len(body)}
    assert read(pack(header, body)) == (header, body)


@given(data=st.binary(max_size=200) | st.builds(pack, st.dictionaries(st.text(), st.integers() | st.text() | st.none(), max_size=3)))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_frame_or_one_of_two_errors(data: bytes) -> None:
    with pytest.raises((FrameError, asyncio.IncompleteReadError)):
        read(data)


def test_a_length_is_checked_before_anything_is_read() -> None:
    with pytest.raises(FrameError, match="header of 262,145 bytes"):
        read((MAX_HEADER_BYTES + 1).to_bytes(4, "little") + bytes(4))
    with pytest.raises(FrameError, match=r"body of 4 bytes .* may have 3"):
        read(pack({"op": "word", "text": "", "n": 3}, b"abcd"))


@pytest.mark.parametrize(
    "text",
    ["NaN", "[Infinity]", "-Infinity", "1e999", "9" * 20, '{"a": 1, "a": 2}', "[" * 100_000, '{"a":' * 5_000, "", "1 2", "1." + "0" * 50],
)  # fmt: skip
def test_json_is_strict(text: str) -> None:
    with pytest.raises(FrameError):
        parse_json(text.encode())


@pytest.mark.parametrize(("opens", "closes"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_at_no_depth_is_there_another_error(opens: bytes, closes: bytes) -> None:
    """Looking for half a surrogate pair goes a little deeper than reading did."""
    for depth in range(900, 1_050):
        with contextlib.suppress(FrameError):
            parse_json(opens * depth + b'"\\ud83d\\ude00"' + closes * depth)


@pytest.mark.parametrize("data", [b'"\xff"', b'"\xed\xa0\x80"', b'"\\ud800"', b"\xef\xbb\xbf1"])
def test_no_lone_surrogates_and_no_bytes_that_are_no_utf_8(data: bytes) -> None:
    with pytest.raises(FrameError):
        parse_json(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.lists
    )
)
@settings(max_examples=50, deadline=None)
def test_ordinary_json_passes(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value
