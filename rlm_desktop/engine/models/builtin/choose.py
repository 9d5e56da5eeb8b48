"""The choice of a way: from a question, the names of the documents, and the fields that a first look has shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from rlm_desktop.engine.models.builtin import cues
from rlm_desktop.engine.models.builtin.choice import Chosen, Condition, UnitOfText
from rlm_desktop.engine.models.builtin.fields import Seen, field_named, implied_conditions, numeric_field_named, stated_conditions
from rlm_desktop.engine.models.builtin.lexicon import STOPS
from rlm_desktop.engine.models.builtin.naming import VERSION_WORD, documents_named, is_between_documents, pair_to_compare
from rlm_desktop.engine.models.builtin.nouns import heading_noun, headings_meant, noun_of_figure, what_is_counted, what_is_listed
from rlm_desktop.engine.models.builtin.phrases import QUOTED, phrases_of, unused_words
from rlm_desktop.engine.models.builtin.things import MARKED_BY_READERS, UNITS, Unit
from rlm_desktop.engine.models.builtin.words import stem

_LONGEST: Final = 2_000
"""A longer question is a text with a question in it: no rule here would understand it."""
_MOST_PHRASES: Final = 4
"""More of them are a description, of which each part alone says nothing."""
_ABOUT_WORDS = re.compile(
    r"(?i)(?<!\w)(?:words?|term|phrase|string|wort|begriff|mot|palabra|occurs?|appears?|mentioned|erwähnt|genannt|vor|auf)(?!\w)"
    r"|appara[iî]t|mentionn|aparece|menciona|figure|出现|提到"
)
_WHO_IS_MENTIONED = re.compile(r"(?i)\bwho\b.*\bmentioned\b|\bwer wird\b|\bqui est mentionn|\bquién(?:es)?\b.*\bmencion|提到.*谁|谁.*提到")
_SEVERAL = re.compile(
    r"(?i)\b(?:are|were|sind|waren|sont|étaient|son|hay|gibt es|there|mentioned|defined|mentionn\w+|mencionad\w+|erwähnt|definiert\w*)\b"
    r"|哪些|有什么"
)
_WHICH_MENTION = re.compile(
    r"(?i)^\W*(?:which|what|welche|quel(?:le)?s|qué)\s+[^\W\d_]+\s+"
    r"(?:mention|contain|include|erwähnen|enthalten|mentionnent|contiennent|mencionan|contienen)\w*\s"
)
_MENTIONED = re.compile(
    r"(?i)\s*[^\W\d_]+\s+(?:mention|contain|erwähnen|enthalten|mentionnent|contiennent|mencionan|contienen)\s+([^?]{1,80})\W*$"
)
_MADE_UP = re.compile(r"[a-z0-9]_|_[a-z]|[a-z][A-Z]")
_THE_WORD = re.compile(r"(?i)\b(?:words?|terms?|strings?|wort|begriff|mot|palabra)\b")
_OF_COMPARING = re.compile(
    r"chang|differ|compar|added|remov|delet|between|clause|section|lease|contract|änder|geänd|unterschied|vergleich|zwischen|klausel"
    r"|changé|différ|entre|ajout|supprim|cambi|diferenc|modific|añad|elimin|cláusul"
)
_TEXT_UNITS: Final[dict[Unit, UnitOfText]] = {
    "line": "line",
    "record": "line",
    "paragraph": "paragraph",
    "sentence": "sentence",
    "document": "document",
}
_SIZE_UNITS: Final[dict[Unit, UnitOfText]] = {
    "line": "line",
    "paragraph": "paragraph",
    "sentence": "sentence",
    "word": "word",
    "character": "character",
}


def wants_fields(question: str) -> bool:
    """True where fields of rows may matter, so that the first look should show them."""
    tell = (cues.HOW_MANY, cues.TIMES, cues.LISTING, cues.MOST, cues.LEAST, cues.ASKING_WHICH, cues.SUM, cues.MORE_COMMON)
    return len(question) <= _LONGEST and any(cue.search(question) for cue in tell)


def choose(question: str, names: Sequence[str], seen: Seen, *, is_table: bool = True) -> Chosen:
    """Return the way to take. Where nothing tells of another way, a stated fact is asked for.

    `is_table`: the text is mostly rows with fields.
    """
    if len(question) > _LONGEST:
        return Chosen(way="fact")
    only, rest = documents_named(question, names)
    fact = Chosen(
        way="fact",
        noun=noun_of_figure(rest),
        only=only,
        rest=rest if only else question,
        needs_reasoning=bool(cues.REASONING.search(question)),
    )
    is_fact = cues.OF_A_FACT.search(question)
    if cues.SUMMING_UP.search(question) and not is_fact and not cues.TOPIC.search(question):
        phrases = phrases_of(cues.SECTION_NAMED.sub(" ", cues.SUMMING_UP.sub(" ", rest)))[0] if cues.SECTION_NAMED.search(rest) else ()
        return Chosen(way="summary", only=only, phrases=phrases)
    if cues.COMPARING.search(question) and not is_fact:
        pair = pair_to_compare(question, names, only) if len(only) == 2 or is_between_documents(rest) else ()
        if pair:
            return Chosen(way="compare", only=pair, side=_side(question), phrases=_asked_about(rest))
    if cues.DESCRIBED.search(question) and (cues.LISTING.search(question) or cues.ASKING_WHICH.search(question)):
        return replace(fact, needs_reasoning=True)
    chosen = (
        _ranked(question, rest, only, seen)
        or _counted(rest, only, seen, is_table=is_table, is_several=len(names) > 1)
        or _listed(question, rest, only, seen, is_several=len(names) > 1)
    )
    if chosen is None:
        return fact
    if chosen.what in ("words", "definitions", "documents"):
        return chosen
    used = (chosen.noun, *chosen.fields, *(text for condition in chosen.conditions for text in (*condition.fields, condition.value)))
    return replace(chosen, unused=unused_words(rest, used))


def _side(question: str) -> Literal["all", "added", "removed"]:
    added, removed = bool(cues.ADDED.search(question)), bool(cues.REMOVED.search(question))
    if added == removed:
        return "all"
    return "added" if added else "removed"


def _asked_about(rest: str) -> tuple[str, ...]:
    """Return the beginnings of words that a comparison is asked about, such as `pric`: changes that hold them go first."""
    words = re.findall(r"[^\W\d_]{4,}", rest.lower())
    return tuple(stem(word) for word in words if word not in STOPS and not VERSION_WORD.search(word) and not _OF_COMPARING.match(word))


def _ranked(question: str, rest: str, only: tuple[str, ...], seen: Seen) -> Chosen | None:
    is_most, is_least = cues.MOST.search(question), cues.LEAST.search(question)
    longest, shortest = cues.LONGEST.search(question), cues.SHORTEST.search(question)
    if (longest or shortest) and UNITS["document"].search(question):
        return Chosen(way="count", what="size", unit="character", rank="most" if longest else "least", only=only)
    figures = numeric_field_named(rest, seen) if cues.SUM.search(rest) else ""
    if figures:
        conditions = implied_conditions(rest, seen, known=(Condition(fields=(figures,), value=""),))
        return Chosen(way="count", what="values", fields=(figures,), conditions=conditions, rank="sum", only=only)
    if cues.MORE_COMMON.search(rest) and (compared := implied_conditions(rest, seen)):
        return Chosen(way="count", what="values", fields=compared[0].fields, only=only)
    fields = field_named(rest, seen) if is_most or is_least else ()
    if not fields:
        return None
    conditions = tuple(condition for condition in stated_conditions(rest, seen) if not set(condition.fields) & set(fields))
    return Chosen(way="count", what="values", fields=fields, conditions=conditions, rank="most" if is_most else "least", only=only)


def _counted(rest: str, only: tuple[str, ...], seen: Seen, *, is_table: bool, is_several: bool) -> Chosen | None:
    times = cues.TIMES.search(rest)
    if times:
        phrases, is_any = phrases_of(rest)
        if phrases and (QUOTED.search(rest) or _ABOUT_WORDS.search(rest)):
            return Chosen(way="count", unit="occurrence", phrases=phrases, is_any=is_any, only=only)
        return None
    many = cues.HOW_MANY.search(rest)
    if not many:
        return None
    noun, unit, thing = what_is_counted(rest[many.end() :])
    stated = stated_conditions(rest, seen)
    if not stated:
        grouped = _grouped(rest, only, seen)
        if grouped:
            return grouped
    if stated:
        conditions = (*stated, *implied_conditions(rest, seen, known=stated))
        return Chosen(way="count", what="rows", conditions=conditions, only=only, noun=noun)
    if unit in _TEXT_UNITS and (cues.STRICT_MENTION.search(rest) or QUOTED.search(rest)):
        phrases, is_any = phrases_of(rest)
        if phrases:
            return Chosen(way="count", unit=_TEXT_UNITS[unit], phrases=phrases, is_any=is_any, only=only)
    implied = implied_conditions(rest, seen)
    if implied:
        return Chosen(way="count", what="rows", conditions=implied, only=only, noun=noun, may_be_stated=True, is_guessed=True)
    if is_several and not unit and not thing and (words := _words_mentioned(rest[many.end() :])):
        return Chosen(way="count", unit="document", phrases=words, is_any=len(words) > 1, only=only, is_guessed=True)
    return _whole_units(noun, unit, thing, only, seen if is_table or unit != "record" else {})


def _grouped(rest: str, only: tuple[str, ...], seen: Seen) -> Chosen | None:
    """Return how to count different values of a field, or the rows for each value."""
    each, distinct = cues.EACH.search(rest), cues.DISTINCT.search(rest)
    if not each and not distinct:
        return None
    fields = (field_named(rest[each.end() : each.end() + 40], seen) if each else ()) or field_named(rest, seen)
    return Chosen(way="count", what="values", fields=fields, rank="all" if each else "distinct", only=only) if fields else None


def _whole_units(noun: str, unit: Unit | None, thing: str, only: tuple[str, ...], seen: Seen) -> Chosen | None:
    """Return how to count units or things that nothing more is said of."""
    if unit == "document":
        return Chosen(way="count", what="documents", only=only, noun=noun, may_be_stated=True, is_guessed=True)
    if unit == "record" and seen:
        return Chosen(way="count", what="rows", only=only, noun=noun)
    if unit in _SIZE_UNITS:
        return Chosen(way="count", what="size", unit=_SIZE_UNITS[unit], only=only, noun=noun)
    if thing == "heading":
        return Chosen(way="count", what="headings", thing=headings_meant(noun), only=only, noun=noun, may_be_stated=True, is_guessed=True)
    if thing and thing not in ("person", "number", "amount"):
        may_be_stated = thing not in MARKED_BY_READERS
        return Chosen(way="count", what="things", thing=thing, only=only, noun=noun, may_be_stated=may_be_stated, is_guessed=True)
    fields = field_named(noun, seen) if noun else ()
    if fields and fields[0] in seen:
        return Chosen(way="count", what="values", fields=fields, rank="distinct", only=only, noun=noun, may_be_stated=True, is_guessed=True)
    return None


def _listed(question: str, rest: str, only: tuple[str, ...], seen: Seen, *, is_several: bool) -> Chosen | None:
    listing = cues.LISTING.search(question)
    asks_where = cues.DEFINE.search(rest) and re.match(r"(?i)\W*(?:where|wo|où|dónde)\b|.*哪里", rest)
    if not listing and not asks_where and not cues.ASKING_WHICH.search(question) and not _WHO_IS_MENTIONED.search(question):
        return None
    unit, thing = what_is_listed(rest)
    phrases, is_any = phrases_of(rest)
    name = _name_defined(phrases) if cues.DEFINE.search(rest) else ""
    if name and (unit == "document" or thing not in ("class", "function") or _MADE_UP.search(name)):
        return Chosen(way="list", what="definitions", phrases=(name,), only=only)
    if unit in _TEXT_UNITS and cues.STRICT_MENTION.search(rest) and phrases:
        words = phrases if QUOTED.search(rest) or _THE_WORD.search(rest) else _one_and_many(phrases)
        return Chosen(way="list", unit=_TEXT_UNITS[unit], phrases=words, is_any=is_any or len(words) > len(phrases), only=only)
    if thing and (listing or _SEVERAL.search(question)):
        if thing == "heading":
            return Chosen(way="list", what="headings", thing=headings_meant(heading_noun(rest)), only=only)
        return Chosen(way="list", what="things", thing=thing, only=only)
    stated = stated_conditions(rest, seen)
    if stated and (listing or unit in ("line", "record")):
        return Chosen(way="list", what="rows", conditions=(*stated, *implied_conditions(rest, seen, known=stated)), only=only)
    implied = implied_conditions(rest, seen) if listing or _SEVERAL.search(question) else ()
    if implied:
        return Chosen(way="list", what="rows", conditions=implied, only=only, is_guessed=True)
    fields = field_named(rest, seen)
    if fields and fields[0] in seen and (listing or _SEVERAL.search(question)):
        return Chosen(way="list", what="values", fields=fields, only=only)
    if unit == "document" and not phrases and (listing or _SEVERAL.search(question)):
        return Chosen(way="list", what="documents", only=only)
    if is_several and not unit and thing in ("", "message") and phrases and _WHICH_MENTION.search(rest):
        # `which licences mention patents`: one word more than what is looked for, and that is what the documents are called
        return Chosen(way="list", unit="document", phrases=_one_and_many(phrases[1:]), is_any=len(phrases) == 2, only=only, is_guessed=True)
    if listing and 0 < len(phrases) <= _MOST_PHRASES:
        unit_of_text = _TEXT_UNITS.get(unit, "line") if unit else "line"
        return Chosen(way="list", unit=unit_of_text, phrases=phrases, is_any=is_any, only=only, is_guessed=True)
    return None


def _words_mentioned(after: str) -> tuple[str, ...]:
    """Return what is looked for in `[how many] licences mention patents`, where the noun is what the documents are called."""
    found = _MENTIONED.match(after)
    phrases = phrases_of(found[1])[0] if found else ()
    return _one_and_many(phrases) if len(phrases) == 1 else ()


def _one_and_many(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Return one plain word in its singular and plural too, as a list of what mentions `patents` without `patent` is not whole."""
    if len(phrases) != 1 or not re.fullmatch(r"[a-z]{4,}", phrases[0]):
        return phrases
    word = phrases[0]
    return (word, word[:-1]) if word.endswith("s") and not word.endswith("ss") else (word, f"{word}s")


def _name_defined(phrases: tuple[str, ...]) -> str:
    """Return the name of code among words: one that no text has by chance, else the last that could be one."""
    words = [word for phrase in phrases for word in re.findall(r"[^\W\d]\w*", phrase)]
    return next((word for word in words if _MADE_UP.search(word)), words[-1] if words else "")
