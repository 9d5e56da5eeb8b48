"""What a sandbox process holds, judged by what was tried in it and by what the kernel says of it from outside."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rlm_desktop.sandbox.child import seatbelt
from rlm_desktop.sandbox.values import Claim, Confinement, Try

CLAIMS = ("files read", "files write", "network", "processes", "memory", "names hidden")
_SEEN_OUTSIDE = ("network", "processes")
"""Claims that rest on the filter of system calls, which the kernel shows of a process."""
_FILTERED = "2"
_EXPECTED_OUTSIDE = {"linux": "filter of system calls", "darwin": "Seatbelt profile"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the kernel says of a process; `is_known` is false where it says nothing. `has_profile` is macOS's, the two before it Linux's."""

    is_known: bool = False
    has_no_new_privileges: bool = False
    is_filtered: bool = False
    has_profile: bool = False

    @property
    def shown(self) -> str:
        """What it says that confines the process, in words; empty where that is not enough."""
        if not self.is_known:
            return ""
        if self.has_no_new_privileges and self.is_filtered:
            return "a filter of system calls and no new privileges"
        return "a Seatbelt profile" if self.has_profile else ""


def look(pid: int) -> Outside:
    """Look at a process from outside. On Windows that is done where it is born, as long as its handle is at hand."""
    if sys.platform == "darwin":
        return Outside(is_known=True, has_profile=seatbelt.is_confined(pid))
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


def missing(claims: Sequence[Claim], required: Sequence[str]) -> tuple[str, ...]:
    """Return the names in `required` of which no claim holds."""
    held = {claim.name for claim in claims if claim.held}
    return tuple(name for name in required if name not in held)


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
    if name not in _SEEN_OUTSIDE or sys.platform not in _EXPECTED_OUTSIDE:
        return Claim(name=name, held=True, evidence=f"{evidence}.", tries=tries)
    if shown := outside.shown:
        return Claim(name=name, held=True, evidence=f"{evidence}; from outside the kernel shows {shown}.", tries=tries)
    expected = _EXPECTED_OUTSIDE[sys.platform]
    return Claim(name=name, held=False, evidence=f"{evidence}, but from outside the kernel shows no {expected}.", tries=tries)


def _tries(count: int) -> str:
    return "1 try" if count == 1 else f"{count} tries"
