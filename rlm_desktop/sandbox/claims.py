"""What a sandbox process holds, judged by what was tried in it and by what the kernel says of it from outside."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rlm_desktop.sandbox.values import Claim, Confinement, Try

CLAIMS = ("files read", "files write", "network", "processes", "memory", "names hidden")
_SEEN_OUTSIDE = ("network", "processes")
"""Claims that rest on the filter of system calls, which the kernel shows of a process."""
_FILTERED = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the kernel says of a process; `is_known` is false where it says nothing, as on other systems than Linux."""

    is_known: bool = False
    has_no_new_privileges: bool = False
    is_filtered: bool = False


def look(pid: int) -> Outside:
    """Look at a process from outside."""
    if sys.platform != "linux":
        return Outside()
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return Outside()
    said = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Outside(is_known=True, has_no_new_privileges=said.get("NoNewPrivs") == "1", is_filtered=said.get("Seccomp") == _FILTERED)


def claims_of(confinement: Confinement, tries: Sequence[tuple[str, Try]], outside: Outside) -> tuple[Claim, ...]:
    """Return all claims, each with its evidence. `tries` are (claim, try) pairs as the child reported them."""
    if confinement == "unconfined":
        return tuple(Claim(name=name, held=False, evidence="The run was started unconfined.") for name in CLAIMS)
    return tuple(_claim(name, tuple(tried for claim, tried in tries if claim == name), outside) for name in CLAIMS)


def refused_claims(why: str) -> tuple[Claim, ...]:
    """Return the claims of a child that ended because it could not confine itself."""
    return tuple(Claim(name=name, held=False, evidence=why) for name in CLAIMS)


def _claim(name: str, tries: tuple[Try, ...], outside: Outside) -> Claim:
    worked = [tried for tried in tries if not tried.held]
    if not tries:
        return Claim(name=name, held=False, evidence="Nothing was tried.")
    if worked:
        said = "; ".join(f"{tried.tried}: {tried.outcome}" for tried in worked)
        return Claim(name=name, held=False, evidence=f"{len(worked)} of {len(tries)} tries came out as they must not: {said}.", tries=tries)
    evidence = f"{_tries(len(tries))} refused ({', '.join(dict.fromkeys(tried.outcome for tried in tries))})"
    if name not in _SEEN_OUTSIDE or sys.platform != "linux":
        return Claim(name=name, held=True, evidence=f"{evidence}.", tries=tries)
    if outside.is_known and outside.has_no_new_privileges and outside.is_filtered:
        said = "from outside the kernel shows a filter of system calls and no new privileges"
        return Claim(name=name, held=True, evidence=f"{evidence}; {said}.", tries=tries)
    return Claim(name=name, held=False, evidence=f"{evidence}, but from outside the kernel shows no filter of system calls.", tries=tries)


def _tries(count: int) -> str:
    return "1 try" if count == 1 else f"{count} tries"
