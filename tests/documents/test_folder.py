"""What of a folder or a repository is read, what is left out, and the reason that is given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from rlm_desktop.documents import folder as folder_module
from rlm_desktop.documents.read import read_documents
from rlm_desktop.documents.text_store import TextStore
from rlm_desktop.trace.events import DocumentRefused
from rlm_desktop.trace.request import DocumentChoice
from tests.documents.reading import left_out, make, read, texts

IGNORED = "ignored by .gitignore"


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> TextStore:
    return TextStore(tmp_path_factory.mktemp("store") / "texts")


def names(store: TextStore, folder: Path) -> list[str]:
    return list(texts(store, read(store, folder)))


def test_a_gitignore_is_obeyed_with_and_without_a_repository(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {".gitignore": "*.log\n/build/\n!keep.log\n# note\n", "a.py": "1", "b.log": "2", "keep.log": "3"})
    make(folder, {"build/c.txt": "4", "inner/build/d.txt": "5", "inner/e.log": "6"})
    for _ in range(2):
        outcomes = read(store, folder)
        assert list(texts(store, outcomes)) == ["a.py", "keep.log", "inner/build/d.txt"]
        assert left_out(outcomes) == {
            ".gitignore": "hidden",
            "b.log": IGNORED,
            "build/": IGNORED,
            "inner/e.log": IGNORED,
        } | ({".git/": "version control"} if (folder / ".git").exists() else {})
        (folder / ".git").mkdir(exist_ok=True)


def test_the_nearest_gitignore_decides(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {".gitignore": "*.txt\n", "a.txt": "1", "inner/b.txt": "2", "inner/.gitignore": "!b.txt\n/c.md\n"})
    make(folder, {"inner/c.md": "3", "c.md": "4"})
    assert names(store, folder) == ["c.md", "inner/b.txt"]


def test_the_exclude_file_of_a_repository_is_obeyed(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {"a.txt": "1", "b.txt": "2"})
    make(folder / ".git" / "info", {"exclude": "b.txt\n"})
    assert names(store, folder) == ["a.txt"]
    assert left_out(read(store, folder))["b.txt"] == "ignored by .git/info/exclude"


def test_the_rules_above_a_chosen_folder_hold_in_it(store: TextStore, tmp_path: Path) -> None:
    project = make(tmp_path / "project", {".gitignore": "*.log\n/build/\n", "src/a.py": "1", "src/b.log": "2", "build/c.txt": "3"})
    (project / ".git").mkdir()
    assert names(store, project / "src") == ["a.py"]


def test_an_ignored_folder_or_file_that_is_chosen_itself_is_read(store: TextStore, tmp_path: Path) -> None:
    project = make(tmp_path / "project", {".gitignore": "*.log\nbuild\n", "build/out/c.log": "3", "d.log": "4"})
    (project / ".git").mkdir()
    assert names(store, project / "build") == ["out/c.log"]
    assert names(store, project / "build" / "out") == ["c.log"]
    assert names(store, project / "d.log") == ["d.log"]


def test_what_is_around_a_repository_has_no_say_in_it(store: TextStore, tmp_path: Path) -> None:
    outer = make(tmp_path / "outer", {".gitignore": "*.txt\n", "a.txt": "1", "inner/b.txt": "2", "inner/c.md": "3"})
    make(outer / "inner", {".gitignore": "*.md\n"})
    (outer / "inner" / ".git").mkdir()
    assert names(store, outer) == ["inner/b.txt"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_itself_agrees(store: TextStore, tmp_path: Path) -> None:
    folder = make(
        tmp_path / "project", {"a.txt": "1", "b.log": "2", "foo/bar/a.txt": "3", "foo/baz": "4", "foo/qux/c.c": "5", "doc/x.txt": "6"}
    )
    make(folder, {"deep/er/still/n.txt": "7", "deep/n.txt": "8", "hello.o": "9", "main.o": "10", "sp": "x", "abc": "y", "aXc": "z"})
    rules = "foo/*\n!foo/bar\n**/still/\n/hello.*\n!main.o\n*.o\ndoc/**/*.txt\nsp \na[A-W]c\ntrailing\\ \n\\!x\n[unclosed\n!\n/\n"
    (folder / ".gitignore").write_text(rules)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", "init", "-q", str(folder)], check=True, env=environment)
    command = ["git", "-C", str(folder), "ls-files", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout.split()
    assert sorted(names(store, folder)) == sorted(name for name in listed if not name.startswith("."))


def test_a_pattern_made_to_take_for_ever_is_passed_over(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {"a" * 250: "1", "b.log": "2", ".gitignore": "*a" * 40 + "*b\n*.log\n"})
    assert names(store, folder) == ["a" * 250]


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a link", "noise"])
def test_a_gitignore_that_is_no_such_file_is_none(kind: str, store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {"a.txt": "1"})
    path = folder / ".gitignore"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a link":
        make(tmp_path, {"rules": "*.txt\n"})
        path.symlink_to(tmp_path / "rules")
    else:
        path.write_bytes(bytes(range(256)) * 10)
    assert names(store, folder) == ["a.txt"]


def test_hidden_files_are_named_and_not_read(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {".env": "SECRET=1", "a.txt": "1"})
    make(folder / ".github", {"ci.yml": "x"})
    outcomes = read(store, folder)
    assert left_out(outcomes) == {".env": "hidden", ".github/": "hidden"}
    assert "SECRET" not in "".join(texts(store, outcomes).values())


def test_folders_of_packages_and_caches_are_one_entry(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {"a.py": "1", "node_modules/x/y.js": "2", "venv/pyvenv.cfg": "3", "venv/lib/z.py": "4"})
    make(folder, {"target/CACHEDIR.TAG": "5", "target/o.txt": "6", "inner/x": b""})
    assert left_out(read(store, folder)) == {
        "node_modules/": "a folder of packages or caches",
        "venv/": "a Python environment",
        "target/": "a folder of caches",
        "inner/x": "empty",
    }
    assert names(store, folder / "venv") == ["pyvenv.cfg", "lib/z.py"]


def test_links_and_pipes_are_left_out_and_loops_end(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {"a.txt": "1"})
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to("self")
    (folder / "gone").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    outcomes = read(store, folder)
    assert left_out(outcomes) == {"loop": "a link", "self": "a link", "gone": "a link", "pipe": "not a file"}
    assert list(texts(store, outcomes)) == ["a.txt"]


def test_a_very_deep_folder_is_read_as_deep_as_the_system_goes(store: TextStore, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    top = tmp_path / "deep"
    top.mkdir()
    # Python's own way to remove a tree goes no deeper than its stack.
    request.addfinalizer(lambda: subprocess.run(["rm", "-rf", str(top)], check=True))
    at = os.open(top, os.O_RDONLY)
    for depth in range(2_500):
        os.mkdir("d", dir_fd=at)
        if depth == 1_000:
            os.close(os.open("a.txt", os.O_CREAT | os.O_WRONLY, dir_fd=at))
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    outcomes = read(store, top)
    reasons = left_out(outcomes)
    assert reasons.pop("d/" * 1_000 + "a.txt") == "empty"
    assert list(reasons.values()) == ["cannot be opened: File name too long"]


def test_more_files_than_anybody_means_are_counted(store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "MAX_FILES", 3)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1_010):
        (folder / f"{number:04}.txt").write_text("x")
    *documents, refusal = read(store, folder)
    assert len(documents) == 3
    assert isinstance(refusal, DocumentRefused)
    assert (len(refusal.left_out), refusal.left_out_count) == (1_000, 1_007)
    assert refusal.reason == "Left out of the folder: 1,007 × beyond the first 3 files, such as 0003.txt."


def test_a_folder_without_end_is_not_walked_to_its_end(store: TextStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module, "_MAX_LOOKED_AT", 3)
    folder = make(tmp_path / "many", {"a/1": "x", "a/2": "x", "a/b/3": "x", "c/4": "x"})
    outcomes = read(store, folder)
    assert list(texts(store, outcomes)) == ["a/1", "a/2"]
    assert set(left_out(outcomes)) == {"a/b/", "c/"}


def test_names_that_could_do_harm_are_made_harmless(store: TextStore, tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    for name in (b"new\nline.txt", b"\xff\xfe.txt", "right\u202eleft.txt".encode(), b"l" * 251 + b".txt", b"-rf", b"--jsonl"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("x")
    found = names(store, folder)
    assert sorted(found) == sorted(["new‹LF›line.txt", "‹U+DCFF›‹U+DCFE›.txt", "right‹RLO›left.txt", "l" * 251 + ".txt", "-rf", "--jsonl"])


def test_a_file_that_vanishes_meanwhile_is_left_out(store: TextStore, tmp_path: Path) -> None:
    folder = make(tmp_path / "project", {"a.txt": "1", "b.txt": "2", "c.txt": "3"})
    outcomes = []
    for outcome in read_documents([DocumentChoice(path=str(folder))], store, on_progress=lambda progress: None):
        outcomes.append(outcome)
        (folder / "b.txt").unlink(missing_ok=True)
    assert list(texts(store, outcomes)) == ["a.txt", "c.txt"]
    assert left_out(outcomes) == {"b.txt": "missing"}


def test_a_folder_that_may_not_be_opened_is_named() -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from rlm_desktop.documents.text_store import TextStore; from tests.documents.reading import left_out, read\n"
        "os.geteuid() or os.setuid(65534)  # permissions do not bind root\n"
        "print(left_out(read(TextStore(Path(sys.argv[1]) / 'texts'), Path(sys.argv[1]) / 'project')))"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        project = make(Path(folder) / "project", {"a.txt": "1", "inner/b.txt": "2"})
        (project / "inner").chmod(0)
        done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    assert done.stdout == "{'inner/': 'cannot be opened: Permission denied'}\n"
