"""Bubblewrap around a child: with the real one where it is installed, and with programs that stand in its place and fail."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sys
from pathlib import Path

import pytest

from rlm_desktop.sandbox import host
from rlm_desktop.sandbox.bubblewrap import Bubblewrap, bubblewrap, inner_code, wrapped
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import ContextPart, SandboxDied
from tests.sandbox.box import execute

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Bubblewrap is for Linux")


class Placed(Bubblewrap):
    """One that is where a test says."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    @property
    def path(self) -> str | None:
        return None if self.refused else self._place


def placed(monkeypatch: pytest.MonkeyPatch, place: Path | str) -> Placed:
    found = Placed(str(place))
    monkeypatch.setattr(host, "bubblewrap", found)
    return found


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return path


def held_by() -> tuple[str, list[str]]:
    async def go() -> tuple[str, list[str]]:
        async with await Sandbox.start() as sandbox:
            return sandbox.held_by, [claim.name for claim in sandbox.claims if claim.held]

    return asyncio.run(go())


def test_a_machine_that_starts_nothing_at_all_for_a_moment_does_not_end_its_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = placed(monkeypatch, script(tmp_path / "bwrap", "exit 0"))

    async def failing(*_: object) -> None:
        raise OSError(11, "no more processes")

    monkeypatch.setattr(host, "start_child", failing)
    with pytest.raises(SandboxDied, match="no more processes"):
        held_by()
    assert found.path is not None


@pytest.mark.parametrize("text", ["echo 'bwrap: no namespaces for you' >&2; exit 1", "kill -9 $$", "exit 0", "echo nonsense; sleep 60"])
def test_one_that_starts_nothing_is_done_without_and_not_asked_again(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = placed(monkeypatch, script(tmp_path / "bwrap", text))
    by, held = held_by()
    assert "bubblewrap" not in by and {"files read", "network", "processes"} <= set(held)
    assert found.refused.startswith("Bubblewrap is installed and starts nothing here. ") and found.path is None


def test_a_run_without_confinement_is_not_wrapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = placed(monkeypatch, script(tmp_path / "bwrap", "exit 1"))

    async def go() -> str:
        async with await Sandbox.start(confinement="unconfined") as sandbox:
            return sandbox.held_by

    assert (asyncio.run(go()), found.refused) == ("", "")


def test_it_is_given_the_interpreter_and_no_folder_of_a_persons() -> None:
    command = wrapped("/usr/bin/bwrap", [sys.executable, "start.py", "5", "required"])
    shown = {place for option, place in itertools.pairwise(command) if option in ("--ro-bind", "--dev-bind")}
    assert sys.executable in shown
    assert {"/", "/home", "/root", "/etc", "/tmp", "/proc", "/usr", sys.prefix, sys.base_prefix}.isdisjoint(shown)
    assert "--unshare-all" in command and command[-4:] == [sys.executable, "start.py", "5", "required"]


def test_an_exit_code_that_stands_for_a_signal_is_one_again() -> None:
    assert [inner_code(code) for code in (0, 1, 87, 128, 137, 139, -9)] == [0, 1, 87, 128, -9, -11, -9]


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="Bubblewrap is not installed here")
class TestTheRealOne:
    def test_hides_names_and_lets_code_work(self) -> None:
        async def go() -> None:
            async with await Sandbox.start() as sandbox:
                if "bubblewrap" not in sandbox.held_by:
                    pytest.skip(bubblewrap.refused)
                assert not sandbox.missing(["names hidden"])
                await sandbox.load_context("str", [ContextPart(text="")])
                (done,) = await execute(sandbox, "import os, numpy\nprint(os.path.exists('/etc/passwd'), numpy.arange(3).sum())")
                assert done.stdout == "False 3\n"

        asyncio.run(go())

    def test_a_killed_child_is_told_as_any(self) -> None:
        async def go() -> None:
            async with await Sandbox.start() as sandbox:
                with pytest.raises(SandboxDied, match="SIGKILL"):
                    await execute(sandbox, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")

        asyncio.run(go())
