"""What dev.py takes for missing on a system, and what it does about that."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from checkout import system
from checkout.commands import Problem
from checkout.package_names import A_FONT, APT, ARCH, COMMON, DEBIAN, DNF, ENSUREPIP, FAMILIES, OF_A_WINDOW, PACMAN, ZYPPER, Family
from rlm_desktop import __main__ as program

PYTHON = "{}.{}".format(*sys.version_info)
CURSOR = {"xcb": "libxcb-cursor.so.0", "wayland": "libwayland-cursor.so.0"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no such linker")
def test_a_missing_library_is_found_missing() -> None:
    assert system.missing_libraries(["libnowhere.so.7", "libc.so.6"]) == ["libnowhere.so.7"]


# Which window


@pytest.mark.parametrize(
    ("environment", "window"),
    [
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "wayland"),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}, "xcb"),
        ({"QT_QPA_PLATFORM": "offscreen:size=800x600"}, "offscreen"),
        ({"DISPLAY": "", "QT_QPA_PLATFORM": ""}, None),
        ({}, None),
    ],
)
def test_the_libraries_are_those_of_the_kind_of_window_that_will_open(environment: Mapping[str, str], window: str | None) -> None:
    for arguments in ([], ["report.txt"], ["open", "a.rlmtrace"]):
        assert system.window_of("run", arguments, environment) == window
    if window is not None:
        wanted = system.libraries_for(window)
        assert set(COMMON) <= set(wanted)
        assert [name for name in CURSOR.values() if name in wanted] == [CURSOR[window] for _ in [0] if window in CURSOR]


def test_tests_and_pictures_need_a_window_that_no_screen_shows() -> None:
    assert system.window_of("test", [], {"DISPLAY": ":0"}) == "offscreen"
    assert system.window_of("run", ["screenshot", "a.rlmtrace", "-o", "a.png"], {}) == "offscreen"


def test_what_needs_no_window_is_what_the_program_says_it_is() -> None:
    without = {name for name, module in program._COMMANDS.items() if not module.startswith("rlm_desktop.gui.")}
    for arguments in [*([name] for name in without), ["--help"], ["-h"], ["--version"]]:
        assert system.window_of("run", arguments, {"DISPLAY": ":0"}) is None, arguments
    for name in program._COMMANDS.keys() - without:
        assert system.window_of("run", [name], {"DISPLAY": ":0"}) is not None, name


def test_without_a_window_nothing_of_the_system_is_missing() -> None:
    assert system.missing_of_system(None) == []


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_macos_and_windows_lack_nothing(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert system.missing_of_system("cocoa") == []


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
    for window, files in plugins.items():
        read = [*common, *(folder / "Qt/plugins" / file for file in files)]
        shown = subprocess.run(["readelf", "-d", *map(str, read)], capture_output=True, text=True, check=True).stdout
        linked = set(re.findall(r"\(NEEDED\).*\[(.*)\]", shown))
        brought = {file.name for file in folder.rglob("*.so*")}
        of_the_system = {name for name in linked - brought if not re.match(r"(lib(c|m|dl|rt|pthread|resolv)|ld-linux.*)\.so", name)}
        assert of_the_system <= set(system.libraries_for(window)), window


# Which system


@pytest.mark.parametrize(
    ("says", "family"),
    [
        ({"ID": "debian"}, APT),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, APT),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, APT),
        ({"ID": "fedora"}, DNF),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, DNF),
        ({"ID": "manjaro", "ID_LIKE": "arch"}, PACMAN),
        ({"ID": "opensuse-tumbleweed", "ID_LIKE": "opensuse suse"}, ZYPPER),
        ({"ID": "nixos"}, None),
        ({}, None),
    ],
)
def test_a_system_is_known_by_what_it_says_it_is_like(
    monkeypatch: pytest.MonkeyPatch, says: Mapping[str, str], family: Family | None
) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: says)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert system.family_here() is family
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert system.family_here() is None


def test_a_python_for_musl_is_told_that_qt_has_no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    system.refuse_musl()
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _: "cpython-312-x86_64-linux-musl")
    with pytest.raises(Problem, match="Alpine"):
        system.refuse_musl()


# The one command


def test_every_library_has_a_package_where_it_cannot_be_asked_for_by_its_name() -> None:
    wanted = {*COMMON, *(library for of_one in OF_A_WINDOW.values() for library in of_one), A_FONT, ENSUREPIP}
    assert set(DEBIAN) == set(ARCH) == wanted
    assert all({A_FONT, ENSUREPIP} <= set(family.packages) for family in FAMILIES.values())


@pytest.mark.parametrize(
    ("family", "command"),
    [
        (APT, f"apt-get install -y --no-install-recommends fonts-dejavu-core libglib2.0-0 python{PYTHON}-venv"),
        (
            DNF,
            "dnf install -y dejavu-sans-fonts 'libglib-2.0.so.0()(64bit)' 'libgthread-2.0.so.0()(64bit)' python3-libs",
        ),
        (
            ZYPPER,
            (
                "zypper --non-interactive install --no-recommends "
                "dejavu-fonts 'libglib-2.0.so.0()(64bit)' 'libgthread-2.0.so.0()(64bit)' python3-base"
            ),
        ),
        (PACMAN, "pacman -S --needed --noconfirm glib2 python ttf-dejavu"),
    ],
    ids=lambda given: given.manager if isinstance(given, Family) else "",
)
def test_one_command_brings_all_that_is_lacking_each_package_once(family: Family, command: str) -> None:
    lacking = ["libglib-2.0.so.0", "libgthread-2.0.so.0", A_FONT, ENSUREPIP]
    assert shlex.join(system.install_command(family, lacking)) == command
    said = system.plea(lacking, family)
    assert f"sudo {command}\n" in said
    assert "libglib-2.0.so.0, libgthread-2.0.so.0, a font, Python's ensurepip" in said


def test_the_list_of_packages_is_refreshed_first_where_that_changes_nothing_else() -> None:
    assert "\n    sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1\n" in system.plea(["libEGL.so.1"], APT)
    assert "\n    sudo pacman -S --needed --noconfirm libglvnd\n" in system.plea(["libEGL.so.1"], PACMAN)


def test_elsewhere_what_is_lacking_is_named_plainly() -> None:
    said = system.plea(["libEGL.so.1"], None)
    assert "libEGL.so.1" in said
    assert "sudo" not in said


@pytest.mark.parametrize("family", [APT, DNF, None])
def test_nothing_is_installed_without_the_right_to(monkeypatch: pytest.MonkeyPatch, family: Family | None) -> None:
    monkeypatch.setattr(system, "right_to_install", lambda: None)
    monkeypatch.setattr(system, "family_here", lambda: family)
    with pytest.raises(Problem, match="libEGL"):
        system.provide(["libEGL.so.1"])


@pytest.mark.skipif(sys.platform == "win32", reason="no env there")
@pytest.mark.parametrize("family", [APT, DNF, ZYPPER, PACMAN], ids=lambda family: family.manager)
def test_what_may_be_installed_is_and_a_failure_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, family: Family) -> None:
    stands_in = tmp_path / family.manager
    stands_in.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\ntest -e {tmp_path}/works\n')
    stands_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(system, "right_to_install", list[str])
    monkeypatch.setattr(system, "family_here", lambda: family)
    lacking = ["libxcb-cursor.so.0"]
    with pytest.raises(Problem, match=rf"(?s){family.manager} could not install libxcb-cursor.*Mend that, run: {family.manager} "):
        system.provide(lacking)
    (tmp_path / "works").touch()
    system.provide(lacking)
    assert asked_packages(tmp_path, family, lacking) == 2


def asked_packages(folder: Path, family: Family, lacking: Sequence[str]) -> int:
    """Return how many of the calls that a package manager had asked for just what was lacking."""
    wanted = system.install_command(family, lacking)[-1]
    return sum(line.endswith(f" {wanted}") for line in (folder / "asked").read_text().splitlines())
