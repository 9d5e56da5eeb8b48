"""Traces of runs by how they are confined: as required, lowered by a person, refused, and as they say nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rlm_desktop.present.confinement import REQUIRED
from rlm_desktop.trace import events as ev
from tests.traces import Scribe

BACK_END = "Landlock 7, seccomp"
TRIES = {
    "files read": (("list /", "EACCES"), ("read /etc/passwd", "EACCES"), ("read its own environment in /proc", "EACCES")),
    "files write": (("make a file in /tmp", "EACCES"), ("remove a file in /tmp", "EACCES")),
    "network": (("a TCP socket", "EPERM"), ("a UDP socket", "EPERM"), ("a pair of UNIX datagram sockets", "EPERM")),
    "processes": (("fork", "EPERM"), ("start a program", "EPERM"), ("signal the process that started it", "EPERM")),
    "memory": (("take more memory than it may", "ENOMEM"),),
    "names hidden": (("ask whether /etc/passwd is there", "worked"),),
}
NAMES = tuple(TRIES)


def claims(held: Sequence[str] = (*REQUIRED, "memory")) -> tuple[ev.Claim, ...]:
    """Return all claims, those in `held` with every try refused, the others with their tries come out as they must not."""
    return tuple(
        ev.Claim(
            name=name,
            held=name in held,
            evidence=f"{len(tries)} tries refused." if name in held else f"1 of {len(tries)} tries came out as it must not.",
            tries=tuple(ev.Try(tried=tried, outcome=outcome if name in held else "worked", held=name in held) for tried, outcome in tries),
        )
        for name, tries in TRIES.items()
    )


def open_claims() -> tuple[ev.Claim, ...]:
    return tuple(ev.Claim(name=name, held=False, evidence="The run was started unconfined.") for name in NAMES)


def started(call: int = 0, *, held: Sequence[str] = (*REQUIRED, "memory"), back_end: str = BACK_END) -> ev.SandboxStarted:
    return ev.SandboxStarted(call_id=call, back_end=back_end, claims=claims(held))


def unconfined_sandbox(call: int = 0) -> ev.SandboxStarted:
    return ev.SandboxStarted(call_id=call, back_end="unconfined", claims=open_claims())


ERROR = (
    "The sandbox process could not be confined. Landlock, which keeps files from it, does not work here (Function not implemented). "
    "No document was handed over. This kernel, 5.10.0, is older than 5.13, which brought Landlock. Install a newer one."
)


def refused_sandbox(call: int = 0) -> ev.SandboxStarted:
    return ev.SandboxStarted(call_id=call, back_end="none", claims=tuple(ev.Claim(name=n, held=False, evidence=ERROR) for n in NAMES))


def confined(path: Path, *, is_over: bool = True) -> Path:
    """A run that is confined as required, with a child that has a sandbox of its own."""
    with Scribe(path, confinement="required", required=REQUIRED) as s:
        s.document("msa_2023.pdf")
        s.wait(1.0)
        root = s.call()
        s.emit(started())
        s.open_turn(root, 0, 'note = rlm_query("Who may sign?", context)')
        child = s.call(root, depth=1, prompt="Who may sign?", at=(0, 0, 1))
        s.emit(started(child))
        s.turn(child, 0, 'answer["ready"] = True')
        s.ended(child, answer="The clerk.")
        s.printed(root, 0, "The clerk.")
        if is_over:
            s.ended(root, answer="The clerk.")
            s.run_ended(answer="The clerk.")
    return path


def unconfined(path: Path) -> Path:
    """A run that a person started unconfined."""
    with Scribe(path, confinement="unconfined") as s:
        s.emit(ev.Noticed(level="warning", message="This run was started unconfined."))
        s.document("msa_2023.pdf")
        root = s.call()
        s.emit(unconfined_sandbox())
        s.turn(root, 0, 'answer["ready"] = True', "The clerk.")
        s.ended(root, answer="The clerk.")
        s.run_ended(answer="The clerk.")
    return path


def refused(path: Path) -> Path:
    """A run whose sandbox could not be confined."""
    with Scribe(path, confinement="required", required=REQUIRED) as s:
        s.document("msa_2023.pdf")
        root = s.call()
        s.emit(refused_sandbox())
        s.ended(root, "error", error=ERROR)
        s.emit(ev.RunEnded(status="error", error=ERROR))
    return path
