"""The sentences that say best what a text is about: by the weight of their words in it, and by where they stand."""

from __future__ import annotations

import re
from collections import Counter

from rlm_desktop.engine.models.builtin.lexicon import STOPS
from rlm_desktop.engine.models.builtin.sentences import Span, sentences
from rlm_desktop.engine.models.builtin.words import is_unspaced, stem

_OPENS_TEXT = 1.6
_OPENS_PARAGRAPH = 1.15
_FIGURE = 1.15
_UNSTATED = 0.3
"""For questions and for sentences that lean on the one before."""
_LEANS = re.compile(
    r"(?i)(?:it|this|that|these|those|they|he|she|such|but|and|however|also|then|so|er|sie|es|dies\w*|aber|auch|il|elle|cela|ce|mais|ello|esto|pero|también)\b"
)
_SHORT_WORDS, _LONG_WORDS = 6, 45
_REPEATS = 0.6
_BOILERPLATE = 0.4
_LEGAL = re.compile(r"(?i)\b(?:licen[cs]ed?|copyright|warrant(?:y|ies)|redistribut\w+|all rights reserved|permission is)\b")
"""What stands in every document says little of this one; where there is nothing else, it is weighed alike."""
_FENCED = re.compile(r"(?ms)^[ \t]*```.*?^[ \t]*```")


def central_sentences(text: str, most: int) -> list[Span]:
    """Return at most `most` sentences of `text` in their order, no two of which say about the same."""
    text = _FENCED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    spans = [span for span in sentences(text) if not span.is_heading]
    held = [_words(text[span.start : span.end]) for span in spans]
    often = Counter(word for words in held for word in set(words))
    ranked: list[tuple[float, int]] = []
    for number, (span, words) in enumerate(zip(spans, held, strict=True)):
        if not words:
            continue
        quote = text[span.start : span.end]
        weight = sum(often[word] ** 0.7 for word in set(words)) / max(_SHORT_WORDS, len(words)) ** 0.75
        weight *= _OPENS_TEXT if number == 0 else _OPENS_PARAGRAPH if "\n\n" in text[spans[number - 1].end : span.start] else 1.0
        weight *= _FIGURE if re.search(r"\d", quote) else 1.0
        weight *= _UNSTATED if quote.endswith(("?", "？", ":", "：")) else 1.0
        weight *= _BOILERPLATE if _LEGAL.search(quote) else 1.0
        weight *= 0.7 if number and _LEANS.match(quote) else 1.0
        weight *= 0.5 if len(words) < 3 or len(words) > _LONG_WORDS else 1.0
        ranked.append((weight, number))
    chosen: list[int] = []
    for _, number in sorted(ranked, key=lambda row: (-row[0], row[1])):
        if len(chosen) < most and not any(_alike(held[number], held[other]) for other in chosen):
            chosen.append(number)
    return [spans[number] for number in sorted(chosen)]


def _words(text: str) -> list[str]:
    words = [stem(word) for word in re.findall(r"[^\W\d_]{3,}", text.lower()) if word not in STOPS and not is_unspaced(word[0])]
    for run in re.findall(r"[\u3040-\u30ff\u3400-\u9fff]{2,}", text):
        words += [run[at : at + 2] for at in range(len(run) - 1)]
    return words


def _alike(one: list[str], other: list[str]) -> bool:
    shared = len(set(one) & set(other))
    return shared > _REPEATS * min(len(set(one)), len(set(other)))
