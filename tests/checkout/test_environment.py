"""The environment that dev.py makes: when it is whole, and what is never touched."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from checkout import environment
from checkout.commands import ROOT, Problem
from checkout.environment import Interpreter, fill, probe, python_of, ready_environment, stamp_text, stamps_that_do

FOUND = Interpreter(version=(3, 12), site="/v/lib/site-packages", has_pip=True)


def test_a_stamp_holds_for_one_lock_one_python_and_one_place(tmp_path: Path) -> None:
    here = stamp_text("run", b"a==1", FOUND, tmp_path)
    assert here == stamp_text("run", b"a==1", FOUND, tmp_path)
    others = {
        stamp_text("run", b"a==2", FOUND, tmp_path),
        stamp_text("run", b"a==1", FOUND._replace(version=(3, 13)), tmp_path),
        stamp_text("run", b"a==1", FOUND, tmp_path / "moved"),
        stamp_text("test", b"a==1", FOUND, tmp_path),
    }
    assert len(others | {here}) == 5


def test_what_is_enough_to_test_is_enough_to_run_and_not_the_other_way_round() -> None:
    whole = {"run": "r", "test": "t"}
    assert stamps_that_do("run", whole) == {"r", "t"}
    assert stamps_that_do("test", whole) == {"t"}


def test_an_unchanged_lock_installs_nothing_and_a_changed_one_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    locks = {kind: tmp_path / f"{kind}.lock" for kind in ("run", "test")}
    for lock in locks.values():
        lock.write_text("a==1\n")
    monkeypatch.setattr(environment, "LOCKS", locks)
    done: list[str] = []
    monkeypatch.setattr(environment, "obey", lambda command, _complaint: done.append(command[-1]))
    found = FOUND._replace(site=str(tmp_path))
    for kind in ("run", "run", "test", "run", "test"):
        fill(kind, tmp_path, tmp_path / "python", found)
    assert done == [str(locks["run"]), str(locks["test"])]
    assert (tmp_path / "rlm_desktop_checkout.pth").read_text() == f"{ROOT}\n"
    locks["run"].write_text("a==2\n")
    locks["test"].write_text("a==2\n")
    fill("run", tmp_path, tmp_path / "python", found)
    assert done[2:] == [str(locks["run"])]


def test_an_installation_that_failed_leaves_no_stamp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "installed.txt").write_text("of an older lock")

    def fails(_command: object, complaint: str) -> None:
        raise Problem(complaint)

    monkeypatch.setattr(environment, "obey", fails)
    with pytest.raises(Problem):
        fill("run", tmp_path, tmp_path / "python", FOUND)
    assert not (tmp_path / "installed.txt").exists()


def test_the_interpreter_of_an_environment_is_found_on_each_system(tmp_path: Path) -> None:
    assert python_of(tmp_path, windows=True) == tmp_path / "Scripts" / "python.exe"
    assert python_of(tmp_path, windows=False) == tmp_path / "bin" / "python"


def test_an_interpreter_says_what_it_is_and_one_that_does_not_start_is_none(tmp_path: Path) -> None:
    found = probe(Path(sys.executable))
    assert found is not None
    assert found.version == sys.version_info[:2]
    assert probe(tmp_path / "python") is None


@pytest.mark.skipif(os.name == "nt", reason="no sh")
def test_a_killed_interpreter_does_not_pass_for_a_broken_environment(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\nkill -9 $$\n")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(Problem, match="signal 9"):
        probe(tmp_path / "python")


def test_a_folder_that_is_no_environment_is_never_cleared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "precious").write_text("x")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    with pytest.raises(Problem, match="in the way"):
        ready_environment("run", None)
    assert (tmp_path / ".venv" / "precious").exists()
