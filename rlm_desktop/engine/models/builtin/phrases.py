"""The words that a question looks for: what is left of it without words that ask, count, join, or name a unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rlm_desktop.engine.models.builtin import cues
from rlm_desktop.engine.models.builtin.lexicon import ENGLISH_STOPS, FRENCH_STOPS, GERMAN_STOPS, SPANISH_STOPS
from rlm_desktop.engine.models.builtin.things import NAMES, UNITS
from rlm_desktop.engine.models.builtin.words import UNSPACED, stem

QUOTED: Final = re.compile(
    r"[\"“„«「『`]\s?([^\"”“»」』`]{1,120}?)\s?[\"”“»」』`]"
    r"|(?<!\w)['‘]([^'’\n]{1,120}?)['’](?!\w)"
)
_ARTICLES: Final = frozenset({"the", "a", "an", "une", "un", "una", "el", "la", "der", "die", "das"})
_LANGUAGES: Final = (ENGLISH_STOPS, GERMAN_STOPS, FRENCH_STOPS, SPANISH_STOPS)
_SPACED = rf"(?![{UNSPACED}])"
_TOKEN = re.compile(rf"[{UNSPACED}]+|(?:{_SPACED}[\w@#$./:+-])*(?:{_SPACED}[\w@#$+])(?:['’](?:{_SPACED}[^\W\d_]){{2,}})?")
_MASKED: Final = (cues.TIMES, cues.HOW_MANY, cues.LISTING, cues.ASKING_WHICH, cues.FILLER, cues.MENTION, cues.DEFINE, *UNITS.values())


def phrases_of(question: str) -> tuple[tuple[str, ...], bool]:
    """Return the phrases, in order, and whether either is enough. What stands in quotes is all of it."""
    is_any = cues.BOTH.search(question) is not None
    quoted = [(match[1] or match[2]).strip() for match in QUOTED.finditer(question)]
    if any(quoted):
        return tuple(dict.fromkeys(filter(None, quoted))), is_any
    masked = question
    for pattern in _MASKED:
        masked = pattern.sub(_blank, masked)
    stops = _stops(question)
    runs: list[str] = []
    last_end = -1
    for match in _TOKEN.finditer(masked):
        token = match[0].strip("./:-")
        if not token or (token.lower() in stops and not _is_shouted(token)):
            continue
        is_next = last_end >= 0 and not masked[last_end : match.start()].strip(" ")
        if is_next and runs and token[0] < "\u2e80" and runs[-1][-1] < "\u2e80":
            runs[-1] = f"{runs[-1]} {token}"
        else:
            runs.append(token)
        last_end = match.end()
    return tuple(dict.fromkeys(runs)), is_any


def unused_words(question: str, used: Iterable[str]) -> tuple[str, ...]:
    """Return names and figures of `question` that nothing in `used` holds: an answer that leaves them out may not be what was asked."""
    masked = question
    for pattern in (*_MASKED, *NAMES.values(), cues.MOST, cues.LEAST, cues.EACH, cues.DISTINCT, cues.SUM, cues.MORE_COMMON):
        masked = pattern.sub(_blank, masked)
    known = {stem(word) for text in used for word in re.findall(r"\w+", text.lower())}
    stops = _stops(question)
    found: list[str] = []
    for match in re.finditer(rf"(?:{_SPACED}\w)+", masked):
        word = match[0]
        is_telling = word[0].isdigit() or (word[0].isupper() and question[: match.start()].strip(" ¿\"'") != "")
        if is_telling and word.lower() not in stops and stem(word.lower()) not in known:
            found.append(word)
    return tuple(dict.fromkeys(found))


def _blank(match: re.Match[str]) -> str:
    return match[0] if _is_shouted(match[0]) else "\x00" * len(match[0])


def _is_shouted(word: str) -> bool:
    """True for a word in capitals, such as `TODO` in a French question: it is meant as it stands."""
    return len(word) > 1 and word.isascii() and word.isupper()


def _stops(question: str) -> frozenset[str]:
    """Return the joining words of the question's language alone: `war` is one in German and a word in English."""
    words = set(re.findall(r"\w+", question.lower()))
    best = max(_LANGUAGES, key=lambda stops: len(words & stops))
    return best | _ARTICLES
