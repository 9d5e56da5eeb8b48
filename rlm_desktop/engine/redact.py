"""Keeps keys out of whatever is written or shown: the live ones exactly, in the spellings they travel in, then what looks like one."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

SHOWN = "***"
MIN_SECRET_CHARS = 8
"""Anything shorter is no secret but a placeholder that local servers are given, and would take words out of the texts."""

# Each with the literal that must stand in a text for the pattern to match: looking for that is fast, in texts of many megabytes too.
_PATTERNS = (
    ("sk-", r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}"),
    ("earer ", r"(?<=[Bb]earer )[A-Za-z0-9._~+/-]{16,}=*"),
    ("AIza", r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}"),
    ("gsk_", r"(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{32,}"),
    ("xai-", r"(?<![A-Za-z0-9])xai-[A-Za-z0-9]{32,}"),
    ("hf_", r"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}"),
)


class Redactor:
    """Called with a text, returns it with `***` in the place of keys. Texts that are cut up later are redacted whole, before."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._spellings: list[str] = []
        self._spellings_bytes: list[bytes] = []
        self._patterns = [(mark, re.compile(pattern)) for mark, pattern in _PATTERNS]
        self._patterns_bytes = [(mark.encode(), re.compile(pattern.encode())) for mark, pattern in _PATTERNS]
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """From now on hide `secret` too."""
        if len(secret) >= MIN_SECRET_CHARS:
            # The longest first, as one spelling may hold another.
            self._spellings = sorted({*self._spellings, *_spellings(secret)}, key=lambda text: (-len(text), text))
            self._spellings_bytes = [text.encode("utf-8", "replace") for text in self._spellings]

    def __call__(self, text: str) -> str:
        for spelling in self._spellings:
            if spelling in text:
                text = text.replace(spelling, SHOWN)
        for mark, pattern in self._patterns:
            if mark in text:
                text = pattern.sub(SHOWN, text)
        return text

    def begun_chars(self, text: str) -> int:
        """Return how many characters at the end of `text` are the beginning of a live secret, in any spelling."""
        return max((_overlap(text, spelling) for spelling in self._spellings), default=0)

    def redact_bytes(self, data: bytes) -> bytes:
        """The same for UTF-8, such as a line of JSON, which stays one."""
        for spelling in self._spellings_bytes:
            if spelling in data:
                data = data.replace(spelling, SHOWN.encode())
        for mark, pattern in self._patterns_bytes:
            if mark in data:
                data = pattern.sub(SHOWN.encode(), data)
        return data


class RedactedStream:
    """Redacts a text that comes in pieces: what may be the beginning of a live secret is held back until more has come."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return what can be shown now."""
        text = self._redactor(self._held + piece)
        cut = len(text) - self._redactor.begun_chars(text)
        self._held = text[cut:]
        return text[:cut]

    def close(self) -> str:
        """Return what was held back and is no secret, as nothing follows."""
        held, self._held = self._held, ""
        return held


def _spellings(secret: str) -> set[str]:
    """Return `secret` as it is, URL-encoded, JSON-escaped, in hex, and in base64 at each of the three places a longer text can put it."""
    raw = secret.encode("utf-8", "replace")
    found = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    found |= {json.dumps(secret)[1:-1].replace("/", "\\/"), raw.hex(), raw.hex().upper()}
    for shift in range(3):
        # The characters that also depend on the bytes before and after the secret are left out.
        first, last = (shift * 8 + 5) // 6, (shift + len(raw)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * shift + raw).decode()[first:last])
    return {text for text in found if len(text) >= MIN_SECRET_CHARS}


def _overlap(text: str, spelling: str) -> int:
    """Return the length of the longest end of `text` that `spelling`, which does not stand in it whole, begins with."""
    tail = text[-(len(spelling) - 1) :]
    return next((len(tail) - at for at in range(len(tail)) if spelling.startswith(tail[at:])), 0)
