"""How well a stretch of text matches a question's terms."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from rlm_desktop.engine.models.builtin.question import Question, Term
from rlm_desktop.engine.models.builtin.sentences import Span, sentences
from rlm_desktop.engine.models.builtin.shapes import is_dated
from rlm_desktop.engine.models.builtin.words import fold, is_form_of, is_unspaced

ALIKE_COUNTS = 0.6
INSIDE_COUNTS = 0.6
"""For a term found inside a longer word, as in `Dampfmaschine`."""
INSIDE_CHARS = 6
PREVIOUS_COUNTS = 0.8
NAME_STAYS = 0.95
TRAIL_STAYS = 0.75
"""How much of what the sentences before held is left with each sentence: a text goes on about a name without naming it."""
PARAGRAPH_COUNTS = 0.3
NEXT_COUNTS = 0.15
HEADING_COUNTS = 0.6
OWN_COUNTS = 0.15
LENGTH_PULL = 0.25
LENGTH_COUNTS = 0.25
WITHOUT_SHAPE = 0.55
HEDGED = 0.88
DEFINES = 2.0
"""For a sentence that opens with the quoted word as what it defines, where the question asks what that word means."""
UNSTATED = 0.6
"""For headings and questions, which state nothing."""
_HEDGES = re.compile(
    r"(?i)\b(?:not|never|no longer|instead of|rumou?r(?:ed|s)?|proposed|planned|originally|formerly|at first|was to have|would have)\b"
    r"|(?i:\b(?:draft|supposed|believed|perhaps|nicht|nie|geplant|ursprünglich|angeblich|jamais|prévu|prétend)\b)|n't\b|没有|不是|原定|ではな"
)


_ASKS_MEANING = re.compile(
    r"(?i)^\W*what (?:does|do|is|are|is meant by)\s+(?:an? |the )?[\"“]([^\"”]{2,60})[\"”]\s*(?:means?|stand for)?\W*$"
)


class Match(NamedTuple):
    """A sentence and its worth. `share` is how much of the question's weight it and what stands around it hold, 0 to 1."""

    span: Span
    score: float
    share: float
    leans_back: bool
    """A good part of the match stands in the sentences before."""
    dated_by: Span | None
    """The heading that holds the date which the question asks for."""


def quality(term: Term, folded: str) -> float:
    """Return 1.0 where `folded` (lower case, no accents) holds the term, less for a like word or a part of a longer word, else 0."""
    best = max((_found(term.kind, form, folded) for form in term.forms), default=0.0)
    if best < ALIKE_COUNTS and term.alike:
        best = max(best, ALIKE_COUNTS * max(_found(term.kind, form, folded, inside_chars=INSIDE_CHARS - 1) for form in term.alike))
    return best


def _found(kind: str, form: str, folded: str, *, inside_chars: int = INSIDE_CHARS) -> float:
    best = 0.0
    at = folded.find(form)
    while at >= 0:
        end = at + len(form)
        if kind == "piece":
            return 1.0
        before = folded[at - 1] if at else " "
        if kind == "exact":
            after = folded[end] if end < len(folded) else " "
            if not before.isalnum() and not after.isalnum():
                return 1.0
        else:
            stop = end
            while stop < len(folded) and folded[stop].isalpha() and stop - end < 24 and not is_unspaced(folded[stop]):
                stop += 1
            starts = not before.isalpha() or is_unspaced(before)
            if folded.startswith("://", stop):
                starts = False  # The beginning of an address says nothing of `https`.
            if starts and is_form_of(form, folded[end:stop]):
                return 1.0
            if len(form) >= inside_chars:
                best = INSIDE_COUNTS
        at = folded.find(form, at + 1)
    return best


def has_shape(question: Question, text: str) -> bool:
    """True when `text` holds something of the kind that is asked for, other than the question's own words."""
    if not question.shape:
        return True
    asked = question.asked
    bare = re.sub(r"\w+", lambda m: " " * len(m[0]) if m[0].lower() in asked else m[0], text)
    return re.search(question.shape, bare) is not None


def best_matches(question: Question, text: str) -> list[Match]:
    """Return the sentences of `text`, best first."""
    spans = sentences(text)
    if not spans or not question.terms:
        return []
    folded = fold(text)
    own = [[quality(term, folded[span.start : span.end]) for term in question.terms] for span in spans]
    weights = _weights(question, own)
    total = sum(weights) or 1.0
    mean_chars = max(60.0, sum(span.end - span.start for span in spans) / len(spans))
    meant = _ASKS_MEANING.match(question.text.strip())
    defines = re.compile(rf"(?i)\W*(?:[\d.]+\s+)?(?:(?:to|an?|the)\s+)?[\"“]{re.escape(meant[1])}[\"”]\s+\w") if meant else None
    dated = question.kind == "when"
    hedged = bool(_HEDGES.search(question.text))
    nothing = [0.0] * len(weights)
    found: list[Match] = []
    heading: Span | None = None
    heading_holds = trail = nothing
    """What the sentences before in this paragraph hold, less the further back."""
    for at, span in enumerate(spans):
        if at and "\n\n" in text[spans[at - 1].end : span.start]:
            trail = [PARAGRAPH_COUNTS * value for value in own[at - 1]]
        after = own[at + 1] if at + 1 < len(spans) else nothing
        near = [max(own[at][n], trail[n], NEXT_COUNTS * after[n], HEADING_COUNTS * heading_holds[n]) for n in range(len(weights))]
        mine = sum(weight * value for weight, value in zip(weights, own[at], strict=True))
        around = sum(weight * value for weight, value in zip(weights, near, strict=True))
        back = sum(weight * max(0.0, value - held) for weight, value, held in zip(weights, trail, own[at], strict=True))
        quote = text[span.start : span.end]
        above = heading if dated and heading and not is_dated(quote) and is_dated(text[heading.start : heading.end]) else None
        if around > 0:
            length = 1.0 / (1.0 - LENGTH_PULL + LENGTH_PULL * max(0.6, len(quote) / mean_chars))
            score = (around + OWN_COUNTS * mine) / total * (1.0 - LENGTH_COUNTS + LENGTH_COUNTS * length)
            score *= 1.0 if above or has_shape(question, quote) else WITHOUT_SHAPE
            score *= HEDGED if _HEDGES.search(quote) and not hedged else 1.0
            score *= DEFINES if defines and defines.match(quote) else 1.0
            score *= UNSTATED if span.is_heading or quote.endswith(("?", "？")) else 1.0
            found.append(Match(span, score, around / total, back > 0.25 * around, above))
        if span.is_heading:
            heading, heading_holds, trail = span, own[at], nothing
        else:
            trail = [
                max(held * PREVIOUS_COUNTS, before * (NAME_STAYS if term.is_name else TRAIL_STAYS))
                for held, before, term in zip(own[at], trail, question.terms, strict=True)
            ]
    found.sort(key=lambda match: (-match.score, match.span.start))
    return found


def _weights(question: Question, own: list[list[float]]) -> list[float]:
    """Return each term's weight: rare terms weigh more, in the manner of BM25."""
    count = len(own)
    weights = []
    for number, term in enumerate(question.terms):
        df = sum(1 for row in own if row[number] >= ALIKE_COUNTS)
        weights.append(term.weight * (0.4 + math.log(1.0 + (count - df + 0.5) / (df + 0.5)) / math.log(2.0 * count + 2.0)))
    return weights
