"""`rlm-desktop run` as a process, against the built-in model and a server on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rlm_desktop.program import program_command
from rlm_desktop.trace.events import CallEnded, CancelAsked, Limits
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest
from rlm_desktop.trace.store import TraceStore
from tests.cli.program import program
from tests.openai_server import OpenAIServer, Reply

QUESTION = "What is the code of the vault?"
TEXT = "# Log\n\nRain fell all day.\n\nThe code of the vault is 4711.\n\nNobody came.\n"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "log.md"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "run.rlmtrace"


def repl(code: str) -> str:
    return f"```repl\n{code}\n```"


def two_levels(messages: list[dict[str, Any]], _body: dict[str, Any]) -> Reply:
    """Depth 2 with a batch: the root asks a child with a REPL, which asks a batch of plain calls."""
    if messages[0]["role"] == "user":
        return Reply(text=f"<{messages[0]['content']}>")
    turn = sum(m["role"] == "assistant" for m in messages)
    if "held in `context`" in messages[1]["content"]:
        return Reply(text=repl("answer['content'] = ' '.join(llm_query_batched(['a', 'b', 'c'])); answer['ready'] = True"))
    return Reply(text=repl(["found = rlm_query('look')\nprint(found)", "answer['content'] = found; answer['ready'] = True"][min(turn, 1)]))


def test_the_answer_alone_is_on_stdout_and_progress_on_stderr(document: Path, trace: Path) -> None:
    done = program("run", document, "-q", QUESTION, "--trace", trace)
    assert done.returncode == 0, done.stderr
    assert b"4711" in done.stdout
    assert b"[log.md " in done.stdout
    assert b"iteration" not in done.stdout
    assert b"iteration 1" in done.stderr
    assert str(trace).encode() in done.stderr


@pytest.mark.parametrize("is_streamed", [True, False])
def test_a_run_of_depth_2_with_a_batch_over_http(document: Path, trace: Path, is_streamed: bool) -> None:
    with OpenAIServer(two_levels) as server:
        jsonl = ["--jsonl"] if is_streamed else []
        done = program(
            "run", document, "-q", "Look", "--model", "m1", "--sub-model", "m2", "--base-url", server.base_url, "--trace", trace, *jsonl
        )
    assert done.returncode == 0, done.stderr
    if not is_streamed:
        assert done.stdout == b"<a> <b> <c>\n"
    facts = json.loads(program("info", trace, "--json").stdout)
    assert facts["status"] == "ok"
    assert facts["answer"] == "<a> <b> <c>"
    assert (facts["calls"], facts["rlm_calls"], facts["llm_calls"], facts["depth"]) == (5, 2, 3, 2)
    assert facts["models"] == ["m1", "m2"]
    assert facts["input_tokens"] > 0
    assert facts["documents"][0]["name"] == "log.md"


def test_jsonl_is_the_trace_byte_for_byte(document: Path, trace: Path) -> None:
    done = subprocess.run(
        program_command("run", str(document), "-q", QUESTION, "--trace", str(trace), "--jsonl"),
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    kept = [line for line in done.stdout.splitlines(keepends=True) if b'"seq"' in line[:8]]
    assert b"".join(kept) == trace.read_bytes()


def test_a_reader_that_goes_away_does_not_end_the_run(document: Path, trace: Path) -> None:
    process = subprocess.Popen(
        program_command("run", str(document), "-q", QUESTION, "--trace", str(trace), "--jsonl"),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 0
    assert TraceStore.open(trace).status() == "ok"


def test_the_end_of_a_pipe_on_stdin_stops_a_jsonl_run_unless_detached(document: Path, tmp_path: Path) -> None:
    def run(name: str, commands: bytes) -> str:
        path = tmp_path / name

        def slow(messages: list[dict[str, Any]], body: dict[str, Any]) -> Reply:
            # Long enough for the end of stdin to come before it.
            return replace(two_levels(messages, body), delay_s=0.3)

        with OpenAIServer(slow) as server:
            program(
                "run", document, "-q", "Look", "--model", "m", "--base-url", server.base_url, "--trace", path, "--jsonl", stdin=commands
            )
        return TraceStore.open(path).status()

    assert run("stopped", b"") == "cancelled"
    assert run("detached", b'{"command":"detach"}\n') == "ok"


def test_a_request_on_stdin_and_a_cancelled_call(document: Path, trace: Path) -> None:
    def slow_c(messages: list[dict[str, Any]], body: dict[str, Any]) -> Reply:
        reply = two_levels(messages, body)
        return Reply(text=reply.text, delay_s=30) if reply.text == "<c>" else reply

    with OpenAIServer(slow_c) as server:
        request = RunRequest(
            question="Look",
            documents=(DocumentChoice(path=str(document)), DocumentChoice(text="pasted words", name="note")),
            model=ModelChoice(name="m", base_url=server.base_url, api_key="sk-canary-0123456789abcdef"),
            limits=Limits(max_depth=2),
            trace=str(trace),
        )
        process = subprocess.Popen(
            program_command("run", "--request", "-", "--jsonl"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(request) + b"\n")
        process.stdin.flush()
        replied = 0
        for line in process.stdout:
            replied += b'"model_replied"' in line and b'"response":"<' in line
            if replied == 2:
                process.stdin.write(b'{"command":"cancel","call_id":4}\n')
                process.stdin.flush()
                break
        # Its stdin stays open: letting go of it would stop the run.
        output = process.stdout.read()
        server.wait_until(lambda s: s.closed_by_client == 1)
        _, errors = process.communicate(timeout=60)
        assert server.requests[0].headers["authorization"] == "Bearer sk-canary-0123456789abcdef"
    assert process.returncode == 0, errors
    store = TraceStore.open(trace)
    events = [store.entry(i).event for i in range(len(store.columns))]
    assert CancelAsked(call_id=4) in events
    assert [e.status for e in events if isinstance(e, CallEnded) and e.call_id == 4] == ["cancelled"]
    assert [d.name for d in store.documents()] == ["log.md", "note"]
    assert b"canary" not in trace.read_bytes() + output + errors


def test_the_standard_input_is_a_document(trace: Path) -> None:
    done = program("run", "-", "-q", QUESTION, "--trace", trace, stdin=TEXT.encode())
    assert done.returncode == 0, done.stderr
    assert b"4711" in done.stdout


def test_ctrl_c_cancels_and_keeps_the_trace(document: Path, trace: Path) -> None:
    with OpenAIServer(lambda _messages, _body: Reply(text="never", delay_s=60)) as server:
        process = subprocess.Popen(
            program_command("run", str(document), "-q", "x", "--model", "m", "--base-url", server.base_url, "--trace", str(trace)),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        server.wait_until(lambda s: s.open_now == 1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        server.wait_until(lambda s: s.closed_by_client == 1)
    assert process.returncode == 130
    assert TraceStore.open(trace).status() == "cancelled"


def test_kill_9_in_mid_batch_leaves_every_reply_that_was_paid_for(document: Path, trace: Path) -> None:
    def last_never(messages: list[dict[str, Any]], _body: dict[str, Any]) -> Reply:
        if messages[0]["role"] == "user":
            text = messages[0]["content"]
            return Reply(text=f"<{text}>", delay_s=60 if text == "7" else 0)
        return Reply(text=repl("llm_query_batched([str(i) for i in range(8)])"))

    with OpenAIServer(last_never) as server:
        process = subprocess.Popen(
            program_command(
                "run", str(document), "-q", "x", "--model", "m", "--base-url", server.base_url, "--trace", str(trace), "--jsonl"
            ),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        replied = 0
        while replied < 8:
            replied += b'"model_replied"' in process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
    store = TraceStore.open(trace)
    assert store.status() == "interrupted"
    assert store.problem is None
    replies = [store.entry(i).event for i in range(len(store.columns))]
    texts = [store.text(e.response) for e in replies if hasattr(e, "response")]
    assert sorted(texts[1:]) == [f"<{i}>" for i in range(7)]
    facts = json.loads(program("info", trace, "--json").stdout)
    assert facts["status"] == "interrupted"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-q", "x"], "no document"),
        (["DOC"], "no question"),
        (["DOC", "-q", "  "], "no question"),
        (["DOC", "-q", "x", "--max-calls", "-1"], "out of its range"),
        (["DOC", "-q", "x", "--max-depth", "many"], "invalid int"),
        (["DOC", "-q", "x", "--base-url", "http://127.0.0.1:1"], "Name one with --model"),
        (["-", "-", "-q", "x"], "one document only"),
        (["DOC", "-q", "x", "--api-key-env", "K"], "needs none"),
        (["DOC", "-q", "x", "--model", "m", "--sub-api-key-env", "K"], "nothing that it is for"),
        (["DOC", "-q", "x", "--request", "-"], "Leave the other options out"),
    ],
)
def test_wrong_use_is_status_2_and_a_sentence(document: Path, arguments: list[str], says: str) -> None:
    done = program("run", *[str(document) if a == "DOC" else a for a in arguments])
    assert done.returncode == 2
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_an_existing_trace_is_wrong_use_and_untouched(document: Path, trace: Path) -> None:
    trace.write_text("mine")
    done = program("run", document, "-q", "x", "--trace", trace)
    assert done.returncode == 2
    assert trace.read_text() == "mine"


def empty(folder: Path) -> Path:
    path = folder / "empty.txt"
    path.write_bytes(b"")
    return path


def binary(folder: Path) -> Path:
    path = folder / "binary.dat"
    path.write_bytes(bytes(range(256)) * 50)
    return path


@pytest.mark.parametrize("make", [empty, binary, lambda folder: folder / "missing.txt"])
def test_a_document_that_cannot_be_read_fails_with_a_sentence(tmp_path: Path, trace: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    done = program("run", path, "-q", "x", "--trace", trace)
    assert done.returncode == 1
    assert b"No document could be read" in done.stderr
    assert path.name.encode() in done.stderr
    assert b"Traceback" not in done.stderr
    assert TraceStore.open(trace).status() == "error"


def test_an_unreachable_server_fails_with_a_sentence(document: Path, trace: Path) -> None:
    request = RunRequest(
        question="x",
        documents=(DocumentChoice(path=str(document)),),
        model=ModelChoice(name="m", base_url="http://127.0.0.1:9/v1"),
        limits=Limits(attempts=1),
        trace=str(trace),
    )
    done = program("run", "--request", "-", stdin=msgspec.json.encode(request) + b"\n")
    assert done.returncode == 1
    assert b"127.0.0.1:9" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_limit_is_status_3_with_the_best_answer(document: Path, trace: Path) -> None:
    with OpenAIServer(lambda m, _b: Reply(text="my best" if "is reached" in m[-1]["content"] else repl("print(1)"))) as server:
        done = program("run", document, "-q", "x", "--model", "m", "--base-url", server.base_url, "--trace", trace, "--max-iterations", "2")
    assert done.returncode == 3
    assert done.stdout == b"my best\n"
    assert b"2 iterations" in done.stderr


def test_a_key_that_the_server_echoes_is_redacted_everywhere(document: Path, trace: Path) -> None:
    key = "sk-canary-0123456789abcdef"
    environment = {**os.environ, "MY_KEY": key}
    ask: list[str | Path] = ["run", document, "-q", "x", "--model", "m", "--api-key-env", "MY_KEY", "--trace", trace]
    with OpenAIServer(lambda _m, _b: Reply(text=repl(f"print('{key}')\nanswer['content'] = '{key}'; answer['ready'] = True"))) as server:
        done = program(*ask, "--base-url", server.base_url, env=environment)
        assert server.requests[0].headers["authorization"] == f"Bearer {key}"
    assert done.returncode == 0
    assert done.stdout == b"***\n"
    assert key.encode() not in done.stdout + done.stderr + trace.read_bytes()


def test_a_key_goes_to_the_server_it_was_named_for_and_to_no_other(document: Path, trace: Path) -> None:
    environment = {**os.environ, "ROOT_KEY": "sk-root-0123456789abcdef"}
    with OpenAIServer(lambda _m, _b: Reply(text=repl("answer['content'] = llm_query('x'); answer['ready'] = True"))) as root:
        with OpenAIServer(lambda _m, _b: Reply(text="fine")) as sub:
            done = program(
                "run", document, "-q", "x", "--model", "m", "--base-url", root.base_url, "--api-key-env", "ROOT_KEY",
                "--sub-base-url", sub.base_url, "--trace", trace, env=environment,
            )  # fmt: skip
            assert done.stdout == b"fine\n"
            assert b"sk-root" not in repr(sub.requests[0].headers).encode()
        assert root.requests[0].headers["authorization"] == "Bearer sk-root-0123456789abcdef"
