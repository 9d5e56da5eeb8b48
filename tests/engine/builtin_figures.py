"""How many of the labelled questions the built-in model answers. `python tests/engine/builtin_figures.py` prints shares and misses."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2])]

from rlm_desktop.analysis.quotes import find_quotes
from tests.engine.builtin_questions import KEPT_ASIDE, QUESTIONS, TUNED_BY, Labelled, documents
from tests.engine.small_repl import run


def is_right(question: Labelled, answer: str, names: Sequence[str]) -> bool:
    """True when the first quote holds the expected words, or where nothing is expected, when the answer says that nothing was found."""
    if question.expected is None:
        return answer.startswith("Nothing was found")
    quotes = find_quotes(answer, names)
    return bool(quotes) and question.expected in " ".join(quotes[0].text.split()) and quotes[0].document == question.document


def share(questions: Sequence[Labelled], *, shows: bool = False, aside: bool = False) -> float:
    """Return the share of `questions` answered rightly over all documents at once."""
    texts = documents()
    right = 0
    for question in questions:
        answer = run(question.text, texts, sub_calls="plain").answer
        if is_right(question, answer, list(texts)):
            right += 1
        elif shows and (aside or question in TUNED_BY):
            print(f"MISS {question.text} ({question.expected})\n     {answer.splitlines()[0]}")
    return right / len(questions)


if __name__ == "__main__":
    print(f"tuned by {share(TUNED_BY, shows=True):.3f}, kept aside {share(KEPT_ASIDE):.3f}, questions {len(QUESTIONS)}")
    for name, chosen in (("absent", [q for q in QUESTIONS if q.expected is None]), ("hard", [q for q in QUESTIONS if q.is_hard])):
        print(f"{name} {share(chosen):.3f} of {len(chosen)}")
