"""The built-in model is given the messages and nothing else: behind HTTP it answers as it does in the engine's own process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rlm_desktop.engine.models.base import Message
from rlm_desktop.engine.models.builtin import BuiltinModel, reply
from rlm_desktop.engine.models.openai_chat import OpenAIChat
from rlm_desktop.servers.address import server_at
from rlm_desktop.trace import events as ev
from tests.engine.running import run
from tests.openai_server import OpenAIServer, Reply

TEXT = (
    "".join(f"Section {n}. In town {n} the weather was mild.\n" for n in range(4_000))
    + "The lighthouse keeper was Maren Olufsen, from 1862.\n"
)
QUESTION = "Who was the lighthouse keeper?"


def answered(messages: list[dict[str, Any]], body: Mapping[str, object]) -> Reply:
    assert set(body) <= {"model", "messages", "stream", "stream_options"}
    return Reply(text=reply([Message(role=message["role"], content=message["content"]) for message in messages]))


def test_the_built_in_model_behind_a_server_answers_as_without_one() -> None:
    with OpenAIServer(answered) as server:
        behind = run(OpenAIChat("any", server=server_at(server.base_url)), context=TEXT, question=QUESTION)
    alone = run(BuiltinModel(), context=TEXT, question=QUESTION)
    assert behind.result == alone.result
    assert "Maren Olufsen" in (behind.result.answer or "")
    asked = [event for event in behind.events if isinstance(event, ev.ModelAsked)]
    assert len(server.requests) == len(asked)
    longest = max(len(str(message["content"])) for seen in server.requests for message in seen.messages)
    assert longest < len(TEXT) / 10
