"""Without a screen the window does not open, and says so."""

from __future__ import annotations

import os
import sys

import pytest

from rlm_desktop.errors import UserError
from rlm_desktop.gui.display import require_display
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


def test_the_program_ends_with_status_1_and_says_what_works_without() -> None:
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = program(env=bare)
    assert done.returncode == 1
    assert b"There is no display" in done.stderr
    assert b"rlm-desktop run" in done.stderr
