"""Reading what a chat server sends back, in one body or in server-sent events, whichever it is. Every byte is foreign input."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rlm_desktop.engine.models.base import Message, ModelError, ModelReply
from rlm_desktop.engine.models.failures import excerpt, failure_in_body
from rlm_desktop.engine.models.thinking import ThinkingSplitter
from rlm_desktop.engine.models.usage import cost_of, usage_of


class ReplyReader:
    """Fed the body's bytes as they come. Raises ModelError where they are no reply to `messages`; `server` names who sent them."""

    def __init__(self, server: str, messages: Sequence[Message]) -> None:
        self.is_done = False
        """True once the server has said that nothing follows."""
        self._server = server
        self._messages = messages
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._is_stream: bool | None = None
        self._body: list[bytes] = []
        self._line: list[str] = []
        self._data: list[str] = []
        self._split = ThinkingSplitter()
        self._heard: list[str] = []
        """Pieces of the reply's text since the last feed."""
        self._reasoning: list[str] = []
        self._refusal: list[str] = []
        self._has_choice = False
        self._has_tool_calls = False
        self._finish_reason: str | None = None
        self._served_model: str | None = None
        self._usage: object = None

    def feed(self, data: bytes) -> list[str]:
        """Take the next bytes; return the pieces of the reply's text that they complete (none while it is not a stream)."""
        if self._is_stream is None:
            data = data.lstrip(b" \t\r\n\xef\xbb\xbf")
            if not data:
                return []
            # The first character tells, not the content type, which servers get wrong: `{` opens an object, `<` a page, `[` a list.
            self._is_stream = data[:1] not in (b"{", b"<", b"[")
        if not self._is_stream:
            self._body.append(data)
            return []
        self._heard = []
        self._feed_lines(self._decoder.decode(data))
        return self._heard

    def finish(self, *, first_token_s: float | None = None) -> ModelReply:
        """Return the reply, once the body is at its end."""
        if self._is_stream:
            self._feed_lines(self._decoder.decode(b"", final=True) + "\n\n")
            if not self.is_done and self._finish_reason is None:
                raise self.failed(f"{self._server} broke off in the middle of a reply.")
        else:
            self._read_body(b"".join(self._body))
        return self._reply(first_token_s)

    def failed(self, what: str, *, is_final: bool = False) -> ModelError:
        """Return the error with what the request cost so far, as it is paid for all the same."""
        written = "".join((self._split.written, *self._reasoning))
        if not written and self._usage is None:
            return ModelError(what, is_final=is_final)
        return ModelError(what, is_final=is_final, usage=usage_of(self._usage, self._messages, written), cost_usd=cost_of(self._usage))

    def _feed_lines(self, text: str) -> None:
        first, *others = text.split("\n")
        self._line.append(first)
        if not others:
            return
        lines = ["".join(self._line), *others]
        self._line = [lines.pop()]
        for line in lines:
            line = line.removesuffix("\r")
            if line.startswith("data:"):
                self._data.append(line[5:].removeprefix(" "))
            elif not line and self._data:
                data = "\n".join(self._data)
                self._data = []
                self._take_event(data)

    def _take_event(self, data: str) -> None:
        if self.is_done:
            return
        if data.strip() == "[DONE]":
            self.is_done = True
            return
        self._take(self._parsed(data), part="delta")

    def _read_body(self, body: bytes) -> None:
        if not body.strip():
            raise ModelError(f"{self._server} sent an empty body.")
        self._take(self._parsed(body), part="message")
        if not self._has_choice:
            raise ModelError(f"{self._server} sent a reply with no choices: {excerpt(body)}")

    def _parsed(self, data: str | bytes) -> Mapping[str, Any]:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{self._server} sent something that is not JSON: {excerpt(data)}") from error
        if not isinstance(value, Mapping):
            raise ModelError(f"{self._server} sent JSON that is not a reply: {excerpt(data)}")
        if value.get("error"):
            raise failure_in_body(value, self._server)
        return value

    def _take(self, value: Mapping[str, Any], *, part: str) -> None:
        self._served_model = _text(value.get("model")) or self._served_model
        if isinstance(value.get("usage"), Mapping):
            self._usage = value["usage"]
        choices = value.get("choices")
        if not isinstance(choices, list) or not choices:
            return
        choice = choices[0]
        message = choice.get(part) if isinstance(choice, Mapping) else None
        if not isinstance(message, Mapping):
            # Some servers close a stream with a choice that has only a finish reason.
            message = {}
        self._has_choice = True
        if self._finish_reason is None:
            self._append(self._heard, self._split.feed(_content(message.get("content")) or ""))
            self._append(self._reasoning, _reasoning(message))
            self._append(self._refusal, _text(message.get("refusal")))
        self._has_tool_calls = self._has_tool_calls or bool(message.get("tool_calls"))
        if isinstance(choice, Mapping):
            self._finish_reason = self._finish_reason or _text(choice.get("finish_reason"))

    @staticmethod
    def _append(parts: list[str], text: str | None) -> None:
        if text:
            parts.append(text)

    def _reply(self, first_token_s: float | None) -> ModelReply:
        apart = _joined(self._reasoning)
        thought, text = map(_whole, self._split.close(has_other_reasoning=bool(apart)))
        # A few servers send the same thoughts both ways.
        reasoning = "\n\n".join(part for part in (apart, "" if thought == apart.strip() else thought) if part)
        refusal = _joined(self._refusal)
        finish_reason = self._finish_reason
        if not text.strip() and refusal.strip():
            text, finish_reason = refusal, "refusal"
        if not text.strip():
            raise self.failed(f"{self._server} {self._why_empty(reasoning)}.", is_final=finish_reason == "content_filter")
        return ModelReply(
            text=text,
            reasoning=reasoning or None,
            served_model=self._served_model,
            finish_reason=finish_reason,
            usage=usage_of(self._usage, self._messages, text + reasoning),
            cost_usd=cost_of(self._usage),
            first_token_s=first_token_s,
        )

    def _why_empty(self, reasoning: str) -> str:
        if self._finish_reason == "content_filter":
            return "withheld the reply: its content filter stopped it. Change the question or choose another model"
        if self._has_tool_calls:
            return "sent a tool call instead of text"
        if reasoning.strip() and self._finish_reason == "length":
            return "used up the reply's length on reasoning and sent no text"
        return "sent only reasoning and no text" if reasoning.strip() else "sent an empty reply"


