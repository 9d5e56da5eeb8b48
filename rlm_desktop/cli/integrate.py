"""`rlm-desktop integrate [--remove]`: the program in the desktop's menu, and a double click that opens a trace. Linux alone."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rlm_desktop import paths, streams
from rlm_desktop.cli.parser import Parser
from rlm_desktop.errors import UserError
from rlm_desktop.present.plain import plain
from rlm_desktop.program import program_command

# Tool -> the folder below the data folder whose index it makes, from which desktops read.
_INDEXES = {"update-desktop-database": "applications", "update-mime-database": "mime"}


def main(arguments: Sequence[str]) -> int:
    parser = Parser(
        prog="rlm-desktop integrate",
        description="Put RLM Desktop into this desktop's menu, and let a double click open a trace. For you alone, without root.",
    )
    parser.add_argument("--remove", action="store_true", help="take it out again")
    options = parser.parse_args(arguments)
    if not sys.platform.startswith("linux"):
        raise UserError(
            "Only on Linux can RLM Desktop be made known to the desktop so far. `rlm-desktop open TRACE` opens a trace everywhere."
        )
    folder = paths.data_home()
    (_remove if options.remove else _write)(folder)
    return 0


def files_in(folder: Path) -> dict[Path, str]:
    """Return each file that belongs below the data folder -> its text, with this very installation as the program."""
    return {
        folder / "applications" / f"{paths.DESKTOP_ID}.desktop": entry_for(program_command()),
        folder / "icons" / "hicolor" / "scalable" / "apps" / f"{paths.DESKTOP_ID}.svg": paths.desktop_file("svg").read_text("utf-8"),
        folder / "mime" / "packages" / f"{paths.DESKTOP_ID}.xml": paths.desktop_file("xml").read_text("utf-8"),
    }


def entry_for(command: Sequence[str]) -> str:
    """Return the desktop entry that starts this command. It hides itself when the program is gone."""
    started = " ".join(_quoted(argument) for argument in command)
    text = paths.desktop_file("desktop").read_text("utf-8")
    lines = f"TryExec={_escaped(command[0])}\nExec={_escaped(started)} %F"
    return re.sub(r"^Exec=.*$", lambda _: lines, text, flags=re.MULTILINE)


def _quoted(argument: str) -> str:
    """Quote an argument as the Exec key of a desktop entry has it, where a percent sign begins a field."""
    return '"' + re.sub(r'(["`$\\])', r"\\\1", argument.replace("%", "%%")) + '"'


def _escaped(value: str) -> str:
    """Escape a value of a desktop entry, on top of what its key asks for."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def _write(folder: Path) -> None:
    files = files_in(folder)
    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            raise UserError(f"{path} cannot be written: {error.strerror or error}. Free some space or mend the permissions.") from error
    missing = _index(folder)
    streams.say(plain("\n".join(f"wrote    {path}" for path in files)))
    if missing:
        streams.tell(f"rlm-desktop: {' and '.join(missing)} could not be run, so a double click may do nothing until the next log-in.")
    streams.say("RLM Desktop is in the menu, and a double click opens a trace (.rlmtrace). `rlm-desktop integrate --remove` takes it out.")


def _remove(folder: Path) -> None:
    gone = []
    for path in files_in(folder):
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise UserError(f"{path} cannot be removed: {error.strerror or error}. Mend the permissions and run this again.") from error
        gone.append(path)
    if gone:
        _index(folder)
    streams.say(plain("\n".join(f"removed  {path}" for path in gone)) or "There was nothing to remove.")


def _index(folder: Path) -> list[str]:
    """Make the desktop's indexes anew; return the tools that could not."""
    icons = folder / "icons" / "hicolor"
    # Icon themes are read again when their folder is newer than what was read. Without the right to that they are at the next log-in.
    with contextlib.suppress(OSError):
        os.utime(icons)
    failed = []
    for tool, name in _INDEXES.items():
        found = shutil.which(tool)
        if found is None or subprocess.run([found, str(folder / name)], capture_output=True, check=False).returncode != 0:
            failed.append(tool)
    return failed
