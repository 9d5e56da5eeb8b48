"""`rlm-desktop read` as a person and as a program call it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from pathlib import Path

import pytest

from rlm_desktop.cli import run as cli_run
from rlm_desktop.cli.run_options import RunOptions
from rlm_desktop.documents import reading
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.paths import texts_folder
from rlm_desktop.program import program_command
from rlm_desktop.sandbox.values import Confinement
from rlm_desktop.trace.request import DocumentChoice, ModelChoice, RunRequest


def run(*arguments: str, stdin: bytes = b"", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(program_command("read", *arguments), input=stdin, capture_output=True, check=False, cwd=folder)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text("# One\n\n## Two\n\ntext\n")
    (tmp_path / "b.py").write_bytes(b"def f():\n    return '\xe9t\xe9'\n")
    return tmp_path


def test_a_person_sees_names_kinds_sizes_and_outlines(folder: Path) -> None:
    done = run("a.md", "b.py", folder=folder)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "a.md",
        "  Markdown, utf-8, 20\u202fB; 5 lines, 20 characters, about 5 tokens",
        "    One  @0",
        "      Two  @7",
        "b.py",
        "  source code, cp1252, 26\u202fB; 2 lines, 26 characters, about 7 tokens",
        "    def f()  @0",
        "2 documents, 46 characters, about 12 tokens (an estimate, by the characters of each text's beginning)",
    ]


def test_a_person_sees_what_was_left_out_and_notes(folder: Path) -> None:
    for number in range(25):
        (folder / f"empty{number:02}.txt").touch()
    (folder / "words.pdf").write_text("no PDF")
    done = run(".", folder=folder)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert "  It was read as plain text, although its name ends in .pdf." in lines
    assert [line for line in lines if "empty" in line] == [f"    empty{number:02}.txt: empty" for number in range(20)]
    assert f"{folder.name}: 25 left out" in lines
    assert "    and 5 more, which --jsonl lists" in lines
    events = [json.loads(line) for line in run(".", "--jsonl", folder=folder).stdout.splitlines()]
    assert len(events[-1]["left_out"]) == events[-1]["left_out_count"] == 25


def test_the_text_itself_can_be_had(folder: Path) -> None:
    assert run("b.py", "--text", folder=folder).stdout == "def f():\n    return 'été'\n"
    assert run("a.md", "b.py", "--show", "a.md", folder=folder).stdout == "# One\n\n## Two\n\ntext\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.md", "b.py", "--text"], "These are 2 documents. Say with --show which one: a.md, b.py."),
        (["a.md", "--show", "c"], "None of the documents is called 'c'. There are: a.md."),
        (["a.md", "--text", "--jsonl"], "leave --text and --show out"),
    ],
)
def test_which_text_must_be_clear(arguments: list[str], words: str, folder: Path) -> None:
    done = run(*arguments, folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_program_gets_events_and_progress(folder: Path) -> None:
    done = run(str(folder), "--jsonl")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [line["name"] for line in lines if line.get("type") == "document_read"] == ["a.md", "b.py"]
    assert {line["progress"] for line in lines if "type" not in line} == {"document_progressed"}
    assert not any("seq" in line for line in lines)


def test_a_request_comes_on_standard_input(folder: Path) -> None:
    done = run("--jsonl", "--request", "-", stdin=json.dumps([{"path": str(folder / "a.md"), "name": "x"}, {"text": "y"}]).encode() + b"\n")
    assert [json.loads(line).get("name") for line in done.stdout.splitlines() if "document_read" in line] == ["x", "Pasted text"]


def test_standard_input_is_a_document() -> None:
    done = run("-", "--jsonl", stdin="größe\n".encode("cp1252"))
    document = json.loads(done.stdout)
    assert (document["name"], document["encoding"], document["chars"]) == ("standard input", "cp1252", 6)
    assert TextStore(texts_folder()).read(document["text_sha256"]) == "größe\n"


def test_an_encoding_can_be_named(folder: Path) -> None:
    assert "cp437" in run("b.py", "--encoding", "cp437", folder=folder).stdout


def test_one_document_that_was_read_is_enough(folder: Path) -> None:
    done = run("a.md", "gone.txt", folder=folder)
    assert done.returncode == 0
    assert done.stderr.startswith("rlm-desktop: gone.txt: There is no file at gone.txt.")


@pytest.mark.parametrize("arguments", [["gone.txt"], ["/dev/zero"], ["-"]])
def test_nothing_that_was_read_is_a_failure(arguments: list[str], folder: Path) -> None:
    done = run(*arguments, folder=folder)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["-", "-"], ["--nonsense"], ["--request", "-"], ["--request", "-", "a.md"]])
def test_wrong_use_is_said(arguments: list[str], folder: Path) -> None:
    done = run(*arguments, stdin=b"{}\n", folder=folder)
    assert done.returncode == 2
    assert "rlm-desktop" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_that_cannot_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "home").write_text("a file where a folder should be")
    monkeypatch.setenv("RLM_DESKTOP_HOME", str(folder / "home"))
    done = run("a.md", folder=folder)
    assert done.returncode == 1
    assert "cannot be made" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_module_of_the_folder_it_starts_in_is_imported(folder: Path) -> None:
    (folder / "msgspec.py").write_text("raise SystemExit('hijacked')")
    (folder / "rlm_desktop.py").write_text("raise SystemExit('hijacked')")
    assert run("a.md", folder=folder).returncode == 0


def test_reading_does_not_import_what_it_does_not_need(folder: Path) -> None:
    code = (
        "import sys; from rlm_desktop.__main__ import main; main(['read', 'a.md'])\n"
        "sys.exit(' '.join({'numpy', 'asyncio', 'openai', 'PySide6', 'charset_normalizer'} & set(sys.modules)) or 0)"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [program_command()[0], "-c", code], cwd=folder, env={**os.environ, "PYTHONPATH": root}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_only_by_name_is_a_document_read_unconfined(folder: Path) -> None:
    (folder / "a.html").write_text("<p>words of a page</p>")
    for confinement in ("required", "unconfined"):
        done = run("a.html", "--text", "--confinement", confinement, folder=folder)
        assert (done.returncode, done.stdout, done.stderr) == (0, "words of a page\n", "")
    assert run("a.html", "--confinement", "none", folder=folder).returncode == 2


@pytest.mark.parametrize("confinement", ["required", "unconfined"])
def test_a_run_has_its_documents_read_as_it_is_confined_itself(
    confinement: Confinement, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def command(*arguments: str) -> list[str]:
        asked.append(arguments)
        return program_command(*arguments)

    monkeypatch.setattr(reading, "program_command", command)
    choices = (DocumentChoice(path=str(folder / "a.md")),)
    model = ModelChoice(name="builtin", provider="builtin")
    request = RunRequest(question="What?", documents=choices, model=model, confinement=confinement)
    context = cli_run._read_context(choices, RunOptions(request=request, is_jsonl=False), lambda event: None, lambda line: None)
    assert asyncio.run(context).parts
    assert [arguments[-2:] for arguments in asked] == [("--confinement", confinement)]
