"""The invented world that the generated texts tell of: the people, ships and places of a northern coast that is on no map."""

from __future__ import annotations

import json
from typing import Final

from rlm_desktop.errors import UserError
from rlm_desktop.paths import resource


def _words() -> dict[str, list[str]]:
    path = resource("samples", "words.json")
    try:
        words: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"The words for samples cannot be read from {path}: {error}. Install the program again.") from error
    return words


_WORDS: Final = _words()
MEN: Final = _WORDS["men"]
WOMEN: Final = _WORDS["women"]
FAMILIES: Final = _WORDS["families"]
SHIPS: Final = _WORDS["ships"]
RIGS: Final = _WORDS["rigs"]
PORTS: Final = _WORDS["ports"]
GOODS: Final = _WORDS["goods"]
STREETS: Final = _WORDS["streets"]
WEEKDAYS: Final = _WORDS["weekdays"]
MONTHS: Final = _WORDS["months"]
DOORS: Final = _WORDS["doors"]
PLACES: Final = _WORDS["places"]
HOURS: Final = _WORDS["hours"]
BERTHS: Final = _WORDS["berths"]
WINDS: Final = _WORDS["winds"]
FORCES: Final = _WORDS["forces"]
LEFT_ON_BOARD: Final = _WORDS["left_on_board"]
BEQUESTS: Final = _WORDS["bequests"]
