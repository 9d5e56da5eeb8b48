"""A key that is found nowhere: not in what the program wrote or said, nor in what its children were given, however a run went."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rlm_desktop.program import program_command
from rlm_desktop.trace.commands import Detach, encode_line
from rlm_desktop.trace.events import Limits
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest
from tests.hostile.canary import KEY, Home, Processes, hits, spellings
from tests.openai_server import Answer, Fault, Gate, OpenAIServer, Reply, error_body

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

Look = Callable[[subprocess.Popen[bytes]], None]
STORE = """
import json, pathlib
from keyring.backend import KeyringBackend
class Store(KeyringBackend):
    priority = 1
    def get_password(self, service, name): return json.loads(pathlib.Path({path!r}).read_text())[service + "/" + name]
    def set_password(self, service, name, key): raise NotImplementedError
    def delete_password(self, service, name): raise NotImplementedError
"""
ECHO = f"```repl\nprint({KEY!r})\nprint(llm_query('say ' + {KEY!r}))\nanswer['content'] = 'It is ' + {KEY!r}; answer['ready'] = True\n```"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "everything")


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "log.md").write_text("The code of the vault is 4711.\n", "utf-8")
    (folder / "page.html").write_text("<html><body><h1>A page</h1><p>A worker reads it.</p></body></html>", "utf-8")
    return folder


@pytest.fixture
def vault(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a key store that holds the key; the file that it lies in is the store's, and not looked into."""
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "kept.json").write_text(json.dumps({"RLM Desktop/mine": KEY}), "utf-8")
    (folder / "canary_store.py").write_text(STORE.format(path=str(folder / "kept.json")), "utf-8")
    return {"PYTHON_KEYRING_BACKEND": "canary_store.Store", "PYTHONPATH": str(folder)}


def request(documents: Path, server: OpenAIServer, home: Home, **key: str) -> bytes:
    chosen = ModelChoice(name="m", base_url=server.base_url, **key)  # type: ignore[arg-type]
    asked = RunRequest(
        question="What is the code?", documents=(DocumentChoice(path=str(documents)),), model=chosen, limits=Limits(attempts=1),
        trace=str(home.folder / "program" / "runs" / "one.rlmtrace"),
    )  # fmt: skip
    return msgspec.json.encode(asked) + b"\n"


