"""A question taken apart: the terms to look for, what each weighs, and what the answer must look like."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from rlm_desktop.engine.models.builtin.lexicon import (
    ASKS_FOR,
    CHINESE_ASKS,
    CHINESE_PARTICLES,
    ENGLISH_STOPS,
    FRENCH_STOPS,
    GERMAN_STOPS,
    SPANISH_STOPS,
    STOPS,
)
from rlm_desktop.engine.models.builtin.shapes import SHAPES, Kind, kind_of
from rlm_desktop.engine.models.builtin.words import UNSPACED, alike, fold, forms, lower

_TOKEN = re.compile(
    rf"(?P<code>(?<!\w)(?=[\w./#-]{{0,60}}\d)(?=[\w./#-]{{0,60}}[^\W\d_])[\w#](?:[\w./#-]{{0,60}}\w)?)|(?P<number>\d+(?:[.,:'/-]\d+)*)|(?P<unspaced>[{UNSPACED}]+)"
    rf"|(?P<word>(?:(?![{UNSPACED}])[^\W\d_])+)"
)
_QUOTED = re.compile(r"[\"“„«「『]([^\"”“»」』]{2,80})[\"”“»」』]")
_SCRIPT_RUNS = re.compile(
    r"[\u30a0-\u30ff]+|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[\u0e00-\u0eff]+|[\u1000-\u109f\u1780-\u17ff]+"
)


_ONLY_GERMAN = GERMAN_STOPS - ENGLISH_STOPS - FRENCH_STOPS - SPANISH_STOPS
MOST_CHARS = 4_000
"""Of a longer question its beginning and its end are looked at: there it is asked, and what a word weighs takes time for each."""
OWNER_COUNTS = 0.6
"""In `the captain's wife` it is the wife who is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing to look for. A `word` is found by beginnings (`forms`), the others as they stand; `alike` are words of like meaning."""

    kind: Literal["word", "exact", "piece"]
    weight: float
    forms: tuple[str, ...]
    alike: tuple[str, ...] = ()
    as_written: str
    is_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    text: str
    kind: Kind
    terms: tuple[Term, ...]
    asked: frozenset[str]
    """The question's own words in lower case: they never are the answer."""

    @property
    def shape(self) -> str:
        """A regular expression that an answer of this kind matches; empty where anything may be one."""
        return SHAPES[self.kind]


def understand(text: str) -> Question:
    """Return what `text` asks for. Words that only ask or join are left out, unless there are no others."""
    if len(text) > MOST_CHARS:
        text = f"{text[: MOST_CHARS // 2]}\n{text[-MOST_CHARS // 2 :]}"
    found: dict[tuple[str, ...], Term] = {}
    is_german = len(set(re.findall(r"\w+", text.lower())) & _ONLY_GERMAN) > 0
    for match in _QUOTED.finditer(text):
        phrase = lower(match[1].strip())
        if " " in phrase:
            _keep(found, Term(kind="exact", weight=2.0, forms=tuple(dict.fromkeys((phrase, fold(phrase)))), as_written=match[1]))
    for keeps_stops in (False, True):
        for term in _terms(text, is_german=is_german, keeps_stops=keeps_stops):
            _keep(found, term)
        if found:
            break
    asked = frozenset(lower(word) for word in re.findall(r"\w+", text))
    return Question(text=text, kind=kind_of(text), terms=tuple(found.values()), asked=asked)


def _keep(found: dict[tuple[str, ...], Term], term: Term) -> None:
    if term.forms and term.forms not in found:
        found[term.forms] = term


def _terms(text: str, *, is_german: bool, keeps_stops: bool) -> list[Term]:
    terms: list[Term] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if match["code"]:
            terms.append(Term(kind="exact", weight=2.0, forms=(lower(token),), as_written=token))
        elif match["number"]:
            plain = re.sub(r"(?<=\d)[,'](?=\d{3})", "", token)
            grouped = f"{int(plain):,}" if plain.isdigit() and len(plain) > 3 else plain
            terms.append(Term(kind="exact", weight=1.5, forms=tuple(dict.fromkeys((token, plain, grouped))), as_written=token))
        elif match["unspaced"]:
            terms.extend(_pieces(token))
        else:
            word = lower(token)
            if (word in STOPS or len(word) < 2) and not keeps_stops:
                continue
            term = _word(word, is_name=token[0].isupper() and not _opens_sentence(text, match.start()), is_german=is_german)
            owns = text[match.end() : match.end() + 2] in ("'s", "’s")
            terms.append(replace(term, weight=term.weight * OWNER_COUNTS) if owns else term)
    return terms


def _word(word: str, *, is_name: bool, is_german: bool) -> Term:
    if word in ASKS_FOR:
        return Term(kind="word", weight=0.3, forms=forms(word), alike=alike(word), as_written=word)
    if is_name and not is_german:
        return Term(
            kind="word",
            weight=1.6,
            forms=tuple(dict.fromkeys((word, fold(word), *forms(word)[:1]))),
            as_written=word.capitalize(),
            is_name=True,
        )
    return Term(kind="word", weight=1.0, forms=forms(word), alike=alike(word), as_written=word)


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\"'“„«(")
    return not before or before[-1] in ".!?:\n"


def _pieces(run: str) -> list[Term]:
    """Cut a run of a script without spaces into pairs of characters, without what asks and what joins."""
    for asks in CHINESE_ASKS:
        run = run.replace(asks, " ")
    run = "".join(" " if char in CHINESE_PARTICLES else char for char in run)
    terms = []
    for match in _SCRIPT_RUNS.finditer(run):
        word = match[0]
        size = 4 if "\u0e00" <= word[0] <= "\u17ff" else 2
        if len(word) <= size or "\u30a0" <= word[0] <= "\u30ff":
            terms.append(Term(kind="piece", weight=1.0 if len(word) > 1 else 0.4, forms=(lower(word),), as_written=word))
        else:
            share = 1.0 / (len(word) - size + 1) ** 0.5
            terms += [
                Term(kind="piece", weight=share, forms=(lower(word[i : i + size]),), as_written=word) for i in range(len(word) - size + 1)
            ]
    return terms
