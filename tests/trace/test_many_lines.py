"""Lines decoded together are what each is by itself, or they are left to be looked at one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rlm_desktop.trace.codec import MAX_LINE_BYTES, decode, encode
from rlm_desktop.trace.events import Entry, Noticed
from rlm_desktop.trace.many_lines import decode_lines
from rlm_desktop.trace.store import CHUNK_BYTES, TraceStore
from tests.traces import hostile, sample

FIRST, SECOND = (encode(Entry(seq, 0.0, Noticed(message="{}"))) for seq in (0, 1))


@pytest.mark.parametrize("make", [sample, hostile])
def test_lines_together_are_the_lines_one_by_one(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path / "run.rlmtrace")
    lines = path.read_bytes().splitlines(keepends=True)
    found = decode_lines(b"".join(lines))
    assert found is not None
    assert found[0] == [decode(line) for line in lines]
    assert found[1].tolist() == [len(line) for line in lines]


@pytest.mark.parametrize(
    "data",
    [
        FIRST.replace(b"\n", b"") + SECOND,
        FIRST.replace(b'"seq"', b'\n"seq"') + SECOND,
        FIRST.replace(b"\n", b"") + SECOND.replace(b'"seq"', b'\n"seq"'),
        FIRST + b"\n" + SECOND,
        b"\n" + FIRST,
        FIRST + b" " + SECOND,
        FIRST.replace(b"\n", b"\r\n"),
        FIRST + b"{}\n",
        FIRST.replace(b"noticed", b"later"),
        FIRST.replace(b"{}", b"{\xff}"),
        FIRST.replace(b"{}", b"a" * MAX_LINE_BYTES),
    ],
)
def test_what_is_not_one_known_entry_a_line_is_left_alone(data: bytes) -> None:
    assert decode_lines(data) is None


def test_a_trace_of_many_pieces_with_lines_to_be_looked_at_in_between_opens_whole(tmp_path: Path) -> None:
    path = sample(tmp_path / "run.rlmtrace")
    lines = path.read_bytes().splitlines(keepends=True)
    count = len(lines)
    while sum(map(len, lines)) < 3 * CHUNK_BYTES:
        message, seq = "a" * 50_000, len(lines)
        lines.append(encode(Entry(seq, 1e6, Noticed(message=message))).replace(b"noticed", b"later" if seq % 20 == 0 else b"noticed"))
    path.write_bytes(b"".join(lines))
    store = TraceStore.open(path)
    assert (store.problem, len(store.columns)) == (None, len(lines))
    assert store.raw(count) + b"\n" == lines[count]
    assert store.raw(len(lines) - 1) + b"\n" == lines[-1]


@pytest.mark.parametrize("before", [0, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_a_line_without_end_after_whole_ones_is_told_from_a_torn_tail(before: int, tmp_path: Path) -> None:
    path = sample(tmp_path / "run.rlmtrace")
    start = path.read_bytes()
    count = start.count(b"\n")
    filler = encode(Entry(count, 1e6, Noticed(message=""))).replace(b'"message":""', b'"message":"%s"')
    if before:
        start += filler % (b"a" * (before - len(start) - len(filler) + 2))
        assert len(start) == before
        count += 1
    for tail_bytes, problem in ((7, None), (CHUNK_BYTES, None), (2 * MAX_LINE_BYTES, "A line is longer than a trace's lines may be.")):
        path.write_bytes(start + b"a" * tail_bytes)
        store = TraceStore.open(path)
        assert (store.problem, len(store.columns), store.torn_bytes) == (problem, count, tail_bytes)
