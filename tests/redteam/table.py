"""The result as a table: attack, what it did unconfined, what it did confined."""

from __future__ import annotations

from collections.abc import Sequence

from tests.redteam.attack import WAYS, Attack, Outcome, Way
from tests.redteam.attacks import ATTACKS, GROUPS

NAME, COLUMN = 60, 50


def as_table(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each attack that was tried, then one for each group of them."""
    by_way = {(outcome.number, outcome.way): outcome for outcome in outcomes}
    ways = [way for way in WAYS if any(outcome.way == way for outcome in outcomes)]
    lines = ["  ".join([f"{'#':>5}", _wide("attack", NAME), *(_wide(way, COLUMN) for way in ways)]).rstrip()]
    for attack in ATTACKS:
        found = [by_way.get((attack.number, way)) for way in ways]
        if any(found):
            cells = [_wide("-" if outcome is None else _cell(attack, outcome), COLUMN) for outcome in found]
            lines.append("  ".join([f"{attack.number:>5}", _wide(attack.name, NAME), *cells]).rstrip())
    return "\n".join([*lines, "", *summary(outcomes)])


def summary(outcomes: Sequence[Outcome]) -> list[str]:
    """Return lines: of each group, how many attacks were tried and how many worked in each way; then the sums."""
    found = counts(outcomes)
    ways = [way for way in WAYS if any(way in worked for _, worked in found.values())]
    lines = ["  ".join([_wide("worked", NAME), f"{'tried':>10}", *(f"{way:>10}" for way in ways)])]
    for name, (tried, worked) in found.items():
        lines.append("  ".join([_wide(name, NAME), f"{tried:>10}", *(f"{worked[way]:>10}" for way in ways)]))
    return lines


def counts(outcomes: Sequence[Outcome]) -> dict[str, tuple[int, dict[Way, int]]]:
    """Return group -> (attacks tried, way -> those that worked), and "all" of them last."""
    ways = [way for way in WAYS if any(outcome.way == way for outcome in outcomes)]
    found = {}
    for name, group in {**GROUPS, "all": ATTACKS}.items():
        numbers = {attack.number for attack in group}
        ours = [outcome for outcome in outcomes if outcome.number in numbers]
        if ours:
            worked: dict[Way, int] = {way: sum(outcome.worked for outcome in ours if outcome.way == way) for way in ways}
            found[name] = (len({outcome.number for outcome in ours}), worked)
    return found


def _cell(attack: Attack, outcome: Outcome) -> str:
    if outcome.worked:
        known = "" if outcome.way == "unconfined" else f"WORKED ({attack.survives or 'a hole'}): "
        return known + ", ".join(outcome.effects)
    if outcome.way == "unconfined":
        return f"no attack here: {attack.held_anyway or attack.may_lack or outcome.said}"
    return f"refused: {outcome.said}" if outcome.said else "refused"


def _wide(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)
