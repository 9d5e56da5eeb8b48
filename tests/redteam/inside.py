"""The engine's part, run as an ordinary person: starts sandboxes, has the attacks run in them, and prints what became of each as JSON.

`python -m tests.redteam.inside HOME WAY [NUMBER…] LAST`, or `… HOME start LAST` to say only whether a sandbox starts. LAST is a secret, for
the command line.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import socket
import sys
import time
from dataclasses import asdict
from pathlib import Path

from rlm_desktop.sandbox.bubblewrap import bubblewrap
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.values import ContextPart, Executed, SandboxDied, SubReply, SubRequest
from tests.redteam.attack import WAYS, Attack, Outcome, Way
from tests.redteam.attacks import ATTACKS
from tests.redteam.watch import Watch
from tests.redteam.world import World

PRELUDE = Path(__file__).with_name("prelude.py").read_text("utf-8")
BLOCK_S = 20.0
CHILD_SUBREAPER = 36


async def no_replies(request: SubRequest) -> list[SubReply]:
    return [SubReply(error="nobody answers here")] * len(request.prompts)


async def execute(sandbox: Sandbox, code: str) -> Executed:
    return await sandbox.execute(code, iteration=0, block=0, on_request=no_replies, time_limit_s=BLOCK_S)


async def start(way: Way) -> Sandbox:
    """Return a sandbox that holds a context and has what the attacks use."""
    os.environ["PATH"] = os.defpath if way == "bubblewrap" else ""  # where there is no PATH, no bubblewrap is found
    sandbox = await Sandbox.start(confinement="unconfined" if way == "unconfined" else "required")
    try:
        await sandbox.load_context("str", [ContextPart(text="the context")])
        if ("bubblewrap" in sandbox.held_by) != (way == "bubblewrap"):
            raise RuntimeError(f"wanted it {way}, and it is held by: {sandbox.held_by or 'nothing'}. {bubblewrap.refused}")
        prepared = await execute(sandbox, PRELUDE)
        assert not prepared.is_error, prepared.stderr
    except BaseException:
        await sandbox.close()
        raise
    return sandbox


class Runner:
    """Runs attacks one after another in one way, in one process as long as they leave it whole."""

    def __init__(self, world: World, watch: Watch, way: Way, told: dict[str, str | int]) -> None:
        self.world, self.watch, self.way, self.told = world, watch, way, told
        self.sandbox: Sandbox | None = None
        self.knows: dict[str, str | int] = {}
        self.worked = f"worked-{os.urandom(8).hex()}"

    async def run(self, attack: Attack) -> Outcome:
        if attack.is_alone and self.way == "unconfined":  # what came before may have worked, and so be in the way
            await self.close()
        if self.sandbox is None:
            self.sandbox, self.knows = await start(self.way), {}
            self.watch.accept()
        started = time.monotonic()
        try:
            await self._tell()
            done = await execute(self.sandbox, attack.code)
            printed, said = done.stdout + done.stderr + done.stray, _last_line(done.stderr)
        except SandboxDied as died:
            printed, said = "", died.reason
        effects = self.watch.effects(printed)
        effects += ["the call succeeded"] if self.worked in printed else []
        effects += [f"listens on {place}" for place in _listening(printed)] if attack.makes_listener else []
        goes_on = await self._answers()
        if effects:
            self.watch.mend(effects)
        if attack.is_alone or not goes_on:
            await self.close()
        return Outcome(
            number=attack.number, name=attack.name, way=self.way, effects=tuple(effects), said=said, goes_on=goes_on,
            duration_s=round(time.monotonic() - started, 4),
        )  # fmt: skip

    async def _tell(self) -> None:
        """Tell the model's code where all lies, if it does not know."""
        assert self.sandbox is not None
        places = {**self.world.places, **self.told, "engine": os.getpid()}
        if places != self.knows:
            self.knows = places
            lines = "\n    ".join(f"{name} = {value!r}" for name, value in places.items())
            await execute(self.sandbox, f"WORKED = {self.worked!r}\nclass T:\n    {lines}")

    async def _answers(self) -> bool:
        assert self.sandbox is not None
        try:
            return (await execute(self.sandbox, "print(len(context))")).stdout == "11\n"
        except SandboxDied:
            return False

    async def close(self) -> None:
        if self.sandbox is not None:
            await self.sandbox.close()
            self.sandbox = None
            self.watch.end_strangers()
            self.watch.reap()


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2][:200]


def _listening(printed: str) -> list[str]:
    """Connect to what the code says that it listens on, and return what answered."""
    found = []
    for line in printed.splitlines():
        kind, _, address = line.partition(" ")
        family = {"port": socket.AF_INET, "abstract": socket.AF_UNIX}.get(kind)
        if family is None:
            continue
        with socket.socket(family) as asking:
            asking.settimeout(1.0)
            try:
                asking.connect(("127.0.0.1", int(address)) if kind == "port" else f"\0{address}")
            except OSError:
                continue
            found.append(line)
    return found


async def run_all(home: Path, way: Way, numbers: list[str]) -> list[Outcome]:
    """Make all there is to lose, and have the attacks of these numbers tried on it, or all."""
    ctypes.CDLL(None).prctl(CHILD_SUBREAPER, 1, 0, 0, 0)  # what an attack leaves behind becomes ours, to be found and ended
    world = World(home)
    world.secrets["the engine's environment"] = os.environ["RLM_REDTEAM_KEY"]
    world.secrets["the engine's command line"] = sys.argv[-1]
    key = ctypes.create_string_buffer(world.secret("the engine's memory").encode())
    os.set_inheritable(os.open(home / ".ssh/id_rsa", os.O_RDONLY), True)
    watch = Watch(world)
    runner = Runner(world, watch, way, {"key_address": ctypes.addressof(key), "key_length": len(key) - 1})
    try:
        return [await runner.run(attack) for attack in ATTACKS if not numbers or attack.number in numbers]
    finally:
        await runner.close()
        watch.end_neighbour()


async def try_start() -> dict[str, str]:
    """Say how the start of a confined sandbox ends."""
    try:
        sandbox = await Sandbox.start(confinement="required")
    except SandboxDied as died:
        return {"cause": died.cause, "reason": died.reason}
    await sandbox.close()
    return {"cause": "", "reason": "it started"}


def main() -> None:
    if os.getuid() == 0:
        raise SystemExit("The attacks are never run as root: some of them would succeed.")
    home, what, *numbers = sys.argv[1:-1]
    if what == "start":
        print(json.dumps(asyncio.run(try_start())))
        return
    (way,) = [way for way in WAYS if way == what]
    outcomes = asyncio.run(run_all(Path(home), way, numbers))
    print(json.dumps({"uid": os.getuid(), "outcomes": [asdict(outcome) for outcome in outcomes]}))


if __name__ == "__main__":
    main()
