"""How a run's code is confined, as a person reads it: what is required, what holds, what was tried, and what remains possible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from msgspec import structs

from rlm_desktop.present.plain import plain
from rlm_desktop.trace.events import Claim, RunStarted, SandboxStarted

Standing = Literal["promised", "held", "partly", "open", "refused", "unknown"]
"""promised: required, and no sandbox yet; partly, open: some or none of what a run requires by default holds, and code may run all the
same; refused: something required does not hold, and no code was run; unknown: the trace says nothing."""

REQUIRED: Final = ("files read", "files write", "network", "processes")
"""What every run requires unless a person has lowered it for that run."""

_TITLES: Final = {
    "files read": "Reading files", "files write": "Writing files", "network": "Network", "processes": "Other processes",
    "memory": "Memory", "names hidden": "Names hidden",
}  # fmt: skip
_POSSIBLE: Final = {
    "files read": "read your files", "files write": "change your files", "network": "use the network",
    "processes": "control other programs",
}  # fmt: skip
_MOST_CHARS: Final = 2_000
MOST_CLAIMS, MOST_TRIES = 50, 100
"""Of a foreign trace no more are shown; what is left out is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """`required` are names of claims, empty where a person chose to do without; `held` those that hold, `missing` those that do not.

    `error` is how a run ended that was refused.
    """

    standing: Standing
    required: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    sandbox: SandboxStarted | None = None
    error: str = ""

    @property
    def is_lowered(self) -> bool:
        """True where the code can do what a run's code by default cannot: this is marked wherever the run is shown."""
        return self.standing == "open"

    @property
    def summary(self) -> str:
        """`Confined: files, network, processes`, and the like for each standing."""
        return {
            "promised": f"Will be confined: {in_words(self.required)}",
            "held": f"Confined: {in_words(self.held)}",
            "partly": f"Partly confined: {in_words(self.held)}",
            "open": f"Not confined: the code can {possible(self.missing)}",
            "refused": f"Refused: {in_words(self.missing)} cannot be confined here",
            "unknown": "Confinement not recorded",
        }[self.standing]


def confinement(started: RunStarted | None, sandbox: SandboxStarted | None, *, is_live: bool, has_run: bool = False) -> Confinement:
    """Return how a run stands. `started` None: it has only been asked for, as required. `has_run`: code has run in this sandbox."""
    said = "required" if started is None else started.confinement
    named = started.required_claims if started is not None else ()
    required = tuple(dict.fromkeys((*(REQUIRED if said == "required" else ()), *named)))
    if sandbox is not None:
        holds = {claim.name for claim in sandbox.claims if claim.held}
        wanted = required or REQUIRED
        held, missing = tuple(n for n in wanted if n in holds), tuple(n for n in wanted if n not in holds)
        standing: Standing = "held" if not missing else "refused" if required and not has_run else "partly" if held else "open"
        if said == "unconfined" and standing != "refused":
            # Whatever else the trace says: the person chose to do without, and the mark of that stays.
            return Confinement(standing="open", required=required, missing=REQUIRED, sandbox=sandbox)
        return Confinement(standing=standing, required=required, held=held, missing=missing, sandbox=sandbox)
    if said == "unconfined":
        return Confinement(standing="open", missing=REQUIRED)
    if required and is_live:
        return Confinement(standing="promised", required=required)
    return Confinement(standing="unknown", required=required)


def on_one_line(text: str) -> str:
    """Return a text of a trace as it may be shown: without line ends and what would turn or hide it, and not without end."""
    return " ".join(plain(text[: 2 * _MOST_CHARS]).split())[:_MOST_CHARS]


def in_words(names: Iterable[str]) -> str:
    """Return claims as people call them: `files, network, processes`."""
    listed = list(names)
    if {"files read", "files write"} <= set(listed):
        listed = ["files", *(name for name in listed if name not in ("files read", "files write"))]
    return ", ".join(on_one_line(name) for name in listed)


def possible(missing: Iterable[str]) -> str:
    """Return what code can do where these claims do not hold: `read your files and use the network`."""
    acts = [_POSSIBLE[name] for name in missing if name in _POSSIBLE]
    if acts[:2] == ["read your files", "change your files"]:
        acts[:2] = ["read and change your files"]
    return acts[0] if len(acts) == 1 else f"{', '.join(acts[:-1])} and {acts[-1]}" if acts else "do more than it should"


def title(name: str) -> str:
    """Return the head of a claim in a list."""
    return _TITLES.get(name) or on_one_line(name)


def remains(claims: Sequence[Claim]) -> list[str]:
    """Return what confined code can do even so, a sentence each."""
    held = {claim.name for claim in claims if claim.held}
    found = [
        "The prompts, and the pieces of the documents that stand in them, reach the model that was chosen, wherever that runs.",
        "An answer may be wrong, and a document may have been written to make it so. The quotes are checked, the rest is not.",
    ]
    if "names hidden" not in held:
        until = "" if claims else ", unless bubblewrap is there to hide them"
        found.append(f"Names and sizes of files can be asked for, one by one{until}. What the files hold cannot be read.")
    found.append("Time of the processor and memory can be used, up to the run's limits.")
    return found


def with_tries(claims: Sequence[Claim], before: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return claims with the tries that a trace leaves out as they are those of a sandbox before."""
    known = {(claim.name, claim.held, claim.evidence): claim.tries for claim in before}
    return tuple(
        claim if claim.tries else structs.replace(claim, tries=known.get((claim.name, claim.held, claim.evidence), ())) for claim in claims
    )


def differing(sandboxes: Sequence[SandboxStarted], shown: SandboxStarted) -> int:
    """Return how many of the sandboxes hold something else than the one that is shown, or are of another kind."""
    alike = _held(shown)
    return sum(_held(sandbox) != alike for sandbox in sandboxes)


def _held(sandbox: SandboxStarted) -> tuple[str, tuple[tuple[str, bool], ...]]:
    return sandbox.back_end, tuple((claim.name, claim.held) for claim in sandbox.claims)
