"""How long the fuzzers run: some seconds each in the suite, as long as wanted by hand (`RLM_FUZZ_EXAMPLES=100000 pytest tests/…`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

MUTATIONS = 4
"""At most, of one input."""
_LONG = int(os.environ.get("RLM_FUZZ_EXAMPLES", "0"))

NASTY_NUMBERS = [
    b"NaN", b"-NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1e-999", b"-1", b"-0", b"0.5", b"9007199254740993",
    b"9223372036854775807", b"9223372036854775808", b"18446744073709551616", b"9" * 40, b"9" * 5_000, b"1." + b"0" * 5_000, b"1E5",
    b"true", b"null",
]  # fmt: skip
NASTY_PIECES = [
    *NASTY_NUMBERS, b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xed\xa0\x80"', b'"\xff"', b'"\x00"', b"\xef\xbb\xbf", b"[" * 2_000,
    b'{"a":' * 2_000, b"[" * 100_000, b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\n", b"\r\n", b"\\u0000", b'","', b"{}", b"[]",
    b'"../../x"', b'"C:\\\\x"', b'"\\\\\\\\host\\\\share"', b'"/dev/zero"', b"__proto__", b'"op":"done",', b'"type":"run_started",',
]  # fmt: skip


def examples(count: int) -> settings:
    """Settings for so many examples in the suite; for as many as the environment says where it says so."""
    return settings(
        max_examples=_LONG or count,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        print_blob=True,
    )


@st.composite
def mutated(draw: st.DrawFn, sound: st.SearchStrategy[bytes]) -> bytes:
    """Return sound bytes with some flipped, cut, doubled, moved, or replaced by what breaks decoders."""
    data = bytearray(draw(sound))
    for _ in range(draw(st.integers(0, MUTATIONS))):
        draw(st.sampled_from(_MUTATIONS))(draw, data)
    return bytes(data)


def _place(draw: st.DrawFn, data: bytearray) -> int:
    return draw(st.integers(0, len(data)))


def _flip(draw: st.DrawFn, data: bytearray) -> None:
    if data:
        data[draw(st.integers(0, len(data) - 1))] ^= 1 << draw(st.integers(0, 7))


def _cut_off(draw: st.DrawFn, data: bytearray) -> None:
    del data[_place(draw, data) :]


def _take_out(draw: st.DrawFn, data: bytearray) -> None:
    start = _place(draw, data)
    del data[start : start + draw(st.integers(1, 50))]


def _insert(draw: st.DrawFn, data: bytearray) -> None:
    start = _place(draw, data)
    data[start:start] = draw(st.sampled_from(NASTY_PIECES) | st.binary(max_size=8))


def _double(draw: st.DrawFn, data: bytearray) -> None:
    start = _place(draw, data)
    piece = data[start : start + draw(st.integers(1, 200))]
    at = _place(draw, data)
    data[at:at] = piece


def _replace_number(draw: st.DrawFn, data: bytearray) -> None:
    """Put a wrong number in the place of one that stands there."""
    starts = [at for at in range(len(data)) if data[at : at + 1].isdigit() and not data[max(0, at - 1) : at].isdigit()]
    if starts:
        start = end = draw(st.sampled_from(starts))
        while data[end : end + 1].isdigit():
            end += 1
        data[start:end] = draw(st.sampled_from(NASTY_NUMBERS) | st.integers(-(2**70), 2**70).map(lambda n: str(n).encode()))


_MUTATIONS: list[Callable[[st.DrawFn, bytearray], Any]] = [_flip, _cut_off, _take_out, _insert, _double, _replace_number]
