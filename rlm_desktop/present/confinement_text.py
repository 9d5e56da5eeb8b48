"""How a run is confined as plain text: for the clipboard, a terminal and the inspector."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rlm_desktop.present import numbers
from rlm_desktop.present.confinement import MOST_CLAIMS, MOST_TRIES, REQUIRED, Confinement, on_one_line, possible, remains
from rlm_desktop.trace.events import Claim, SandboxStarted, Try


def explained(confined: Confinement) -> str:
    """Return what a standing means, in a sentence or a few."""
    match confined.standing:
        case "held":
            return (
                "Before the code that the models write was given anything, its process was kept from these by the system, tried what must "
                "fail, and was looked at from outside. No document was handed over before that."
            )
        case "partly":
            return f"The code that the models write could {possible(confined.missing)}. What is required and does not hold ends a run."
        case "open":
            return (
                f"The code that the models write runs with your rights: it can {possible(confined.missing)}. A document may have been "
                "written to make it do so. This holds for this run alone; the next one is confined again."
            )
        case "promised":
            return (
                "Before the code that the models write is given anything, its process is kept from these by the system and tries what must "
                "fail. Where one of them does not hold, the run is refused."
            )
        case "refused":
            return f"No code was run. {on_one_line(confined.error) or _evidence(confined)}"
        case "unknown":
            return "The trace does not say how the models' code was confined, or the run ended before any of it was run."


def _evidence(confined: Confinement) -> str:
    claims = confined.sandbox.claims if confined.sandbox is not None else ()
    return next((on_one_line(claim.evidence) for claim in claims if claim.name in confined.missing), "")


def as_text(confined: Confinement, shown: SandboxStarted | None, place: str) -> str:
    """Return everything that is known, for the clipboard. `shown` is the sandbox whose claims are listed, `place` says whose it is."""
    parts = [confined.summary, explained(confined)]
    if place:
        parts.append(place)
    if shown is not None:
        parts.append(claims_as_text(shown.claims, confined.required))
    if confined.standing in ("held", "partly", "promised"):
        parts.append("What remains possible\n" + "\n".join(f"- {words}" for words in remains(shown.claims if shown is not None else ())))
    return "\n\n".join(parts) + "\n"


def claims_as_text(claims: Sequence[Claim], required: Iterable[str] = REQUIRED) -> str:
    """Return the claims one below the other, each with its evidence and every try with its outcome."""
    wanted = set(required)
    blocks: list[str] = []
    for claim in claims[:MOST_CLAIMS]:
        mark = "held" if claim.held else "NOT HELD" if claim.name in wanted else "not held"
        lines = [f"{on_one_line(claim.name):<14}{mark:<10}{'required' if claim.name in wanted else 'not required'}"]
        lines.append(f"  {on_one_line(claim.evidence)}")
        lines += [f"  {try_line(one)}" for one in claim.tries[:MOST_TRIES]]
        if len(claim.tries) > MOST_TRIES:
            lines.append(f"  {left_out(len(claim.tries) - MOST_TRIES)}")
        blocks.append("\n".join(lines))
    if len(claims) > MOST_CLAIMS:
        blocks.append(left_out(len(claims) - MOST_CLAIMS))
    return "\n\n".join(blocks)


def left_out(count: int) -> str:
    """Return what stands in the place of those that are not shown."""
    return f"and {numbers.count(count)} more, which the trace holds"


def try_line(one: Try) -> str:
    """Return a try in columns: `!` where it came out as it must not, its outcome, what was tried."""
    return f"{'' if one.held else '!':<2}{on_one_line(one.outcome):<13} {on_one_line(one.tried)}"
