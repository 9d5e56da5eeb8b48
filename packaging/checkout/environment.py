"""The virtual environment beside dev.py: made, mended, and filled with what a lock file pins."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from checkout.commands import ROOT, Problem, obey, say
from checkout.package_names import ENSUREPIP
from checkout.system import missing_of_system, provide

LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}  # the second holds all that the first does
PIP = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries=2", "--only-binary=:all:"]


class Interpreter(NamedTuple):
    """What an interpreter says of itself: major and minor version, its folder of packages, whether it has pip."""

    version: tuple[int, int]
    site: str
    has_pip: bool


def ready_environment(kind: str, window: str | None) -> Path:
    """Return the environment's Python, after making, mending or filling the environment as far as it needs it.

    `window` is the kind of window that Qt will open (`system.window_of`), None where it will open none.
    """
    venv = ROOT / ".venv"
    python = python_of(venv, windows=os.name == "nt")
    with one_at_a_time():
        found = probe(python)
        if found is None and venv.exists() and not (venv / "pyvenv.cfg").exists() and any(venv.iterdir()):
            raise Problem(f"{venv} is in the way: it is not a virtual environment. Move it elsewhere and run this again.")
        if found is not None and found.version < (3, 11):
            raise Problem(f"{venv} was made with Python {found.version[0]}.{found.version[1]}. Remove it and run this again.")
        lacking = missing_of_system(window)
        if (found is None or not found.has_pip) and importlib.util.find_spec("ensurepip") is None:
            lacking.append(ENSUREPIP)
        if lacking:
            provide(lacking)
        if found is None:  # there is none, or half a one, or one whose Python is gone
            say(f"making {venv}")
            # pip comes with `fill`: venv's own call of ensurepip keeps to itself what went wrong there.
            obey([sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)], "The virtual environment could not be made")
            found = probe(python)
        if found is None:
            raise Problem(f"{python} was made and does not start. Remove {venv} and run this again.")
        fill(kind, venv, python, found)
    return python


def fill(kind: str, venv: Path, python: Path, found: Interpreter) -> None:
    """Install what the lock file pins, unless the stamp says that just this was done."""
    stamp = venv / "installed.txt"
    whole = {name: stamp_text(name, lock.read_bytes(), found, ROOT) for name, lock in LOCKS.items()}
    if stamp.is_file() and stamp.read_text("utf-8") in stamps_that_do(kind, whole):
        return
    stamp.unlink(missing_ok=True)  # an interrupted installation must not pass for a whole one
    say(f"installing what {LOCKS[kind].name} pins")
    if not found.has_pip:
        obey([str(python), "-m", "ensurepip"], "pip could not be installed")
    obey([str(python), *PIP, "-r", str(LOCKS[kind])], "The dependencies could not be installed")
    # Before 3.13 Python read such a file in the system's encoding, which on Windows is not UTF-8.
    Path(found.site, "rlm_desktop_checkout.pth").write_text(f"{ROOT}\n", "utf-8" if found.version >= (3, 13) else "locale")
    stamp.write_text(whole[kind], "utf-8")


def stamps_that_do(kind: str, whole: Mapping[str, str]) -> set[str]:
    """Return the stamps that spare an installation: what is enough to test is enough to run, not the other way round."""
    return {whole["test"]} if kind == "test" else {whole["run"], whole["test"]}


def stamp_text(kind: str, lock: bytes, found: Interpreter, root: Path) -> str:
    """Return what tells one finished installation from another: the lock's bytes, the Python, the place."""
    return f"{kind} {hashlib.sha256(lock).hexdigest()} python {found.version[0]}.{found.version[1]} {found.site} {root}\n"


def python_of(venv: Path, *, windows: bool) -> Path:
    """Return where a virtual environment keeps its interpreter."""
    return venv / "Scripts" / "python.exe" if windows else venv / "bin" / "python"


def probe(python: Path) -> Interpreter | None:
    """Ask an interpreter what it is. None if there is none or it does not work."""
    asked = "import importlib.util, json, sys, sysconfig; "
    asked += "print(json.dumps([sys.version_info[:2], sysconfig.get_path('purelib'), importlib.util.find_spec('pip') is not None]))"
    try:
        done = subprocess.run([str(python), "-I", "-c", asked], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        return None
    except subprocess.CalledProcessError as error:
        if error.returncode < 0:  # killed, so it says nothing about the environment, which would be made anew
            raise Problem(f"{python} was killed by signal {-error.returncode}. Run this again.") from error
        return None
    version, site, has_pip = json.loads(done.stdout)
    return Interpreter(version=(version[0], version[1]), site=site, has_pip=has_pip)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other dev.py works on this checkout's environment. Windows keeps no such lock on a folder and goes without."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
