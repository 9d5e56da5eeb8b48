"""The decoder of what a child sends, fuzzed: one of two errors or a value, never more room than the caps allow."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.sandbox.child.wire import LENGTHS, MAX_RLM_ITEM_BYTES, pack
from rlm_desktop.sandbox.frames import FrameError, look_closely, parse_json, read_frame
from rlm_desktop.sandbox.schema import CHILD_FRAMES, MAX_DONE_BYTES, parse_done, parse_tries, read_request
from tests.fuzzing import NASTY_PIECES, examples, mutated
from tests.sandbox.sound_frames import Pipe, any_frame, at_once, text

MOST_BYTES = max(MAX_DONE_BYTES, MAX_RLM_ITEM_BYTES)


def decode_all(pipe: Pipe) -> list[Any]:
    """Read frames to the end or the first error; return what was decoded."""
    found: list[Any] = []
    try:
        while True:
            header, body = at_once(read_frame(pipe, CHILD_FRAMES))  # type: ignore[arg-type]
            if header["op"] == "request":
                found.append((header, at_once(read_request(pipe, header))))  # type: ignore[arg-type]
            elif header["op"] == "done":
                found.append((header, parse_done(header, body)))
            elif header["op"] == "ready":
                found.append((header, parse_tries(body)))
            else:
                found.append((header, body))
    except (FrameError, asyncio.IncompleteReadError):
        return found


@given(frames=st.lists(any_frame, max_size=4))
@examples(50)
def test_what_our_child_writes_is_decoded_to_the_end(frames: list[bytes]) -> None:
    data = b"".join(frames)
    pipe = Pipe(data)
    assert len(decode_all(pipe)) == len(frames)
    assert pipe.at == len(data)


@given(data=mutated(st.lists(any_frame, min_size=1, max_size=4).map(b"".join)) | st.binary(max_size=300))
@examples(400)
def test_changed_frames_give_a_value_or_one_of_two_errors(data: bytes) -> None:
    pipe = Pipe(data)
    decode_all(pipe)
    assert pipe.most_bytes <= MOST_BYTES


@given(
    head=mutated(any_frame.map(lambda frame: frame[8 : 8 + LENGTHS.unpack(frame[:8])[0]])),
    body=st.binary(max_size=40),
    lengths=st.sampled_from([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]),
    which=st.sampled_from(["none", "head", "body"]),
)
@examples(400)
def test_changed_headers_with_right_and_wrong_lengths(head: bytes, body: bytes, lengths: int, which: str) -> None:
    """The lengths fit here, so that what is tried is the reader of the header itself."""
    sizes = (lengths if which == "head" else len(head), lengths if which == "body" else len(body))
    pipe = Pipe(struct.pack("<II", *sizes) + head + body)
    for header, value in decode_all(pipe):
        if isinstance(value, bytes):
            assert at_once(read_frame(Pipe(pack(header, value)), CHILD_FRAMES)) == (header, value)  # type: ignore[arg-type]
    assert pipe.most_bytes <= MOST_BYTES


@given(pieces=st.lists(st.sampled_from(NASTY_PIECES) | st.binary(max_size=20), max_size=6), depth=st.integers(0, 1_200))
@examples(200)
def test_json_of_any_shape_and_depth_gives_a_value_or_a_frame_error(pieces: list[bytes], depth: int) -> None:
    for data in (b"".join(pieces), b"[" * depth + b",".join(pieces) + b"]" * depth, b'{"a":' * depth + b"".join(pieces) + b"}" * depth):
        with contextlib.suppress(FrameError):
            parse_json(data)


_numbers = st.integers(-(10**20), 10**20) | st.floats() | st.sampled_from([10**18 - 1, 10**18, 2**63, 2**64, 10**19 - 1, 10**19, -(10**19)])
_written = st.recursive(
    st.none() | st.booleans() | _numbers | text, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3)
).map(lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


@given(data=_written | mutated(_written) | mutated(any_frame.map(lambda frame: frame[8 : 8 + LENGTHS.unpack(frame[:8])[0]])))
@examples(400)
def test_the_quick_look_at_json_says_what_the_close_look_says(data: bytes) -> None:
    assert outcome(parse_json, data) == outcome(look_closely, data)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}', b'{"a":1,"a":2}', b"1234567890123456789", b"12345678901234567890", b"[99999999999999999999]", b"1e5", b"1.0",
        b"-0", b"1e999", b"NaN", b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\xed\xa0\x80"', b'"\x7f"', b'"\\u007f"', b'"\\/"', b" 1", b"1 ",
        b"null", b"", b"[1,]", b"\xef\xbb\xbf1",
    ],
)  # fmt: skip
def test_the_quick_look_lets_nothing_pass_that_the_close_look_does_not(data: bytes) -> None:
    assert outcome(parse_json, data) == outcome(look_closely, data)


def outcome(parse: Callable[[bytes], Any], data: bytes) -> str:
    """Return what came of it, as a text, in which 1, 1.0 and True differ."""
    try:
        return repr(parse(data))
    except FrameError as error:
        return f"FrameError {error}"
