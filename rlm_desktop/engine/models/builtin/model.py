"""The embedded default model: no key, no network, no language model; a pure function of the messages behind the interface of a model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from rlm_desktop.engine.models.base import Message, ModelReply, ModelRequest, ServerlessModel
from rlm_desktop.engine.models.builtin.root import is_root, reply_as_root
from rlm_desktop.engine.models.builtin.sub_model import BUILTIN_NAME, reply_to_prompt
from rlm_desktop.trace.events import Usage

INLINE_CHARS = 20_000
"""A prompt up to this size takes about a millisecond or two; a longer one goes to a thread, so that the loop goes on."""
CHARS_PER_TOKEN = 4


def reply(messages: Sequence[Message]) -> str:
    """Return the reply to `messages`, which depends on nothing else. Never empty."""
    if is_root(messages):
        return reply_as_root(messages)
    prompts = [message.content for message in messages if message.role == "user"]
    return reply_to_prompt(prompts[-1] if prompts else "")


class BuiltinModel(ServerlessModel):
    """A `Model` that computes its replies here. Its usage is an estimate by characters, its cost is none."""

    def __init__(self) -> None:
        super().__init__(BUILTIN_NAME)

    async def complete(self, request: ModelRequest) -> ModelReply:
        chars = sum(len(message.content) for message in request.messages)
        if chars > INLINE_CHARS:
            text = await asyncio.to_thread(reply, request.messages)
        else:
            await asyncio.sleep(0)
            text = reply(request.messages)
        if request.on_text is not None:
            request.on_text(text)
        return ModelReply(
            text=text,
            served_model=BUILTIN_NAME,
            finish_reason="stop",
            usage=Usage(input_tokens=_tokens(chars), output_tokens=_tokens(len(text)), is_estimate=True),
            cost_usd=0.0,
            source="builtin",
        )


def _tokens(chars: int) -> int:
    return -(-chars // CHARS_PER_TOKEN)
