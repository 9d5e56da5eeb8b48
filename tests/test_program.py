"""The program starts itself again, wherever it was started from."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import rlm_desktop
from rlm_desktop.program import keyless_environment, program_command, spoken_command


def test_the_command_runs_this_program_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(program_command("--version"), cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == f"rlm-desktop {rlm_desktop.__version__}\n"


def test_a_frozen_program_is_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program_command("read", "-") == [sys.executable, "read", "-"]


def test_what_a_person_types_is_quoted_for_the_shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    root = Path(rlm_desktop.__file__).resolve().parents[1]
    assert shlex.split(spoken_command("run", "it's mine", "-q", "Who?")) == [
        "python3",
        f"{root}/dev.py",
        "run",
        "run",
        "it's mine",
        "-q",
        "Who?",
    ]
    monkeypatch.chdir(root)
    assert spoken_command("info", "x") == "python3 dev.py run info x"


def test_an_installed_program_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("rlm_desktop.program._HOME", str(tmp_path))
    assert spoken_command("info", "a b") == "rlm-desktop info 'a b'"


def test_a_process_that_asks_no_model_gets_no_key_whatever_its_variable_is_called() -> None:
    given = {"PATH": "/bin", "Temp": "C:/t", "LC_ALL": "C", "XDG_CACHE_HOME": "/c", "PYTHONPATH": "/p", "RLM_DESKTOP_HOME": "/h"}
    keys = {
        "OPENAI_API_KEY": "canary",
        "MY_OWN": "canary",
        "RLM_DESKTOP_API_KEY": "canary",
        "AWS_SECRET_ACCESS_KEY": "canary",
        "SSH_AUTH_SOCK": "/s",
        "HTTPS_PROXY": "http://a:b@c",
    }
    assert keyless_environment({**given, **keys}) == given
