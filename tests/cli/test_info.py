"""`rlm-desktop info` over traces of every end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import traces
from tests.cli.program import program


def info(path: Path) -> dict[str, object]:
    done = program("info", path, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("make", "status", "calls", "rlm_calls", "depth", "errors"),
    [
        (traces.sample, "ok", 1_231, 3, 2, 1),
        (traces.interrupted, "interrupted", 61, 1, 1, 0),
        (traces.all_failed, "error", 41, 1, 1, 41),
        (traces.forest, "ok", 62, 2, 1, 0),
    ],
)
def test_status_and_counts(
    tmp_path: Path, make: Callable[[Path], Path], status: str, calls: int, rlm_calls: int, depth: int, errors: int
) -> None:
    facts = info(make(tmp_path / "x.rlmtrace"))
    names = ("status", "calls", "rlm_calls", "llm_calls", "depth", "errors")
    assert tuple(facts[name] for name in names) == (status, calls, rlm_calls, calls - rlm_calls, depth, errors)


def test_an_unknown_price_is_null_and_what_is_known_is_said(tmp_path: Path) -> None:
    facts = info(traces.unpriced(tmp_path / "x.rlmtrace"))
    assert facts["cost_usd"] is None
    assert facts["unpriced_calls"] == 60
    assert isinstance(facts["known_cost_usd"], float)


def test_the_words_for_a_person_have_the_same_figures(tmp_path: Path) -> None:
    path = traces.unpriced(tmp_path / "x.rlmtrace")
    words = program("info", path).stdout.decode()
    assert "at least" in words
    assert "60 calls have no known price" in words
    assert info(path)["question"] in words  # type: ignore[operator]


def test_control_characters_of_a_trace_do_not_reach_the_terminal(tmp_path: Path) -> None:
    assert b"\x1b" not in program("info", traces.hostile(tmp_path / "x.rlmtrace")).stdout


def test_a_torn_trace_is_read_up_to_the_tear(tmp_path: Path) -> None:
    path = traces.sample(tmp_path / "x.rlmtrace")
    path.write_bytes(path.read_bytes()[:5_000])
    assert info(path)["status"] == "interrupted"


@pytest.mark.parametrize("data", [b"", b"hello\n", b"\x00" * 100])
def test_no_trace_is_status_1_and_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.rlmtrace"
    path.write_bytes(data)
    done = program("info", path)
    assert done.returncode == 1
    assert b"is not a trace" in done.stderr
    assert b"Traceback" not in done.stderr
