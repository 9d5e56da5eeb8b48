"""What a request says beside its messages, as people write it: `temperature=0.2`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from rlm_desktop.errors import UsageError


def parameters_in(given: Sequence[str]) -> dict[str, str | int | float | bool]:
    """Return `NAME=VALUE` as parameters: numbers, true and false as such, anything else as text. Raises UsageError."""
    found: dict[str, str | int | float | bool] = {}
    for one in given:
        name, is_pair, value = one.partition("=")
        if not is_pair or not name.strip() or not value.strip():
            raise UsageError(f"“{one}” is no parameter. Give a name and a value, such as temperature=0.2.")
        scalar = _scalar(value.strip())
        if isinstance(scalar, float) and not math.isfinite(scalar):
            # JSON has no such number: settings that held one could not be read again.
            raise UsageError(f"“{one}” is no parameter that can be sent. Give a number that has an end, such as temperature=0.2.")
        found[name.strip()] = scalar
    return found


def _scalar(text: str) -> str | int | float | bool:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, (str, int, float)) else text


def as_written(parameters: Mapping[str, str | int | float | bool]) -> str:
    """Return parameters on one line, to be changed and read again."""
    return " ".join(f"{name}={_written(value)}" for name, value in parameters.items())


def _written(value: str | int | float | bool) -> str:
    # A text that reads as a number would come back as one.
    return value if isinstance(value, str) and _scalar(value) == value else json.dumps(value, ensure_ascii=False)
