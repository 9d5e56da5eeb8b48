"""What a worker that reads documents sends, fuzzed: a value within its caps, or the one error."""

from __future__ import annotations

import contextlib

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.documents.worker_frames import (
    DONE,
    FAILED,
    HEAD,
    MOST_BYTES,
    NO_MEMORY,
    READY,
    REFUSED,
    SHARE,
    SHARE_BODY,
    TEXT,
    Done,
    ForgedError,
    Refused,
    done_in,
    head,
    packed,
    packed_struct,
    refused_in,
    share_in,
    text_in,
)  # fmt: skip
from tests.fuzzing import examples, mutated

text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
done = st.builds(
    Done,
    marks=st.lists(st.tuples(st.integers(1, 9), text.filter(bool), st.integers(0, 100)), max_size=3).map(tuple),
    notes=st.lists(text, max_size=3).map(tuple),
    extent=text,
    encoding=st.none() | text,
)
frame = st.one_of(
    st.sampled_from([packed(READY), packed(NO_MEMORY), packed(FAILED, b"OSError")]),
    text.map(lambda said: packed(TEXT, said.encode())),
    st.floats().map(lambda share: packed(SHARE, SHARE_BODY.pack(share))),
    done.map(lambda said: packed_struct(DONE, said)),
    st.builds(Refused, sentence=text, kind=text).map(lambda said: packed_struct(REFUSED, said)),
)


def read(data: bytes) -> int:
    """Decode frame after frame as the supervisor does; return how many were believed."""
    found = at = 0
    with contextlib.suppress(ForgedError):
        while len(data) - at >= HEAD.size:
            letter, size = head(data[at : at + HEAD.size])
            assert size <= max(MOST_BYTES.values())
            body = data[at + HEAD.size : at + HEAD.size + size]
            decode(letter, body)
            at += HEAD.size + size
            found += 1
    return found


def decode(letter: bytes, body: bytes) -> None:
    if letter == TEXT:
        assert len(text_in(body)) <= len(body)
    elif letter == SHARE:
        assert 0.0 <= share_in(body) <= 1.0
    elif letter == DONE:
        said = done_in(body, 100)
        assert done_in(msgspec.json.encode(said), 100) == said
    elif letter == REFUSED:
        assert refused_in(msgspec.json.encode(refused_in(body))) == refused_in(body)


@given(frames=st.lists(frame, min_size=1, max_size=4))
@examples(50)
def test_changed_frames_are_believed_or_forged(frames: list[bytes]) -> None:
    read(b"".join(frames))


@given(data=mutated(st.lists(frame, min_size=1, max_size=4).map(b"".join)) | st.binary(max_size=60))
@examples(200)
def test_any_bytes_are_believed_or_forged(data: bytes) -> None:
    read(data)


@given(letter=st.sampled_from(list(MOST_BYTES)), body=mutated(frame.map(lambda whole: whole[HEAD.size :])))
@examples(200)
def test_any_body_under_any_letter(letter: bytes, body: bytes) -> None:
    """The lengths fit here, so that what is tried is what takes the bodies apart."""
    with contextlib.suppress(ForgedError):
        decode(letter, body)
