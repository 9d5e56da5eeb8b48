"""What reaches a terminal, whatever documents, names, traces and models say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rlm_desktop.program import program_command
from tests import traces
from tests.cli.program import program

if sys.platform == "win32":
    pytest.skip("a terminal is made otherwise there", allow_module_level=True)

import pty

# A title, a link and a clipboard by OSC, a cleared screen, the same by the eight-bit controls, a turned and a hidden text.
HOSTILE = "\x1b]0;owned\x07\x1b]8;;http://x\x07\x1b]52;c;eA==\x07\x1b[2J\x9b2J\x9d0;x\x9c\u202egpj.exe\u2066\u200b\U000e0041\r"
NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]|\r(?!\n)")


def at_terminal(*arguments: str | Path, folder: Path) -> str:
    """Return what the program sends to a terminal that is its standard output and standard error."""
    try:
        end, other = pty.openpty()
    except OSError as error:
        pytest.skip(f"a bare root has no terminals: {error}")
    environment = os.environ | {"TERM": "dumb"}
    with subprocess.Popen(
        program_command(*map(str, arguments)), stdin=subprocess.DEVNULL, stdout=other, stderr=other, cwd=folder, env=environment
    ):
        os.close(other)
        sent = b""
        while True:
            try:
                data = os.read(end, 65536)
            except OSError:
                break
            if not data:
                break
            sent += data
    os.close(end)
    return sent.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one document, hostile in name and text."""
    made = tmp_path / "papers"
    made.mkdir()
    (made / "\x1b]0;owned\x07 \u202egpj.txt").write_text(f"# Title {HOSTILE}\n\nThe code of the vault is 4711 {HOSTILE}.\n", "utf-8")
    return made


@pytest.mark.parametrize(
    "arguments",
    [
        lambda folder: ("read", folder),
        lambda folder: ("read", next(folder.iterdir()), "--text"),
        lambda folder: ("read", folder, "--jsonl"),
        lambda folder: ("run", folder, "-q", f"What is the code of the vault? {HOSTILE}"),
        lambda folder: ("run", folder / HOSTILE.replace("/", ""), "-q", "What?"),
        lambda folder: ("read", f"--{HOSTILE}"),
        lambda folder: ("read", folder / HOSTILE.replace("/", "")),
        lambda folder: ("info", traces.hostile(folder.parent / "\x1b[2J\u202e.rlmtrace")),
        lambda folder: ("info", traces.hostile(folder.parent / "x.rlmtrace"), "--json"),
    ],
    ids=["read", "text", "read-jsonl", "run", "run-missing", "option", "missing", "info", "info-json"],
)  # fmt: skip
def test_nothing_that_steers_a_terminal_reaches_it(arguments: Callable[[Path], tuple[str | Path, ...]], folder: Path) -> None:
    sent = at_terminal(*arguments(folder), folder=folder)
    assert sent.strip()
    assert NEVER.findall(sent) == []


def test_the_answer_goes_to_a_pipe_as_it_is_and_is_written_out_on_a_terminal(folder: Path) -> None:
    asked = ("run", folder, "-q", "What is the code of the vault?")
    piped = program(*asked).stdout.decode()
    assert "4711" in piped and "\x1b" in piped and "\u202e" in piped
    shown = at_terminal(*asked, folder=folder)
    assert "4711" in shown and "‹ESC›]0;owned‹BEL›" in shown and "‹RLO›gpj.exe" in shown


def test_a_text_of_a_trace_is_never_taken_for_a_figure_of_the_run(tmp_path: Path) -> None:
    with traces.Scribe(tmp_path / "x.rlmtrace", question="What?\nstatus      ok\ncost        $0.00") as script:
        script.run_ended("error", answer="42\nstatus      ok")
    said = program("info", tmp_path / "x.rlmtrace").stdout.decode().splitlines()
    assert [line for line in said if line.startswith("status")] == ["status      error"]
    assert said[:3] == ["question    What?", "            status      ok", "            cost        $0.00"]
