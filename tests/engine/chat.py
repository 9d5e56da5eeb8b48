"""Asking a real server on loopback through the client that the engine uses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest
from rlm_desktop.engine.models.keys import Secret
from rlm_desktop.engine.models.openai_chat import OpenAIChat, Patience
from rlm_desktop.servers.address import server_at
from tests.openai_server import Answer, OpenAIServer, ServerModel

T = TypeVar("T")
ASKED = [Message(role="system", content="You answer."), Message(role="user", content="How many? " * 40)]
KEY = "sk-test-0123456789abcdef"
PATIENT = Patience()


def talk(server: OpenAIServer, act: Callable[[OpenAIChat], Awaitable[T]], *, key: str | None = None, patience: Patience = PATIENT) -> T:
    async def go() -> T:
        model = OpenAIChat(
            "test-model",
            server=server_at(server.base_url),
            key=None if key is None else Secret(key),
            patience=patience,
            max_reply_bytes=2**20,
        )
        try:
            return await act(model)
        finally:
            await model.aclose()

    return asyncio.run(go())


def request(*, on_text: Callable[[str], None] | None = None, **parameters: str | float) -> ModelRequest:
    return ModelRequest(messages=ASKED, on_text=on_text, parameters=parameters)


def ask(answer: Answer | ServerModel, *, is_streamed: bool = False, key: str | None = None, patience: Patience = PATIENT) -> ModelReply:
    with OpenAIServer(answer) as server:
        sent = request(on_text=(lambda _piece: None) if is_streamed else None)
        return talk(server, lambda model: model.complete(sent), key=key, patience=patience)


def fail(answer: Answer | ServerModel, *, is_streamed: bool = False, key: str | None = None, patience: Patience = PATIENT) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ask(answer, is_streamed=is_streamed, key=key, patience=patience)
    return caught.value


both_ways = pytest.mark.parametrize("is_streamed", [False, True])
