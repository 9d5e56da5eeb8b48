"""The program starts itself again, wherever it was started from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import rlm_desktop
from rlm_desktop.program import program_command


def test_the_command_runs_this_program_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(program_command("--version"), cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == f"rlm-desktop {rlm_desktop.__version__}\n"


def test_a_frozen_program_is_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program_command("read", "-") == [sys.executable, "read", "-"]
