"""The replay moves the one cursor: by hand, by iterations, by the clock, and along with a run that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.replay import Replay, iteration_starts
from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.trace.codes import EVENT_CODE
from rlm_desktop.trace.events import ModelAsked
from rlm_desktop.trace.store import TraceStore
from tests import traces
from tests.gui.waiting import wait_until


@pytest.fixture
def run(qapp: QApplication, tmp_path: Path) -> Iterator[RunModel]:
    made = RunModel(TraceStore.open(traces.sample(tmp_path / "a.rlmtrace", width=20)), is_live=False)
    yield made
    made.deleteLater()


@pytest.fixture
def replay(run: RunModel) -> Iterator[Replay]:
    current = CurrentRun()
    current.show(run)
    made = Replay(current, current)
    yield made
    current.deleteLater()


def test_a_step_leaves_following_and_end_returns_to_it(run: RunModel, replay: Replay) -> None:
    last = run.last_seq
    replay.step(-1)
    assert (run.cursor, run.is_following) == (last - 1, False)
    replay.step(-10_000)
    assert run.cursor == 0
    replay.to_end()
    assert (run.cursor, run.is_following) == (last, True)
    replay.step(1)
    assert run.cursor == last


def test_iterations_are_those_of_the_root(run: RunModel, replay: Replay) -> None:
    starts = iteration_starts(run).tolist()
    kinds = run.columns.events["type"][starts]
    assert (kinds == EVENT_CODE[ModelAsked]).all()
    assert (run.columns.events["call"][starts] == 0).all()
    replay.to_start()
    seen = []
    for _ in starts:
        replay.step_iteration(1)
        seen.append(run.cursor)
    assert seen == starts
    replay.step_iteration(1)
    assert run.cursor == run.last_seq
    replay.step_iteration(-1)
    assert run.cursor == starts[-1]


def test_playing_goes_on_to_the_end_and_follows(run: RunModel, replay: Replay) -> None:
    replay.set_speed(32.0)
    replay.set_clock("events")
    replay.seek(run.last_seq - 20)
    replay.play()
    places: list[int] = []
    run.cursor_moved.connect(lambda: places.append(run.cursor))
    wait_until(lambda: not replay.is_playing)
    assert run.is_following and run.cursor == run.last_seq
    assert places == sorted(places)


def test_playing_from_the_end_starts_over(run: RunModel, replay: Replay) -> None:
    replay.play()
    assert replay.is_playing and run.cursor == 0
    replay.pause()
    assert not replay.is_playing


def test_another_run_stops_the_play(run: RunModel, replay: Replay) -> None:
    replay.play()
    replay.parent().show(None)  # type: ignore[union-attr]
    assert not replay.is_playing


def test_a_live_run_can_be_scrubbed_while_it_grows(qapp: QApplication, tmp_path: Path) -> None:
    lines = traces.sample(tmp_path / "a.rlmtrace", width=20).read_bytes().splitlines(keepends=True)
    run = RunModel(TraceStore(tmp_path / "a.rlmtrace"), is_live=True)
    current = CurrentRun()
    current.show(run)
    replay = Replay(current, current)
    run.append_lines(lines[:60])
    replay.seek(30)
    run.append_lines(lines[60:90])
    assert (run.cursor, run.is_following, run.last_seq) == (30, False, 89)
    replay.to_end()
    run.append_lines(lines[90:100])
    assert run.cursor == 99
    current.deleteLater()
    run.deleteLater()
