"""How well a stretch of text matches a question's terms."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from rlm_desktop.engine.models.builtin.question import Question, Term
from rlm_desktop.engine.models.builtin.sentences import Span, sentences
from rlm_desktop.engine.models.builtin.words import fold, is_form_of, is_unspaced

ALIKE_COUNTS = 0.6
INSIDE_COUNTS = 0.6
"""For a term found inside a longer word, as in `Dampfmaschine`."""
INSIDE_CHARS = 6
PREVIOUS_COUNTS = 0.6
NEXT_COUNTS = 0.25
HEADING_COUNTS = 0.6
LENGTH_PULL = 0.5
WITHOUT_SHAPE = 0.55
HEDGED = 0.88
_HEDGES = re.compile(
    r"(?i)\b(?:not|never|no longer|instead of|rumou?r(?:ed|s)?|proposed|planned|originally|formerly|at first|was to have|would have)\b"
    r"|(?i:\b(?:draft|supposed|believed|perhaps|nicht|nie|geplant|ursprünglich|angeblich|jamais|prévu|prétend)\b)|n't\b|没有|不是|原定|ではな"
)


class Match(NamedTuple):
    """A sentence and its worth. `share` is how much of the question's weight it and what stands around it hold, 0 to 1."""

    span: Span
    score: float
    share: float
    leans_back: bool
    """A good part of the match stands in the sentence before."""


def quality(term: Term, folded: str) -> float:
    """Return 1.0 where `folded` (lower case, no accents) holds the term, less for a like word or a part of a longer word, else 0."""
    best = max((_found(term.kind, form, folded) for form in term.forms), default=0.0)
    if best < ALIKE_COUNTS and term.alike:
        best = max(best, ALIKE_COUNTS * max(_found(term.kind, form, folded, inside=False) for form in term.alike))
    return best


def _found(kind: str, form: str, folded: str, *, inside: bool = True) -> float:
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
            if starts and is_form_of(form, folded[end:stop]):
                return 1.0
            if inside and len(form) >= INSIDE_CHARS:
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


def best_matches(question: Question, text: str, *, weights: Sequence[float] | None = None) -> list[Match]:
    """Return the sentences of `text`, best first. `weights` stand in for how rare each term is; without them the text itself tells."""
    spans = sentences(text)
    if not spans or not question.terms:
        return []
    folded = fold(text)
    own = [[quality(term, folded[span.start : span.end]) for term in question.terms] for span in spans]
    if weights is None:
        weights = _weights(question, own)
    total = sum(weights) or 1.0
    mean_chars = sum(span.end - span.start for span in spans) / len(spans)
    found: list[Match] = []
    heading: list[float] = [0.0] * len(weights)
    for at, span in enumerate(spans):
        before = own[at - 1] if at else heading
        after = own[at + 1] if at + 1 < len(spans) else heading
        sums = [0.0, 0.0, 0.0]
        for term, weight in enumerate(weights):
            mine = own[at][term]
            near = max(mine, PREVIOUS_COUNTS * before[term], NEXT_COUNTS * after[term], HEADING_COUNTS * heading[term])
            sums[0] += weight * mine
            sums[1] += weight * near
            sums[2] += weight * max(0.0, PREVIOUS_COUNTS * before[term] - mine)
        length = 1.0 / (1.0 - LENGTH_PULL * 0.5 + LENGTH_PULL * 0.5 * max(0.6, (span.end - span.start) / max(mean_chars, 60.0)))
        score = (sums[1] + 0.3 * sums[0]) / total * (0.75 + 0.25 * length)
        quote = text[span.start : span.end]
        if not has_shape(question, quote):
            score *= WITHOUT_SHAPE
        if _HEDGES.search(quote) and not _HEDGES.search(question.text):
            score *= HEDGED
        if span.is_heading or quote.endswith(("?", "？")):
            score *= 0.6
        if sums[1] > 0:
            found.append(Match(span, score, sums[1] / total, sums[2] > 0.25 * sums[1]))
        if span.is_heading:
            heading = own[at]
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
