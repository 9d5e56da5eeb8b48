"""The program as a process among closed streams, full disks, folders out of reach, and signals."""

from __future__ import annotations

import fcntl
import os
import resource
import shlex
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rlm_desktop.program import program_command
from rlm_desktop.trace.events import CallEnded, CallStarted
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest
from rlm_desktop.trace.store import TraceStore
from tests.cli.program import program
from tests.openai_server import Fault, OpenAIServer, Reply

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="shells, limits and devices of Linux")

QUESTION = "What is the code of the vault?"
BUILTIN = ModelChoice(name="", provider="builtin")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "log.md"
    path.write_text("The code of the vault is 4711.\n", "utf-8")
    return path


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "run.rlmtrace"


def in_shell(arguments: list[str | Path], redirection: str) -> subprocess.CompletedProcess[bytes]:
    command = " ".join(map(shlex.quote, program_command(*map(str, arguments))))
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} {redirection}"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )


def assert_whole(trace: Path, status: str) -> None:
    """The trace's laws: it opens without a problem, and every call that started has ended."""
    store = TraceStore.open(trace)
    assert store.problem is None
    assert store.status() == status
    events = [store.entry(i).event for i in range(len(store.columns))]
    assert {e.call_id for e in events if isinstance(e, CallStarted)} == {e.call_id for e in events if isinstance(e, CallEnded)}


@pytest.mark.parametrize("redirection", ["2>&-", "<&- >&- 2>&-", "2>/dev/full", "2>&1 >/dev/null | head -c1", "| head -c1"])
def test_streams_that_are_closed_or_gone_do_not_end_a_run(document: Path, trace: Path, redirection: str) -> None:
    done = in_shell(["run", document, "-q", QUESTION, "--trace", trace], redirection)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert_whole(trace, "ok")
    if redirection == "2>&-":
        assert b"iteration" not in done.stdout


@pytest.mark.parametrize("command", ["run", "info", "read"])
def test_no_room_for_the_standard_output_is_said(document: Path, trace: Path, command: str) -> None:
    program("run", document, "-q", QUESTION, "--trace", trace)
    ask: dict[str, list[str | Path]] = {
        "run": ["run", document, "-q", QUESTION],
        "info": ["info", trace],
        "read": ["read", document],
    }
    done = in_shell(ask[command], ">/dev/full")
    assert done.returncode == 1
    assert b"The standard output cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("home", ["/proc/nowhere", "~nobody-of-this-name/x", "/tmp/" + "y" * 300])
def test_a_home_out_of_reach_is_said(document: Path, trace: Path, home: str) -> None:
    done = program("run", document, "-q", QUESTION, "--trace", trace, env={**os.environ, "RLM_DESKTOP_HOME": home})
    assert done.returncode == 1
    assert b"RLM_DESKTOP_HOME" in done.stderr
    assert b"Traceback" not in done.stderr
    assert_whole(trace, "error")


@pytest.mark.parametrize("name", ["a\0b", "t" * 300, "log.md/t"])
def test_a_trace_that_cannot_be_made_is_said(document: Path, name: str) -> None:
    request = RunRequest(
        question=QUESTION, documents=(DocumentChoice(path=str(document)),), model=BUILTIN, trace=str(document.parent / name)
    )
    done = program("run", "--request", "-", stdin=msgspec.json.encode(request) + b"\n")
    assert done.returncode == 1
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("limit_bytes", [0, 1_500, 4_000])
def test_a_full_disk_ends_the_run_with_a_sentence_and_whole_lines(document: Path, trace: Path, limit_bytes: int) -> None:
    # A file that may not grow any more fails as one on a full disk does.
    done = subprocess.run(
        program_command("run", str(document), "-q", QUESTION, "--trace", str(trace)),
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
    )  # fmt: skip
    assert done.returncode == 1
    assert b"the disk is full" in done.stderr
    assert b"Traceback" not in done.stderr
    assert trace.exists() == (limit_bytes > 0)
    if limit_bytes:
        store = TraceStore.open(trace)
        assert (store.problem, store.torn_bytes) == (None, 0)


@pytest.mark.parametrize("open_files", [12, 16])
def test_a_process_that_the_system_does_not_start_is_said(document: Path, trace: Path, open_files: int) -> None:
    done = subprocess.run(
        program_command("run", str(document), "-q", QUESTION, "--trace", str(trace)),
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files)),
    )  # fmt: skip
    assert done.returncode == 1
    assert b"The system started no process" in done.stderr
    assert b"Traceback" not in done.stderr
    assert_whole(trace, "error")


