"""The limits a person can pick by name."""

from __future__ import annotations

from typing import Final

from rlm_desktop.trace.events import Limits

CUSTOM: Final = "custom"
PRESETS: Final[dict[str, Limits]] = {
    "quick": Limits(max_depth=1, max_iterations=10, max_calls=500, max_cost_usd=0.5, max_time_s=300.0),
    "thorough": Limits(max_cost_usd=2.0, max_time_s=1800.0),
}


def limits_of(preset: str, custom: Limits) -> Limits:
    """Return the limits of a preset; `custom` for the person's own and for a name that a later version had."""
    return PRESETS.get(preset, custom)
