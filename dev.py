"""Make the virtual environment, then run or check RLM Desktop. Standard library only.

    python3 dev.py run [ARGS...]    start the program with ARGS (none: the window)
    python3 dev.py test [ARGS...]   ruff, mypy and pytest; ARGS go to pytest

Pinned dependencies go into .venv beside this file. What the system itself lacks (on Debian and Ubuntu: Python's ensurepip, the libraries
that Qt needs, a font) is installed where that is allowed, and else named in one command.
"""

import ctypes
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 an older Python must get as far as this sentence, so this file parses from 3.6 on
    sys.exit(
        "RLM Desktop needs Python 3.11 or newer, and this is Python {}.{}. "
        "Install a newer one and name it, as in: python3.12 dev.py run".format(*sys.version_info)
    )

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}  # the second holds all that the first does

# Library -> the package of Debian and Ubuntu that has it. What Qt's widgets link to on any platform, and what its two kinds of window need.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
WINDOW_LIBRARIES = {
    "xcb": {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxcb.so.1": "libxcb1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-render.so.0": "libxcb-render0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-shm.so.0": "libxcb-shm0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    },
    "wayland": {
        "libdrm.so.2": "libdrm2",
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
        "libwayland-egl.so.1": "libwayland-egl1",
    },
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
WITHOUT_QT = {"run", "read", "info", "models", "-h", "--help", "--version"}

PIP = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries=2", "--only-binary=:all:"]
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy", "--strict"],
    "pytest": ["-m", "pytest"],
}

# What a failed command says -> what that means for the person. The first that is found holds.
MEANINGS = {
    r"No space left|Errno 28|Errno 122|Disk quota": "The disk is full. Free about 1 GB and run this again.",
    r"Permission denied|Errno 13|Read-only file system|Errno 30": "Writing is not permitted: mend the permissions of {root} and try again.",
    r"DO NOT MATCH THE HASHES": "A downloaded package is not the one that was pinned. Empty pip's cache (pip cache purge) and run this "
    "again; if it stays so, do not trust the package index that pip is set to.",
    r"name resolution|NewConnection|ConnectTimeout|ReadTimeout|timed out|ProxyError|SSLError|Connection (refused|reset|aborted)|"
    r"Connection broken|Network is unreachable|Max retries": "The package index cannot be reached. Check the network, or the proxy and "
    "the index that pip is set to, and run this again.",
    r"No matching distribution": "The package index has no build of a pinned package for this system and Python {python}. "
    "RLM Desktop runs on 64-bit Linux (glibc), macOS and Windows with Python 3.11 to 3.14.",
}


class Problem(Exception):
    """One sentence or a few for the person: what failed, why, what to do."""


