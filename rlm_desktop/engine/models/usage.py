"""Tokens of a request: what the provider counted where that can be true, else an estimate from the characters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rlm_desktop.engine.models.base import Message
from rlm_desktop.trace.events import Usage

MESSAGE_OVERHEAD_TOKENS = 4
"""Role and separators, as chat templates add them."""
MAX_OUTPUT_TOKENS = 10_000_000
"""A provider that counts more in one reply is wrong."""
MAX_COST_USD = 100_000.0


def estimate_tokens(text: str) -> int:
    """Return about how many tokens `text` is: a quarter of its UTF-8 bytes, which fits prose in most scripts within some 30 %."""
    size_bytes = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
    return math.ceil(size_bytes / 4)


def estimate_input_tokens(messages: Iterable[Message]) -> int:
    return sum(estimate_tokens(message.content) + MESSAGE_OVERHEAD_TOKENS for message in messages)


def estimated_usage(messages: Iterable[Message], output: str) -> Usage:
    """Return a usage marked as an estimate; `output` is all that the model wrote, reasoning included."""
    return Usage(input_tokens=estimate_input_tokens(messages), output_tokens=estimate_tokens(output), is_estimate=True)


def usage_of(reported: object, messages: Sequence[Message], output: str) -> Usage:
    """Return the provider's `usage` object as a Usage, or the estimate where it is missing, negative or beyond belief."""
    if not isinstance(reported, Mapping):
        return estimated_usage(messages, output)
    chars = sum(len(message.content) for message in messages)
    # A character is at most four tokens; providers add system prompts of their own, which the constant allows for.
    asked = _count(reported.get("prompt_tokens"), at_least=1, at_most=4 * chars + 100_000)
    written = _count(reported.get("completion_tokens"), at_least=0, at_most=MAX_OUTPUT_TOKENS)
    if asked is None or written is None or (written == 0 and output):
        return estimated_usage(messages, output)
    reasoning = _count(_inside(reported, "completion_tokens_details", "reasoning_tokens"), at_most=MAX_OUTPUT_TOKENS) or 0
    total = _count(reported.get("total_tokens"), at_least=asked + written, at_most=asked + MAX_OUTPUT_TOKENS)
    if total is not None:
        # Gemini and xAI count reasoning in the total only, though it is billed as output.
        written = max(written, total - asked)
    cached = _count(_inside(reported, "prompt_tokens_details", "cached_tokens"), at_most=asked)
    if cached is None:
        cached = _count(reported.get("prompt_cache_hit_tokens"), at_most=asked) or 0
    return Usage(input_tokens=asked, output_tokens=written, cached_tokens=cached, reasoning_tokens=min(reasoning, written))


def cost_of(reported: object) -> float | None:
    """Return the provider's own figure in USD (OpenRouter's `usage.cost`), None where there is none that can be true."""
    cost = reported.get("cost") if isinstance(reported, Mapping) else None
    if isinstance(cost, bool) or not isinstance(cost, (int, float)):
        return None
    return float(cost) if 0 <= cost <= MAX_COST_USD else None


def _inside(value: Mapping[Any, Any], name: str, inner: str) -> object:
    found = value.get(name)
    return found.get(inner) if isinstance(found, Mapping) else None


def _count(value: object, *, at_least: int = 0, at_most: int) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not at_least <= value <= at_most:
        return None
    return value
