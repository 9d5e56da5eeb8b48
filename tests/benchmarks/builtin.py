"""The built-in model: how fast it answers over ten million tokens and reads many passages at once, and what share it answers rightly."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rlm_desktop.engine import RLM
from rlm_desktop.engine.models.base import Message, ModelRequest
from rlm_desktop.engine.models.builtin import BuiltinModel
from rlm_desktop.trace import events as ev
from tests.benchmarks.figure import figure, median
from tests.engine.builtin_figures import share as share_of_facts
from tests.engine.builtin_questions import KEPT_ASIDE as FACTS_ASIDE
from tests.engine.builtin_questions import QUESTIONS
from tests.engine.builtin_ways_figures import answered_rightly
from tests.engine.builtin_ways_questions import KEPT_ASIDE, KINDS, LANGUAGES, QUESTIONS_OF_WAYS, Asked

TOKENS = 10_000_000
CHARS_PER_TOKEN = 4
FACT = "The observatory at Kestrel Bay was founded in 1843 by Anna Lindqvist."
QUESTION = "Who founded the observatory at Kestrel Bay?"
DOCUMENTS = Path(__file__).resolve().parents[1] / "engine" / "builtin_documents"
PASSAGES = 1_000


def large_text() -> str:
    """Return some 40 MB of prose with the fact at two thirds."""
    prose = (DOCUMENTS / "logbook.txt").read_text("utf-8") + "\n\n" + (DOCUMENTS / "handbook.md").read_text("utf-8") + "\n\n"
    half = TOKENS * CHARS_PER_TOKEN // len(prose) // 3
    return f"{prose * (2 * half)}{FACT}\n\n{prose * half}"


def figures() -> Iterator[dict[str, Any]]:
    text = large_text()
    seen: list[ev.KnownEvent] = []

    def answered() -> float:
        seen.clear()
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            result = asyncio.run(RLM().run(QUESTION, text, trace=Path(folder) / "trace.jsonl", on_event=seen.append))
        assert FACT in (result.answer or ""), result
        return time.perf_counter() - began

    yield figure("builtin_10m_tokens", median(answered, runs=3), "s", 3.0)
    prompts = [
        len(event.prompt) for event in seen if isinstance(event, ev.CallStarted) and isinstance(event.prompt, str) and event.kind == "llm"
    ]
    yield figure("builtin_10m_tokens_largest_prompt", 100 * max(prompts) / len(text), "%", 1.0)
    yield figure("builtin_10m_tokens_counted", median(lambda: counted(text), runs=3), "s", 3.0)
    yield figure("builtin_1000_passages", median(lambda: passages(text), runs=3), "s", 5.0)
    yield from shares()


def shares() -> Iterator[dict[str, Any]]:
    """Yield what share of the labelled questions is answered rightly: of stated facts, and of the others by kind and language."""
    yield of_labelled("facts_answered", share_of_facts(QUESTIONS), 0.85)
    yield of_labelled("facts_answered_kept_aside", share_of_facts(FACTS_ASIDE), 0.75)
    right = {asked for asked in QUESTIONS_OF_WAYS if answered_rightly(asked)[0]}

    def share(questions: Sequence[Asked]) -> float:
        return sum(asked in right for asked in questions) / len(questions)

    yield of_labelled("ways_answered", share(QUESTIONS_OF_WAYS), 0.85)
    yield of_labelled("ways_answered_kept_aside", share(KEPT_ASIDE), 0.75)
    for kind in KINDS:
        yield of_labelled(f"ways_answered_{kind}", share([asked for asked in QUESTIONS_OF_WAYS if asked.kind == kind]), 0.75)
    english = share([asked for asked in QUESTIONS_OF_WAYS if asked.language == "en"])
    for language in LANGUAGES:
        least = 0.85 if language == "en" else english / 2
        yield of_labelled(f"ways_answered_{language}", share([asked for asked in QUESTIONS_OF_WAYS if asked.language == language]), least)


def of_labelled(name: str, share: float, least: float) -> dict[str, Any]:
    """Return a figure whose limit is the least that will do, so its ratio is the other way round."""
    return figure(f"builtin_{name}", 100 * share, "%", 100 * least, ratio=least / max(share, 0.001))


def counted(text: str) -> float:
    """Return the seconds from the question to the answer of a count over so much text."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(RLM().run("How many lines mention the observatory?", text, trace=Path(folder) / "trace.jsonl"))
    assert (result.answer or "").startswith("1 line with"), result
    return time.perf_counter() - began


def passages(text: str) -> float:
    """Return the seconds that so many plain prompts of 1,500 characters take at once."""
    requests = [
        ModelRequest(messages=[Message(role="user", content=f"Question: {QUESTION}\n\nText:\n{text[at : at + 1_500]}")])
        for at in range(0, PASSAGES * 1_500, 1_500)
    ]

    async def ask() -> None:
        await asyncio.gather(*(BuiltinModel().complete(request) for request in requests))

    began = time.perf_counter()
    asyncio.run(ask())
    return time.perf_counter() - began
