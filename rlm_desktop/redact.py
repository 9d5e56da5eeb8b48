"""Keeps keys out of whatever is written or shown: the live ones exactly, in the spellings they travel in, then what looks like one."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus

SHOWN = "***"
MIN_SECRET_CHARS = 8
"""Anything shorter is no secret but a placeholder that local servers are given, and would take words out of the texts."""

_RESERVED = "!#$&'()*+,/:;=?@[]~"
"""Characters that a URL may hold, and that some encoders leave as they are."""
_TELLING_CHARS = 5
"""The beginning of a key that is shorter says whose it is and nothing else, and ordinary words end in it."""

_BEGINS = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4}))"
"""Where a key may begin: not in the middle of a word; in a line of JSON the letter of an escape, as of a line's end, is none."""

# Each with the literal that must stand in a text for the pattern to match: looking for that is fast, in texts of many megabytes too.
_PATTERNS = (
    ("sk-", _BEGINS + r"sk-[A-Za-z0-9_-]{16,}"),
    ("earer ", r"(?<=[Bb]earer )[A-Za-z0-9._~+/-]{16,}=*"),
    ("AIza", _BEGINS + r"AIza[A-Za-z0-9_-]{35}"),
    ("gsk_", _BEGINS + r"gsk_[A-Za-z0-9]{32,}"),
    ("xai-", _BEGINS + r"xai-[A-Za-z0-9]{32,}"),
    ("hf_", _BEGINS + r"hf_[A-Za-z0-9]{30,}"),
    ("fw_", _BEGINS + r"fw_[A-Za-z0-9]{20,}"),
    ("tgp_v1_", _BEGINS + r"tgp_v1_[A-Za-z0-9_-]{20,}"),
    ("nvapi-", _BEGINS + r"nvapi-[A-Za-z0-9_-]{20,}"),
    ("pplx-", _BEGINS + r"pplx-[A-Za-z0-9]{32,}"),
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

    def exact(self, text: str) -> str:
        """Hide the live secrets alone: for texts that are worked with, where what only looks like a key may be what is asked about."""
        for spelling in self._spellings:
            if spelling in text:
                text = text.replace(spelling, SHOWN)
        return text

    def exact_bytes(self, data: bytes) -> bytes:
        """The same for UTF-8."""
        for spelling in self._spellings_bytes:
            if spelling in data:
                data = data.replace(spelling, SHOWN.encode())
        return data

    def holds_key(self, text: str) -> bool:
        """Return whether a live secret or what looks like a key stands in `text`."""
        return self(text) != text

    def __call__(self, text: str) -> str:
        text = self.exact(text)
        for mark, pattern in self._patterns:
            if mark in text:
                text = pattern.sub(SHOWN, text)
        return text

    def of_cut(self, text: str) -> str:
        """Redact a text that may have been cut off: of a live secret that its end went through, what is left goes too."""
        text = self(text)
        begun = self.begun_chars(text)
        return text[: len(text) - begun] + SHOWN if begun >= _TELLING_CHARS else text

    def begun_chars(self, text: str) -> int:
        """Return how many characters at the end of `text` are the beginning of a live secret, in any spelling."""
        return max((_overlap(text, spelling) for spelling in self._spellings), default=0)

    def redact_bytes(self, data: bytes) -> bytes:
        """The same for UTF-8, such as a line of JSON, which stays one."""
        data = self.exact_bytes(data)
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
        text = self._redactor.exact(self._held + piece)
        cut = len(text) - self._redactor.begun_chars(text)
        self._held = text[cut:]
        # Not before: the beginning of a live secret looks like a key by itself, and would not be known again in what comes of the rest.
        return self._redactor(text[:cut])

    def close(self) -> str:
        """Return what was held back, as nothing follows; where it tells much of a secret, without that."""
        held, self._held = self._held, ""
        return self._redactor.of_cut(held)


LIVE: Final = Redactor()
"""The one of this process: a key is in it from the moment it is known, and whatever is printed, shown or logged passes through it."""


def _spellings(secret: str) -> set[str]:
    """Return `secret` as it is, URL-encoded, escaped for JSON, HTML and Python, in hex, and in base64 at each of the three places a longer
    text can put it.
    """
    raw = secret.encode("utf-8", "replace")
    in_json = json.dumps(secret)[1:-1]
    found = {secret, in_json, json.dumps(secret, ensure_ascii=False)[1:-1], in_json.replace("/", "\\/"), repr(secret)[1:-1]}
    # Some encoders of JSON also escape what a web page would take for markup.
    found.add("".join(f"\\u{ord(char):04x}" if char in "<>&'" else char for char in in_json))
    found |= {html.escape(secret), html.escape(secret, quote=False), secret.replace("'", "\\'")}
    for encoded in (quote(secret, safe=""), quote(secret), quote(secret, safe=_RESERVED), quote_plus(secret)):
        found |= {encoded, re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), encoded)}
    found |= {raw.hex(), raw.hex().upper()}
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
