"""`rlm-desktop sample`: what it writes, what it refuses, and that its own command line runs."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import pytest

from rlm_desktop.cli import sample
from rlm_desktop.errors import UsageError, UserError
from rlm_desktop.samples.catalogue import TAKES, entries
from tests.cli.program import program


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_without_a_name_each_sample_has_a_line_and_a_mark_where_it_needs_a_language_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert sample.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    for entry, line in zip(entries(), lines, strict=False):
        assert line.startswith(entry.name) and entry.about in line
        assert ("needs a language model" in line) == entry.needs_language_model
    assert sample.main(["--list", "--json"]) == 0
    assert [entry["name"] for entry in json.loads(capsys.readouterr().out)] == [entry.name for entry in entries()]


def test_a_sample_lands_in_a_folder_of_its_name_with_the_answer_beside_the_documents(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sample.main(["pairs"]) == 0
    assert below(here) == ["pairs/answer.json", "pairs/documents/inbox.txt", "pairs/question.txt"]
    answer = json.loads((here / "pairs" / "answer.json").read_text("utf-8"))
    assert (here / "pairs" / "question.txt").read_text("utf-8") == answer["question"] + "\n"
    said = capsys.readouterr().out
    assert answer["question"] in said and "needs a language model" in said
    assert str(here / "pairs" / "answer.json") in said


@pytest.mark.parametrize("name", [entry.name for entry in entries() if not entry.needs_language_model])
def test_the_built_in_model_gives_the_true_answer_where_that_is_said(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample.main([name, "-o", "it's here", *(["--tokens", "60000"] if name == "needle" else [])])
    said = capsys.readouterr().out
    assert "The built-in model answers it" in said
    command = shlex.split(said.strip().splitlines()[-1])
    done = program(*command[command.index("run", 3) if command[0] != "rlm-desktop" else 1 :])
    assert done.returncode == 0, done.stderr
    truth = json.loads((here / "it's here" / "answer.json").read_text("utf-8"))
    said = " ".join(done.stdout.decode().casefold().split())
    for held in truth.get("holds", [truth["answer"].rstrip(".")]):
        assert held.casefold() in said


def test_what_is_there_is_never_written_over(here: Path) -> None:
    (here / "contract").mkdir()
    (here / "contract" / "mine.txt").write_text("mine", "utf-8")
    (here / "file").write_text("mine", "utf-8")
    for arguments in (["contract"], ["contract", "-o", "file"], ["contract", "-o", "."]):
        with pytest.raises(UserError, match="is there already"):
            sample.main(arguments)
    assert below(here) == ["contract/mine.txt", "file"]


def test_an_empty_folder_is_filled_and_a_deep_one_is_made(here: Path) -> None:
    (here / "empty").mkdir()
    os.chdir(here / "empty")
    assert sample.main(["contract", "-o", "."]) == 0
    assert sample.main(["contract", "-o", str(here / "a" / "b")]) == 0
    assert below(here / "empty") == below(here / "a" / "b")
    assert "answer.json" in below(here / "empty")


def test_a_place_that_cannot_be_written_ends_in_a_sentence_and_leaves_nothing(here: Path) -> None:
    (here / "file").write_text("", "utf-8")
    with pytest.raises(UserError, match="cannot be"):
        sample.main(["contract", "-o", "file/below"])
    assert [path.name for path in here.iterdir()] == ["file"]


def test_what_was_begun_is_removed_when_it_cannot_be_ended(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Path, *_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UserError, match="No space left"):
        sample.main(["contract"])
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["haystack"], "no sample haystack"),
        (["contract", "--tokens", "5000"], "takes no --tokens"),
        (["pairs", "--hidden"], "takes no --hidden"),
        (["research", "--lines", "5"], "takes no --lines"),
        (["needle", "--tokens", "3"], "from 1,000 to"),
        (["aggregate", "--lines", "0"], "from 1 to"),
    ],
)
def test_wrong_use_is_named(arguments: list[str], words: str, here: Path) -> None:
    with pytest.raises(UsageError, match=words):
        sample.main(arguments)
    assert list(here.iterdir()) == []


def test_hidden_labels_need_a_language_model_and_a_line_of_json_says_all(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sample.main(["aggregate", "--hidden", "--lines", "50", "--seed", "7", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["needs_language_model"] is True
    assert Path(told["documents"]) == here / "aggregate" / "documents"
    assert len((here / "aggregate" / "documents" / "inbox.txt").read_text("utf-8").splitlines()) == 50


def test_each_sample_can_be_written(here: Path) -> None:
    for name in TAKES:
        assert sample.main([name, *(["--tokens", "1000"] if name == "needle" else [])]) == 0
        assert (here / name / "documents").is_dir()
