"""How fast the built-in model is: a text of ten million tokens from question to answer, and its reading of many passages at once."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rlm_desktop.engine import RLM
from rlm_desktop.engine.models.base import Message, ModelRequest
from rlm_desktop.engine.models.builtin import BuiltinModel
from rlm_desktop.trace import events as ev
from tests.benchmarks.figure import figure, median

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
    yield figure("builtin_1000_passages", median(lambda: passages(text), runs=3), "s", 5.0)


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
