"""What the system lacks of what the program needs, and how it is provided: installed where that is allowed, else named in one command."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from checkout.commands import Problem, say
from checkout.package_names import A_FONT, APT, COMMON, FAMILIES, OF_A_WINDOW, Family

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# Commands of the program that open no window, not even one that is not on a screen. A test holds them against the program's own table.
WITHOUT_QT = {"run", "read", "info", "models", "sample", "doctor", "integrate", "sandbox-child", "read-worker", "-h", "--help", "--version"}


def refuse_musl() -> None:
    """Raise Problem where Python is linked to musl: Qt for Python is built for no such system."""
    if "musl" in (sysconfig.get_config_var("SOABI") or ""):
        raise Problem(
            "This Python is built for musl (Alpine Linux and its like), and Qt for Python has no build for that. Use a system with glibc, "
            "such as Debian, Fedora or Arch; a container of one does for the command line."
        )


def window_of(kind: str, arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Return the kind of window that Qt will open: `offscreen`, `xcb`, `wayland` or what the person named. None: none will open."""
    if kind == "test" or arguments[:1] == ["screenshot"]:
        return "offscreen"
    if arguments and arguments[0] in WITHOUT_QT:
        return None
    named = re.split("[:;]", environment.get("QT_QPA_PLATFORM", ""))[0]
    # Without any of these the program answers in the terminal.
    return named or ("wayland" if environment.get("WAYLAND_DISPLAY") else "xcb" if environment.get("DISPLAY") else None)


def missing_of_system(window: str | None) -> list[str]:
    """Return what is missing for such a window, all at once, so that one command brings all. Only on Linux can anything be."""
    if window is None or not sys.platform.startswith("linux"):
        return []
    return missing_libraries(libraries_for(window)) + ([] if has_font() else [A_FONT])


def libraries_for(window: str) -> tuple[str, ...]:
    """Return the libraries of the system that Qt needs for that kind of window."""
    return COMMON + OF_A_WINDOW.get(window, ())


def missing_libraries(wanted: Iterable[str]) -> list[str]:
    """Return those that the dynamic linker does not find, looked up as Qt's own files will be."""
    missing = []
    for library in wanted:
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(library)
    return missing


def has_font() -> bool:
    """Say whether there is a font to draw with."""
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(file.suffix.lower() in {".ttf", ".otf", ".ttc", ".pfb", ".pcf"} for folder in folders for file in folder.rglob("*"))


def provide(lacking: Sequence[str]) -> None:
    """Install what is lacking where that is allowed; else stop with what to do about it."""
    family = family_here()
    right = right_to_install()
    if right is None or family is None:
        raise Problem(plea(lacking, family))
    command = install_command(family, lacking)
    say(f"installing what this system lacks: {shlex.join(command)}")
    before = [*right, "env", "DEBIAN_FRONTEND=noninteractive"]
    if family is APT:
        # Another installation on this machine holds the lock for a while: wait for it rather than fail.
        command[1:1] = ["-o", "DPkg::Lock::Timeout=180"]
    if family.refresh:
        # A failure to refresh shows in the next command, if it matters.
        subprocess.call([*before, family.manager, *family.refresh], stdout=sys.stderr)
    if subprocess.call([*before, *command], stdout=sys.stderr) != 0:
        again = shlex.join(install_command(family, lacking))
        raise Problem(f"{family.manager} could not install {', '.join(lacking)} (see above). Mend that, run: {again}, and then this again.")


def family_here() -> Family | None:
    """Return the family of this Linux by what /etc/os-release says, if its package manager is there."""
    try:
        says = platform.freedesktop_os_release()
    except OSError:
        return None
    names = [says.get("ID", ""), *says.get("ID_LIKE", "").split()]
    family = next((FAMILIES[name] for name in names if name in FAMILIES), None)
    return family if family is not None and shutil.which(family.manager) else None


def right_to_install() -> list[str] | None:
    """Return what stands before a command that changes the system: nothing for root, sudo where it asks nothing. None: not allowed."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return None


def install_command(family: Family, lacking: Iterable[str]) -> list[str]:
    """Return the one command that brings all that is lacking."""
    major, minor = sys.version_info[:2]
    packages = {family.packages.get(what, family.library).format(library=what, major=major, minor=minor) for what in lacking}
    return [family.manager, *family.install, *sorted(packages)]


def plea(lacking: Sequence[str], family: Family | None) -> str:
    """Return the sentence that names what is lacking, and the command for it where we know it."""
    if family is None:
        return f"This system lacks {', '.join(lacking)}. Install that with the system's package manager, then run dev.py again."
    command = f"sudo {shlex.join(install_command(family, lacking))}"
    if family.refresh:
        command = f"sudo {family.manager} {family.refresh[0]} && {command}"
    what = f"This system lacks {', '.join(lacking)}, and installing needs your password. Copy this, then run dev.py again:"
    return f"{what}\n\n    {command}\n"
