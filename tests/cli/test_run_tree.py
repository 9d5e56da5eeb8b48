"""The tree of a run in a real terminal: drawn in its place, within its width, and gone on a pipe."""

from __future__ import annotations

import asyncio
import codecs
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rlm_desktop.cli.run_tree import RunTree
from rlm_desktop.program import program_command
from rlm_desktop.trace.events import ModelFailed
from tests.cli.program import program
from tests.openai_server import Gate, OpenAIServer, Reply

if sys.platform == "win32":
    pytest.skip("a terminal is made otherwise there", allow_module_level=True)

import fcntl
import pty
import termios

CODE = "4711"
QUESTION = "What is the code of the vault?"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "log.md"
    path.write_text("# Log\n\nRain fell all day.\n\nThe code of the vault is 4711.\n", "utf-8")
    return path


class Terminal:
    """The program with its stderr on a terminal of its own, and what that shows: enough of one for what the tree sends."""

    def __init__(self, *arguments: str | Path, columns: int = 80, lines: int = 24, **environment: str) -> None:
        try:
            self._end, other = pty.openpty()
        except OSError as error:
            pytest.skip(f"a bare root has no terminals: {error}")
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        env = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"} | environment
        self.process = subprocess.Popen(
            program_command(*map(str, arguments)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=other, env=env
        )
        os.close(other)
        self.sent = ""
        # What comes at once may end within a character.
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def read(self, until: str = "", *, timeout_s: float = 30.0) -> None:
        """Take what the program sends until `until` is among it, or until its end."""
        ends_s = time.monotonic() + timeout_s
        while not until or until not in self.sent:
            assert time.monotonic() < ends_s, f"waited in vain for {until!r} after {self.sent!r}"
            if not select.select([self._end], [], [], 1.0)[0]:
                continue
            try:
                data = os.read(self._end, 65536)
            except OSError:
                data = b""
            if not data:
                return
            self.sent += self._decoder.decode(data)

    def close(self) -> str:
        """Read to the end and return what came on stdout."""
        self.read()
        stdout, _ = self.process.communicate(timeout=30)
        os.close(self._end)
        return stdout.decode()

    def screen(self) -> list[str]:
        rows, row, column = [""], 0, 0
        for part in re.findall(r"\x1b\[\d*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", self.sent):
            if part == "\r":
                column = 0
            elif part == "\n":
                row, column = row + 1, 0
                rows += [""] * (row + 1 - len(rows))
            elif part.startswith("\x1b["):
                number, command = int(part[2:-1] or 0), part[-1]
                assert command in "AKJm", part
                if command == "A":
                    row = row - number
                    assert row >= 0
                elif command in "KJ":
                    rows[row] = rows[row][:column]
                    if command == "J":
                        del rows[row + 1 :]
            else:
                rows[row] = rows[row][:column] + part + rows[row][column + len(part) :]
                column += len(part)
        return rows


def two_children(gate: Gate, messages: list[dict[str, object]]) -> Reply:
    """The root asks three plain calls at once, the last of which waits."""
    if messages[0]["role"] == "user":
        return Reply(text="seen", gate=gate if str(messages[0]["content"]).endswith("3") else None)
    return Reply(text="```repl\nr = llm_query_batched(['1', '2', '3'])\nanswer['content'] = r[0]; answer['ready'] = True\n```")


def test_the_tree_is_drawn_in_its_place_while_the_run_goes_on(document: Path) -> None:
    gate = Gate()
    with OpenAIServer(lambda messages, _body: two_children(gate, messages)) as server:
        asked = ("run", document, "-q", QUESTION, "--model", "m", "--base-url", server.base_url)
        terminal = Terminal(*asked, NO_COLOR="1", OPENAI_API_KEY="sk-test-0")
        terminal.read("✓ 2 … 1")
        assert "  └ ×3 llm_query  ✓ 2 … 1" in terminal.screen()
        gate.open()
        assert terminal.close() == "seen\n"
    shown = terminal.screen()
    assert shown[0] == "read 1 document, 58 characters"
    assert shown[1:4] == ["✓ root", "└ ✓ 1  r = llm_query_batched(['1', '2', '3'])", "  └ ×3 llm_query  ✓ 3"]
    assert shown[4].startswith("4 calls · ") and shown[5] == "" and shown[6].startswith("trace: ")
    assert "m" not in re.findall(r"\x1b\[\d*([A-Za-z])", terminal.sent), "NO_COLOR asks for no colour"


def test_marks_have_colours_where_they_are_wanted(document: Path) -> None:
    terminal = Terminal("run", document, "-q", QUESTION)
    assert "4711" in terminal.close()
    assert "\x1b[32m✓\x1b[0m root" in terminal.sent
    assert terminal.process.returncode == 0


def test_a_narrow_terminal_is_not_written_beyond_its_edge(document: Path) -> None:
    terminal = Terminal("run", document, "-q", QUESTION, columns=30, lines=10, NO_COLOR="1")
    terminal.close()
    tree = [line for line in terminal.screen() if line[:1] in "✓├└│ "]
    assert any(line.endswith("…") for line in tree)
    assert all(len(line) < 30 for line in tree)


def test_a_terminal_that_cannot_write_the_marks_gets_others(document: Path) -> None:
    terminal = Terminal("run", document, "-q", QUESTION, NO_COLOR="1", PYTHONIOENCODING="ascii")
    terminal.close()
    assert "+ root" in terminal.screen()
    assert terminal.sent.isascii()


def test_a_dumb_terminal_gets_lines_and_nothing_that_moves_a_cursor(document: Path) -> None:
    terminal = Terminal("run", document, "-q", QUESTION, TERM="dumb")
    terminal.close()
    assert "iteration 1: " in terminal.sent and "\x1b" not in terminal.sent


def test_ctrl_c_leaves_the_last_state_and_the_way_to_the_trace_and_no_hidden_cursor(document: Path) -> None:
    gate = Gate()
    with OpenAIServer(lambda messages, _body: two_children(gate, messages)) as server:
        asked = ("run", document, "-q", QUESTION, "--model", "m", "--base-url", server.base_url)
        terminal = Terminal(*asked, NO_COLOR="1", OPENAI_API_KEY="sk-test-0")
        terminal.read("✓ 2 … 1")
        terminal.process.send_signal(signal.SIGINT)
        terminal.close()
        gate.open()
    assert terminal.process.returncode == 130
    assert "– root" in terminal.screen()
    assert "trace: " in terminal.screen()[-2]
    assert "\x1b[?" not in terminal.sent


def test_a_trace_that_is_removed_under_the_run_costs_the_tree_its_code_and_no_more(document: Path, tmp_path: Path) -> None:
    gate, trace = Gate(), tmp_path / "a.rlmtrace"
    with OpenAIServer(
        lambda messages, _body: Reply(text=f"```repl\nanswer['content'] = '{CODE}'; answer['ready'] = True\n```", gate=gate)
    ) as server:
        asked = ("run", document, "-q", QUESTION, "--trace", trace, "--model", "m", "--base-url", server.base_url)
        terminal = Terminal(*asked, NO_COLOR="1", OPENAI_API_KEY="sk-test-0")
        terminal.read("the model writes")
        trace.unlink()
        gate.open()
        assert terminal.close() == CODE + "\n"
    assert "└ ✓ 1  cannot be read from the trace any more" in terminal.screen()
    assert "is gone" in terminal.sent and "Traceback" not in terminal.sent


def test_of_many_failures_the_first_ten_are_told_and_the_rest_is_left_to_the_tree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(times: int) -> None:
        tree = RunTree(tmp_path / "none.rlmtrace", str)
        for call in range(times):
            tree.event(ModelFailed(call_id=call, iteration=0, attempt=0, error="The server is busy."))
        tree.close()

    asyncio.run(fail(40))
    lines = [line for line in capsys.readouterr().err.splitlines() if line]
    assert len(lines) == 10 and all("The server is busy." in line for line in lines)
    assert "Further ones are counted in the tree" in lines[-1]


def test_progress_can_be_chosen_on_a_pipe_too(document: Path) -> None:
    none = program("run", document, "-q", QUESTION, "--progress", "none")
    assert none.stderr.decode().startswith("trace: ")
    tree = program("run", document, "-q", QUESTION, "--progress", "tree")
    assert "root" in tree.stderr.decode()
    assert none.stdout == tree.stdout
