"""What a call said to its model in one iteration, and what came back: every message as it was sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rlm_desktop.present import numbers
from rlm_desktop.present.call_log import CallLog
from rlm_desktop.present.passages import Passage, Range
from rlm_desktop.trace.events import Limits, ModelAsked, ModelFailed, ModelReplied, Told
from rlm_desktop.trace.messages import Conversation, ReadText, Said

_CUT = re.compile(r"^\[cut: [\d,]+ of [\d,]+ characters are not shown\]$", re.MULTILINE)


def request_passages(log: CallLog, iteration: int, seq: int, read: ReadText, limits: Limits) -> list[Passage]:
    """Return the messages of the iteration's request as of entry `seq`, those new since the request before marked so."""
    conversation = Conversation(read, limits)
    before: list[Said] = []
    told = Told()
    is_asked = False
    for logged in log.until(seq):
        event = logged.event
        if isinstance(event, ModelAsked):
            if event.iteration > iteration:
                break
            if event.iteration < iteration:
                conversation.apply(event)
                before = conversation.messages()
                continue
            if not is_asked:
                is_asked, told = True, event.told
                conversation.apply(event)
                break
        conversation.apply(event)
    if not is_asked:
        return []
    sent = conversation.messages()
    kept = 0
    while kept < min(len(before), len(sent)) and before[kept] == sent[kept]:
        kept += 1
    user_told = read(told.user) if told.user is not None else ""
    return [_message(said, is_new=i >= kept and iteration > 0, told=user_told if i == len(sent) - 1 else "") for i, said in enumerate(sent)]


def reply_passages(log: CallLog, iteration: int, seq: int, read: ReadText, *, streamed: str = "") -> list[Passage]:
    """Return the attempts of an iteration as of entry `seq`: failures with their reason, reasoning apart, the reply."""
    found: list[Passage] = []
    asked = None
    for logged in log.of_iteration(iteration, seq):
        event = logged.event
        if isinstance(event, ModelAsked):
            asked = event
        elif isinstance(event, ModelFailed):
            found.append(_failure(event))
        elif isinstance(event, ModelReplied):
            if event.reasoning is not None:
                found.append(_reasoning(read(event.reasoning)))
            found.append(_reply(event, read(event.response)))
            asked = None
    if asked is not None and (not found or found[-1].tone != "fail" or asked.attempt > 0):
        parts = [f"attempt {asked.attempt + 1}"] if asked.attempt else []
        if streamed:
            parts.append(f"{numbers.count(len(streamed))} characters so far")
        found.append(Passage(text=streamed, title="Reply", chip="comes in" if streamed else "awaited", note=" · ".join(parts)))
    return found


def new_from(passages: Sequence[Passage]) -> int | None:
    """Return the index of the first new passage, None where nothing marks one."""
    return next((i for i, passage in enumerate(passages) if passage.tone == "new"), None)


def _message(said: Said, *, is_new: bool, told: str) -> Passage:
    note = f"{numbers.count(len(said.content))} characters"
    ranges = [Range(found.start(), found.end(), "fail_text") for found in _CUT.finditer(said.content)]
    if ranges:
        note += ", cut" if len(ranges) == 1 else f", cut in {len(ranges)} places"
    if is_new:
        note = f"new · {note}"
    if told and said.role == "user" and said.content.endswith(told) and len(told) < len(said.content):
        note += f" · the last {numbers.count(len(told))} are the program's"
        start = len(said.content) - len(told)
        ranges = [r for r in ranges if r.end <= start] + [Range(start, len(said.content), "text_2")]
    return Passage(text=said.content, chip=said.role, note=note, tone="new" if is_new else "plain", ranges=tuple(ranges))


def _failure(event: ModelFailed) -> Passage:
    again = "not tried again" if event.retry_in_s is None else f"tried again after {numbers.duration(event.retry_in_s)}"
    code = f"HTTP {event.status_code}" if event.status_code is not None else ""
    parts = (f"after {numbers.duration(event.latency_s)}" if event.latency_s else "", again)
    return Passage(
        text=event.error,
        title=f"Attempt {event.attempt + 1} failed",
        chip=code,
        note=" · ".join(part for part in parts if part),
        tone="fail",
    )


def _reasoning(text: str) -> Passage:
    return Passage(text=text, title="Reasoning", note=f"{numbers.count(len(text))} characters, not part of the reply")


def _reply(event: ModelReplied, text: str) -> Passage:
    parts = [f"{numbers.count(len(text))} characters" if text else "empty"]
    if event.usage is not None:
        sign = numbers.ESTIMATE if event.usage.is_estimate else ""
        parts.append(f"{sign}{numbers.count(event.usage.output_tokens)} tokens")
    if event.first_token_s is not None:
        parts.append(f"first token after {numbers.duration(event.first_token_s)}")
    if event.source in ("cache", "recorded", "builtin"):
        parts.append({"cache": "from the cache", "recorded": "recorded", "builtin": "built-in extractive model"}[event.source])
    if event.finish_reason not in (None, "stop"):
        parts.append(f"ended by {event.finish_reason}")
    if event.served_model:
        parts.append(event.served_model)
    return Passage(text=text, title="Reply", chip="assistant", note=" · ".join(parts))
