"""The numbers that stand for words in the columns."""

from __future__ import annotations

from typing import Final

from rlm_desktop.trace.events import KnownEvent

RLM: Final = 0
LLM: Final = 1

RUNNING: Final = 0
STATUS_CODE: Final = {"ok": 1, "error": 2, "cancelled": 3, "limit": 4}
STATUS_NAME: Final = ("running", "ok", "error", "cancelled", "limit")

EVENT_CODE: Final[dict[type, int]] = {cls: code for code, cls in enumerate(KnownEvent.__args__)}
UNKNOWN_CODE: Final = 255

AMOUNTS: Final = ("cost_pico", "unpriced", "input_tokens", "cached_tokens", "output_tokens", "estimated")
"""What adds up: picodollars known, requests without a price, tokens, requests whose tokens were estimated."""

PICO: Final = 1_000_000_000_000
"""Picodollars in a dollar. Whole numbers make a sum exact and the same in any order of adding."""


def pico(cost_usd: float) -> int:
    return round(cost_usd * PICO)


def usd(cost_pico: int) -> float:
    return int(cost_pico) / PICO
