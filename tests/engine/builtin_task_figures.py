"""How many of the tasks beyond stated facts the built-in model does. A script: prints shares, and misses of what it was tuned by."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2])]

from rlm_desktop.analysis.quotes import find_quotes
from tests.engine.builtin_tasks import KEPT_ASIDE, KINDS, LANGUAGES, TASKS, TUNED_BY, Task, documents
from tests.engine.small_repl import run


def done_rightly(task: Task) -> tuple[bool, str]:
    """Return whether the answer to a task is right, and the answer. A quote that does not stand where it says is always wrong."""
    texts = documents(task.about)
    answer = run(task.text, texts, sub_calls="plain").answer
    return _is_right(task, answer, texts), answer


def _is_right(task: Task, answer: str, texts: dict[str, str]) -> bool:
    quotes = find_quotes(answer, texts)
    if any(_plain(texts[quote.document][quote.at : quote.to]) != _plain(quote.text) for quote in quotes):
        return False
    if task.kind == "nothing":
        return answer.startswith(("Nothing was found", "Nothing changed"))
    if answer.startswith("Nothing was found"):
        return False
    if task.kind == "count":
        figure = re.search(r"\d[\d,]*", answer)
        return figure is not None and figure[0].replace(",", "") == task.expected[0]
    if task.kind == "most":
        return task.expected[0] in answer.splitlines()[0]
    told = _plain(answer.rpartition("\n\n(")[0])
    if any(words in told for words in task.absent):
        return False
    if task.kind == "fact":
        return bool(quotes) and task.expected[0] in _plain(quotes[0].text)
    if task.kind == "list":
        return all(words in told for words in task.expected)
    quoted = " ".join(_plain(quote.text) for quote in quotes)
    held = sum(words.lower() in quoted.lower() for words in task.expected)
    return held >= (len(task.expected) if task.kind == "compare" else len(task.expected) * 2 / 3)


def _plain(text: str) -> str:
    return " ".join(text.split())


def share(tasks: Sequence[Task], told: Callable[[Task, str], None] = lambda task, answer: None) -> float:
    """Return the share of `tasks` done rightly; `told` is called with each that is not."""
    right = 0
    for task in tasks:
        is_right, answer = done_rightly(task)
        right += is_right
        if not is_right:
            told(task, answer)
    return right / len(tasks)


def _print_miss(task: Task, answer: str) -> None:
    print(f"MISS [{task.kind} {task.language}] {task.text} {task.expected}\n     {answer[:1_500]}")


if __name__ == "__main__":
    print(f"tuned by {share(TUNED_BY, _print_miss):.3f}, kept aside {share(KEPT_ASIDE):.3f}, tasks {len(TASKS)}")
    for kind in KINDS:
        print(kind, f"{share([task for task in TASKS if task.kind == kind]):.3f}")
    for language in LANGUAGES:
        print(language, f"{share([task for task in TASKS if task.language == language]):.3f}")