def test_an_empty_name_is_no_document(document: Path) -> None:
    for done in (program("run", "", "-q", QUESTION), program("read", document, "")):
        assert done.returncode == 2
        assert b"an empty name" in done.stderr


def test_a_request_from_a_closed_stream_is_wrong_use() -> None:
    done = in_shell(["run", "--request", "-"], "<&-")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_runs_that_start_in_the_same_second_do_not_take_each_others_trace(document: Path, home: Path) -> None:
    command = program_command("run", str(document), "-q", QUESTION)
    started = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    assert len(list((home / "runs").iterdir())) == 4


def repl(code: str) -> str:
    return f"```repl\n{code}\n```"


def nested(messages: list[dict[str, Any]], _body: dict[str, Any]) -> Reply:
    """The plain calls below four children never end."""
    if messages[0]["role"] == "user":
        return Reply(text="late", delay_s=60)
    if "held in `context`" in messages[1]["content"]:
        return Reply(text=repl("llm_query_batched(['a'] * 3)"))
    return Reply(text=repl("rlm_query_batched([str(i) for i in range(4)])"))


@pytest.mark.parametrize("gap_s", [0.0, 0.01])
def test_a_second_ctrl_c_breaks_into_no_cleaning_up(document: Path, trace: Path, gap_s: float) -> None:
    with OpenAIServer(nested) as server:
        process = subprocess.Popen(
            program_command("run", str(document), "-q", "x", "--model", "m", "--base-url", server.base_url, "--trace", str(trace)),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        server.wait_until(lambda s: s.open_now == 12, timeout_s=30)
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            if process.poll() is None:
                process.send_signal(number)
            with_pause(process, gap_s)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert output == b""
    assert b"Traceback" not in errors
    assert_whole(trace, "cancelled")


def with_pause(process: subprocess.Popen[bytes], pause_s: float) -> None:
    """Let some time pass, or the process end."""
    try:
        process.wait(pause_s)
    except subprocess.TimeoutExpired:
        return


def is_asleep(process: subprocess.Popen[bytes]) -> bool:
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_can_be_stopped_while_it_reads_a_pipe_that_never_ends(trace: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        program_command("run", "-", "-q", "x", "--trace", str(trace)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not trace.exists() or not trace.read_bytes():
        with_pause(process, 0.01)
    process.send_signal(number)
    assert process.wait(20) == 130
    assert_whole(trace, "cancelled")
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_the_run_begins_is_status_130(number: signal.Signals) -> None:
    process = subprocess.Popen(
        program_command("run", "--request", "-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(b"{")
    process.stdin.flush()
    # When it has taken that, it waits for the rest of its request. A signal between the two reads would be heeded after the second alone.
    while struct.unpack("i", fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4))) != (0,) or not is_asleep(process):
        with_pause(process, 0.005)
    process.send_signal(number)
    assert process.wait(30) == 130
    _, errors = process.communicate()
    assert errors == b"rlm-desktop: stopped.\n"


def test_a_limit_of_no_calls_is_a_sentence(document: Path, trace: Path) -> None:
    done = program("run", document, "-q", "x", "--max-calls", "0", "--trace", trace)
    assert done.returncode == 3
    assert b"rlm-desktop: The limit of 0 calls is reached.\n" in done.stderr


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_pipe_or_a_device_is_no_trace(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "odd.rlmtrace"
    make(path)
    done = program("info", path, timeout_s=20)
    assert done.returncode == 1
    assert b"is not a file" in done.stderr


def test_a_body_of_white_space_is_an_empty_reply(document: Path, trace: Path) -> None:
    with OpenAIServer(Fault(status=200, body=b" " * 8_000_000)) as server:
        request = RunRequest(
            question="x",
            documents=(DocumentChoice(path=str(document)),),
            model=ModelChoice(name="m", base_url=server.base_url),
            trace=str(trace),
        )
        request = msgspec.structs.replace(request, limits=msgspec.structs.replace(request.limits, attempts=1))
        done = program("run", "--request", "-", stdin=msgspec.json.encode(request) + b"\n", timeout_s=30)
    assert done.returncode == 1
    assert b"sent an empty body" in done.stderr
    assert_whole(trace, "error")
