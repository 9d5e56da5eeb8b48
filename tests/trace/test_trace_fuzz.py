"""Traces that somebody changed, in any way: they open as far as they are sound, or are refused with a sentence."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rlm_desktop.trace.codec import encode
from rlm_desktop.trace.events import Entry
from tests.fuzzing import examples, mutated
from tests.trace.looked_at import look_at_all
from tests.trace.made import any_event

GOLDEN = (Path(__file__).with_name("golden") / "format-1.rlmtrace").read_bytes()
Tree = list[Any]

nasty_value: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        [
            None, True, -1, 0, 1, 2**31 - 1, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**40, -(2**63), 0.5, -0.5, 1e308, 1e10,
            1e-320, "", "x", "../../x", "/etc/passwd", "\\\\host\\share", "C:\\x", "/dev/zero", "\x00", "\ud800", "\u202e", "\x1b]0;x\x07",
            "=cmd|' /C'!A0", [], {}, [[]], {"text_id": 0, "chars": 2**53}, {"text_id": 2**31 - 1, "chars": 1}, {"text_id": 0}, "rlm", "llm",
            "run_started", "text_part", "of_a_later_version", "limit", "running",
        ]
    ).map(copy.deepcopy),  # what is put into a trace may be changed there by the next change
    st.integers(0, 6),
)  # fmt: skip


def look(data: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "foreign.rlmtrace"
        path.write_bytes(data)
        return look_at_all(path)


def test_the_trace_that_is_changed_below_is_sound() -> None:
    assert look(GOLDEN) == ""


@given(data=mutated(st.just(GOLDEN)) | st.binary(max_size=200))
@examples(25)
def test_changed_bytes(data: bytes) -> None:
    look(data)


@given(end=st.integers(0, len(GOLDEN)), more=st.sampled_from([b"", b"\x00", b"\x00" * 5_000, b"\n", b"{}", b"{}\n", GOLDEN]))
@examples(25)
def test_a_tail_that_is_cut_torn_zeroed_or_doubled(end: int, more: bytes) -> None:
    look(GOLDEN[:end] + more)


@st.composite
def changed_entries(draw: st.DrawFn) -> bytes:
    """The entries of a sound trace with some moved, doubled, gone, or with other values in them; mostly numbered anew."""
    entries: Tree = [json.loads(line) for line in GOLDEN.splitlines()]
    for _ in range(draw(st.integers(1, 4))):
        draw(st.sampled_from(_CHANGES))(draw, entries)
    if draw(st.booleans()):
        for seq, entry in enumerate(entries):
            if isinstance(entry, dict):
                entry["seq"] = seq
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


def _drop(draw: st.DrawFn, entries: Tree) -> None:
    del entries[draw(st.integers(0, len(entries) - 1))]


def _double(draw: st.DrawFn, entries: Tree) -> None:
    place = st.integers(0, len(entries) - 1)
    entries.insert(draw(place), json.loads(json.dumps(entries[draw(place)])))


def _swap(draw: st.DrawFn, entries: Tree) -> None:
    one, other = draw(st.integers(0, len(entries) - 1)), draw(st.integers(0, len(entries) - 1))
    entries[one], entries[other] = entries[other], entries[one]


def _change(draw: st.DrawFn, entries: Tree) -> None:
    """Walk to some place in the entries and put another value there."""
    at: Any = entries
    while True:
        keys = list(range(len(at))) if isinstance(at, list) else list(at)
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        if isinstance(at[key], (list, dict)) and at[key] and (at is entries or draw(st.integers(0, 3))):
            at = at[key]
            continue
        at[key] = draw(nasty_value)
        return


_CHANGES: list[Callable[[st.DrawFn, Tree], None]] = [_drop, _double, _swap, _change, _change, _change, _change]


@given(data=changed_entries())
@examples(80)
def test_changed_entries(data: bytes) -> None:
    look(data)


@given(events=st.lists(any_event, max_size=12))
@examples(30)
def test_entries_of_the_right_form_in_any_order(events: list[Any]) -> None:
    """Few pass the laws of a trace, which is what is tried."""
    start = GOLDEN.splitlines(keepends=True)[:7]
    look(b"".join([*start, *(encode(Entry(seq, 1.0, event)) for seq, event in enumerate(events, start=7))]))
