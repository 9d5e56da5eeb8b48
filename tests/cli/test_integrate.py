"""`rlm-desktop integrate`: what a Linux desktop is told, and that it is taken back whole."""

from __future__ import annotations

import configparser
import os
import re
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from rlm_desktop import paths
from rlm_desktop.cli import integrate
from rlm_desktop.errors import UserError
from tests import traces
from tests.cli.program import program

ROOT = Path(__file__).resolve().parents[2]
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def entry(text: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser["Desktop Entry"]


def arguments_of(value: str) -> list[str]:
    """Undo what the Desktop Entry Specification asks of an Exec key: the escapes of a value, the quotes, and the doubled percent signs."""
    unescaped = value.replace("\\\\", "\\")
    quoted = re.findall(r'"((?:[^"\\]|\\["`$\\])*)"', unescaped)
    return [re.sub(r"\\([\"`$\\])", r"\1", argument).replace("%%", "%") for argument in quoted]


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that stands for what a person has installed, with none of the desktop's tools at hand."""
    folder = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.setenv("PATH", str(tmp_path / "no tools"))
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


def test_the_shipped_entry_names_the_icon_and_the_type_that_are_shipped() -> None:
    shipped = entry(paths.desktop_file("desktop").read_text("utf-8"))
    kind = ET.parse(paths.desktop_file("xml")).getroot().find(f"{MIME}mime-type")
    assert kind is not None
    assert shipped["Icon"] == paths.DESKTOP_ID
    assert shipped["MimeType"].rstrip(";") == kind.get("type")
    assert shipped["Exec"] == "rlm-desktop %F"


def test_the_catalogue_entry_names_this_program_and_its_version() -> None:
    component = ET.parse(paths.desktop_file("metainfo.xml")).getroot()
    assert component.findtext("id") == paths.DESKTOP_ID
    assert component.findtext("launchable") == f"{paths.DESKTOP_ID}.desktop"
    kind = ET.parse(paths.desktop_file("xml")).getroot().find(f"{MIME}mime-type")
    assert kind is not None
    assert component.findtext("provides/mediatype") == kind.get("type")
    release = component.find("releases/release")
    assert release is not None
    assert release.get("version") == program("--version").stdout.decode().split()[1]


def test_a_trace_begins_as_the_type_says_and_a_list_of_numbered_lines_does_not(tmp_path: Path) -> None:
    match = ET.parse(paths.desktop_file("xml")).getroot().find(f".//{MIME}match")
    assert match is not None
    begin = (match.get("value") or "").encode()
    assert match.get("offset") == "0"
    for name, make in (("sample", traces.sample), ("interrupted", traces.interrupted)):
        assert make(tmp_path / f"{name}.rlmtrace").read_bytes().startswith(begin)
    assert not b'{"seq":0,"name":"a line of something else"}'.startswith(begin)


def test_a_wheel_and_a_source_archive_hold_these_files() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert build["wheel"]["force-include"]["packaging/desktop"] == "rlm_desktop/_resources/desktop"
    assert "/packaging/desktop" in build["sdist"]["include"]
    for suffix in ("desktop", "svg", "xml", "metainfo.xml"):
        assert paths.desktop_file(suffix).is_file()


@pytest.mark.parametrize(
    "command",
    [
        ["/usr/bin/python3", "-c", "import sys; print('a')"],
        ["/home/an na/ü/bin/python", "100 % of $HOME", 'a "quoted" `word`', "back\\slash", "%F"],
    ],
)
def test_the_command_reaches_the_desktop_whole(command: list[str]) -> None:
    written = entry(integrate.entry_for(command))
    assert arguments_of(written["Exec"]) == command
    assert written["Exec"].endswith(" %F")
    assert written["TryExec"] == command[0]


def test_what_is_written_is_removed_and_nothing_else(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = data / "applications" / "other.desktop"
    other.parent.mkdir(parents=True)
    other.write_text("[Desktop Entry]\n", "utf-8")
    assert integrate.main([]) == 0
    name = paths.DESKTOP_ID
    ours = {f"applications/{name}.desktop", f"icons/hicolor/scalable/apps/{name}.svg", f"mime/packages/{name}.xml"}
    assert files_below(data) == ours | {"applications/other.desktop"}
    assert arguments_of(entry((data / "applications" / f"{name}.desktop").read_text("utf-8"))["Exec"])[0] == sys.executable
    said = capsys.readouterr()
    assert "update-desktop-database and update-mime-database could not be run" in said.err
    assert integrate.main(["--remove"]) == 0
    assert files_below(data) == {"applications/other.desktop"}
    assert capsys.readouterr().out.count("removed") == 3
    assert integrate.main(["--remove"]) == 0
    assert "nothing to remove" in capsys.readouterr().out


def test_the_tools_make_the_indexes_anew_each_time(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("update-desktop-database", "update-mime-database"):
        script = tools / tool
        script.write_text(f'#!/bin/sh\necho "$1" >> "{tools}/{tool}.asked"\n', "utf-8")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tools), "/usr/bin", "/bin"]))
    integrate.main([])
    integrate.main(["--remove"])
    assert (tools / "update-desktop-database.asked").read_text().splitlines() == [str(data / "applications")] * 2
    assert (tools / "update-mime-database.asked").read_text().splitlines() == [str(data / "mime")] * 2


def test_a_folder_that_cannot_be_written_ends_in_a_sentence(data: Path) -> None:
    data.write_text("a file where a folder should be", "utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        integrate.main([])


def test_elsewhere_than_on_linux_it_says_so(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UserError, match="Only on Linux"):
        integrate.main([])
    assert not data.exists()
