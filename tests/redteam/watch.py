"""Looking from outside: what an attack did to files, to the engine, to the neighbour, and which processes there are."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.redteam.world import Change, World, changes

ANSWER_S, LOOK_AGAIN_S = 30.0, 0.1
ENGINE_HEARS = (signal.SIGWINCH, signal.SIGUSR1, signal.SIGIO)
LIMITS = (resource.RLIMIT_CORE, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU)


class Watch:
    """Keeps the neighbour running and tells, after each attack, what is no longer as it was."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.heard: list[str] = []
        self.changed: list[Change] = []
        self.belonging: set[int] = set()
        for number in ENGINE_HEARS:
            signal.signal(number, lambda got, _frame: self.heard.append(f"the engine got {signal.Signals(got).name}"))
        self.start_neighbour()
        self.look()

    def start_neighbour(self) -> None:
        names = ("socket", "memory", "file", "shared", "key")
        ours = {name: value for name, value in os.environ.items() if name != "RLM_REDTEAM_KEY"}
        secrets = {f"NEIGHBOUR_{name.upper()}_SECRET": self.world.secret(f"the neighbour's {name}") for name in names}
        secrets["NEIGHBOUR_KEY"] = self.world.secret("the neighbour's environment")
        argument = self.world.secret("the neighbour's command line")
        self.neighbour = subprocess.Popen(
            [sys.executable, "-B", "-m", "tests.redteam.neighbour", str(self.world.home), self.world.token, argument],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ours | secrets, start_new_session=True,
        )  # fmt: skip
        assert self.neighbour.stdout is not None
        self.world.places |= json.loads(self.neighbour.stdout.readline())

    def look(self) -> None:
        """Remember how things are."""
        self.known = {os.getpid(), self.neighbour.pid} | self.belonging
        self.files = self.world.snapshot()
        self.processes = {os.getpid(): _process_state(os.getpid()), self.neighbour.pid: _process_state(self.neighbour.pid)}

    def accept(self) -> None:
        """Take the processes that are there now as those of the sandbox, bubblewrap's among them."""
        self.belonging, self.known = set(), {os.getpid(), self.neighbour.pid}
        self.belonging = set(self.strangers())
        self.known |= self.belonging

    def effects(self, printed: str) -> list[str]:
        """Say what changed since `look`, what was printed that is secret, and which processes are there that should not."""
        told = [f"read {name}" for name, text in self.world.secrets.items() if text in printed]
        self.changed = changes(self.files, self.world.snapshot())
        told += map(str, self.changed)
        told += [f"{len(strangers)} more processes"] if (strangers := self.strangers()) else []
        told += self._neighbour_says()
        for pid, before in self.processes.items():
            who = "the engine" if pid == os.getpid() else "the neighbour"
            after = _process_state(pid)
            told += [f"changed {name} of {who}" for name in after if after[name] != before.get(name)]
        told += self.heard
        self.heard = []
        return told

    def _neighbour_says(self) -> list[str]:
        stdin, stdout = self.neighbour.stdin, self.neighbour.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(b"\n")
            stdin.flush()
        except BrokenPipeError:
            return ["killed the neighbour"]
        for _ in range(int(ANSWER_S / LOOK_AGAIN_S)):
            if select.select([stdout], [], [], LOOK_AGAIN_S)[0]:
                line = stdout.readline()
                return [str(event) for event in json.loads(line)] if line else ["killed the neighbour"]
            if _state(self.neighbour.pid) in "tT":
                break
        return ["stopped the neighbour"]

    def strangers(self) -> list[int]:
        """Return the processes below the engine that are not known."""
        found: set[int] = set()
        above = [os.getpid()]
        while above:
            below = _children(above.pop())
            above += below - found
            found |= below
        return sorted(pid for pid in found - self.known if _is_alive(pid))

    def reap(self) -> None:
        """Clear away what ended and has become the engine's, while no sandbox is there."""
        for pid in _children(os.getpid()) - {self.neighbour.pid}:
            if not _is_alive(pid):
                os.waitpid(pid, 0)

    def mend(self, effects: list[str]) -> None:
        """Put back as it was what is not."""
        self.end_strangers()
        if any(effect.endswith(" of the engine") for effect in effects):
            self._restore_engine()
        if any("neighbour" in effect for effect in effects if not effect.startswith("read ")):
            self.renew_neighbour()
        if self.changed:
            self.world.clean(self.changed)
            self.files = self.world.snapshot()

    def end_strangers(self) -> None:
        for pid in self.strangers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _restore_engine(self) -> None:
        """Give the engine back what may be given back; its nice value stays."""
        assert sys.platform == "linux"
        before = self.processes[os.getpid()]
        os.sched_setaffinity(0, before["the processors"])
        for kind, limit in zip(LIMITS, before["the limits"], strict=True):
            resource.setrlimit(kind, limit)
        self.processes[os.getpid()] = _process_state(os.getpid())

    def renew_neighbour(self) -> None:
        self.end_neighbour()
        self.start_neighbour()
        self.look()

    def end_neighbour(self) -> None:
        self.neighbour.kill()
        self.neighbour.communicate()


def _children(pid: int) -> set[int]:
    found: set[int] = set()
    for thread in _names(f"/proc/{pid}/task"):
        try:
            found |= set(map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text("ascii").split()))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
    return found


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except (FileNotFoundError, ProcessLookupError):
        return []


def _state(pid: int) -> str:
    """Return the kernel's letter for what a process does, X where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"


def _is_alive(pid: int) -> bool:
    return _state(pid) not in "ZX"


def _process_state(pid: int) -> dict[str, Any]:
    assert sys.platform == "linux"
    try:
        return {
            "the nice value": os.getpriority(os.PRIO_PROCESS, pid),
            "the processors": os.sched_getaffinity(pid),
            "the scheduling": os.sched_getscheduler(pid),
            "the limits": [resource.prlimit(pid, kind) for kind in LIMITS],
            "the group": os.getpgid(pid),
            "the chance of being killed for memory": Path(f"/proc/{pid}/oom_score_adj").read_text("utf-8"),
        }
    except OSError:
        return {}
