"""An ordinary person to attack: a user without rights, a home folder, and a Python environment of their own that the program runs in."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.redteam.attack import Outcome, Way
from tests.redteam.ordinary import is_open

CHECKOUT = Path(__file__).resolve().parents[2]
OF_THE_CHECKOUT = ("rlm_desktop", "tests/redteam")
FIRST_UID, UIDS = 40_000, 20_000
LEFT_OUT = shutil.ignore_patterns("site-packages", "test", "tests", "idlelib", "ensurepip", "turtledemo", "config-*")
ALL_S = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    uid: int
    base: Path
    """Their folder, with `home` and `venv` in it."""
    checkout: Path
    needed: tuple[str, ...]
    """What must be put back into the view, if the person needs one."""

    def attack(self, way: Way, *numbers: str) -> list[Outcome]:
        """Have the attacks tried in one way, all or those of these numbers."""
        told = self.start(str(self.base / "home"), way, *numbers)
        assert told["uid"] != 0
        return [Outcome(**{**found, "effects": tuple(found["effects"])}) for found in told["outcomes"]]

    def start(self, *arguments: str, before: Sequence[str] = ()) -> dict[str, Any]:
        """Run `tests.redteam.inside` as this person and return what it prints. `before` are arguments of `refusing.py`, if it is wanted."""
        python = str(self.base / "venv/bin/python")
        command = [python, "-B", "-P", "-s", "-m", "tests.redteam.inside", *arguments, secrets.token_hex(16)]
        if before:
            command = [python, "-B", str(self.checkout / "tests/redteam/refusing.py"), *before, "--", *command]
        if self.uid != os.getuid():
            launcher = str(Path(__file__).with_name("ordinary.py"))
            command = [sys.executable, "-B", launcher, str(self.uid), *self.needed, "--", *command]
        environment = {
            "HOME": str(self.base / "home"), "PATH": os.defpath, "PYTHONPATH": str(self.checkout), "LANG": "C.UTF-8",
            "RLM_REDTEAM_KEY": secrets.token_hex(16), "TMPDIR": str(self.base),
        }  # fmt: skip
        with subprocess.Popen(
            command, env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as started:
            try:
                stdout, stderr = started.communicate(timeout=ALL_S)
            finally:
                self.end_all()
                started.kill()
        if started.returncode != 0 or stderr:
            raise AssertionError(f"the engine's part ended with {started.returncode}:\n{stderr}")
        told: dict[str, Any] = json.loads(stdout)
        return told

    def end_all(self) -> None:
        """End whatever still runs as this person, if they were made for the suite."""
        if self.uid != os.getuid():
            for pid in _processes_of(self.uid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@contextmanager
def ordinary_person(*, copies: bool = False) -> Iterator[Person]:
    """Make a person; take them and all that is theirs away at the end. With `copies` nothing of the file system's view is changed."""
    is_root = os.getuid() == 0
    uid = _free_uid() if is_root else os.getuid()
    base = Path(tempfile.mkdtemp(prefix="redteam-", dir=_passable_folder()))
    try:
        base.chmod(0o755)
        interpreter, checkout = Path(sys.base_prefix), CHECKOUT
        needed: tuple[str, ...] = (str(interpreter), str(checkout))
        if is_root and not all(map(is_open, needed)) and (copies or not _may_change_view(needed)):
            interpreter, checkout, needed = *_copied(base, interpreter, checkout), ()
        _make_venv(base / "venv", interpreter)
        (base / "home").mkdir()
        if is_root:
            for path in (base, base / "home", *(base / "venv").rglob("*"), base / "venv"):
                os.chown(path, uid, uid, follow_symlinks=False)
        yield Person(uid=uid, base=base, checkout=checkout, needed=needed)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _passable_folder() -> str:
    folder = tempfile.gettempdir()
    return folder if is_open(folder) else "/var/tmp"


def _processes_of(uid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and entry.stat().st_uid == uid:
                found.append(int(entry.name))
        except FileNotFoundError:
            continue  # it ended meanwhile
    return found


def _free_uid() -> int:
    """Return the number of a user that nobody is, one that this container knows."""
    lines = Path("/proc/self/uid_map").read_text("utf-8").splitlines()
    known = [(int(first), int(count)) for first, _, count in map(str.split, lines)]
    own = FIRST_UID + os.getpid() % UIDS  # two suites at once are two people
    wanted: list[int] = [*range(own, own + 500), 65_533, *range(2_000, 2_500)]
    for uid in wanted:
        if any(first <= uid < first + count for first, count in known) and not _is_somebody(uid):
            return uid
    raise AssertionError("root cannot become an ordinary user here: this container maps no other users")


def _is_somebody(uid: int) -> bool:
    import pwd  # Windows, which collects this too, has none

    with suppress(KeyError):
        pwd.getpwuid(uid)
        return True
    return bool(_processes_of(uid))


def _may_change_view(needed: Sequence[str]) -> bool:
    launcher = str(Path(__file__).with_name("ordinary.py"))
    command = [sys.executable, launcher, "65533", *needed, "--", "/bin/true"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _make_venv(folder: Path, interpreter: Path) -> None:
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    binary = interpreter / "bin" / version
    (folder / "bin").mkdir(parents=True)
    (folder / "lib" / version / "site-packages").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(f"home = {binary.parent}\ninclude-system-site-packages = false\n", "utf-8")
    (folder / "bin" / "python").symlink_to(binary)


def _copied(base: Path, interpreter: Path, checkout: Path) -> tuple[Path, Path]:
    """Copy what the suite needs of the interpreter and of the checkout, for where no private view of the file system can be had."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    python, code = base / "python", base / "checkout"
    if is_open(str(interpreter)):
        python = interpreter
    else:
        (python / "bin").mkdir(parents=True)
        _copy_program(Path(sys.executable).resolve(), python / "bin" / version, str(interpreter / "lib"))
        shutil.copytree(interpreter / "lib" / version, python / "lib" / version, ignore=LEFT_OUT)
        for library in (interpreter / "lib").glob(f"lib{version}*.so*"):
            shutil.copy(library, python / "lib")
    for name in OF_THE_CHECKOUT:
        shutil.copytree(checkout / name, code / name)
    return python, code


def _copy_program(source: Path, target: Path, libraries: str) -> None:
    """Copy the interpreter, which may name the folder of its library: the copy names the folder beside itself."""
    named, beside = libraries.encode() + b"\0", b"$ORIGIN/../lib\0"
    data = source.read_bytes()
    if len(beside) <= len(named):
        data = data.replace(named, beside.ljust(len(named), b"\0"))
    target.write_bytes(data)
    target.chmod(0o755)
