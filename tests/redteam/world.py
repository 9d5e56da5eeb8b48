"""What there is to lose: a home folder with secrets, made for the suite, and how one sees that something of it changed."""

from __future__ import annotations

import io
import os
import secrets
import shutil
import sqlite3
import stat
import sys
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal, NamedTuple

SHARED_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run")
Fingerprint = tuple[object, ...]


class Change(NamedTuple):
    what: Literal["made", "lost", "changed"]
    path: str

    def __str__(self) -> str:
        return f"{self.what} {'/'.join(Path(self.path).parts[-2:])}"


class World:
    """The folder `home`, the secrets in it, and where they lie (`places`, which the attacks are told)."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.token = secrets.token_hex(6)
        """In the names of all that attacks make in places which others use too."""
        self.secrets: dict[str, str] = {}
        self._size = 1_000 + secrets.randbelow(100_000)
        self.secrets["the size of a file"] = f"size {self._size}"
        self.secrets["the name of a file"] = f"name-{secrets.token_hex(8)}"
        self.secrets["the accounts of this machine"] = Path("/etc/passwd").read_text("utf-8").splitlines()[0]
        self.secrets["where a link leads"] = f"/nowhere/{secrets.token_hex(8)}"
        module = f"KEY = {self.secret('a module of the person')!r}\n".encode()
        self._files = {
            ".ssh/id_rsa": self.secret("a private key").encode(),
            ".config/rlm-desktop/keys.json": self.secret("the key of the program").encode(),
            ".bashrc": b"# " + self.secret("a file of the shell").encode(),
            ".netrc": f"machine example.org login me password {self.secret('a password')}\n".encode(),
            ".config/autostart/.keep": b"",
            "Documents/diary.txt": bytes(self._size),
            "Documents/" + self.secrets["the name of a file"]: b"",
            "plugin/secret_plugin.py": module,
            "plugin/stolen.so": Path(_some_library()).read_bytes(),
            "plugin.zip": self._zip(module),
            "notes.sqlite": self._database(),
            "empty_me.txt": self.secret("a plain file").encode(),
        }
        self.places: dict[str, str | int] = {
            "home": str(home), "ssh": str(home / ".ssh/id_rsa"), "config": str(home / ".config/rlm-desktop/keys.json"),
            "bashrc": str(home / ".bashrc"), "diary": str(home / "Documents/diary.txt"), "empty": str(home / "empty_me.txt"),
            "plugins": str(home / "plugin"), "zip": str(home / "plugin.zip"), "database": str(home / "notes.sqlite"),
            "library": str(home / "plugin/stolen.so"), "netrc": str(home / ".netrc"), "link": str(home / "somewhere"),
            "venv": sys.prefix, "token": self.token,
        }  # fmt: skip
        self.make()

    def secret(self, name: str) -> str:
        """Return a new secret of this name. Whatever prints it has read it."""
        self.secrets[name] = secrets.token_hex(16)
        return self.secrets[name]

    def make(self) -> None:
        """Put all files where they belong, as they are meant to be."""
        for name, data in self._files.items():
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(data)
            path.chmod(0o600 if name.startswith(".") else 0o644)
        link = self.home / "somewhere"
        link.unlink(missing_ok=True)
        link.symlink_to(self.secrets["where a link leads"])
        self._fill_venv()

    def _database(self) -> bytes:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("create table notes (text)")
            connection.execute("insert into notes values (?)", (self.secret("a database"),))
            connection.commit()
            return connection.serialize()

    def _zip(self, module: bytes) -> bytes:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("zipped_plugin.py", module)
        return data.getvalue()

    def _fill_venv(self) -> None:
        """A package of the person's own in the environment that the program runs in, and a link in it to what is not."""
        packages = self.venv_packages
        for name in ("mine.py", "way_out", "data.txt"):
            (packages / name).unlink(missing_ok=True)
        (packages / "mine.py").write_text("VALUE = 1\n", "utf-8")
        (packages / "data.txt").write_text("data\n", "utf-8")
        (packages / "way_out").symlink_to(self.home / ".ssh/id_rsa")
        self.places |= {"packages": str(packages), "package": str(packages / "mine.py"), "way_out": str(packages / "way_out")}

    @property
    def venv_packages(self) -> Path:
        return Path(sys.prefix) / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"

    def snapshot(self) -> dict[str, Fingerprint]:
        """Return path -> all about it that is worth something, of all files of the person and what bears the token."""
        seen: dict[str, Fingerprint] = {}
        for top in (str(self.home), sys.prefix):
            for folder, folders, files in os.walk(top):
                for path in [folder, *(os.path.join(folder, name) for name in (*files, *folders))]:  # noqa: PTH118
                    seen[path] = _fingerprint(path)
        for place in SHARED_PLACES:
            try:
                names = os.listdir(place)  # noqa: PTH208
            except OSError:
                continue
            seen |= {f"{place}/{name}": ("there",) for name in names if self.token in name}
        return seen

    def clean(self, found: Sequence[Change]) -> None:
        """Make good what an attack did."""
        for change in found:
            path = Path(change.path)
            if change.what == "made" and path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif change.what == "made":
                path.unlink(missing_ok=True)
        if any(change.what != "made" for change in found):
            self.make()


def changes(before: dict[str, Fingerprint], after: dict[str, Fingerprint]) -> list[Change]:
    """Return what became of files."""
    found = [Change("made", path) for path in after if path not in before]
    found += [Change("lost", path) for path in before if path not in after]
    return found + [Change("changed", path) for path in after if path in before and after[path] != before[path]]


def _fingerprint(path: str) -> Fingerprint:
    try:
        found = os.lstat(path)
        if stat.S_ISDIR(found.st_mode):
            return (found.st_mode, found.st_uid, found.st_gid, _attributes(path))
        if stat.S_ISLNK(found.st_mode):
            return (found.st_mode, os.readlink(path))  # noqa: PTH115
        if not stat.S_ISREG(found.st_mode):
            return (found.st_mode, found.st_ino)
        about = (found.st_ino, found.st_mode, found.st_size, found.st_nlink, found.st_mtime_ns, _attributes(path))
        with open(path, "rb") as file:  # noqa: PTH123
            return (*about, file.read())
    except OSError as error:
        return (str(error),)


def _attributes(path: str) -> tuple[str, ...]:
    try:
        return tuple(os.listxattr(path)) if sys.platform == "linux" else ()
    except OSError:
        return ()


def _some_library() -> str:
    """Return a native library that this process has loaded: any will do to see whether a copy of it can be loaded."""
    lines = Path("/proc/self/maps").read_text("utf-8").splitlines()
    found = {line.split(maxsplit=5)[-1] for line in lines if ".so" in line}
    return min((path for path in found if "/ld-" not in path), key=os.path.getsize)
