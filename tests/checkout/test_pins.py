"""What is pinned is what the project asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from checkout.commands import ROOT
from checkout.environment import LOCKS


def lines_pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))


def test_the_test_lock_holds_all_that_the_run_lock_does() -> None:
    assert lines_pinned(LOCKS["run"]).items() <= lines_pinned(LOCKS["test"]).items()


def test_everything_that_the_project_asks_for_is_pinned_with_a_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for kind, asked in (("run", project["dependencies"]), ("test", project["optional-dependencies"]["test"])):
        names = {re.split(r"[<>=!~ ;\[]", one)[0].lower() for one in asked}
        assert names <= set(lines_pinned(LOCKS[kind]))
    for lock in LOCKS.values():
        text = lock.read_text("utf-8")
        assert len(re.findall(r"^[a-z0-9-]+==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)) == len(lines_pinned(lock))
        assert "://" not in text
