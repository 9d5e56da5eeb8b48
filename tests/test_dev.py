"""dev.py: what it takes for missing, what it does about that, and when an installation is whole."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

import dev

FOUND = dev.Interpreter(version=(3, 12), site="/v/lib/site-packages", has_pip=True)
ROOT = Path(dev.__file__).resolve().parent


def lines_pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))


# What the system lacks


def test_a_missing_library_is_found_missing() -> None:
    libc = "libc.so.6" if sys.platform == "linux" else None
    assert dev.missing_libraries({"libnowhere.so.7": "libnowhere7", **({libc: "libc6"} if libc else {})}) == {
        "libnowhere.so.7": "libnowhere7"
    }


def test_one_command_brings_all_that_is_lacking_each_package_once() -> None:
    lacking = {"libglib-2.0.so.0": "libglib2.0-0", "libgthread-2.0.so.0": "libglib2.0-0", "a font": "fonts-dejavu-core"}
    assert dev.install_command(lacking) == ["apt-get", "install", "-y", "--no-install-recommends", "fonts-dejavu-core", "libglib2.0-0"]


def test_without_the_right_to_install_one_command_is_named() -> None:
    said = dev.plea({"libEGL.so.1": "libegl1", "Python's ensurepip": "python3.12-venv"}, debian=True)
    assert "\n    sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 python3.12-venv\n" in said
    assert "libEGL.so.1, Python's ensurepip" in said


def test_elsewhere_what_is_lacking_is_named_plainly() -> None:
    said = dev.plea({"libEGL.so.1": "libegl1"}, debian=False)
    assert "libEGL.so.1" in said
    assert "apt-get" not in said


def test_nothing_is_installed_without_the_right_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "right_to_install", lambda: None)
    with pytest.raises(dev.Problem, match="libEGL"):
        dev.provide({"libEGL.so.1": "libegl1"})


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings all it needs")
@pytest.mark.parametrize(
    ("environment", "library"),
    [
        ({"DISPLAY": ":0"}, "libxcb-cursor.so.0"),
        ({}, "libxcb-cursor.so.0"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "libwayland-cursor.so.0"),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}, "libxcb-cursor.so.0"),
        ({"QT_QPA_PLATFORM": "offscreen:size=800x600"}, None),
    ],
)
def test_the_libraries_are_those_of_the_kind_of_window_that_will_open(environment: Mapping[str, str], library: str | None) -> None:
    wanted = dev.libraries_for(environment)
    assert dev.QT_LIBRARIES.items() <= wanted.items()
    assert set(wanted) & {"libxcb-cursor.so.0", "libwayland-cursor.so.0"} == ({library} if library else set())


@pytest.mark.skipif(not shutil.which("readelf"), reason="needs binutils")
def test_every_library_that_qt_links_to_and_does_not_bring_is_looked_for() -> None:
    import PySide6

    folder = Path(PySide6.__file__).parent
    plugins = {
        "offscreen": ["platforms/libqoffscreen.so"],
        "xcb": ["platforms/libqxcb.so", "../lib/libQt6XcbQpa.so.6"],
        "wayland": ["platforms/libqwayland.so", "../lib/libQt6WaylandClient.so.6"],
    }
    common = [folder / f"Qt/lib/libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "Svg", "DBus")]
    common += [folder / "Qt/plugins/imageformats/libqsvg.so", *folder.glob("Qt/plugins/iconengines/*.so")]
    for platform, files in plugins.items():
        wanted = dev.libraries_for({"QT_QPA_PLATFORM": platform})
        read = [*common, *(folder / "Qt/plugins" / file for file in files)]
        shown = subprocess.run(["readelf", "-d", *map(str, read)], capture_output=True, text=True, check=True).stdout
        linked = set(re.findall(r"\(NEEDED\).*\[(.*)\]", shown))
        brought = {file.name for file in folder.rglob("*.so*")}
        of_the_system = {name for name in linked - brought if not re.match(r"(lib(c|m|dl|rt|pthread|resolv)|ld-linux.*)\.so", name)}
        assert of_the_system <= set(wanted), platform


# The environment


def test_a_stamp_holds_for_one_lock_one_python_and_one_place(tmp_path: Path) -> None:
    here = dev.stamp_text("run", b"a==1", FOUND, tmp_path)
    assert here == dev.stamp_text("run", b"a==1", FOUND, tmp_path)
    others = {
        dev.stamp_text("run", b"a==2", FOUND, tmp_path),
        dev.stamp_text("run", b"a==1", FOUND._replace(version=(3, 13)), tmp_path),
        dev.stamp_text("run", b"a==1", FOUND, tmp_path / "moved"),
        dev.stamp_text("test", b"a==1", FOUND, tmp_path),
    }
    assert len(others | {here}) == 5


def test_what_is_enough_to_test_is_enough_to_run_and_not_the_other_way_round() -> None:
    whole = {"run": "r", "test": "t"}
    assert dev.stamps_that_do("run", whole) == {"r", "t"}
    assert dev.stamps_that_do("test", whole) == {"t"}


def test_an_unchanged_lock_installs_nothing_and_a_changed_one_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    locks = {kind: tmp_path / f"{kind}.lock" for kind in ("run", "test")}
    for lock in locks.values():
        lock.write_text("a==1\n")
    monkeypatch.setattr(dev, "LOCKS", locks)
    done: list[str] = []
    monkeypatch.setattr(dev, "obey", lambda command, _complaint: done.append(command[-1]))
    found = FOUND._replace(site=str(tmp_path))
    for kind in ("run", "run", "test", "run", "test"):
        dev.fill(kind, tmp_path, tmp_path / "python", found)
    assert done == [str(locks["run"]), str(locks["test"])]
    assert (tmp_path / "rlm_desktop_checkout.pth").read_text() == f"{ROOT}\n"
    locks["run"].write_text("a==2\n")
    locks["test"].write_text("a==2\n")
    dev.fill("run", tmp_path, tmp_path / "python", found)
    assert done[2:] == [str(locks["run"])]


def test_an_installation_that_failed_leaves_no_stamp(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "installed.txt").write_text("of an older lock")

    def fails(_command: object, complaint: str) -> None:
        raise dev.Problem(complaint)

    monkeypatch.setattr(dev, "obey", fails)
    with pytest.raises(dev.Problem):
        dev.fill("run", tmp_path, tmp_path / "python", FOUND)
    assert not (tmp_path / "installed.txt").exists()


def test_the_interpreter_of_an_environment_is_found_on_each_system(tmp_path: Path) -> None:
    assert dev.python_of(tmp_path, windows=True) == tmp_path / "Scripts" / "python.exe"
    assert dev.python_of(tmp_path, windows=False) == tmp_path / "bin" / "python"


def test_an_interpreter_says_what_it_is_and_one_that_does_not_start_is_none(tmp_path: Path) -> None:
    found = dev.probe(Path(sys.executable))
    assert found is not None
    assert found.version == sys.version_info[:2]
    assert dev.probe(tmp_path / "python") is None


@pytest.mark.skipif(os.name == "nt", reason="no sh")
def test_a_killed_interpreter_does_not_pass_for_a_broken_environment(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\nkill -9 $$\n")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(dev.Problem, match="signal 9"):
        dev.probe(tmp_path / "python")


def test_a_folder_that_is_no_environment_is_never_cleared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "precious").write_text("x")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    with pytest.raises(dev.Problem, match="in the way"):
        dev.ready_environment("run", needs_qt=False)
    assert (tmp_path / ".venv" / "precious").exists()


# Sentences


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("OSError: [Errno 13] Permission denied: '/opt/x/.venv/lib'", "not permitted"),
        (
            "NewConnectionError('...: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')",
            "Check the network",
        ),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "Check the network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one that was pinned"),
        ("ERROR: No matching distribution found for pyside6-essentials==6.11.3", "no build of a pinned package"),
        ("Segmentation fault", "said above"),
    ],
)
def test_a_failed_command_ends_in_a_sentence_that_says_what_to_do(output: str, sentence: str) -> None:
    assert sentence in dev.meaning_of(output)


def test_what_a_failed_command_said_is_kept_off_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(dev.Problem, match=r"It failed\. The disk is full"):
        dev.obey([sys.executable, "-c", "print('No space left on device'); raise SystemExit(1)"], "It failed")
    out, err = capfd.readouterr()
    assert (out, err) == ("", "No space left on device\n")


def test_every_failed_check_is_named_and_the_rest_still_run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    checks = {"one": ["-c", "raise SystemExit(1)"], "two": ["-c", "print('ran')"], "three": ["-c", "raise SystemExit(3)"]}
    monkeypatch.setattr(dev, "CHECKS", checks)
    assert dev.failed_checks(Path(sys.executable), []) == 1
    out, err = capfd.readouterr()
    assert out.split() == ["ran"]
    assert "failed: one, three\n" in err


def test_arguments_go_to_pytest_alone(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    show = ["-c", "import sys; print(sys.argv[1:])"]
    monkeypatch.setattr(dev, "CHECKS", {"ruff check": show, "pytest": show})
    assert dev.failed_checks(Path(sys.executable), ["-k", "map"]) == 0
    assert capfd.readouterr().out.split("\n")[:2] == ["[]", "['-k', 'map']"]


def test_wrong_use_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["bulid"]) == 2
    assert "python3 dev.py test" in capsys.readouterr().err
    assert dev.main(["--help"]) == 0
    assert "python3 dev.py run" in capsys.readouterr().out


def test_an_older_python_can_read_the_file_as_far_as_the_sentence() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 7))
    check = next(i for i, node in enumerate(tree.body) if isinstance(node, ast.If))
    assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AnnAssign) for node in tree.body[:check])


# The pins


def test_the_test_lock_holds_all_that_the_run_lock_does() -> None:
    assert lines_pinned(dev.LOCKS["run"]).items() <= lines_pinned(dev.LOCKS["test"]).items()


def test_everything_that_the_project_asks_for_is_pinned_with_a_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for kind, asked in (("run", project["dependencies"]), ("test", project["optional-dependencies"]["test"])):
        names = {re.split(r"[<>=!~ ;\[]", one)[0].lower() for one in asked}
        assert names <= set(lines_pinned(dev.LOCKS[kind]))
    for lock in dev.LOCKS.values():
        text = lock.read_text("utf-8")
        assert len(re.findall(r"^[a-z0-9-]+==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)) == len(lines_pinned(lock))
        assert "://" not in text
