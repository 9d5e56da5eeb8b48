"""The engine's lines arrive in order and whole; what it is told gets there; what it says when it fails is kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from rlm_desktop.gui.engine_process import EngineProcess
from rlm_desktop.trace.commands import TextStreamed
from rlm_desktop.trace.request import ModelChoice, RunRequest
from tests import traces
from tests.gui.waiting import wait_until

FAKE = Path(__file__).with_name("fake_engine.py")
Started = Callable[..., "Heard"]


class Heard:
    """What came from one engine."""

    def __init__(self, engine: EngineProcess) -> None:
        self.engine = engine
        self.batches: list[list[bytes]] = []
        self.progress: list[object] = []
        self.is_over = False
        engine.entries_received.connect(self.batches.append)
        engine.progressed.connect(self.progress.append)
        engine.ended.connect(self._end)

    @property
    def lines(self) -> list[bytes]:
        return [line for batch in self.batches for line in batch]

    def _end(self) -> None:
        self.is_over = True


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return traces.wide(tmp_path / "source.rlmtrace", 200)


@pytest.fixture
def started(qapp: QApplication, tmp_path: Path, trace: Path) -> Iterator[Started]:
    """Return a function that starts an engine of a certain manner."""
    engines: list[EngineProcess] = []

    def start(manner: str = "", *, command: list[str] | None = None) -> Heard:
        engine = EngineProcess(command=command or [sys.executable, str(FAKE), str(trace), manner])
        engines.append(engine)
        heard = Heard(engine)
        target = tmp_path / f"run{len(engines)}.rlmtrace"
        engine.start(RunRequest(question="q", model=ModelChoice(name="m"), trace=str(target)))
        return heard

    yield start
    for engine in engines:
        engine.abandon()
        engine.deleteLater()


def test_every_line_arrives_once_and_in_order(started: Started, trace: Path) -> None:
    heard = started()
    wait_until(lambda: heard.is_over)
    assert b"".join(heard.lines) == trace.read_bytes()
    assert heard.engine.exit_code == 0
    assert not heard.engine.is_running


def test_a_flood_is_handed_over_in_batches_that_leave_the_window_its_time(started: Started, trace: Path) -> None:
    heard = started("flood")
    wait_until(lambda: heard.is_over)
    assert b"".join(heard.lines) == trace.read_bytes()
    assert len(heard.batches) < len(heard.lines) / 4
    assert max(sum(map(len, batch)) for batch in heard.batches) <= 2 * 256 * 1024


def test_stop_reaches_the_engine_and_progress_is_not_an_entry(started: Started, trace: Path) -> None:
    heard = started("hold")
    wait_until(lambda: bool(heard.progress))
    assert heard.progress == [TextStreamed(call_id=0, iteration=0, text="x")]
    heard.engine.stop()
    wait_until(lambda: heard.is_over)
    assert b"".join(heard.lines) == trace.read_bytes()
    assert heard.engine.exit_code == 0


def test_a_crash_is_no_exit_code_and_keeps_what_came(started: Started, trace: Path) -> None:
    heard = started("crash")
    wait_until(lambda: heard.is_over)
    assert heard.engine.exit_code is None
    assert heard.lines == trace.read_bytes().splitlines(keepends=True)[:-1]


def test_what_the_engine_says_on_stderr_is_kept_without_its_frame(started: Started) -> None:
    heard = started("refuse")
    wait_until(lambda: heard.is_over)
    assert heard.engine.exit_code == 1
    assert heard.engine.complaint == "The key was refused. Give another one."


def test_a_program_that_is_not_there_is_an_end_with_a_reason(started: Started, tmp_path: Path) -> None:
    heard = started(command=[str(tmp_path / "missing")])
    wait_until(lambda: heard.is_over)
    assert heard.engine.exit_code is None
    assert heard.engine.complaint


def test_a_window_that_goes_lets_its_engine_end_the_run(started: Started, trace: Path, tmp_path: Path) -> None:
    heard = started("hold")
    wait_until(lambda: bool(heard.progress))
    heard.engine.abandon()
    assert heard.engine.process_id == 0
    assert heard.lines == trace.read_bytes().splitlines(keepends=True)[:-1]


def test_two_engines_run_at_once(started: Started) -> None:
    first, second = started("hold"), started("hold")
    wait_until(lambda: bool(first.progress) and bool(second.progress))
    assert first.engine.is_running and second.engine.is_running
    first.engine.stop()
    wait_until(lambda: first.is_over)
    assert second.engine.is_running
