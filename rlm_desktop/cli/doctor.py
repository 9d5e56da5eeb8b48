"""`rlm-desktop doctor`: what this machine can do to confine models' code, found out by doing it, and what to do where it cannot."""

from __future__ import annotations

import asyncio
import platform
import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import msgspec

import rlm_desktop
from rlm_desktop import streams
from rlm_desktop.cli.doctor_report import report
from rlm_desktop.cli.parser import Parser
from rlm_desktop.documents.reader_process import ReaderHeld, ReaderProcess
from rlm_desktop.present.plain import plain
from rlm_desktop.sandbox.bubblewrap import bubblewrap
from rlm_desktop.sandbox.claims import missing
from rlm_desktop.sandbox.host import Sandbox
from rlm_desktop.sandbox.machine import Machine, machine
from rlm_desktop.sandbox.process import memory_limit_bytes
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS, Claim, SandboxDied

STARTS = 3
"""Confined processes that are started, one after the other: the middle of their times is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found. `missing` names the required claims that do not hold, `reason` and `remedy` are sentences, empty where all do."""

    version: str
    python: str
    executable: str
    machine: Machine
    bubblewrap: str | None
    bubblewrap_refused: str
    held_by: str
    claims: tuple[Claim, ...]
    start_ms: float | None
    starts: int
    memory_limit_bytes: int
    missing: tuple[str, ...]
    reason: str
    remedy: str
    readers: ReaderHeld
    """How a process that reads documents is confined, given none."""

    @property
    def is_confined(self) -> bool:
        return not self.missing


def main(arguments: Sequence[str]) -> int:
    """Exit 0 where what every run requires holds here, else 1."""
    options = _parser().parse_args(arguments)
    found = asyncio.run(examine())
    if options.json:
        told = asdict(found) | {"is_confined": found.is_confined, "required": REQUIRED_CLAIMS}
        told["readers"]["is_confined"] = not found.readers.reason
        streams.say(msgspec.json.format(msgspec.json.encode(told), indent=2).decode("utf-8"))
    else:
        streams.say(plain(report(found)))
    return 0 if found.is_confined else 1


def _parser() -> Parser:
    parser = Parser(
        prog="rlm-desktop doctor",
        description="Confine a process as that of models' code is, let it try what must fail, and say how it came out; "
        "then the same of one that reads documents.",
        epilog="Exit status: 0 what every run requires holds here, 1 it does not, and runs are refused.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


async def examine() -> Examination:
    """Start confined processes, with nothing in them, and return how that came out."""
    held_by, reason, times_ms = "", "", []
    claims: tuple[Claim, ...] = ()
    try:
        for _ in range(STARTS):
            before = time.monotonic()
            sandbox = await Sandbox.prepare("required")
            times_ms.append((time.monotonic() - before) * 1_000)
            held_by, claims = sandbox.held_by, sandbox.claims
            await sandbox.close()
    except SandboxDied as died:
        reason = died.reason
    with ReaderProcess() as reader:
        readers = reader.held()
    found = machine()
    lacks = missing(claims, REQUIRED_CLAIMS)
    if lacks and not reason:
        reason = next(claim.evidence for claim in claims if claim.name == lacks[0])
    return Examination(
        version=rlm_desktop.__version__,
        python=platform.python_version(),
        executable=sys.executable,
        machine=found,
        bubblewrap=shutil.which("bwrap") if found.system == "Linux" else None,
        bubblewrap_refused=bubblewrap.refused,
        held_by=held_by,
        claims=claims,
        start_ms=round(statistics.median(times_ms), 1) if times_ms else None,
        starts=len(times_ms),
        memory_limit_bytes=memory_limit_bytes(0),
        missing=lacks,
        reason=reason,
        remedy=found.remedy(lacks) if lacks else "",
        readers=readers,
    )
