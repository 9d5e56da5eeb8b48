"""About how many tokens a text is. An estimate: every model cuts texts in a way of its own, and this asks none of them."""

from __future__ import annotations

import re

SAMPLE_CHARS = 20_000
_LETTERS = re.compile("[\x80-\u10ff]+")

_ASCII_CHARS_PER_TOKEN = 4.0
_LETTERS_CHARS_PER_TOKEN = 2.6
"""Alphabets beyond ASCII: Cyrillic, Greek, Arabic, accented Latin."""
_EAST_ASIAN_CHARS_PER_TOKEN = 1.4
_ODD_CHARS_PER_TOKEN = 0.7
"""Beyond the basic plane: emoji, rare characters, each some tokens."""


def tokens_about(chars: int, sample: str = "") -> int:
    """Return the tokens that a text of `chars` characters is likely to be, judged by a sample of it; plain English where there is none.

    Within a fifth of what current models count for prose of most languages and for code; digits and noise can be twice as many.
    """
    if not chars:
        return 0
    if not sample or sample.isascii():
        return max(1, round(chars / _ASCII_CHARS_PER_TOKEN))
    count = len(sample)
    ascii_chars = len(sample.encode("ascii", "ignore"))
    letters = sum(map(len, _LETTERS.findall(sample)))
    odd = len(sample.encode("utf-16-le", "surrogatepass")) // 2 - count
    tokens = (
        ascii_chars / _ASCII_CHARS_PER_TOKEN
        + letters / _LETTERS_CHARS_PER_TOKEN
        + (count - ascii_chars - letters - odd) / _EAST_ASIAN_CHARS_PER_TOKEN
        + odd / _ODD_CHARS_PER_TOKEN
    )
    return max(1, round(chars * tokens / count))
