"""What a server's refusal means: a sentence for the person, and whether asking again can help."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from rlm_desktop.engine.models.base import ModelError
from rlm_desktop.redact import LIVE

MAX_RETRY_AFTER_S = 120.0
"""A server that asks for more patience is asked again earlier."""
EXCERPT_CHARS = 300
_LOOKED_AT = 16 * EXCERPT_CHARS

_TOO_LONG = re.compile(
    r"context[_ -]length|context[_ -]window|context[_ -]size|context overflow|maximum context|maximum prompt length|maximum model length"
    r"|prompt is too long|input is too long|too many (?:input )?tokens|token count[^.]{0,40} exceeds"
    r"|exceeds? the (?:maximum|available|model)|reduce the length of|too large for model|longer than the (?:model|maximum)",
    re.IGNORECASE,
)
_MODEL_UNKNOWN = re.compile(r"model", re.IGNORECASE)
_QUOTA = re.compile(r"insufficient[_ ]quota|exceeded your current quota|billing", re.IGNORECASE)
_AGAIN = frozenset({408, 409, 425, 429})


def status_failure(
    status: int, headers: Mapping[str, str], body: str | bytes, *, model: str, server: str, now: datetime | None = None
) -> ModelError:
    """Return the error that an HTTP `status` other than success is."""
    said = said_in(body)
    because = f": {said}" if said else ""
    again = ModelError(
        f"{server} {_why_again(status)} ({status}){because}",
        retry_after_s=retry_after_s(headers, now or datetime.now(UTC)),
        status_code=status,
    )
    if status in (400, 413, 422, 500) and _TOO_LONG.search(said):
        what = f"The prompt is longer than {model} takes ({server}, {status}){because} Use a model with a larger window."
    elif status >= 500 or (status in _AGAIN and not (status == 429 and _QUOTA.search(said))):
        return again
    elif status == 401:
        what = f"{server} refused the key ({status}){because} Check the key{f' for {model}' if model else ''}, or give another one."
    elif status == 403:
        use, or_else = (f"use {model}", ", or choose another model") if model else ("see its models", "")
        what = f"{server} does not let this key {use} ({status}){because} Check what the key may do{or_else}."
    elif status == 404 and _MODEL_UNKNOWN.search(said):
        what = f"{server} has no model “{model}” ({status}){because} Choose one of the models that it lists."
    elif status == 404:
        what = f"{server} has nothing at this address ({status}){because} Check the base URL; it usually ends in /v1."
    elif status in (402, 429):
        what = f"{server} says that the account has no credit left ({status}){because} Add credit there, or use another key."
    elif status == 407:
        what = f"The network's proxy wants a name and a password ({status}) before it lets {server} be reached. Set them in HTTPS_PROXY."
    elif 300 <= status < 400:
        to = _printable(headers.get("location", "another address"))
        what = f"{server} points to {to} ({status}). The key is not sent on; if that address is right, give it as the base URL."
    else:
        what = f"{server} rejected the request to {model} ({status}){because}"
    return ModelError(what.rstrip(), is_final=True, status_code=status)


def failure_in_body(value: Mapping[str, Any], server: str) -> ModelError:
    """Return the error that stands in a body sent with success, as in the middle of a stream."""
    error = value["error"]
    code = error.get("code") if isinstance(error, Mapping) else None
    status = code if isinstance(code, int) and not isinstance(code, bool) and 400 <= code <= 599 else None
    said = said_in(json.dumps(value))
    is_final = bool(_TOO_LONG.search(said)) or (status is not None and status < 500 and status not in _AGAIN)
    return ModelError(f"{server} sent an error instead of a reply: {said}", is_final=is_final, status_code=status)


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the wait that the server asks for in Retry-After, 0 to MAX_RETRY_AFTER_S; None where it asks for none that makes sense."""
    in_ms = headers.get("retry-after-ms")
    value = headers.get("retry-after") if in_ms is None else in_ms
    if value is None:
        return None
    try:
        wait_s = float(value) if in_ms is None else float(value) / 1000
    except ValueError:
        try:
            # Against the server's own clock, as ours may be off.
            stamped = headers.get("date")
            then, at = parsedate_to_datetime(value), parsedate_to_datetime(stamped) if stamped else now
            wait_s = (_aware(then) - _aware(at)).total_seconds()
        except (ValueError, OverflowError):
            return None
    return None if math.isnan(wait_s) else min(max(wait_s, 0.0), MAX_RETRY_AFTER_S)


def excerpt(data: str | bytes) -> str:
    """Return the beginning of `data` on one line, fit for a sentence, without keys: those that it is cut in the middle of too."""
    text = data[:_LOOKED_AT].decode("utf-8", "replace") if isinstance(data, bytes) else data[:_LOOKED_AT]
    line = " ".join(_printable(LIVE(text)[: 4 * EXCERPT_CHARS]).split())
    return line if len(line) <= EXCERPT_CHARS else line[:EXCERPT_CHARS] + "…"


def _why_again(status: int) -> str:
    if status == 429:
        return "asks to slow down"
    if status in (503, 529):
        return "is overloaded"
    return "took too long" if status in (408, 504) else "failed"


def said_in(body: str | bytes) -> str:
    """Return the server's own words, ending in a full stop; of a page in HTML its text."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        text = LIVE.of_cut(text)
        if "<" in text[:200]:
            text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text[:20_000], flags=re.DOTALL | re.IGNORECASE)
        found = text
    else:
        found = _message_in(value)
    said = excerpt(found)
    return said if not said or said[-1] in ".!?…" else said + "."


def _message_in(value: object) -> str:
    """Return what a JSON error says, in the shapes that servers use; the code too, as it is often clearer than the sentence."""
    if isinstance(value, list) and value:
        return _message_in(value[0])
    if not isinstance(value, Mapping):
        return value if isinstance(value, str) else json.dumps(value)
    for name in ("error", "message", "detail", "msg"):
        inner = value.get(name)
        if isinstance(inner, str) and inner:
            code = value.get("code")
            return f"{inner} ({code})" if isinstance(code, str) and name == "message" else inner
        if isinstance(inner, (Mapping, list)) and inner:
            return _message_in(inner)
    return json.dumps(value)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() or char.isspace() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
