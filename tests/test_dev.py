"""dev.py itself: the sentence for an older Python, and its usage. What it does is tested in tests/checkout."""

from __future__ import annotations

import ast
import os
import shutil
import sys
from pathlib import Path

import pytest

import dev
from checkout.main import main

SOURCE = Path(dev.__file__).read_text("utf-8")


def test_wrong_use_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bulid"], dev.__doc__) == 2
    assert "python3 dev.py test" in capsys.readouterr().err
    assert main(["--help"], dev.__doc__) == 0
    assert "python3 dev.py run" in capsys.readouterr().out


def test_an_older_python_can_read_the_file_as_far_as_the_sentence() -> None:
    """Python 2.7 has no annotations, no f-strings, no keyword-only arguments and, without a declaration, ASCII alone."""
    assert SOURCE.isascii()
    tree = ast.parse(SOURCE, feature_version=(3, 7))
    assert not any(isinstance(node, ast.JoinedStr | ast.AnnAssign) or getattr(node, "annotation", None) for node in ast.walk(tree))
    check = next(i for i, node in enumerate(tree.body) if isinstance(node, ast.If))
    imported = [alias.name for node in tree.body[:check] if isinstance(node, ast.Import) for alias in node.names]
    assert imported == ["os", "subprocess", "sys"]
    assert not any(isinstance(node, ast.ImportFrom) for node in tree.body[:check])


@pytest.mark.skipif(os.name == "nt", reason="no sh")
def test_a_newer_python_that_works_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    shim = tmp_path / "python3.14"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    (tmp_path / "python3.12").symlink_to(sys.executable)
    assert "this is Python 3.9. A newer one is here: python3.12 dev.py run" in dev.refusal((3, 9))


@pytest.mark.skipif(os.name == "nt", reason="no sh")
@pytest.mark.parametrize(("program", "command"), dev.GETTING_ONE)
def test_where_there_is_no_newer_python_one_command_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, command: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "python.org" in dev.refusal((2, 7))
    shutil.copy(shutil.which("true", path="/usr/bin:/bin") or "", tmp_path / program)
    assert f"\n    {command}\n" in dev.refusal((2, 7))
