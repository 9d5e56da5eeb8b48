"""How an answer names what was found, and by what rule."""

from __future__ import annotations

from rlm_desktop.engine.models.builtin.choice import Chosen, Condition
from rlm_desktop.engine.models.builtin.things import THINGS

_ENGLISH = frozenset({"headings", "chapters", "sections", "clauses", "articles", "titles"})
_MEANS = {"=": "is", "!=": "is not", ">": "is above", "<": "is below"}


def what_was_found(chosen: Chosen) -> tuple[str, str, str]:
    """Return what is counted or listed, in the singular and the plural, and the rule that goes right after it."""
    match chosen.what:
        case "words":
            joined = (" or " if chosen.is_any else " and ").join(f"‘{phrase}’" for phrase in chosen.phrases)
            unit = "place" if chosen.unit == "occurrence" else chosen.unit
            return unit, f"{unit}s", f" with {joined}, in any case, as a word of its own"
        case "rows":
            return "row", "rows", where_said(chosen) or ", without headers"
        case "values":
            return "row", "rows", f" with a field called {chosen.fields[0]}{where_said(chosen)}"
        case "documents":
            return "document", "documents", " in the context"
        case "definitions":
            return "definition", "definitions", f" of ‘{chosen.phrases[0]}’"
        case "headings":
            noun = chosen.noun.lower() if chosen.noun.lower() in _ENGLISH else "headings"
            return noun.removesuffix("s"), noun, ", by their marks, their numbers, or lines set apart"
        case "size":
            return chosen.unit, f"{chosen.unit}s", _SIZE_RULES[chosen.unit]
        case "things":
            thing = THINGS[chosen.thing]
            return thing.one, thing.many, f", found {thing.way}"


def where_said(chosen: Chosen) -> str:
    """Return the conditions in words, empty where there are none."""
    return f" where {' and '.join(map(_said, chosen.conditions))}" if chosen.conditions else ""


def not_used(chosen: Chosen) -> str:
    """Return how sure an answer is that leaves out some of the question."""
    words = ", ".join(f"‘{word}’" for word in chosen.unused)
    return f"uncertain; it is exact as to what it names, but leaves out {words} of the question"


def _said(condition: Condition) -> str:
    return f"{condition.fields[0]} {_MEANS[condition.comparison]} ‘{condition.value}’"


_SIZE_RULES = {
    "line": ", empty ones too",
    "paragraph": ", parted by empty lines",
    "sentence": ", by their end marks",
    "word": ", letters and figures in a row as one, each Chinese or Japanese sign as one",
    "character": ", spaces and line ends too",
}
