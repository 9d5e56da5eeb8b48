"""How many of the questions beyond stated facts the built-in model answers. A script: prints shares, and misses of what it was tuned by."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2])]

from rlm_desktop.analysis.quotes import find_quotes
from tests.engine.builtin_ways_questions import KEPT_ASIDE, KINDS, LANGUAGES, QUESTIONS_OF_WAYS, TUNED_BY, Asked, documents
from tests.engine.small_repl import run


def answered_rightly(asked: Asked) -> tuple[bool, str]:
    """Return whether the answer is right, and the answer. A quote that does not stand where it says is always wrong."""
    texts = documents(asked.about)
    answer = run(asked.text, texts, sub_calls="plain").answer
    return _is_right(asked, answer, texts), answer


def _is_right(asked: Asked, answer: str, texts: dict[str, str]) -> bool:
    quotes = find_quotes(answer, texts)
    if any(_plain(texts[quote.document][quote.at : quote.to]) != _plain(quote.text) for quote in quotes):
        return False
    if asked.kind == "nothing":
        return answer.startswith(("Nothing was found", "Nothing changed"))
    if answer.startswith("Nothing was found"):
        return False
    if asked.kind == "count":
        figure = re.search(r"\d[\d,]*", answer)
        return figure is not None and figure[0].replace(",", "") == asked.expected[0]
    if asked.kind == "most":
        return asked.expected[0] in answer.splitlines()[0]
    told = _plain(answer.rpartition("\n\n(")[0])
    if any(words in told for words in asked.absent):
        return False
    if asked.kind == "fact":
        return bool(quotes) and asked.expected[0] in _plain(quotes[0].text)
    if asked.kind == "list":
        return all(words in told for words in asked.expected)
    quoted = " ".join(_plain(quote.text) for quote in quotes)
    held = sum(words.lower() in quoted.lower() for words in asked.expected)
    return held >= (len(asked.expected) if asked.kind == "compare" else len(asked.expected) * 2 / 3)


def _plain(text: str) -> str:
    return " ".join(text.split())


def share(questions: Sequence[Asked], told: Callable[[Asked, str], None] = lambda asked, answer: None) -> float:
    """Return the share of `questions` answered rightly; `told` is called with each that is not."""
    right = 0
    for asked in questions:
        is_right, answer = answered_rightly(asked)
        right += is_right
        if not is_right:
            told(asked, answer)
    return right / len(questions)


def _print_miss(asked: Asked, answer: str) -> None:
    print(f"MISS [{asked.kind} {asked.language}] {asked.text} {asked.expected}\n     {answer[:1_500]}")


if __name__ == "__main__":
    print(f"tuned by {share(TUNED_BY, _print_miss):.3f}, kept aside {share(KEPT_ASIDE):.3f}, questions {len(QUESTIONS_OF_WAYS)}")
    for kind in KINDS:
        print(kind, f"{share([asked for asked in QUESTIONS_OF_WAYS if asked.kind == kind]):.3f}")
    for language in LANGUAGES:
        print(language, f"{share([asked for asked in QUESTIONS_OF_WAYS if asked.language == language]):.3f}")
