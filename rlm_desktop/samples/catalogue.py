"""Which samples there are. What is said of each is data, which the window reads too: `resources/samples/catalogue.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from rlm_desktop.errors import UserError
from rlm_desktop.paths import resource
from rlm_desktop.samples.aggregate import DEFAULT_LINES, aggregate
from rlm_desktop.samples.made import Made
from rlm_desktop.samples.needle import DEFAULT_TOKENS, needle
from rlm_desktop.samples.pairs import DEFAULT_LINES as DEFAULT_PAIRS_LINES
from rlm_desktop.samples.pairs import pairs
from rlm_desktop.samples.research import research
from rlm_desktop.samples.shipped import expedition, shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str
    title: str
    about: str
    needs_language_model: bool
    """False where the built-in model gives the true answer, which a test holds it to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What can be chosen of a sample; None is its own default. A sample that knows nothing of an option is refused with it."""

    seed: int | None = None
    tokens: int | None = None
    lines: int | None = None
    is_hidden: bool = False


TAKES: Final[dict[str, frozenset[str]]] = {
    "expedition": frozenset(),
    "needle": frozenset({"tokens", "seed"}),
    "contract": frozenset(),
    "repository": frozenset(),
    "research": frozenset({"seed"}),
    "aggregate": frozenset({"lines", "seed", "is_hidden"}),
    "pairs": frozenset({"lines", "seed"}),
}
"""What can be chosen of each."""


def entries() -> list[Entry]:
    """Return the samples in the order in which they are shown. Raises UserError where the program was installed without them."""
    path = resource("samples", "catalogue.json")
    try:
        return [Entry(**entry) for entry in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise UserError(f"The list of samples cannot be read from {path}: {error}. Install the program again.") from error


def make(name: str, wanted: Wanted) -> Made:
    """Return one of the samples. Raises UserError where its texts are missing, KeyError where there is none of that name."""
    seed = 1 if wanted.seed is None else wanted.seed
    match name:
        case "expedition":
            return expedition()
        case "needle":
            return needle(tokens=wanted.tokens or DEFAULT_TOKENS, seed=seed)
        case "aggregate":
            return aggregate(lines=wanted.lines or DEFAULT_LINES, seed=seed, is_hidden=wanted.is_hidden)
        case "pairs":
            return pairs(lines=wanted.lines or DEFAULT_PAIRS_LINES, seed=seed)
        case "research":
            return research(seed=seed)
        case "contract" | "repository":
            return shipped(name)
        case _:
            raise KeyError(name)
