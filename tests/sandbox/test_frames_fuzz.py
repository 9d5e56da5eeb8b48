"""The decoder of what a child sends, fuzzed: one of two errors or a value, never more room than the caps allow."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.sandbox.child.wire import LENGTHS, MAX_RLM_ITEM_BYTES, pack
from rlm_desktop.sandbox.frames import FrameError, parse_json, read_frame
from rlm_desktop.sandbox.schema import CHILD_FRAMES, MAX_DONE_BYTES, parse_done, parse_tries, read_request
from tests.fuzzing import NASTY_PIECES, examples, mutated
from tests.sandbox.sound_frames import Pipe, any_frame, at_once

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
