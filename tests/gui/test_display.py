"""Without a screen the window does not open, and says so."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from rlm_desktop.errors import UserError
from rlm_desktop.gui.display import require_display
from rlm_desktop.trace.store import TraceStore
from tests.cli.program import program

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a screen there")


@pytest.mark.parametrize(
    ("environment", "says"),
    [({}, "There is no display"), ({"DISPLAY": ""}, "There is no display"), ({"DISPLAY": ":64321"}, ":64321 does not answer")],
)
def test_a_missing_display_is_a_sentence(environment: dict[str, str], says: str) -> None:
    with pytest.raises(UserError, match=says):
        require_display(environment)


@pytest.mark.parametrize("environment", [{"QT_QPA_PLATFORM": "offscreen"}, {"WAYLAND_DISPLAY": "wayland-0"}, {"DISPLAY": "far.example:0"}])
def test_what_cannot_be_known_to_fail_is_tried(environment: dict[str, str]) -> None:
    require_display(environment)


def bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}


def test_a_window_that_was_asked_for_ends_with_status_1_and_says_what_works_without(tmp_path: Path) -> None:
    done = program("open", tmp_path / "any.rlmtrace", env=bare_environment())
    assert done.returncode == 1
    assert b"There is no display" in done.stderr
    assert b"rlm-desktop run" in done.stderr


def test_without_a_display_and_without_a_wish_the_sample_is_answered_in_the_terminal(home: Path, tmp_path: Path) -> None:
    done = program(env=bare_environment())
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode()
    assert "There is no display" in said and "Question: Where did Ingrid Sollie" in said
    assert "beneath the hearthstone" in said
    assert "iteration 1: " in done.stderr.decode() and "\x1b" not in done.stderr.decode()
    (trace,) = (home / "runs").glob("*.rlmtrace")
    assert "cost    $0\n" in said and str(trace) in said
    assert f"calls   {len(TraceStore.open(trace).columns.calls)}: " in said
    commands = [shlex.split(line) for line in said.splitlines() if line.startswith("    ")]
    named = {command[command.index("run") + 1]: command[command.index("run") + 2 :] for command in commands}
    assert set(named) == {"screenshot", "info", "open", "run", "sample"}
    assert named["info"] == named["open"] == [str(trace)]
    assert program("screenshot", named["screenshot"][0], "-o", tmp_path / named["screenshot"][2]).returncode == 0
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
