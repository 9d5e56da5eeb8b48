"""A key that must be found nowhere, and where to look for it: files, streams, and the processes that a program started."""

from __future__ import annotations

import base64
import html
import json
import os
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

KEY = 'canary/K3y+0123456789=AbCdEf&"GhIj'
"""Of characters that each spelling writes in another way, and of no form that a pattern knows."""


def spellings(key: str = KEY) -> set[bytes]:
    """Return what a person who looks for the key would look for, made without the program's own code; halves of it too."""
    in_json = json.dumps(key)[1:-1]
    found = {
        key,
        key[:12],
        key[-12:],
        in_json,
        in_json.replace("/", "\\/"),
        in_json.replace("&", "\\u0026"),
        html.escape(key),
        repr(key)[1:-1],
    }
    found |= {urllib.parse.quote(key, safe=""), urllib.parse.quote(key), urllib.parse.quote(key, safe="").lower(), key.encode().hex()}
    for before in ("", "a", "ab"):
        whole = base64.b64encode((before + key).encode()).decode()
        # The first and the last group also hold what stands beside the key.
        found |= {whole[4:-4], whole[4:-4].replace("+", "-").replace("/", "_")}
    return {text.encode() for text in found}


def hits(data: bytes) -> list[bytes]:
    return [one for one in spellings() if one in data]


@dataclass(frozen=True, slots=True)
class Home:
    """Every place where a program may write of its own accord, below one folder."""

    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        """Return an environment that leads there. The test's own variables come last."""
        places = {
            "HOME": "home", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state",
            "XDG_RUNTIME_DIR": "runtime", "TMPDIR": "tmp", "RLM_DESKTOP_HOME": "program",
        }  # fmt: skip
        made = {name: str(self.folder / place) for name, place in places.items()}
        for place in made.values():
            Path(place).mkdir(parents=True, exist_ok=True, mode=0o700)
        return {**os.environ, **made, **more}

    def files(self) -> Iterator[Path]:
        yield from (path for path in self.folder.rglob("*") if path.is_file())

    def assert_clean(self) -> None:
        """Look into every file and at every name. There must be some, or nothing was looked at."""
        found = list(self.files())
        assert found
        for path in found:
            assert not hits(path.read_bytes()), path
            assert not hits(str(path.relative_to(self.folder)).encode()), path


@dataclass(slots=True)
class Seen:
    """What the system showed of one process while it lived."""

    arguments: bytes = b""
    environments: set[bytes] = field(default_factory=set)


class Processes:
    """Looks again and again at the processes below one of ours, on a thread, from `with` to its end."""

    def __init__(self, top: subprocess.Popen[bytes]) -> None:
        self._top = top.pid
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="processes")
        self.children: dict[int, Seen] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()

    def named(self, word: bytes) -> list[Seen]:
        return [seen for seen in self.children.values() if word in seen.arguments]

    def _look(self) -> None:
        while not self._is_over.wait(0.002):
            for pid in _below(self._top):
                seen = self.children.setdefault(pid, Seen())
                try:
                    # Between its birth and its own program a child still is a copy of ours, with our command line.
                    arguments, environment = Path(f"/proc/{pid}/cmdline").read_bytes(), Path(f"/proc/{pid}/environ").read_bytes()
                except OSError:
                    continue
                if arguments and arguments != Path(f"/proc/{self._top}/cmdline").read_bytes():
                    seen.arguments = arguments
                    seen.environments.add(environment)


def _below(pid: int) -> Iterator[int]:
    try:
        tasks: Sequence[Path] = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text("ascii").split()]
    except OSError:
        return
    for child in children:
        yield child
        yield from _below(child)
