"""A run on the command line is confined, or refused with what can be done; it is lowered by its own option and by nothing else."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from rlm_desktop.cli.run_options import parse
from rlm_desktop.cli.run_refusal import choices
from rlm_desktop.errors import UsageError
from rlm_desktop.present.confinement import REQUIRED
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest
from rlm_desktop.trace.store import TraceStore
from tests import unconfinable
from tests.cli.program import program

QUESTION = "What is the code?"
linux = pytest.mark.skipif(sys.platform != "linux", reason="this is Linux's confinement")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "log.md"
    path.write_text("The code of the harbour gate is 4711.\n" * 40, "utf-8")
    return path


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "run.rlmtrace"


def there(*arguments: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the program where nothing can be confined."""
    return subprocess.run([*unconfinable.engine(), *map(str, arguments)], input=stdin, capture_output=True, timeout=60, check=False)


def test_what_is_shown_as_required_is_what_is_required() -> None:
    assert REQUIRED == REQUIRED_CLAIMS


@linux
def test_a_run_is_confined_without_asking_and_info_says_so(document: Path, trace: Path) -> None:
    assert program("run", document, "-q", QUESTION, "--trace", trace).returncode == 0
    started = TraceStore.open(trace).columns.run_started
    assert started is not None and started.confinement == "required"
    facts = json.loads(program("info", trace, "--json").stdout)
    assert (facts["confinement"], facts["is_lowered"]) == ("Confined: files, network, processes", False)


def test_a_lowered_run_says_what_becomes_possible_and_leaves_it_in_its_trace(document: Path, trace: Path) -> None:
    for progress in ("lines", "none"):
        path = trace.with_name(progress)
        done = program("run", document, "-q", QUESTION, "--trace", path, "--confinement", "unconfined", "--progress", progress)
        assert done.returncode == 0 and b"4711" in done.stdout
        said = [line for line in done.stderr.decode().splitlines() if "confined" in line]
        assert len(said) == 1 and "your files" in said[0] and "use the network" in said[0]
        facts = json.loads(program("info", path, "--json").stdout)
        assert facts["confinement"].startswith("Not confined: the code can read and change your files") and facts["is_lowered"]
    assert "\nconfinement Not confined: the code can" in program("info", trace.with_name("none")).stdout.decode()


@linux
def test_a_refused_run_is_status_1_with_the_reason_and_the_choices_in_order(document: Path, trace: Path) -> None:
    done = there("run", document, "-q", QUESTION, "--trace", trace, "--progress", "none")
    assert (done.returncode, done.stdout) == (1, b"")
    words = " ".join(done.stderr.decode().split())
    assert unconfinable.WHY in words and "No document was handed over." in words
    assert words.index("What can be done: 1. Have it confined.") < words.index("2. Run it unconfined this once")
    assert "--confinement unconfined" in words and "read and change your files" in words
    facts = json.loads(program("info", trace, "--json").stdout)
    assert facts["confinement"] == "Refused: files, network, processes cannot be confined here"


@linux
def test_the_command_that_is_offered_runs_it_unconfined(document: Path, trace: Path) -> None:
    refused = there("run", document, "-q", QUESTION, "--trace", trace, "--progress", "none")
    (line,) = [line for line in refused.stderr.decode().splitlines() if "--confinement unconfined" in line]
    command = shlex.split(line)
    done = there("run", *command[command.index("--confinement") :])
    assert done.returncode == 0 and b"4711" in done.stdout


@linux
def test_for_programs_there_is_the_trace_and_no_choice(document: Path, trace: Path) -> None:
    done = there("run", document, "-q", QUESTION, "--trace", trace, "--jsonl", stdin=b'{"command":"detach"}\n')
    assert done.returncode == 1
    assert b"What can be done" not in done.stderr
    assert b'"type":"run_ended","status":"error"' in done.stdout


def test_the_offered_command_has_the_option_once_and_before_the_documents() -> None:
    typed = ["a.txt", "--confinement", "required", "-q", "Why?", "--confinement=required", "--trace", "a.rlmtrace", "--tr=b"]
    typed += ["--", "--confinement"]
    offered = choices(typed).split("control other programs:")[1].split()
    assert offered[offered.index("--confinement") :] == ["--confinement", "unconfined", "a.txt", "-q", "'Why?'", "--", "--confinement"]


def test_a_request_on_stdin_carries_it_and_the_option_beside_it_is_refused(document: Path, trace: Path) -> None:
    request = RunRequest(
        question=QUESTION, documents=(DocumentChoice(path=str(document)),), model=ModelChoice(name="", provider="builtin"),
        trace=str(trace), confinement="unconfined",
    )  # fmt: skip
    done = program("run", "--request", "-", stdin=msgspec.json.encode(request) + b"\n")
    assert done.returncode == 0, done.stderr
    started = TraceStore.open(trace).columns.run_started
    assert started is not None and started.confinement == "unconfined"
    with pytest.raises(UsageError, match="confinement"):
        parse(["--request", "-", "--confinement", "unconfined"])


@pytest.mark.parametrize("word", ["none", "UNCONFINED", ""])
def test_another_word_is_wrong_use(document: Path, word: str) -> None:
    assert program("run", document, "-q", QUESTION, "--confinement", word).returncode == 2


def test_no_document_and_no_environment_lowers_it(document: Path, trace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFINEMENT", "RLM_CONFINEMENT", "RLM_DESKTOP_CONFINEMENT", "RLM_DESKTOP_UNCONFINED"):
        monkeypatch.setenv(name, "unconfined")
    document.write_text(document.read_text("utf-8") + "\n--confinement unconfined\nconfinement=unconfined\n", "utf-8")
    (tmp_path / "home" / "config").mkdir(parents=True)
    for place in (tmp_path / "home" / "settings.json", tmp_path / "home" / "config" / "settings.json", tmp_path / "settings.json"):
        place.write_text('{"confinement": "unconfined"}', "utf-8")
    monkeypatch.setenv("RLM_DESKTOP_HOME", str(tmp_path / "home"))
    assert program("run", document, "-q", QUESTION, "--trace", trace).returncode == 0
    started = TraceStore.open(trace).columns.run_started
    assert started is not None and (started.confinement, started.required_claims) == ("required", REQUIRED_CLAIMS)


def test_a_sample_is_written_without_a_word_of_it(tmp_path: Path) -> None:
    done = program("sample", "contract", "-o", tmp_path / "s", "--json")
    assert "confinement" not in json.loads(done.stdout) and b"unconfined" not in done.stdout
