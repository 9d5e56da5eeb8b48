"""Traces are told from documents, never named alike, copied whole or not at all, and come back from the trash."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest

from rlm_desktop.errors import UserError
from rlm_desktop.gui.runs.trace_files import Trash, is_trace, new_trace_path, save_copy
from tests import traces

NOW = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001  # a name says the person's own time


def test_a_trace_is_known_by_suffix_or_first_line(tmp_path: Path) -> None:
    trace = traces.wide(tmp_path / "a.rlmtrace", 2)
    renamed = trace.with_name("b.jsonl")
    renamed.write_bytes(trace.read_bytes())
    other = tmp_path / "c.jsonl"
    other.write_text('{"seq":0,"type":"nothing"}\n', "utf-8")
    assert [is_trace(path) for path in (trace, renamed, other, tmp_path, tmp_path / "gone")] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("question", "stem"),
    [
        ("Who built it?", "2026-01-02-030405-who-built-it"),
        ("  ", "2026-01-02-030405"),
        ("../../etc/passwd", "2026-01-02-030405-etc-passwd"),
        ("灯台は誰が建てた?", "2026-01-02-030405-灯台は誰が建てた"),
        ("Is sk-proj-abcdefghijklmnop0123456789 mine?", "2026-01-02-030405-is-mine"),
    ],
)
def test_a_trace_is_named_by_time_and_question(tmp_path: Path, question: str, stem: str) -> None:
    assert new_trace_path(tmp_path, question, NOW) == tmp_path / f"{stem}.rlmtrace"


def test_no_name_is_given_twice(tmp_path: Path) -> None:
    first = new_trace_path(tmp_path, "q", NOW)
    second = new_trace_path(tmp_path, "q", NOW, taken=[str(first)])
    first.write_text("", "utf-8")
    third = new_trace_path(tmp_path, "q", NOW, taken=[str(second)])
    assert len({first, second, third}) == 3


def test_a_name_fits_every_file_system(tmp_path: Path) -> None:
    assert len(new_trace_path(tmp_path, "語" * 500, NOW).name.encode()) < 200


def test_a_copy_onto_the_trace_itself_is_refused_and_the_trace_kept(tmp_path: Path) -> None:
    trace = traces.wide(tmp_path / "a.rlmtrace", 2)
    before = trace.read_bytes()
    with pytest.raises(UserError, match="itself"):
        save_copy(trace, trace)
    with pytest.raises(UserError, match="could not be written"):
        save_copy(trace, tmp_path / "no folder" / "b.rlmtrace")
    assert trace.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.rlmtrace"]


def test_the_trash_gives_back_and_forgets_what_is_old(tmp_path: Path) -> None:
    trace = traces.wide(tmp_path / "a.rlmtrace", 2)
    before = trace.read_bytes()
    trash = Trash(tmp_path / "removed")
    trash.restore(trash.put(trace), trace)
    assert trace.read_bytes() == before
    lies_at = trash.put(trace)
    trace.write_text("another", "utf-8")
    with pytest.raises(UserError, match="another trace has its name"):
        trash.restore(lies_at, trace)
    old = lies_at.with_name(f"{time.time_ns() - 31 * 24 * 3600 * 10**9}-old.rlmtrace")
    old.write_text("", "utf-8")
    trash.empty_old()
    assert lies_at.exists() and not old.exists()
