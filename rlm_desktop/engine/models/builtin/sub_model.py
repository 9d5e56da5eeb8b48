"""The reply to a plain prompt: the sentences of its text that match its question best."""

from __future__ import annotations

import re

from rlm_desktop.engine.models.builtin import cues
from rlm_desktop.engine.models.builtin.central import central_sentences
from rlm_desktop.engine.models.builtin.matching import Match, best_matches
from rlm_desktop.engine.models.builtin.prompt import take_apart
from rlm_desktop.engine.models.builtin.question import understand

BUILTIN_NAME = "built-in extractive model"
NOT_FOUND = "NOT FOUND"
NOTHING_TO_READ = (
    f"{NOT_FOUND}. This is the {BUILTIN_NAME}: it is not a language model, "
    "it can only quote sentences from a text that stands in the prompt."
)
ENOUGH_SHARE = 0.3
"""Of the question's weight, what a sentence with its neighbours must hold to be an answer."""
SURE_ASKED = "how sure"
_QUOTE_CHARS = 420
_DATED_CHARS = 700
_CENTRAL = 2
_ABOUT_ITSELF = re.compile(r"(?i)what (?:it|this|the \w+) is about|on a line of its own")


def reply_to_prompt(prompt: str) -> str:
    """Return the best sentence of the prompt's text as it stands there, `NOT_FOUND` where none matches enough.

    A prompt that asks `how sure` gets a second line such as `Sure: 72` (0 to 100).
    """
    parts = take_apart(prompt)
    if not parts.text.strip():
        return NOTHING_TO_READ
    question = understand(parts.question)
    if _asks_for_summary(parts.question) and not _topic(parts.question):
        return _central(parts.text)
    matches = best_matches(question, parts.text)
    if not matches or matches[0].share < ENOUGH_SHARE:
        return _central(parts.text) if _asks_for_summary(parts.question) else NOT_FOUND
    quote = _quote(parts.text, matches)
    if SURE_ASKED not in prompt:
        return quote
    return f"{quote}\nSure: {sure(matches)}"


def sure(matches: list[Match]) -> int:
    """Return 0 to 100: how much of the question the best match holds, less where the second comes close."""
    best = matches[0]
    second = matches[1].score if len(matches) > 1 else 0.0
    gap = (best.score - second) / best.score if best.score else 0.0
    return round(100 * min(1.0, best.share) * (0.6 + 0.4 * min(1.0, 2 * gap)))


def _quote(text: str, matches: list[Match]) -> str:
    """Return the best sentence, with the one before it where the match leans on that one."""
    best = matches[0]
    start = best.span.start
    if best.dated_by and best.span.end - best.dated_by.start <= _DATED_CHARS:
        start = best.dated_by.start
    elif best.leans_back:
        before = [match.span for match in matches if match.span.end <= start and not text[match.span.end : start].strip()]
        if before and best.span.end - before[-1].start <= _QUOTE_CHARS and not before[-1].is_heading:
            start = before[-1].start
    return text[start : best.span.end]


def _asks_for_summary(question: str) -> bool:
    return cues.SUMMING_UP.search(question) is not None


def _topic(question: str) -> bool:
    """True where a summary is to be about something: `summarise what it says about the rent`."""
    return (
        re.search(r"(?i)\b(?:about|on|regarding|concerning|über|sur|sobre)\s+(?!it\b|this\b|$)\w", _ABOUT_ITSELF.sub(" ", question))
        is not None
    )


def _central(text: str) -> str:
    """Return the sentences that say best what the text is about, a line each."""
    return "\n".join(" ".join(text[span.start : span.end].split()) for span in central_sentences(text, _CENTRAL)) or NOT_FOUND
