"""Opening, following and listing traces."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.run_model import CurrentRun, RunModel
from rlm_desktop.gui.runs.open_runs import OpenRuns
from rlm_desktop.gui.runs.recent_runs import RecentRuns
from rlm_desktop.gui.runs.run_facts import FactsCache, RunFacts, facts_of_file
from rlm_desktop.gui.runs.run_list import FACTS, RunList
from rlm_desktop.gui.runs.trace_loading import TraceLoading
from rlm_desktop.gui.settings import SettingsFile
from rlm_desktop.trace import lock
from tests import traces
from tests.gui.waiting import wait_until


@pytest.fixture
def settings(qapp: QApplication, tmp_path: Path) -> Iterator[SettingsFile]:
    made = SettingsFile(tmp_path / "settings.json")
    yield made
    made.deleteLater()


@pytest.fixture
def current(settings: SettingsFile) -> CurrentRun:
    return CurrentRun(settings)


@pytest.fixture
def runs(current: CurrentRun, settings: SettingsFile) -> Iterator[OpenRuns]:
    made = OpenRuns(current, settings, settings)
    yield made
    made.abandon()


def opened(runs: OpenRuns, current: CurrentRun, path: Path) -> RunModel:
    runs.show(path)
    wait_until(lambda: current.run is not None and current.run.store.path == path)
    assert current.run is not None
    return current.run


def test_a_large_trace_opens_in_slices_between_which_the_window_lives(qapp: QApplication, tmp_path: Path) -> None:
    path = traces.wide(tmp_path / "a.rlmtrace", 4_000)
    path.write_bytes(path.read_bytes())
    loading = TraceLoading(path)
    turns: list[float] = []
    stores: list[object] = []
    loading.progressed.connect(turns.append)
    loading.loaded.connect(stores.append)
    loading.start()
    wait_until(lambda: bool(stores))
    assert turns == sorted(turns)
    loading.deleteLater()


def test_a_loading_that_was_called_off_says_nothing_more(runs: OpenRuns, current: CurrentRun, tmp_path: Path) -> None:
    path = traces.wide(tmp_path / "a.rlmtrace", 4_000)
    runs.show(path)
    assert runs.loading is not None
    runs.stop_loading()
    other = traces.wide(tmp_path / "b.rlmtrace", 3)
    opened(runs, current, other)
    assert runs.loading is None


def test_going_back_to_a_trace_shows_the_same_run(runs: OpenRuns, current: CurrentRun, tmp_path: Path) -> None:
    first = opened(runs, current, traces.wide(tmp_path / "a.rlmtrace", 3))
    opened(runs, current, traces.wide(tmp_path / "b.rlmtrace", 3))
    assert opened(runs, current, first.store.path) is first


def test_only_a_few_finished_runs_stay_in_memory(runs: OpenRuns, current: CurrentRun, tmp_path: Path) -> None:
    first = opened(runs, current, traces.wide(tmp_path / "0.rlmtrace", 3))
    for number in range(1, 5):
        opened(runs, current, traces.wide(tmp_path / f"{number}.rlmtrace", 3))
    assert opened(runs, current, tmp_path / "0.rlmtrace") is not first


def test_a_run_that_another_program_writes_is_followed_to_its_end(runs: OpenRuns, current: CurrentRun, tmp_path: Path) -> None:
    lines = traces.sample(tmp_path / "whole.rlmtrace", width=20).read_bytes().splitlines(keepends=True)
    path = tmp_path / "growing.rlmtrace"
    with path.open("wb") as file:
        assert lock.try_lock(file)
        file.write(b"".join(lines[:50]) + lines[50][:10])
        file.flush()
        run = opened(runs, current, path)
        assert (run.is_live, run.last_seq, run.status) == (True, 49, "running")
        file.write(lines[50][10:] + b"".join(lines[51:]))
        file.flush()
        wait_until(lambda: run.last_seq == len(lines) - 1)
    wait_until(lambda: not run.is_live)
    assert run.status == "ok"


def test_a_run_whose_writer_dies_is_found_to_be_interrupted(runs: OpenRuns, current: CurrentRun, tmp_path: Path) -> None:
    lines = traces.sample(tmp_path / "whole.rlmtrace", width=20).read_bytes().splitlines(keepends=True)
    path = tmp_path / "growing.rlmtrace"
    with path.open("wb") as file:
        assert lock.try_lock(file)
        file.write(b"".join(lines[:50]))
        file.flush()
        run = opened(runs, current, path)
        assert run.is_live
    wait_until(lambda: not run.is_live)
    assert run.status == "interrupted"


def test_the_folder_is_listed_at_once_and_read_in_the_background(runs: OpenRuns, settings: SettingsFile, tmp_path: Path) -> None:
    folder, cache = tmp_path / "runs", tmp_path / "cache"
    folder.mkdir()
    cache.mkdir()
    traces.sample(folder / "a.rlmtrace", width=20)
    traces.interrupted(folder / "b.rlmtrace")
    (folder / "c.rlmtrace").write_text("no trace\n", "utf-8")
    recent = RecentRuns(folder, cache, runs, settings, settings)
    recent.look_around()
    assert recent.runs.run_count == 3
    facts = {name: recent.runs.facts(str(folder / f"{name}.rlmtrace")) for name in "abc"}
    assert all(found is not None and found.status == "unread" for found in facts.values())
    wait_until(lambda: all(recent.runs.facts(path).status != "unread" for path in recent.runs.paths))  # type: ignore[union-attr]
    statuses = [recent.runs.facts(str(folder / f"{name}.rlmtrace")).status for name in "abc"]  # type: ignore[union-attr]
    assert statuses == ["ok", "interrupted", "no_trace"]
    recent.save()
    again = RecentRuns(folder, cache, runs, settings, settings)
    again.look_around()
    known = again.runs.facts(str(folder / "a.rlmtrace"))
    assert known is not None and known.question == traces.QUESTION and known.calls > 20


def test_facts_of_a_file_that_changed_are_not_believed(tmp_path: Path) -> None:
    path = traces.wide(tmp_path / "a.rlmtrace", 3)
    facts = facts_of_file(path)
    assert facts is not None
    cache = FactsCache(tmp_path / "runs.json")
    cache.keep(facts)
    assert cache.find(facts) == facts
    path.write_bytes(path.read_bytes() + b"x")
    changed = facts_of_file(path)
    assert changed is not None and cache.find(changed) is None
    (tmp_path / "runs.json").write_text("broken", "utf-8")
    assert FactsCache(tmp_path / "runs.json").find(facts) is None


def test_runs_are_listed_by_day_newest_first(qapp: QApplication) -> None:
    runs = RunList()
    tester = QAbstractItemModelTester(runs, QAbstractItemModelTester.FailureReportingMode.Warning)
    now = time.time()
    for name, age_s in (("old", 40 * 86_400.0), ("new", 0.0), ("yesterday", 86_400.0)):
        runs.put(RunFacts(path=name, question=name, started_at=now - age_s, status="ok"))
    rows = [runs.data(runs.index(row)) for row in range(runs.rowCount())]
    assert rows[:4] == ["Today", "new", "Yesterday", "yesterday"] and rows[-1] == "old"
    runs.put(RunFacts(path="new", question="newer", started_at=now, status="running"))
    assert runs.data(runs.index(1)) == "newer" and runs.has_running
    runs.remove("old")
    assert runs.run_count == 2 and runs.data(runs.index(3), FACTS).path == "yesterday"
    tester.deleteLater()
    runs.deleteLater()