def model_names(body: bytes, server: str) -> list[str]:
    """Return the names in the body of a list of models, in alphabetical order. Raises ModelError where it is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{server} sent something that is no list of models: {excerpt(body)}", is_final=True) from error
    listed = value.get("data") if isinstance(value, Mapping) else value
    if not isinstance(listed, list):
        raise ModelError(f"{server} sent something that is no list of models: {excerpt(body)}", is_final=True)
    names = (item.get("id") if isinstance(item, Mapping) else None for item in listed)
    return sorted({name for name in names if isinstance(name, str) and name})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _content(value: object) -> str | None:
    """Return the text of a message's content, which some servers send as a list of parts."""
    if isinstance(value, list):
        parts = [part.get("text") for part in value if isinstance(part, Mapping) and part.get("type") in ("text", "output_text")]
        return "".join(part for part in parts if isinstance(part, str))
    return _text(value)


def _reasoning(message: Mapping[str, Any]) -> str | None:
    """Return what a message holds of reasoning, in the first of the fields that servers use for it; they repeat themselves."""
    named = _text(message.get("reasoning_content")) or _text(message.get("reasoning"))
    return named or _detailed(message.get("reasoning_details")) or _thinking(message.get("content"))


def _detailed(details: object) -> str | None:
    """Return the text of OpenRouter's list; what is encrypted in it is for the provider alone."""
    if not isinstance(details, list):
        return None
    return "".join(_text(one.get("text")) or _text(one.get("summary")) or "" for one in details if isinstance(one, Mapping))


def _thinking(content: object) -> str | None:
    """Return the reasoning that stands as a part of the content (Mistral's form: a list of texts within a part)."""
    if not isinstance(content, list):
        return None
    return "".join(_content(part.get("thinking")) or "" for part in content if isinstance(part, Mapping))


def _joined(parts: Sequence[str]) -> str:
    return _whole("".join(parts))


def _whole(text: str) -> str:
    """Return `text`; halves of a surrogate pair that came in two pieces are joined, lone ones replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
