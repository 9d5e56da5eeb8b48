"""How figures are written: one place, so that a cost looks the same in a node, a table and a bar.

Unknown is never zero. A figure and its unit are held together by a narrow no-break space.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

NARROW = "\u202f"
UNKNOWN_COST = "$?"
NOT_YET = "…"
NONE = "–"
AT_LEAST, FORECAST, ESTIMATE = "≥", "≈", "~"

_CENTS = 2


class Cost(NamedTuple):
    """A sum of costs: what is known of it, and how many parts have no price."""

    known_usd: float
    unknown_parts: int = 0
    parts: int = 1


def sum_costs(costs_usd: Iterable[float | None]) -> Cost:
    """Return the exact sum of the known parts and the count of the unknown ones."""
    all_parts = list(costs_usd)
    known = [usd for usd in all_parts if usd is not None]
    return Cost(math.fsum(known), len(all_parts) - len(known), len(all_parts))


def cost_digits(largest_usd: float) -> int:
    """Return the decimals that a column (or a card) takes from its largest figure."""
    return 2 if largest_usd >= 10 else 3 if largest_usd >= 0.1 else 4


def cost(usd: float | None, *, digits: int | None = None) -> str:
    """Return `$0.0127`; None is unknown: `$?`. A column passes `digits`, so that its points stand below one another."""
    if usd is None or math.isnan(usd):
        return UNKNOWN_COST
    if usd == 0:
        return "$0"
    places = cost_digits(abs(usd)) if digits is None else digits
    sign = "−" if usd < 0 else ""
    least = 10.0**-places
    if abs(usd) < least / 2:
        # A rounded "$0.00" would say that nothing was spent.
        return f"{sign}<{NARROW}${least:.{places}f}"
    return f"{sign}${abs(usd):,.{places}f}"


def cost_sum(total: Cost, *, digits: int | None = None) -> str:
    """Return `$0.41`, or `≥ $0.07 + ?` when some parts have no price, or `$?` when none has one."""
    if not total.unknown_parts:
        return cost(total.known_usd, digits=digits)
    if total.unknown_parts >= total.parts or total.known_usd == 0:
        return UNKNOWN_COST
    return f"{AT_LEAST}{NARROW}{cost(total.known_usd, digits=digits)} + ?"


def cost_in_cents(total: Cost) -> str:
    """Return the sum to cents, as the budget strip and the run list show it."""
    return cost_sum(total, digits=_CENTS)


def limit_cost(usd: float) -> str:
    """Return a limit that somebody set: always to cents, zero included."""
    return f"${usd:,.{_CENTS}f}"


def forecast_cost(usd: float | None) -> str:
    """Return `≈ $0.47`; a forecast is never shown without its sign."""
    return f"{FORECAST}{NARROW}{cost(usd, digits=_CENTS)}"


def count(n: int | None) -> str:
    """Return `1,204`; None does not apply: `–`."""
    return NONE if n is None else f"{n:,}"


def tokens(n: int | None, *, is_estimate: bool = False) -> str:
    """Return `7.9 k`, `770 k`, `1.24 M`; `~` before what we counted ourselves."""
    return NONE if n is None else _short(n, sign=ESTIMATE if is_estimate else "")


def chars(n: int | None) -> str:
    """Return a count of characters as short as one of tokens: `1.67 M`."""
    return NONE if n is None else _short(n, sign="")


def _short(n: int, *, sign: str) -> str:
    if n < 1_000:
        return f"{sign}{n}"
    if n < 99_950:
        return f"{sign}{n / 1_000:.1f}{NARROW}k"
    if n < 999_500:
        return f"{sign}{n / 1_000:.0f}{NARROW}k"
    if n < 999_500_000:
        return f"{sign}{n / 1_000_000:.{2 if n < 99_950_000 else 0}f}{NARROW}M"
    return f"{sign}{n / 1_000_000_000:.2f}{NARROW}G"


def duration(seconds: float | None) -> str:
    """Return `84 ms`, `4.2 s`, `4:12` from one minute on, `1:02:03` from one hour on."""
    if seconds is None:
        return NONE
    if seconds < 0.9995:
        return f"{round(seconds * 1000)}{NARROW}ms"
    if seconds < 59.95:
        return f"{seconds:.1f}{NARROW}s"
    # Rounded to the second before it is cut up, so that 59.97 s is 1:00 and not 0:59.
    whole = round(seconds) if seconds < 60 else math.floor(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def percent(share: float | None) -> str:
    """Return `61 %`; what is neither nothing nor all is never rounded to either."""
    if share is None:
        return NONE
    whole = round(share * 100)
    if 0 < share < 0.01:
        return f"<{NARROW}1{NARROW}%"
    if 0.99 < share < 1:
        whole = 99
    return f"{whole}{NARROW}%"


def size(n_bytes: int) -> str:
    """Return the size of a file: `812 B`, `5.1 MB` (powers of ten, as file managers count)."""
    if n_bytes < 1_000:
        return f"{n_bytes}{NARROW}B"
    amount = float(n_bytes)
    for unit in ("kB", "MB", "GB"):
        amount /= 1_000
        if amount < 999.5 or unit == "GB":
            return f"{amount:.{0 if amount >= 99.95 else 1}f}{NARROW}{unit}"
    raise AssertionError("unreachable")
