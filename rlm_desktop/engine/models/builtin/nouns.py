"""The noun that a question is about: what is counted or listed, and the unit or the thing that it names."""

from __future__ import annotations

import re

from rlm_desktop.engine.models.builtin import cues
from rlm_desktop.engine.models.builtin.lexicon import STOPS
from rlm_desktop.engine.models.builtin.things import NAMES, UNITS, Unit

_CLAUSE = re.compile(r"(?i)^(?:clauses?|articles?|paragra\w+|klauseln?|artikel|artículos?|cláusulas?|§.*|条款?)$")
_TITLE = re.compile(r"(?i)^(?:sub)?(?:headings?|titles?|überschriften|titres?|títulos?|标题)$")


def noun_of_figure(rest: str) -> str:
    """Return the noun whose number is asked for, empty where no number is."""
    cue = cues.TIMES.search(rest) or cues.HOW_MANY.search(rest)
    if not cue or re.search(r"(?i)combien$|多少$", cue[0]):
        return ""
    noun = what_is_counted(rest[cue.end() :])[0]
    return noun if re.fullmatch(r"[^\W\d_]{3,}", noun) and noun.lower() not in STOPS and not cues.TIMES.search(rest) else ""


def heading_noun(rest: str) -> str:
    noun = NAMES["heading"].search(rest)
    return noun[0] if noun else ""


def headings_meant(noun: str) -> str:
    """Return `title` for all headings, `clause` for numbered ones, `section` for all but the title of the whole."""
    return "clause" if _CLAUSE.match(noun) else "title" if _TITLE.match(noun) else "section"


def what_is_counted(after: str) -> tuple[str, Unit | None, str]:
    """Return the noun after `how many`, and the unit or the thing that it names."""
    window = after[:60]
    found: list[tuple[int, int, str, Unit | None, str]] = []
    for unit, pattern in UNITS.items():
        if match := pattern.search(window):
            found.append((match.start(), -len(match[0]), match[0], unit, ""))
    for thing, pattern in NAMES.items():
        if match := pattern.search(window):
            found.append((match.start(), -len(match[0]), match[0], None, thing))
    word = re.match(r"\W*(?:(?:different|distinct|unique|of|the)\W+)*([^\W\d_]+)", window)
    plain = (word[1] if word else "", None, "")
    if not found:
        return plain
    start, _, noun, of_unit, thing = min(found, key=lambda row: row[:2])
    between = window[:start]
    # Only right after what asks, as in `how many of the lines`; else another noun is counted (`how many casks are in the file`).
    if len(re.findall(r"[^\W\d_]{3,}", cues.FILLER.sub(" ", between))) > 1 or re.search(r"(?i)\b(?:in|on|at|im|dans|en)\b", between):
        return plain
    return noun, of_unit, thing


def what_is_listed(rest: str) -> tuple[Unit | None, str]:
    """Return the first unit or thing that is named, the longer name where two begin at one place."""
    found: list[tuple[int, int, Unit | None, str]] = []
    for unit, pattern in UNITS.items():
        if match := pattern.search(rest):
            found.append((match.start(), -len(match[0]), unit, ""))
    for thing, pattern in NAMES.items():
        if match := pattern.search(rest):
            found.append((match.start(), -len(match[0]), None, thing))
    return min(found, key=lambda row: row[:2])[2:] if found else (None, "")