def run(line: bytes, environment: dict[str, str], *, until: Look | None = None) -> tuple[int, Processes]:
    """Run the engine as the window does, and look at its children meanwhile; nothing that it says holds the key."""
    process = subprocess.Popen(
        program_command("run", "--request", "-", "--jsonl"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment, cwd=environment["HOME"],
    )  # fmt: skip
    assert process.stdin is not None
    with Processes(process) as processes:
        # The end of its stdin is no wish to stop.
        process.stdin.write(line + encode_line(Detach()))
        process.stdin.flush()
        if until is not None:
            until(process)
        said, told = process.communicate(timeout=60)
    assert not hits(said), said
    assert not hits(told), told
    return process.returncode, processes


def assert_children_clean(processes: Processes) -> None:
    """Every kind of child was seen, and none was given the key."""
    for word in (b"read", b"read-worker", b"sandbox"):
        assert any(seen.environments for seen in processes.named(word)), word
    for seen in processes.children.values():
        for data in (seen.arguments, *seen.environments):
            assert not hits(data)


def pieces(text: str) -> list[str]:
    """Cut `text` so that no piece holds the key."""
    return [text[at : at + 7] for at in range(0, len(text), 7)]


def echoing(gate: Gate | None = None) -> Callable[[list[dict[str, Any]], dict[str, Any]], Answer]:
    """A server that says the key wherever it can: in replies cut into pieces, in reasoning, as the model's name."""

    def reply(messages: list[dict[str, Any]], _body: dict[str, Any]) -> Answer:
        assert not hits(json.dumps(messages).encode()), "the key was sent as text"
        text = ECHO if messages[0]["role"] == "system" else f"They told me {KEY}."
        return Reply(text=text, pieces=pieces(text), reasoning=f"The key is {KEY}.", served_model=f"m-{KEY}", gate=gate)

    return reply


def test_the_spellings_that_are_looked_for_are_many_and_the_key_is_found_in_itself() -> None:
    assert len(spellings()) > 12
    assert hits(KEY.encode()) and hits(json.dumps({"a": KEY}).encode())
    assert not hits(b"nothing of the kind")


@pytest.mark.parametrize("source", ["environment", "key store", "typed"])
def test_a_run_whose_server_echoes_the_key_leaves_it_nowhere(source: str, documents: Path, home: Home, vault: dict[str, str]) -> None:
    more, key = {
        "environment": ({"MY_KEY": KEY, "GROQ_API_KEY": KEY}, {"api_key_env": "MY_KEY"}),
        "key store": (vault, {"api_key_stored_as": "mine"}),
        "typed": ({}, {"api_key": KEY}),
    }[source]
    gate = Gate()
    engines: list[bytes] = []

    with OpenAIServer(echoing(gate), required_key=KEY) as server:

        def look(process: subprocess.Popen[bytes]) -> None:
            server.wait_until(lambda s: bool(s.requests), timeout_s=60)
            engines.extend(Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("environ", "cmdline"))
            gate.open()

        code, processes = run(request(documents, server, home, **key), home.environment(**more), until=look)
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert code == 0
    assert engines and not any(map(hits, engines))
    assert_children_clean(processes)
    home.assert_clean()


FAULTS = (
    Fault(status=401, body=error_body(f"Incorrect API key provided: {KEY}.")),
    Fault(status=500, body=f"<html><title>500</title><body><pre>Authorization: Bearer {KEY}</pre>{'x' * 300}</body></html>"),
    Fault(status=403, body=json.dumps({"detail": [{"msg": "no", "input": {"headers": {"authorization": f"Bearer {KEY}"}}}]})),
    Fault(status=302, headers={"location": f"https://elsewhere.example/?key={KEY.replace(chr(34), '%22')}"}),
    Fault(status=400, body=error_body(f"Unsupported parameter: 'seed' is not supported with {KEY}.", param="seed")),
    Fault(status=200, body=f"not JSON but {'x' * 280}{KEY}"),
    Fault(status=200, body=f'data: {{"error": {{"message": {json.dumps(KEY)}, "code": 503}}}}\n\n'),
)


def test_failures_that_echo_the_key_leave_it_nowhere(documents: Path, home: Home) -> None:
    code = f"```repl\nfor reply in llm_query_batched([str(n) for n in range({len(FAULTS)})]): print(reply)\n```"

    def answer(messages: list[dict[str, Any]], _body: dict[str, Any]) -> Answer:
        if messages[0]["role"] == "system":
            return Reply(text=code) if len(messages) == 2 else FAULTS[0]
        return FAULTS[int(messages[0]["content"])]

    with OpenAIServer(answer) as server:
        status, _ = run(request(documents / "log.md", server, home, api_key_env="MY_KEY"), home.environment(MY_KEY=KEY, OPENAI_LOG="debug"))
    assert status == 1
    (trace,) = (home.folder / "program" / "runs").iterdir()
    assert trace.read_bytes().count(b"***") > len(FAULTS)
    home.assert_clean()


def test_a_run_that_is_killed_leaves_the_key_nowhere(documents: Path, home: Home) -> None:
    gate = Gate()
    with OpenAIServer(echoing(gate)) as server:

        def kill(process: subprocess.Popen[bytes]) -> None:
            server.wait_until(lambda s: bool(s.requests), timeout_s=60)
            process.kill()
            gate.open()

        code, _ = run(request(documents / "log.md", server, home, api_key=KEY), home.environment(), until=kill)
    assert code == -9
    home.assert_clean()


def test_ctrl_c_breaks_the_wait_for_a_key_store_that_does_not_answer(documents: Path, home: Home, tmp_path: Path) -> None:
    (tmp_path / "silent_store.py").write_text(
        "import sys, threading\n"
        "from keyring.backend import KeyringBackend\n"
        "class Store(KeyringBackend):\n"
        "    priority = 1\n"
        "    def get_password(self, service, name):\n"
        "        print('asked', file=sys.stderr, flush=True)\n"
        "        threading.Event().wait()\n"
        "    set_password = delete_password = None\n",
        "utf-8",
    )
    environment = home.environment(PYTHON_KEYRING_BACKEND="silent_store.Store", PYTHONPATH=str(tmp_path))
    process = subprocess.Popen(
        program_command("run", "--request", "-", "--jsonl"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment,
    )  # fmt: skip
    with OpenAIServer() as server, process:
        assert process.stdin is not None and process.stderr is not None
        process.stdin.write(request(documents, server, home, api_key_stored_as="mine"))
        process.stdin.flush()
        assert process.stderr.readline() == b"asked\n"
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert (process.returncode, told) == (130, b"rlm-desktop: stopped.\n")


def for_people(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        program_command(*arguments), capture_output=True, timeout=60, check=False, env=environment, cwd=environment["HOME"]
    )


@pytest.mark.parametrize("progress", ["lines", "none"])
def test_a_run_at_a_terminal_says_the_key_nowhere(progress: str, documents: Path, home: Home) -> None:
    environment = home.environment(MY_KEY=KEY)
    with OpenAIServer(echoing()) as server:
        done = for_people(
            environment, "run", str(documents / "log.md"), "-q", f"Is {KEY} the code?", "--model", "m", "--base-url", server.base_url,
            "--api-key-env", "MY_KEY", "--progress", progress,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"It is ***\n"
    assert b"The question holds the key of a model. It is left out" in done.stderr
    (trace,) = (home.folder / "program" / "runs").iterdir()
    told = for_people(environment, "info", str(trace), "--json")
    assert told.returncode == 0
    for data in (done.stdout, done.stderr, told.stdout, told.stderr):
        assert not hits(data), data
    home.assert_clean()


def test_a_list_of_models_that_names_them_by_the_key_says_it_nowhere(home: Home) -> None:
    environment = home.environment(MY_KEY=KEY)
    with OpenAIServer(names=(f"tuned-{KEY}", "plain")) as server:
        listed = for_people(environment, "models", "list", "--base-url", server.base_url, "--api-key-env", "MY_KEY")
    with OpenAIServer(gets={"/v1/models": Fault(status=500, body=f"<html>{'x' * 290} {KEY}</html>")}) as server:
        failed = for_people(environment, "models", "list", "--base-url", server.base_url, "--api-key-env", "MY_KEY")
    assert listed.stdout == b"plain\ntuned-***\n"
    assert failed.returncode == 1
    for data in (listed.stdout, listed.stderr, failed.stdout, failed.stderr):
        assert not hits(data), data


def test_a_bug_in_the_engine_is_reported_without_the_key(documents: Path, home: Home, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    # As a bug would be: an error that nobody handles, in the middle of a request, whose words hold what it was given.
    (tmp_path / "broken" / "sitecustomize.py").write_text(
        "import rlm_desktop.engine.models.base as base, sys\n"
        "class Broken:\n"
        '    def __init__(self, **given): raise RuntimeError(f\'cannot take {given} of {__import__("os").environ.get("SAME")}\')\n'
        "base.ModelRequest = Broken\n",
        "utf-8",
    )
    root = str(Path(__file__).resolve().parents[2])
    environment = home.environment(MY_KEY=KEY, SAME=KEY, PYTHONPATH=os.pathsep.join([str(tmp_path / "broken"), root]))
    with OpenAIServer(echoing()) as server:
        done = for_people(
            environment, "run", str(documents / "log.md"), "-q", "x", "--model", "m", "--base-url", server.base_url,
            "--api-key-env", "MY_KEY",
        )  # fmt: skip
    assert done.returncode == 1
    assert b"cannot take" in done.stderr + b"".join(path.read_bytes() for path in home.files())
    assert not hits(done.stdout + done.stderr)
    home.assert_clean()
