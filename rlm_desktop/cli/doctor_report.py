"""What `rlm-desktop doctor` shows a person: the machine, each claim with what was tried, and what to do; 80 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rlm_desktop.present.confinement import in_words, possible, remains
from rlm_desktop.present.confinement_text import try_line
from rlm_desktop.present.numbers import size
from rlm_desktop.program import spoken_command
from rlm_desktop.sandbox.values import REQUIRED_CLAIMS
from rlm_desktop.trace import events as ev

if TYPE_CHECKING:
    from rlm_desktop.cli.doctor import Examination
    from rlm_desktop.sandbox.values import Claim

WIDE: Final = 79
_LABEL: Final = 14
_GROUPS: Final = (
    ("files", ("files read", "files write")), ("network", ("network",)), ("processes", ("processes",)), ("memory", ("memory",)),
    ("names hidden", ("names hidden",)),
)  # fmt: skip


def report(found: Examination) -> str:
    """Return everything, as it is printed."""
    parts = [_machine(found), _standing(found)]
    parts += [_group(name, [claim for claim in found.claims if claim.name in names]) for name, names in _GROUPS if found.claims]
    if found.is_confined:
        claims = [ev.Claim(name=claim.name, held=claim.held, evidence=claim.evidence) for claim in found.claims]
        parts.append("What models' code can do even so:\n" + "\n".join(_wrapped(words, "- ", "  ") for words in remains(claims)))
    else:
        parts.append(_choices(found))
    return "\n\n".join(part for part in parts if part)


def _machine(found: Examination) -> str:
    computer = found.machine
    rows = [
        ("program", f"RLM Desktop {found.version}"),
        ("system", f"{computer.system} {computer.release}, {computer.architecture}"),
        ("Python", f"{found.python}, {found.executable}"),
    ]
    if computer.system == "Linux":
        landlock = f"version {computer.landlock}" if computer.landlock else f"not to be used: {computer.landlock_error}"
        rows += [("Landlock", landlock), ("seccomp", computer.seccomp), ("bubblewrap", _bubblewrap(found))]
    rows += [("held by", found.held_by or "nothing"), ("start", _start(found))]
    limit = " ".join(size(found.memory_limit_bytes).split())
    rows.append(("memory limit", f"{limit}, and 8 times what a longer context takes"))
    return "\n".join(_row(label, words) for label, words in rows)


def _start(found: Examination) -> str:
    return "it does not" if found.start_ms is None else f"{found.start_ms:.0f} ms, the middle of {found.starts}"


def _bubblewrap(found: Examination) -> str:
    if found.bubblewrap is None:
        return "not installed; it would hide names, and no run requires it"
    return f"{found.bubblewrap}, {found.bubblewrap_refused or 'works'}"


def _standing(found: Examination) -> str:
    return f"{_of_runs(found)}\n{_of_readers(found)}"


def _of_readers(found: Examination) -> str:
    if not found.readers.reason:
        return f"What reads documents is confined{' too' if found.is_confined else ''}: {in_words(REQUIRED_CLAIMS)}"
    refused = "PDF, office documents, web pages and the like are refused here."
    return _wrapped(f"What reads documents is NOT confined. {refused} {found.readers.reason}")


def _of_runs(found: Examination) -> str:
    if found.is_confined:
        return f"Confined: {in_words(REQUIRED_CLAIMS)}"
    return _wrapped(f"Not confined: {in_words(found.missing)}. Runs are refused here. {found.reason}")


def _group(name: str, claims: Sequence[Claim]) -> str:
    is_required = any(claim.name in REQUIRED_CLAIMS for claim in claims)
    is_held = all(claim.held for claim in claims)
    state = "held" if is_held else "NOT HELD" if is_required else "not held"
    lines = [_row(name, state if is_required else f"{state}, not required")]
    for claim in claims:
        lines.append(_wrapped(claim.evidence if len(claims) == 1 else f"{claim.name}: {claim.evidence}", "  ", "  "))
        lines += [f"  {try_line(ev.Try(tried=one.tried, outcome=one.outcome, held=one.held))}" for one in claim.tries]
    return "\n".join(lines)


def _choices(found: Examination) -> str:
    unconfined = spoken_command("run", "--confinement", "unconfined", "DOC", "-q", "QUESTION")
    return numbered(
        (
            found.remedy,
            f"Or run one question unconfined, so that its models' code can {possible(found.missing)}:\n{unconfined}",
        )
    )


def numbered(choices: Iterable[str]) -> str:
    """Return what can be done, in order. A command after a line end keeps its own line, so that it can be copied."""
    lines = ["What can be done:"]
    for number, choice in enumerate(choices, 1):
        words, *command = choice.split("\n", 1)
        lines += [_wrapped(words, f"{number}. ", "   "), *(f"   {one}" for one in command)]
    return "\n".join(lines)


def _row(label: str, words: str) -> str:
    return _wrapped(words, f"{label:<{_LABEL}}", " " * _LABEL)


def _wrapped(words: str, first: str = "", then: str = "") -> str:
    return textwrap.fill(words, WIDE, initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False)