class Interpreter(NamedTuple):
    """What an interpreter says of itself: major and minor version, its folder of packages, whether it has pip."""

    version: tuple[int, int]
    site: str
    has_pip: bool


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks and return the exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    if not arguments or arguments[0] not in LOCKS:
        print(__doc__, file=sys.stderr)
        return 2
    kind, rest = arguments[0], arguments[1:]
    if kind == "test":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        python = ready_environment(kind, needs_qt=kind == "test" or not rest or rest[0] not in WITHOUT_QT)
        return failed_checks(python, rest) if kind == "test" else start(python, rest)
    except Problem as problem:
        print(f"\ndev.py: {problem}", file=sys.stderr)
    except OSError as error:
        print(f"\ndev.py: {error}. {meaning_of(str(error))}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def start(python: Path, arguments: Sequence[str]) -> int:
    """Become the program. `-P`, so that a file in the person's current folder never stands in for a module."""
    command = [str(python), "-P", "-m", "rlm_desktop", *arguments]
    if sys.platform == "win32":  # execv there returns to the shell at once
        return subprocess.call(command)
    os.execv(python, command)


def failed_checks(python: Path, pytest_arguments: Sequence[str]) -> int:
    """Run every check, whatever the others say; return 1 and name those that failed, if any did."""
    failed = []
    for name, command in CHECKS.items():
        say(name)
        if subprocess.call([str(python), *command, *(pytest_arguments if name == "pytest" else [])], cwd=ROOT) != 0:
            failed.append(name)
    if failed:
        print(f"\ndev.py: failed: {', '.join(failed)}", file=sys.stderr, flush=True)
    return 1 if failed else 0


# The environment


def ready_environment(kind: str, *, needs_qt: bool) -> Path:
    """Return the environment's Python, after making, mending or filling the environment as far as it needs it."""
    venv = ROOT / ".venv"
    python = python_of(venv, windows=os.name == "nt")
    with one_at_a_time():
        found = probe(python)
        if found is None and venv.exists() and not (venv / "pyvenv.cfg").exists() and any(venv.iterdir()):
            raise Problem(f"{venv} is in the way: it is not a virtual environment. Move it elsewhere and run this again.")
        if found is not None and found.version < (3, 11):
            raise Problem(f"{venv} was made with Python {found.version[0]}.{found.version[1]}. Remove it and run this again.")
        lacking = missing_of_system(needs_qt=needs_qt, needs_ensurepip=found is None or not found.has_pip)
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
    Path(found.site, "rlm_desktop_checkout.pth").write_text(f"{ROOT}\n", "utf-8")
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


# What the system lacks


def missing_of_system(*, needs_qt: bool, needs_ensurepip: bool) -> dict[str, str]:
    """Return what is missing -> the Debian package that has it, all at once, so that one command brings all."""
    missing = missing_libraries(libraries_for(os.environ)) if needs_qt else {}
    if needs_qt and not has_font():
        missing["a font"] = "fonts-dejavu-core"
    if needs_ensurepip and importlib.util.find_spec("ensurepip") is None:
        missing["Python's ensurepip"] = "python{}.{}-venv".format(*sys.version_info)
    return missing


def libraries_for(environment: Mapping[str, str]) -> dict[str, str]:
    """Return library -> Debian package for the kind of window that Qt will open. Empty where Qt brings all it needs."""
    if not sys.platform.startswith("linux"):
        return {}
    named = re.split("[:;]", environment.get("QT_QPA_PLATFORM", ""))[0]
    window = named or ("wayland" if environment.get("WAYLAND_DISPLAY") else "xcb")
    return {**QT_LIBRARIES, **WINDOW_LIBRARIES.get(window, {})}


def missing_libraries(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return those that the dynamic linker does not find, looked up as Qt's own files will be."""
    missing = {}
    for library, package in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing[library] = package
    return missing


def has_font() -> bool:
    """Say whether there is a font to draw with. Only Linux can be without."""
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return not sys.platform.startswith("linux") or any(
        file.suffix.lower() in {".ttf", ".otf", ".ttc", ".pfb", ".pcf"} for folder in folders for file in folder.rglob("*")
    )


def provide(lacking: Mapping[str, str]) -> None:
    """Install what is lacking where that is allowed; else stop with what to do about it."""
    right = right_to_install()
    if right is None or not shutil.which("apt-get"):
        raise Problem(plea(lacking, debian=shutil.which("apt-get") is not None))
    command = install_command(lacking)
    say(f"installing what this system lacks: {' '.join(command)}")
    quietly = [*right, "env", "DEBIAN_FRONTEND=noninteractive"]
    # Another installation on this machine holds the lock for a while: wait for it rather than fail.
    patiently = ["-o", "DPkg::Lock::Timeout=180"]
    # A failure to update shows in the next command, if it matters.
    subprocess.call([*quietly, command[0], *patiently, "update", "-q"], stdout=sys.stderr)
    if subprocess.call([*quietly, command[0], *patiently, *command[1:]], stdout=sys.stderr) != 0:
        raise Problem(
            f"apt-get could not install {', '.join(lacking)} (see above). Mend that, run: {' '.join(command)}, and then this again."
        )


def right_to_install() -> list[str] | None:
    """Return what stands before a command that changes the system: nothing for root, sudo where it asks nothing. None: not allowed."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return None


def install_command(lacking: Mapping[str, str]) -> list[str]:
    """Return the one command that brings all that is lacking."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *sorted(set(lacking.values()))]


def plea(lacking: Mapping[str, str], *, debian: bool) -> str:
    """Return the sentence that names what is lacking, and the command for it where we know it."""
    if debian:
        what = f"This system lacks {', '.join(lacking)}, and installing needs your password. Copy this, then run dev.py again:"
        return f"{what}\n\n    sudo apt-get update && sudo {' '.join(install_command(lacking))}\n"
    return f"This system lacks {', '.join(lacking)}. Install that with the system's package manager, then run dev.py again."


# Commands


def obey(command: Sequence[str], complaint: str) -> None:
    """Run a command, its words on stderr because stdout is the program's own; stop with a sentence if it fails."""
    said = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stderr.write(line)
            said.append(line)
    if process.returncode != 0:
        raise Problem(f"{complaint}. {meaning_of(''.join(said))}")


def meaning_of(output: str) -> str:
    """Return what a failed command's words mean for the person, and what to do."""
    known = (meaning for sign, meaning in MEANINGS.items() if re.search(sign, output))
    return next(known, "What was said above should tell why.").format(root=ROOT, python="{}.{}".format(*sys.version_info))


def say(what: str) -> None:
    print(f"== {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
