"""The child's files are compiled where Python may keep what it compiles, and a place that cannot be written to is no failure."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from rlm_desktop.sandbox import compiled


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file beside the one that starts, not compiled yet."""
    path = tmp_path / "part.py"
    path.write_text("x = 1\n")
    monkeypatch.setattr(compiled, "START", tmp_path / "start.py")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    compiled.compile_child.cache_clear()
    yield path
    compiled.compile_child.cache_clear()


def test_what_is_not_compiled_yet_is_compiled(source: Path) -> None:
    compiled.compile_child()
    assert Path(cache_from_source(source)).stat().st_size > 0


def test_nothing_is_where_python_is_told_to_keep_nothing(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    compiled.compile_child()
    assert list(source.parent.iterdir()) == [source]


def test_where_nothing_can_be_written_nothing_fails(source: Path) -> None:
    (source.parent / "__pycache__").write_text("in the way of the folder")
    compiled.compile_child()
    assert not Path(cache_from_source(source)).exists()
