"""A model that gives the replies of an earlier run again, so that a run can be repeated without paying for it."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rlm_desktop.engine.models.base import Message, ModelError, ModelReply, ModelRequest, ServerlessModel
from rlm_desktop.trace.events import CallStarted, Limits, ModelAsked, ModelFailed, ModelReplied
from rlm_desktop.trace.messages import Conversation
from rlm_desktop.trace.store import TraceStore

_BUDGET_LINE = re.compile(r"^Left: [\d,]+ turns?\b.*\.$", re.MULTILINE)
"""What is left of time and money is never the same twice, and decides nothing that the reply to another line would not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a request got: a reply, or the sentence with which it failed for good. `prompt_sha256` is `prompt_hash` of its messages."""

    prompt_sha256: str
    reply: ModelReply | None = None
    error: str | None = None


class RecordedModel(ServerlessModel):
    """Looks a reply up by the request's stable key; where nothing stands there, or other messages do, the run has taken another way."""

    def __init__(self, replies: Mapping[str, Recorded], *, name: str = "recorded") -> None:
        super().__init__(name)
        self._replies = replies

    async def complete(self, request: ModelRequest) -> ModelReply:
        await asyncio.sleep(0)
        found = self._replies.get(request.key)
        if found is None:
            raise ModelError(f"The run diverged here: the recorded one made no request {request.key}.", is_final=True)
        if found.prompt_sha256 != prompt_hash(request.messages):
            raise ModelError(f"The run diverged here: request {request.key} says something else than the recorded one.", is_final=True)
        if found.reply is None:
            raise ModelError(found.error or "The recorded request failed.", is_final=True)
        if request.on_text is not None:
            request.on_text(found.reply.text)
        return found.reply


def prompt_hash(messages: Sequence[Message]) -> str:
    """Return the sha256 of all `messages` but for the lines that say what is left of the budget."""
    digest = hashlib.sha256()
    for message in messages:
        content = _BUDGET_LINE.sub("", message.content) if message.role == "user" else message.content
        data = content.encode("utf-8", "replace")
        digest.update(f"{message.role} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def load_replies(path: Path) -> dict[str, Recorded]:
    """Return what every request of the trace at `path` got, by its stable key. Raises UserError where it is no readable trace."""
    store = TraceStore.open(path)
    started = store.columns.run_started
    limits = Limits() if started is None else started.limits
    keys: dict[int, str] = {}
    talks: dict[int, Conversation] = {}
    hashes: dict[int, str] = {}
    found: dict[str, Recorded] = {}
    for seq in range(len(store.columns)):
        event = store.entry(seq).event
        call_id = getattr(event, "call_id", None)
        if isinstance(event, CallStarted):
            keys[event.call_id] = _key(event, keys)
            talks[event.call_id] = Conversation(store.text, limits)
        if call_id not in talks:
            continue
        talks[call_id].apply(event)
        if isinstance(event, ModelAsked):
            hashes[call_id] = prompt_hash(talks[call_id].messages())
        elif isinstance(event, ModelReplied):
            found[f"{keys[call_id]}#{event.iteration}"] = Recorded(prompt_sha256=hashes[call_id], reply=_reply(event, store))
        elif isinstance(event, ModelFailed) and event.retry_in_s is None:
            found[f"{keys[call_id]}#{event.iteration}"] = Recorded(prompt_sha256=hashes[call_id], error=event.error)
    return found


def _key(event: CallStarted, keys: Mapping[int, str]) -> str:
    """Return the call's stable key, as the engine forms it: the parent's, then iteration, block, ordinal and item."""
    if event.parent_id is None or event.site is None:
        return str(sum("/" not in key for key in keys.values()))
    item = 0 if event.batch is None else event.batch.index
    return f"{keys[event.parent_id]}/{event.site.iteration}.{event.site.block}.{event.site.ordinal}.{item}"


def _reply(event: ModelReplied, store: TraceStore) -> ModelReply:
    return ModelReply(
        text=store.text(event.response),
        reasoning=None if event.reasoning is None else store.text(event.reasoning),
        served_model=event.served_model,
        finish_reason=event.finish_reason,
        usage=event.usage,
        source="recorded",
    )
