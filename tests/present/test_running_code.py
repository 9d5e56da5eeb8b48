"""Which call runs a block of code that a person may end."""

from __future__ import annotations

from pathlib import Path

from rlm_desktop.present.running_code import RunningCode, running_code
from rlm_desktop.trace.events import InterruptAsked
from rlm_desktop.trace.store import TraceStore
from tests.traces import Scribe


def test_a_block_runs_from_its_start_to_its_end_and_is_asked_to_end_once(tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    said: list[RunningCode] = []
    with Scribe(path) as s:

        def look() -> None:
            said.append(running_code(TraceStore.open(path).columns, 0))

        root = s.call()
        look()
        s.open_turn(root, 0, "work()")
        look()
        s.emit(InterruptAsked(call_id=root))
        look()
        s.printed(root, 0, "")
        look()
        s.code(root, 0, "more()", block=1)
        look()
        s.printed(root, 0, "", block=1)
        s.open_turn(root, 1, "work()")
        look()
        s.ended(root, "cancelled")
        look()
    assert said == ["none", "runs", "asked", "none", "runs", "runs", "none"]


def test_what_a_child_is_asked_is_not_asked_of_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "t.rlmtrace"
    with Scribe(path) as s:
        root = s.call()
        s.open_turn(root, 0, "rlm_query('x')")
        child = s.call(root, depth=1, at=(0, 0, 1))
        s.open_turn(child, 0, "work()")
        s.emit(InterruptAsked(call_id=child))
    columns = TraceStore.open(path).columns
    assert [running_code(columns, call) for call in (root, child)] == ["runs", "asked"]
